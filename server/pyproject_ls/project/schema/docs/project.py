"""Texts about ``[project]``."""

from __future__ import annotations

from pyproject_ls.project.schema.docs.doc import Doc, Docs

_SPECIFICATION = "https://packaging.python.org/en/latest/specifications/"
_FIELDS = _SPECIFICATION + "pyproject-toml/"
_ENTRY_POINTS = _SPECIFICATION + "entry-points/"
_PEP_639 = "https://peps.python.org/pep-0639/"
_PEP_794 = "https://peps.python.org/pep-0794/"
_REFERENCE = "a string (`module` or `module:object`)"

_METADATA: Docs = {
    ("project",): Doc(
        "The project's metadata, in the form that all build backends understand. `name` is always"
        " needed, and `version` unless the backend works it out."
        " What a tool adds of its own stands under `[tool]`.",
        example='[project]\nname = "spam-eggs"\nversion = "1.2.0"\ndependencies = ["httpx>=0.27"]',
        since="PEP 621",
        link=_FIELDS + "#declaring-project-metadata-the-project-table",
    ),
    ("project", "name"): Doc(
        "The name under which the project is published and installed: letters, digits, `-`, `_` and"
        " `.`. Upper case, and whether `-`, `_` or `.` is written, makes no difference to"
        " installers. It cannot be dynamic.",
        example='name = "spam-eggs"',
        link=_SPECIFICATION + "name-normalization/",
    ),
    ("project", "version"): Doc(
        "The version of this release. Raise it for every release: an index takes each version only"
        " once. If the backend reads it from somewhere else, leave it out and list `version` in"
        " `dynamic`.",
        example='version = "1.2.0"',
        type="a string (a version, PEP 440)",
        link=_SPECIFICATION + "version-specifiers/",
    ),
    ("project", "description"): Doc(
        "What the project is, in one line. Indexes show it beside the name; the long description"
        " comes from `readme`.",
        example='description = "Breakfast as a service"',
        link=_FIELDS + "#description",
    ),
    ("project", "readme"): Doc(
        "The long description that an index shows on the project's page: the path of a file, or a"
        " table that says more. The content type follows from `.md` or `.rst`; other files need"
        " the table with `content-type`.",
        example='readme = "README.md"',
        type="a string (a path) or a table",
        link=_FIELDS + "#readme",
    ),
    ("project", "readme", "file"): Doc(
        "The path of the file with the long description, relative to `pyproject.toml`. Give either"
        " `file` or `text`.",
        example='readme = { file = "README.txt", content-type = "text/plain" }',
        link=_FIELDS + "#readme",
    ),
    ("project", "readme", "text"): Doc(
        "The long description itself, written here instead of in a file. Give either `file` or"
        " `text`.",
        example='readme = { text = "Breakfast as a service", content-type = "text/plain" }',
        link=_FIELDS + "#readme",
    ),
    ("project", "readme", "content-type"): Doc(
        "The format of the long description: `text/markdown`, `text/x-rst` or `text/plain`. A"
        " `charset` may follow, and has to be UTF-8 if it is there.",
        example='content-type = "text/markdown"',
        link=_FIELDS + "#readme",
    ),
    ("project", "requires-python"): Doc(
        "The Python versions that the project works with. Installers skip a release that does not"
        " fit, and resolvers lock for the whole range. A lower bound is usually enough; an upper"
        " bound keeps users of the next Python away for good.",
        example='requires-python = ">=3.10"',
        type="a string (version specifiers, PEP 440)",
        link=_FIELDS + "#requires-python",
    ),
    ("project", "license"): Doc(
        "The license as an SPDX expression: one identifier, or several joined by `AND`, `OR` and"
        " `WITH`. A license of your own is `LicenseRef-` and a name. The files with the text belong"
        " in `license-files`.",
        example='license = "MIT"',
        type="a string (an SPDX expression); before PEP 639 a table",
        since="PEP 621; as an expression since PEP 639",
        link=_FIELDS + "#license",
    ),
    ("project", "license", "file"): Doc(
        "A file with the text of the license, in the old table form.",
        example='license-files = ["LICENSE"]',
        since="PEP 621",
        deprecated="Since PEP 639; write an SPDX expression in `project.license` and list the file"
        " in `project.license-files`.",
        link=_PEP_639 + "#deprecate-license-key-table-subkeys",
    ),
    ("project", "license", "text"): Doc(
        "The license in words, in the old table form.",
        example='license = "MIT"',
        since="PEP 621",
        deprecated="Since PEP 639; write an SPDX expression in `project.license`.",
        link=_PEP_639 + "#deprecate-license-key-table-subkeys",
    ),
    ("project", "license-files"): Doc(
        "The files with license texts and notices that go into the packages, as paths or globs"
        " relative to `pyproject.toml`. Every pattern has to match something; `..` is not allowed.",
        example='license-files = ["LICEN[CS]E*", "AUTHORS"]',
        type="an array of strings (globs)",
        since="PEP 639",
        link=_FIELDS + "#license-files",
    ),
    ("project", "authors"): Doc(
        "The people or organisations who wrote the project, each a table with `name`, `email` or"
        " both.",
        example='authors = [{ name = "Ada Lovelace", email = "ada@example.com" }]',
        link=_FIELDS + "#authors-maintainers",
    ),
    ("project", "maintainers"): Doc(
        "The people or organisations who look after the project now, where they are others than the"
        " authors. Each is a table with `name`, `email` or both.",
        example='maintainers = [{ name = "Grace Hopper", email = "grace@example.com" }]',
        link=_FIELDS + "#authors-maintainers",
    ),
    ("project", "keywords"): Doc(
        "Words that help people to find the project in a search.",
        example='keywords = ["breakfast", "spam"]',
        link=_FIELDS + "#keywords",
    ),
    ("project", "classifiers"): Doc(
        "Categories from the fixed list of the Python Package Index: for whom, for what, for which"
        " Python. One that begins with `Private ::` keeps the index from accepting an upload by"
        " mistake. The license is better named in `project.license`.",
        example='classifiers = ["Programming Language :: Python :: 3"]',
        type="an array of strings (trove classifiers)",
        link=_FIELDS + "#classifiers",
    ),
    ("project", "dynamic"): Doc(
        "The fields that are left out here because the build backend works them out. A field stands"
        " either here or in the table, never in both; `name` cannot be dynamic.",
        example='dynamic = ["version"]',
        type="an array of strings (names of fields)",
        link=_FIELDS + "#dynamic",
    ),
    ("project", "import-names"): Doc(
        "The modules and packages to import that only this project provides, in full with their"
        " dots. An empty array says that there is nothing to import. `; private` after a name"
        " marks one that others should not use.",
        example='import-names = ["spam", "spam._vendor; private"]',
        type="an array of strings (import names)",
        since="PEP 794",
        link=_PEP_794,
    ),
    ("project", "import-namespaces"): Doc(
        "The namespace packages to import that this project shares with others. A name stands"
        " either here or in `import-names`.",
        example='import-namespaces = ["company"]',
        type="an array of strings (import names)",
        since="PEP 794",
        link=_PEP_794,
    ),
}

_PEOPLE: Docs = {
    ("project", people, field): doc
    for people in ("authors", "maintainers")
    for field, doc in {
        "name": Doc(
            "The name of a person or organisation, without a comma.",
            example='authors = [{ name = "Ada Lovelace" }]',
            link=_FIELDS + "#authors-maintainers",
        ),
        "email": Doc(
            "An e-mail address; it is public once the project is published.",
            example='authors = [{ name = "Ada Lovelace", email = "ada@example.com" }]',
            type="a string (an e-mail address)",
            link=_FIELDS + "#authors-maintainers",
        ),
    }.items()
}

_TABLES: Docs = {
    ("project", "urls"): Doc(
        "Links for the project's page on an index. The key is the label that people see; the index"
        " knows labels such as `Homepage`, `Source`, `Documentation`, `Changelog` and `Issues`.",
        example='[project.urls]\nSource = "https://example.com/spam"',
        type="a table of strings (URLs)",
        link=_SPECIFICATION + "well-known-project-urls/",
    ),
    ("project", "urls", "*"): Doc(
        "A link for the project's page on an index, under this label.",
        type="a string (a URL)",
        link=_SPECIFICATION + "well-known-project-urls/",
    ),
    ("project", "scripts"): Doc(
        "Commands that installing the project brings along. The key is the command, the value the"
        " function that it calls.",
        example='[project.scripts]\nspam = "spam.cli:main"',
        type="a table of strings (`module:function`)",
        link=_ENTRY_POINTS,
    ),
    ("project", "scripts", "*"): Doc(
        "A command of this name is installed with the project. It imports the module before the"
        " colon and calls the function behind it; what that returns is the exit status.",
        type="a string (`module:function`)",
        link=_ENTRY_POINTS,
    ),
    ("project", "gui-scripts"): Doc(
        "Like `scripts`, for programs with windows: on Windows they start without a console, so"
        " nothing is to be read from or written to one.",
        example='[project.gui-scripts]\nspam-window = "spam.window:main"',
        type="a table of strings (`module:function`)",
        link=_ENTRY_POINTS,
    ),
    ("project", "gui-scripts", "*"): Doc(
        "A program of this name is installed with the project and starts without a console on"
        " Windows. It calls the function behind the colon.",
        type="a string (`module:function`)",
        link=_ENTRY_POINTS,
    ),
    ("project", "entry-points"): Doc(
        "Objects that other programs find by the name of a group, as plugin systems do. Each table"
        " below is one group. Scripts have their own tables, `scripts` and `gui-scripts`.",
        example='[project.entry-points.pytest11]\nspam = "spam.pytest_plugin"',
        type="a table of tables",
        link=_ENTRY_POINTS,
    ),
    ("project", "entry-points", "*"): Doc(
        "A group of entry points. Its name is set by the program that looks for them.",
        example='[project.entry-points."spam.plugins"]\neggs = "spam_eggs:Plugin"',
        type="a table of strings (`module` or `module:object`)",
        link=_ENTRY_POINTS,
    ),
    ("project", "entry-points", "*", "*"): Doc(
        "An entry point: its name within the group, and the module or object that it stands for.",
        type=_REFERENCE,
        link=_ENTRY_POINTS,
    ),
    ("project", "dependencies"): Doc(
        "The packages that the project needs when it runs, as requirements: a name, and if need be"
        " extras, versions and a marker. What only developers need belongs in"
        " `[dependency-groups]`.",
        example=(
            "dependencies = [\n"
            '    "httpx[http2]>=0.27,<1",\n'
            """    "tomli>=2; python_version < '3.11'",\n]"""
        ),
        type="an array of strings (requirements, PEP 508)",
        link=_FIELDS + "#dependencies-optional-dependencies",
    ),
    ("project", "optional-dependencies"): Doc(
        "Extras: packages that users add on demand, as in `pip install spam[plot]`. Each key is an"
        " extra with its own list of requirements. They are published with the project; groups in"
        " `[dependency-groups]` are not.",
        example='[project.optional-dependencies]\nplot = ["matplotlib>=3.9"]',
        type="a table of arrays of strings (requirements, PEP 508)",
        link=_FIELDS + "#dependencies-optional-dependencies",
    ),
    ("project", "optional-dependencies", "*"): Doc(
        "An extra: what is installed in addition when someone asks for it, as in `spam[plot]`. An"
        " extra can take in another one by naming the project itself with that extra.",
        example='all = ["spam[plot,mail]"]',
        type="an array of strings (requirements, PEP 508)",
        link=_FIELDS + "#dependencies-optional-dependencies",
    ),
}

DOCS: Docs = {**_METADATA, **_PEOPLE, **_TABLES}
