"""Bumping versions: what ``poetry version`` of Poetry 2.5.1 says of the same ones."""

from __future__ import annotations

import pytest

from pyproject_ls.features.version_bump import PARTS, CannotBump, bumped, next_version
from pyproject_ls.host import Snapshot
from pyproject_ls.text import apply_edits

DYNAMIC = "[project]\ndynamic = ['version']\n"

BUMPS = {
    "1": "1.0.1 1.1 2 1.0.1a0",
    "1.2": "1.2.1 1.3 2.0 1.2.1a0",
    "1.2.3": "1.2.4 1.3.0 2.0.0 1.2.4a0",
    "1.2.3.4": "1.2.4.0 1.3.0.0 2.0.0.0 1.2.4.0a0",
    "1.0.0": "1.0.1 1.1.0 2.0.0 1.0.1a0",
    "0.0.0": "0.0.1 0.1.0 1.0.0 0.0.1a0",
    "1.2.3a1": "1.2.3 1.3.0 2.0.0 1.2.3a2",
    "1.2.0a1": "1.2.0 1.2.0 2.0.0 1.2.0a2",
    "1.0.0b2": "1.0.0 1.0.0 1.0.0 1.0.0b3",
    "1.0.0rc1": "1.0.0 1.0.0 1.0.0 1.0.0rc2",
    "2.0a0": "2.0 2.0 2.0 2.0a1",
    "1a1": "1 1 1 1a2",
    "1.2.3.dev1": "1.2.3 1.3.0 2.0.0 1.2.3a0",  # not Poetry's
    "1.2.0.dev3": "1.2.0 1.2.0 2.0.0 1.2.0a0",  # not Poetry's
    "1.0.dev0": "1.0 1.0 1.0 1.0a0",  # not Poetry's
    "1.2.3.post1": "1.2.4 1.3.0 2.0.0 1.2.4a0",
    "1.2.3.post1.dev2": "1.2.4 1.3.0 2.0.0 1.2.4a0",  # not Poetry's
    "1.2.3a1.post2": "1.2.3 1.3.0 2.0.0 1.2.3a2",
    "1.2.3a1.dev2": "1.2.3 1.3.0 2.0.0 1.2.3a2",
    "1.2.3a1.post1.dev1": "1.2.3 1.3.0 2.0.0 1.2.3a2",
    "1!1.2.3": "1!1.2.4 1!1.3.0 1!2.0.0 1!1.2.4a0",
    "1!2.0.0a3": "1!2.0.0 1!2.0.0 1!2.0.0 1!2.0.0a4",
    "1.2.3+local": "1.2.4 1.3.0 2.0.0 1.2.4a0",
    "v1.2.3": "1.2.4 1.3.0 2.0.0 1.2.4a0",
    "1.2.3-alpha.2": "1.2.3 1.3.0 2.0.0 1.2.3a3",
    "1.2.3PRE4": "1.2.3 1.3.0 2.0.0 1.2.3rc5",  # not Poetry's
    "1.2.3c1": "1.2.3 1.3.0 2.0.0 1.2.3rc2",
    "1.2.3-1": "1.2.4 1.3.0 2.0.0 1.2.4a0",
    "1.2.0.4a1": "1.2.1.0 1.3.0.0 2.0.0.0 1.2.0.4a2",
    "1.0.0.1a1": "1.0.1.0 1.1.0.0 2.0.0.0 1.0.0.1a2",
    "1.0.0.0": "1.0.1.0 1.1.0.0 2.0.0.0 1.0.1.0a0",
    "1.0.0.0a1": "1.0.0.0 1.0.0.0 1.0.0.0 1.0.0.0a2",
    "0.1.0b0": "0.1.0 0.1.0 1.0.0 0.1.0b1",
    "1.2.3alpha": "1.2.3 1.3.0 2.0.0 1.2.3a1",
    "2024.1.1": "2024.1.2 2024.2.0 2025.0.0 2024.1.2a0",
    " 1.2 ": "1.2.1 1.3 2.0 1.2.1a0",
}
"""What becomes of a version by patch, minor, major and prerelease.

Poetry fails where a development release becomes a pre-release, and writes ``PRE5`` as ``pre5``.
"""


@pytest.mark.parametrize("version", BUMPS)
def test_as_poetry_does(version: str) -> None:
    assert [next_version(version, part) for part in PARTS] == BUMPS[version].split()


@pytest.mark.parametrize("version", ["", "next", "1.x", "1.2.3-", "1" * 50, "{{ version }}"])
def test_no_version(version: str) -> None:
    with pytest.raises(CannotBump, match=r"PEP 440"):
        next_version(version, "patch")


def test_both_tables_and_all_that_is_around() -> None:
    text = '[project]\nversion = \'1.2\' # a\n[tool.poetry]\nversion = """\n1.2""" # b\n'
    bump = bumped(Snapshot(text), "patch")
    assert bump.version == "1.2.1"
    assert apply_edits(text, bump.edits) == text.replace("1.2", "1.2.1")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[project]\nversion = 1\n", "not a version in quotes"),
        ("[project]\nname = 'a'\n", "add `version` to `[project]`"),
        ("[tool.poetry]\nname = 'a'\n", "add `version` to `[tool.poetry]`"),
        (
            DYNAMIC + "[tool.setuptools.dynamic]\nversion = {attr = 'a.v'}\n",
            "setuptools reads it from the attribute `a.v`",
        ),
        (DYNAMIC + "[tool.hatch.version]\npath = 'a.py'\n", "`a.py`"),
        (DYNAMIC + "[tool.hatch.version]\nsource = 'vcs'\n", "from `vcs`"),
        (DYNAMIC + "[tool.setuptools_scm]\n", "from the tags"),
        (
            DYNAMIC + "[build-system]\nbuild-backend = 'flit_core.buildapi'\n",
            "`__version__`",
        ),
        (DYNAMIC, "leaves it to the build backend"),
        ("version = '1'", "has no version"),
    ],
)
def test_why_not(text: str, reason: str) -> None:
    with pytest.raises(CannotBump) as caught:
        bumped(Snapshot(text), "minor")
    assert reason in str(caught.value)
    assert str(caught.value).endswith(".")
