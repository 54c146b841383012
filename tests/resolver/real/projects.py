"""Projects for the real tools: the files of each, by their paths from the project's folder."""

from __future__ import annotations

from collections.abc import Mapping

Files = Mapping[str, str]

SOURCE = '\n[[tool.poetry.source]]\nname = "packages"\nurl = "INDEX"\npriority = "primary"\n'
INDEX = '\n[[tool.uv.index]]\nurl = "INDEX"\ndefault = true\n'


def poetry_first(dependencies: str, more: str = "") -> str:
    """A pyproject.toml of Poetry 1 with these lines of dependencies."""
    return (
        '[tool.poetry]\nname = "demo"\nversion = "1.0"\ndescription = ""\nauthors = []\n'
        f'package-mode = false\n\n[tool.poetry.dependencies]\npython = ">=3.9"\n{dependencies}\n'
        f"{more}{SOURCE}"
    )


def poetry(dependencies: str, more: str = "") -> str:
    """A pyproject.toml of Poetry 2 with the list `dependencies`."""
    return (
        '[project]\nname = "demo"\nversion = "1.0"\nrequires-python = ">=3.9"\n'
        f"dependencies = [{dependencies}]\n{more}\n[tool.poetry]\npackage-mode = false\n{SOURCE}"
    )


def uv(dependencies: str, more: str = "", name: str = "demo") -> str:
    """A pyproject.toml of uv with the list `dependencies`."""
    return (
        f'[project]\nname = "{name}"\nversion = "1.0"\nrequires-python = ">=3.9"\n'
        f"dependencies = [{dependencies}]\n{more}{INDEX}"
    )


def library(name: str, dependencies: str = "", more: str = "") -> str:
    """A pyproject.toml of a library that says what it needs without a build."""
    return (
        f'[project]\nname = "{name}"\nversion = "0.1"\nrequires-python = ">=3.9"\n'
        f"dependencies = [{dependencies}]\n{more}"
    )


FIRST_PATHS: Files = {
    "pyproject.toml": poetry_first(
        'lantern = {version = "^3.0", extras = ["async"]}\n'
        'inside = {path = "libs/inside", develop = true}\n'
        'beside = {path = "../beside"}\n',
        '[tool.poetry.group.dev.dependencies]\ncheckit = "^8"\n',
    ),
    "libs/inside/pyproject.toml": (
        '[tool.poetry]\nname = "inside"\nversion = "0.1"\ndescription = ""\nauthors = []\n'
        '[tool.poetry.dependencies]\npython = ">=3.9"\noath = ">=2.1"\n'
    ),
    "libs/inside/inside.py": '__version__ = "0.1"\n',
    "../beside/pyproject.toml": (
        '[tool.poetry]\nname = "beside"\nversion = "0.2"\ndescription = ""\nauthors = []\n'
        '[tool.poetry.dependencies]\npython = ">=3.9"\nfurther = {path = "../deep/further"}\n'
    ),
    "../beside/beside.py": "",
    "../deep/further/pyproject.toml": (
        '[tool.poetry]\nname = "further"\nversion = "0.3"\ndescription = ""\nauthors = []\n'
        '[tool.poetry.dependencies]\npython = ">=3.9"\nclapper = "*"\n'
    ),
    "../deep/further/further.py": "",
}

FIRST: Mapping[str, Files] = {
    "extras and groups": {
        "pyproject.toml": poetry_first(
            'lantern = {version = "^3.0", extras = ["async"]}\n',
            '[tool.poetry.group.dev.dependencies]\ncheckit-cov = "*"\ntidyup = "*"\n',
        )
    },
    "markers and sdists": {
        "pyproject.toml": poetry_first(
            'framedata = {version = "*", extras = ["excel"], python = ">=3.10"}\n'
            'claybrick = "*"\npane-glass = {version = "*", platform = "win32"}\n'
        )
    },
    "paths": FIRST_PATHS,
}
"""Projects of Poetry 1, by what they show."""

SECOND: Mapping[str, Files] = {
    "groups": {
        "pyproject.toml": poetry(
            '"lantern[async]>=3", "courier"', '[project.optional-dependencies]\nx = ["yin"]\n'
        )
    },
    "paths": {
        **FIRST_PATHS,
        "pyproject.toml": poetry('"inside", "beside", "courier"').replace(
            "package-mode = false",
            "package-mode = false\n[tool.poetry.dependencies]\n"
            'inside = {path = "libs/inside", develop = true}\nbeside = {path = "../beside"}',
        ),
    },
}
"""Projects of Poetry 2."""

_SOURCES = (
    '[tool.uv.sources]\ninside = { path = "libs/inside", editable = true }\n'
    'beside = { path = "../beside" }\n'
)

UV: Mapping[str, Files] = {
    "extras and groups": {
        "pyproject.toml": uv(
            '"lantern[async]>=3"',
            '[project.optional-dependencies]\ntables = ["framedata[excel]"]\n'
            '[dependency-groups]\ndev = ["checkit-cov", { include-group = "style" }]\n'
            'style = ["tidyup"]\n',
        )
    },
    "markers and sdists": {
        "pyproject.toml": uv(
            '"pane-glass; sys_platform == \'win32\'", "claybrick", "mudbrick", "talkative", '
            "\"gridnum<2; python_version < '3.12'\", \"gridnum>=2; python_version >= '3.12'\""
        )
    },
    "paths": {
        "pyproject.toml": uv('"inside", "beside", "clapper"', _SOURCES),
        "libs/inside/pyproject.toml": library("inside", '"oath>=2.1"'),
        "../beside/pyproject.toml": library(
            "beside", '"further"', '[tool.uv.sources]\nfurther = { path = "../deep/further" }\n'
        ),
        "../deep/further/pyproject.toml": library("further", '"wick"'),
    },
    "a workspace": {
        "pyproject.toml": uv(
            '"one"',
            "[tool.uv.sources]\none = { workspace = true }\n"
            '[tool.uv.workspace]\nmembers = ["packages/*"]\nexclude = ["packages/not"]\n',
        ),
        "packages/one/pyproject.toml": library(
            "one", '"two", "courier"', "[tool.uv.sources]\ntwo = { workspace = true }\n"
        ),
        "packages/two/pyproject.toml": library(
            "two",
            '"outside"',
            '[tool.uv.sources]\noutside = { path = "../../../outside" }\n',
        ),
        "packages/not/pyproject.toml": "this is no TOML",
        "../outside/pyproject.toml": library("outside", '"oath"'),
    },
}
"""Projects of uv."""
