"""Texts about the tables of ``[tool.poetry]`` other than those of dependencies."""

from __future__ import annotations

from pyproject_ls.project.schema.docs.doc import Doc, Docs

_PAGE = "https://python-poetry.org/docs/pyproject/"
_GROUPS = "https://python-poetry.org/docs/managing-dependencies/"
_SOURCES = "https://python-poetry.org/docs/repositories/"
_SCRIPTS_DEPRECATED = (
    'Since Poetry 2.0; use `project.scripts`. Only scripts of `type = "file"` stay here.'
)
_FORMAT = Doc(
    "What these files go into: `sdist` (the source distribution), `wheel`, or an array of both.",
    example='format = ["sdist", "wheel"]',
    type="a string (`sdist` or `wheel`) or an array of such",
)

_BUILD: Docs = {
    ("tool", "poetry", "packages", "include"): Doc(
        "The package, module or glob of files to put in. A folder goes in with all below it.",
        example='packages = [{ include = "spam" }]',
    ),
    ("tool", "poetry", "packages", "from"): Doc(
        "The folder, relative to `pyproject.toml`, in which the package lies. It is not part of the"
        " package's path when it is installed.",
        example='packages = [{ include = "spam", from = "src" }]',
    ),
    ("tool", "poetry", "packages", "to"): Doc(
        "The folder into which the package is put when it is installed.",
        example='packages = [{ include = "spam", to = "company" }]',
        since="Poetry 1.8",
    ),
    ("tool", "poetry", "packages", "format"): Doc(
        _FORMAT.text + " Without it packages go into both.",
        example='packages = [{ include = "tests", format = "sdist" }]',
        since="Poetry 1.0",
        type=_FORMAT.type,
    ),
    ("tool", "poetry", "include", "path"): Doc(
        "The file, folder or glob to put in, relative to `pyproject.toml`.",
        example='include = [{ path = "CHANGELOG.md", format = ["sdist", "wheel"] }]',
    ),
    ("tool", "poetry", "include", "format"): Doc(
        _FORMAT.text + " Without it files go into the source distribution only.",
        example='include = [{ path = "tests", format = "sdist" }]',
        since="Poetry 1.1",
        type=_FORMAT.type,
    ),
    ("tool", "poetry", "build"): Doc(
        "A Python script that Poetry runs when it builds, to compile extensions or to make files."
        " The built wheel is then for one platform only.",
        example='[tool.poetry.build]\nscript = "build.py"',
        since="Poetry 0.5",
    ),
    ("tool", "poetry", "build", "script"): Doc(
        "The path of the Python script to run before the wheel is built.",
        example='[tool.poetry.build]\nscript = "build.py"',
        since="Poetry 1.1",
    ),
    ("tool", "poetry", "build", "generate-setup-file"): Doc(
        "Whether Poetry makes a `setup.py`, builds with it and puts it into the source"
        " distribution. It is `false` by default; nothing new should need it.",
        example="[tool.poetry.build]\ngenerate-setup-file = true",
        since="Poetry 1.1",
    ),
}

_GROUP: Docs = {
    ("tool", "poetry", "group"): Doc(
        "Groups of packages for those who work on the project. They are not published with it. Each"
        " table below is a group.",
        example='[tool.poetry.group.test.dependencies]\npytest = "^8.0"',
        type="a table of groups",
        since="Poetry 1.2",
        link=_GROUPS + "#dependency-groups",
    ),
    ("tool", "poetry", "group", "*"): Doc(
        "A group of packages. `poetry install` takes it along unless it is `optional`; `--with`,"
        " `--without` and `--only` choose.",
        example="[tool.poetry.group.docs]\noptional = true",
        link=_GROUPS + "#dependency-groups",
    ),
    ("tool", "poetry", "group", "*", "optional"): Doc(
        "Whether the group is left out unless it is asked for, as in `poetry install --with docs`."
        " It holds for a group of `[dependency-groups]` of the same name as well.",
        example="[tool.poetry.group.docs]\noptional = true",
        link=_GROUPS + "#optional-groups",
    ),
    ("tool", "poetry", "group", "*", "include-groups"): Doc(
        "Other groups whose packages belong to this one too. They must not lead back to it.",
        example='[tool.poetry.group.dev]\ninclude-groups = ["test", "lint"]',
        type="an array of strings (names of groups)",
        since="Poetry 2.2",
        link=_GROUPS + "#including-dependencies-from-other-groups",
    ),
}

_SCRIPTS: Docs = {
    ("tool", "poetry", "scripts"): Doc(
        "Commands that installing the project brings along. The key is the command, the value the"
        " function that it calls, or a table for a script that is a file.",
        example='[project.scripts]\nspam = "spam.cli:main"',
        type="a table of strings (`module:function`) and tables",
        since="Poetry 0.3",
        deprecated=_SCRIPTS_DEPRECATED,
        link=_PAGE + "#scripts-1",
    ),
    ("tool", "poetry", "scripts", "*"): Doc(
        "A command of this name is installed with the project. It calls the function behind the"
        " colon, or is a copy of the file that the table names.",
        example='spam = { reference = "bin/spam.sh", type = "file" }',
        type="a string (`module:function`) or a table",
    ),
    ("tool", "poetry", "scripts", "*", "reference"): Doc(
        'What the command runs: `module:function` for `type = "console"`, the path of the file for'
        ' `type = "file"`.',
        example='spam = { reference = "bin/spam.sh", type = "file" }',
        since="Poetry 1.2",
    ),
    ("tool", "poetry", "scripts", "*", "type"): Doc(
        "What the command is: `console` calls a function, `file` is a file that is copied as it"
        " stands, which `[project.scripts]` cannot say.",
        example='spam = { reference = "bin/spam.sh", type = "file" }',
        type="a string (`file` or `console`)",
        since="Poetry 1.2",
    ),
    ("tool", "poetry", "scripts", "*", "callable"): Doc(
        "The function that the command calls, as `module:function`. Poetry no longer installs a"
        " command that is written so.",
        example='spam = "spam.cli:main"',
        deprecated="Write the function as a plain string, or in `reference` with"
        ' `type = "console"`.',
    ),
    ("tool", "poetry", "scripts", "*", "extras"): Doc(
        "The extras that the command needs. Installers do not look at them.",
        since="Poetry 0.12",
        deprecated="Since Poetry 1.8, without a replacement; remove it.",
    ),
}

_PUBLISHED: Docs = {
    ("tool", "poetry", "extras"): Doc(
        "Extras: optional packages that users add on demand, as in `pip install spam[plot]`. Each"
        " key is an extra, and lists names out of `[tool.poetry.dependencies]` that are"
        " `optional` there.",
        example='[project.optional-dependencies]\nplot = ["matplotlib>=3.9"]',
        type="a table of arrays of strings (names of dependencies)",
        since="Poetry 0.4",
        deprecated="Since Poetry 2.0; use `project.optional-dependencies`.",
        link=_PAGE + "#extras",
    ),
    ("tool", "poetry", "extras", "*"): Doc(
        "An extra: the names of the optional dependencies that it brings along.",
        example='plot = ["matplotlib"]',
        type="an array of strings (names of dependencies)",
    ),
    ("tool", "poetry", "plugins"): Doc(
        "Objects that other programs find by the name of a group, as plugin systems do. Each table"
        " below is one group.",
        example='[project.entry-points.pytest11]\nspam = "spam.pytest_plugin"',
        type="a table of tables",
        since="Poetry 0.3",
        deprecated="Since Poetry 2.0; use `project.entry-points`.",
        link=_PAGE + "#plugins",
    ),
    ("tool", "poetry", "plugins", "*"): Doc(
        "A group of entry points. Its name is set by the program that looks for them.",
        example='[tool.poetry.plugins."spam.plugins"]\neggs = "spam_eggs:Plugin"',
        type="a table of strings (`module` or `module:object`)",
    ),
    ("tool", "poetry", "plugins", "*", "*"): Doc(
        "An entry point: its name within the group, and the module or object that it stands for.",
        type="a string (`module` or `module:object`)",
    ),
    ("tool", "poetry", "urls"): Doc(
        "Links for the project's page on an index, beside `homepage`, `repository` and"
        " `documentation`. The key is the label that people see.",
        example='[project.urls]\nChangelog = "https://example.com/changes"',
        type="a table of strings (URLs)",
        since="Poetry 0.12",
        deprecated="Since Poetry 2.0; use `project.urls`.",
        link=_PAGE + "#urls-1",
    ),
    ("tool", "poetry", "urls", "*"): Doc(
        "A link for the project's page on an index, under this label.",
        type="a string (a URL)",
    ),
}

_SOURCE: Docs = {
    ("tool", "poetry", "source"): Doc(
        "An index to look for packages in, beside the Python Package Index or instead of it. The"
        " sources are not published with the project. Credentials do not belong here but into"
        " Poetry's configuration.",
        example=(
            '[[tool.poetry.source]]\nname = "company"\n'
            'url = "https://packages.example.com/simple/"\npriority = "explicit"'
        ),
        type="an array of tables",
        since="Poetry 0.3",
        link=_SOURCES + "#package-sources",
    ),
    ("tool", "poetry", "source", "name"): Doc(
        "The name by which dependencies and credentials refer to the source. `pypi` is the Python"
        " Package Index itself, and takes no `url`.",
        example='name = "company"',
    ),
    ("tool", "poetry", "source", "url"): Doc(
        "The address of the index (PEP 503), usually one that ends in `/simple/`. Credentials in it"
        " would be readable for all who read this file.",
        example='url = "https://packages.example.com/simple/"',
        type="a string (a URL)",
    ),
    ("tool", "poetry", "source", "priority"): Doc(
        "When the source is asked. `primary`, the default, is always asked, and the Python Package"
        " Index is not unless it is listed too. `supplemental` is asked where no primary one has"
        " the package. `explicit` is asked only for dependencies that name it in `source`.",
        example='priority = "explicit"',
        type="a string (`primary`, `supplemental` or `explicit`)",
        since="Poetry 1.5",
        link=_SOURCES + "#project-configuration",
    ),
    ("tool", "poetry", "source", "links"): Doc(
        "Poetry accepts this key, but nothing in Poetry 2 looks at it. Leave it out: a page of"
        " links works as a source without it.",
    ),
    ("tool", "poetry", "source", "indexed"): Doc(
        "Poetry accepts this key, but nothing in Poetry 2 looks at it. Leave it out.",
    ),
}

DOCS: Docs = {**_BUILD, **_GROUP, **_SCRIPTS, **_PUBLISHED, **_SOURCE}
