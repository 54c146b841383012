"""Texts about the tables of dependencies under ``[tool.poetry]``, and about a dependency's keys."""

from __future__ import annotations

from pyproject_ls.project.schema.docs.doc import Doc, Docs

_PAGE = "https://python-poetry.org/docs/dependency-specification/"
_MANAGING = "https://python-poetry.org/docs/managing-dependencies/"
_PLUGINS = "https://python-poetry.org/docs/plugins/#project-plugins"
_FILE = "https://python-poetry.org/docs/pyproject/"

_ENTRY_TYPE = "a string (a version constraint), a table, or an array of both"

_KEYS: Docs = {
    ("version",): Doc(
        "The versions that are allowed: a range such as `^1.4` (to the next major version), `~1.4`"
        " (to the next minor one), `>=1.4,<2`, or `1.*`. `||` stands between alternatives.",
        example='spam = { version = "^1.4", extras = ["eggs"] }',
        type="a string (a version constraint)",
        since="Poetry 0.3",
        link=_PAGE + "#version-constraints",
    ),
    ("git",): Doc(
        "Takes the package from a Git repository instead of an index. `branch`, `tag` or `rev` says"
        " what to check out; without one it is the default branch.",
        example='spam = { git = "https://example.com/spam.git", tag = "v1.4" }',
        type="a string (the address of a repository)",
        since="Poetry 0.3",
        link=_PAGE + "#git-dependencies",
    ),
    ("branch",): Doc(
        "The branch of the Git repository to check out. The lock file keeps the commit that it"
        " pointed to when the project was locked.",
        example='spam = { git = "https://example.com/spam.git", branch = "next" }',
        since="Poetry 0.3",
        link=_PAGE + "#git-dependencies",
    ),
    ("tag",): Doc(
        "The tag of the Git repository to check out.",
        example='spam = { git = "https://example.com/spam.git", tag = "v1.4" }',
        since="Poetry 0.3",
        link=_PAGE + "#git-dependencies",
    ),
    ("rev",): Doc(
        "The commit of the Git repository to check out.",
        example='spam = { git = "https://example.com/spam.git", rev = "38eb5d3" }',
        since="Poetry 0.3",
        link=_PAGE + "#git-dependencies",
    ),
    ("path",): Doc(
        "Takes the package from a folder or archive on this machine, relative to `pyproject.toml`."
        " Whoever installs the published project does not have it, so this is for work on several"
        " projects at once.",
        example='spam = { path = "../spam", develop = true }',
        type="a string (a path)",
        since="Poetry 0.9",
        link=_PAGE + "#path-dependencies",
    ),
    ("file",): Doc(
        "Takes the package from an archive on this machine, relative to `pyproject.toml`. `path`"
        " does the same, and is for folders too.",
        example='spam = { file = "../dist/spam-1.4.tar.gz" }',
        type="a string (a path)",
        since="Poetry 0.8",
        link=_PAGE + "#path-dependencies",
    ),
    ("url",): Doc(
        "Takes the package from the address of an archive or wheel instead of an index.",
        example='spam = { url = "https://example.com/spam-1.4.tar.gz" }',
        type="a string (a URL)",
        since="Poetry 1.0",
        link=_PAGE + "#url-dependencies",
    ),
    ("subdirectory",): Doc(
        "The folder of the repository or archive in which the package lies, if that is not its"
        " top.",
        example='spam = { git = "https://example.com/eggs.git", subdirectory = "spam" }',
        since="Poetry 1.2",
        link=_PAGE + "#git-dependencies",
    ),
    ("develop",): Doc(
        "Whether the package is installed from its folder in a way that changes to its code take"
        " effect at once. It concerns only this project's own environment.",
        example='spam = { path = "../spam", develop = true }',
        since="Poetry 1.0",
        link=_PAGE + "#path-dependencies",
    ),
    ("python",): Doc(
        "The Python versions for which the package is needed. For others it is left out. It is one"
        " condition with `platform` and `markers`: all have to hold.",
        example='tomli = { version = "^2.0", python = "<3.11" }',
        type="a string (a version constraint)",
        since="Poetry 0.3",
        link=_PAGE + "#python-restricted-dependencies",
    ),
    ("platform",): Doc(
        "The platform for which the package is needed, as `sys.platform` names it: `linux`,"
        " `darwin`, `win32`. `||` stands between alternatives.",
        example='pywin32 = { version = "*", platform = "win32" }',
        since="Poetry 0.10",
        link=_PAGE + "#multiple-constraints-dependencies",
    ),
    ("markers",): Doc(
        "The condition under which the package is needed, as an environment marker. It can say all"
        " that `python` and `platform` say, and more.",
        example="""spam = { version = "^1.4", markers = "sys_platform != 'win32'" }""",
        type="a string (an environment marker, PEP 508)",
        since="Poetry 1.0",
        link=_PAGE + "#using-environment-markers",
    ),
    ("optional",): Doc(
        "Whether the package is left out unless an extra asks for it. List it in"
        " `[tool.poetry.extras]` too, otherwise nobody can.",
        example='spam = { version = "^1.4", optional = true }',
        since="Poetry 0.4",
        link=_FILE + "#extras",
    ),
    ("extras",): Doc(
        "The extras of the package that are needed too. They are those that the package itself"
        " offers, not this project's.",
        example='httpx = { version = "^0.27", extras = ["http2"] }',
        since="Poetry 0.4",
        link=_PAGE + "#dependency-extras",
    ),
    ("source",): Doc(
        "The name of the one source, out of `[[tool.poetry.source]]`, that the package is looked"
        " for in. It is not published with the project.",
        example='spam = { version = "^1.4", source = "company" }',
        type="a string (the name of a source)",
        since="Poetry 1.0",
        link=_PAGE + "#source-dependencies",
    ),
    ("allow-prereleases",): Doc(
        "Whether pre-releases such as `2.0rc1` may be chosen. Without it they are chosen only where"
        " nothing else fits.",
        example='spam = { version = "^2.0", allow-prereleases = true }',
        since="Poetry 1.0",
        link=_PAGE + "#version-constraints",
    ),
    ("allows-prereleases",): Doc(
        "Whether pre-releases such as `2.0rc1` may be chosen.",
        example='spam = { version = "^2.0", allow-prereleases = true }',
        since="Poetry 0.3",
        deprecated="Since Poetry 1.0; write `allow-prereleases`.",
        link=_PAGE + "#version-constraints",
    ),
}

_IN_MAIN = Doc(
    "A package that the project needs. Where `[project]` lists it as well, the entry here only adds"
    " what a requirement cannot say: a source, `develop`, `allow-prereleases`.",
    example='spam = "^1.4"',
    type=_ENTRY_TYPE,
    link=_PAGE,
)
_IN_GROUP = Doc(
    "A package that the group needs. Where the group of the same name in `[dependency-groups]`"
    " lists it as well, the entry here only adds what a requirement cannot say.",
    example='pytest = "^8.0"',
    type=_ENTRY_TYPE,
    link=_PAGE,
)

DEPENDENCIES, DEV = ("tool", "poetry", "dependencies"), ("tool", "poetry", "dev-dependencies")
GROUP = ("tool", "poetry", "group", "*", "dependencies")
PLUGINS = ("tool", "poetry", "requires-plugins")
CONSTRAINTS = ("tool", "poetry", "build-constraints")

_TABLES: Docs = {
    DEPENDENCIES: Doc(
        "The packages that the project needs when it runs, in Poetry's own form. Since Poetry 2.0"
        " they belong in `project.dependencies`; this table then adds what requirements cannot say,"
        " and is used for locking only.",
        example='[tool.poetry.dependencies]\nspam = { source = "company" }',
        type="a table of dependencies",
        since="Poetry 0.3",
        link=_MANAGING,
    ),
    (*DEPENDENCIES, "*"): _IN_MAIN,
    (*DEPENDENCIES, "python"): Doc(
        "The Python versions that the project is locked for and works with. Since Poetry 2.0"
        " `project.requires-python` says so for everybody; both together narrow what is locked.",
        example='python = "^3.10"',
        type="a string (a version constraint)",
        since="Poetry 0.3",
        link=_FILE + "#dependencies-1",
    ),
    DEV: Doc(
        "The packages that only developers need, in the form of Poetry 1.0 and 1.1. It is the group"
        " `dev` under another name.",
        example='[tool.poetry.group.dev.dependencies]\npytest = "^8.0"',
        type="a table of dependencies",
        since="Poetry 0.3",
        deprecated="Since Poetry 1.2; use `[tool.poetry.group.dev.dependencies]`, or"
        " `[dependency-groups]` since Poetry 2.2.",
        link=_MANAGING + "#dependency-groups",
    ),
    (*DEV, "*"): Doc(
        "A package that only developers need.",
        example='pytest = "^8.0"',
        type=_ENTRY_TYPE,
        link=_PAGE,
    ),
    GROUP: Doc(
        "The packages of the group, in Poetry's own form. Those that need nothing of it can stand"
        " in `[dependency-groups]` since Poetry 2.2.",
        example='[tool.poetry.group.test.dependencies]\npytest = "^8.0"',
        type="a table of dependencies",
        link=_MANAGING + "#dependency-groups",
    ),
    (*GROUP, "*"): _IN_GROUP,
    PLUGINS: Doc(
        "The plugins of Poetry that this project needs. Poetry installs them for this project alone"
        " before it does anything else.",
        example='[tool.poetry.requires-plugins]\npoetry-plugin-export = ">=1.9"',
        type="a table of dependencies",
        since="Poetry 2.0",
        link=_PLUGINS,
    ),
    (*PLUGINS, "*"): Doc(
        "A plugin of Poetry that this project needs, with the versions that will do.",
        example='poetry-plugin-export = ">=1.9"',
        type=_ENTRY_TYPE,
        link=_PLUGINS,
    ),
    CONSTRAINTS: Doc(
        "Limits on what is installed to build a package that comes without a wheel. Each table is"
        " named after the package that is built. It helps where an old release does not build with"
        " a new setuptools.",
        example='[tool.poetry.build-constraints]\nspam = { setuptools = "<75" }',
        type="a table of tables",
        since="Poetry 2.3",
        link=_FILE + "#build-constraints",
    ),
    (*CONSTRAINTS, "*"): Doc(
        "The limits that hold while this package is built: names of build requirements, with the"
        " versions that may be used.",
        example='spam = { setuptools = "<75" }',
        type="a table of dependencies",
        link=_FILE + "#build-constraints",
    ),
    (*CONSTRAINTS, "*", "*"): Doc(
        "A package that may be used in these versions only while the other one is built.",
        example='setuptools = "<75"',
        type=_ENTRY_TYPE,
        link=_FILE + "#build-constraints",
    ),
}

DOCS: Docs = {
    **_TABLES,
    **{
        (*table, *key): doc
        for table in (
            (*DEPENDENCIES, "*"),
            (*DEV, "*"),
            (*GROUP, "*"),
            (*PLUGINS, "*"),
            (*CONSTRAINTS, "*", "*"),
        )
        for key, doc in _KEYS.items()
    },
}
