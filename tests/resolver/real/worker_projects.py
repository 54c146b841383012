"""Projects for the worker: what a lock file of Poetry 2 can hold.

``INDEX`` is the index, ``FILES`` where its files are, ``GIT`` the address of a git repository.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from tests.resolver.real.projects import FIRST_PATHS, SECOND, Files, poetry, poetry_first


class Case(NamedTuple):
    """A project, what its dependencies are changed to after a first lock, and what is updated."""

    files: Files
    change: tuple[str, str]
    names: tuple[str, ...] = ()
    since: tuple[int, int] = (2, 0)


def _text(text: str) -> Files:
    return {"pyproject.toml": text}


_EXPLICIT = (
    '\n[[tool.poetry.source]]\nname = "other"\nurl = "INDEX"\npriority = "explicit"\n'
    '\n[[tool.poetry.source]]\nname = "spare"\nurl = "INDEX"\npriority = "supplemental"\n'
)

CASES: Mapping[str, Case] = {
    "extras": Case(
        _text(
            poetry(
                '"lantern[async]>=3"',
                '[project.optional-dependencies]\nweb = ["courier>=2"]\nall = ["yin", "wick"]\n',
            )
        ),
        ("lantern[async]>=3", "lantern>=3"),
        ("clapper",),
    ),
    "groups": Case(
        _text(
            poetry_first(
                'lantern = "^3.0"',
                '[tool.poetry.group.dev.dependencies]\ncheckit = "^8"\n'
                "[tool.poetry.group.docs]\noptional = true\n"
                '[tool.poetry.group.docs.dependencies]\nglass-templates = "*"\nclapper = "*"\n',
            )
        ),
        ('checkit = "^8"', 'checkit = "*"'),
    ),
    "markers": Case(
        _text(
            poetry(
                "\"pane-glass; sys_platform == 'win32'\", "
                "\"gridnum<2; python_version < '3.12'\", "
                '"gridnum>=2; python_version >= \'3.12\'", "claybrick"'
            )
        ),
        ('"claybrick"', '"claybrick", "oath"'),
    ),
    "several constraints": Case(
        _text(
            poetry_first(
                'gridnum = [{version = "<2", python = "<3.11"}, '
                '{version = ">=2", python = ">=3.11"}]\n'
                'lantern = {version = "*", optional = true, extras = ["async"]}\n',
                '[tool.poetry.extras]\nweb = ["lantern"]\n',
            )
        ),
        ('web = ["lantern"]', 'web = ["lantern"]\nsame = ["lantern"]'),
    ),
    "sources": Case(
        _text(
            poetry(
                '"oath>=2", "wick"',
                "[tool.poetry.dependencies]\n"
                'oath = { source = "other" }\nclapper = { version = "*", source = "other" }\n',
            )
            + _EXPLICIT
        ),
        ('"wick"', '"wick", "courier"'),
        ("oath",),
    ),
    "paths": Case(SECOND["paths"], ('"courier"', '"wick"'), ("clapper",)),
    "paths of Poetry 1": Case(FIRST_PATHS, ('checkit = "^8"', 'wick = "*"')),
    "git": Case(
        _text(
            poetry(
                '"fromgit", "oath"',
                '[tool.poetry.dependencies]\nfromgit = { git = "GIT", branch = "main" }\n',
            )
        ),
        ('"oath"', '"oath", "wick"'),
        ("fromgit",),
    ),
    "url": Case(
        _text(poetry('"oath @ FILES/oath/OATH", "courier"')),
        ('"courier"', '"courier", "wick"'),
    ),
    "no package": Case(
        _text(
            '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\npython = "^3.9"\n'
            'framedata = { version = "*", extras = ["excel"], python = ">=3.10" }\n'
            '[[tool.poetry.source]]\nname = "packages"\nurl = "INDEX"\n'
        ),
        ('python = "^3.9"', 'python = "^3.10"'),
    ),
    "dependency groups": Case(
        _text(
            poetry(
                '"courier"',
                '[dependency-groups]\ndev = ["checkit-cov", { include-group = "style" }]\n'
                'style = ["tidyup"]\n'
                "[tool.poetry.group.style]\noptional = true\n",
            )
        ),
        ('style = ["tidyup"]', 'style = ["tidyup", "wick"]'),
        since=(2, 2),
    ),
    "builds": Case(
        _text(poetry('"talkative", "mudbrick"')), ('"mudbrick"', '"mudbrick", "claybrick"')
    ),
    "a settled package": Case(
        _text(
            '[project]\nname = "Demo.Package"\nversion = "1.0"\ndescription = ""\n'
            'requires-python = ">=3.9,<4"\ndependencies = ["dotted_env", "yin==1.0.0"]\n'
            '[[tool.poetry.source]]\nname = "packages"\nurl = "INDEX"\npriority = "primary"\n'
        ),
        ("yin==1.0.0", "yin"),
    ),
}
