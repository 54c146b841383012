"""Which tool a project uses, and why."""

from __future__ import annotations

import pytest

from pyproject_ls.facts import Facts, PathAt, PathKind
from pyproject_ls.project.locked import POETRY_LOCK, UV_LOCK
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.tool import Wish, tool_of
from pyproject_ls.toml import parse

PROJECT = "[project]\nname = 'demo'\n"
POETRY = "[tool.poetry]\n"
UV = "[tool.uv]\n"


def backend(name: str) -> str:
    return f"[build-system]\nrequires = []\nbuild-backend = '{name}'\n"


def facts(locks: str) -> Facts:
    """Of the lock files in the project's folder; "?": nothing is known of it."""
    if locks == "?":
        return Facts()
    kinds = {
        name: PathKind.FILE if name in locks.split() else PathKind.MISSING
        for name in (POETRY_LOCK, UV_LOCK)
    }
    return Facts({PathAt(name): kind for name, kind in kinds.items()})


BOTH = "poetry.lock uv.lock"


@pytest.mark.parametrize(
    ("text", "locks", "name", "reason"),
    [
        (POETRY, "", "poetry", "`[tool.poetry]`"),
        (POETRY, "?", "poetry", "`[tool.poetry]`"),
        (POETRY, "uv.lock", "poetry", "`[tool.poetry]`"),
        (PROJECT + backend("poetry.core.masonry.api"), "?", "poetry", "Poetry's backend"),
        (PROJECT + backend("poetry_dynamic_versioning.backend"), "", "poetry", "Poetry's backend"),
        (PROJECT + UV, "", "uv", "`[tool.uv]`"),
        (PROJECT + UV, "poetry.lock", "uv", "`[tool.uv]`"),
        (PROJECT + backend("uv_build"), "?", "uv", "uv's backend"),
        (PROJECT + backend("uv_build_fork"), "", None, "neither"),
        (PROJECT + backend("hatchling.build"), "uv.lock", "uv", "`uv.lock`"),
        (PROJECT, "poetry.lock", "poetry", "`poetry.lock`"),
        (PROJECT, "uv.lock", "uv", "`uv.lock`"),
        (PROJECT, BOTH, None, "`poetry.lock` and a `uv.lock`"),
        (PROJECT, "", None, "no lock file"),
        ("", "", None, "no lock file"),
        ("[tool]\npoetry = 3\n", "", "poetry", "`[tool.poetry]`"),
        # for both
        (POETRY + UV, "", "poetry", "`[tool.poetry]`"),
        (POETRY + UV, BOTH, "poetry", "`[tool.poetry]`"),
        (POETRY + UV, "uv.lock", "uv", "for both tools, and there is a `uv.lock`"),
        (POETRY + UV, "poetry.lock", "poetry", "for both tools, and there is a `poetry.lock`"),
        (POETRY + UV + backend("uv_build"), "", "uv", "uv's backend"),
        (POETRY + UV + backend("poetry.core.masonry.api"), "", "poetry", "`[tool.poetry]`"),
        (UV + backend("poetry.core.masonry.api"), "", "poetry", "Poetry's backend"),
        (POETRY + backend("uv_build"), "poetry.lock", "poetry", "`poetry.lock`"),
    ],
)
def test_who_it_is_and_why(text: str, locks: str, name: str | None, reason: str) -> None:
    choice = tool_of(Manifest(parse(text)), facts(locks))
    assert choice is not None
    assert choice.name == name
    assert reason in choice.reason


@pytest.mark.parametrize("wish", ["poetry", "uv"])
@pytest.mark.parametrize("text", [POETRY, UV, PROJECT])
def test_the_setting_goes_before_all(text: str, wish: Wish) -> None:
    choice = tool_of(Manifest(parse(text)), facts("?"), wish)
    assert choice is not None
    assert choice.name == wish
    assert "`pyproject-ls.tool`" in choice.reason


@pytest.mark.parametrize("text", [PROJECT, POETRY + UV])
def test_it_is_open_while_the_files_that_decide_are_unknown(text: str) -> None:
    known = facts("?")
    assert tool_of(Manifest(parse(text)), known) is None
    assert known.wanted == {PathAt(POETRY_LOCK), PathAt(UV_LOCK)}
    half = Facts({PathAt(UV_LOCK): PathKind.FILE})
    assert tool_of(Manifest(parse(text)), half) is None


def test_a_folder_is_no_lock_file() -> None:
    known = facts("").with_answers({PathAt(POETRY_LOCK): PathKind.DIRECTORY})
    choice = tool_of(Manifest(parse(PROJECT)), known)
    assert choice is not None
    assert choice.name is None
