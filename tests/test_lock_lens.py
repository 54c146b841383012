"""What stands above the file, and behind its lines, of the lock file and of the next one."""

from __future__ import annotations

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.facts import Answer, Facts, FileText, PathAt, PathKind, Question, TextOf
from pyproject_ls.facts.resolution import (
    Conflict,
    Reason,
    ReasonKind,
    Resolution,
    ResolutionOf,
    Solution,
    ToolState,
    ToolStateOf,
)
from pyproject_ls.features.code_lens import code_lenses
from pyproject_ls.features.inlay_hints import inlay_hints
from pyproject_ls.host import Snapshot
from pyproject_ls.project.lockfile import content_hash
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.toml import parse
from pyproject_ls.toml.convert import to_python

POETRY = """\
[project]
name = "demo"
version = "1.0"
dependencies = ["flask>=2", "wick"]

[tool.poetry]
package-mode = false
"""
UV = POETRY.replace("[tool.poetry]\npackage-mode", "[tool.uv]\npackage")
LOCK = '[[package]]\nname = "flask"\nversion = "2.0"\n\n[metadata]\ncontent-hash = "{}"\n'
FRESH = LOCK.format(content_hash(to_python(parse(POETRY).root)))
STALE = LOCK.format("0" * 64)
LOCKED = Solution((("flask", "2.0"),))
READY = ToolState()
NEXT = Solution((("flask", "3.1"), ("wick", "1.0")))


def snapshot(
    text: str,
    lock: str | None = None,
    *,
    state: ToolState | None = READY,
    said: Resolution | None = None,
) -> Snapshot:
    """`text` where all is known: its lock file, its tool, and perhaps what a resolver said."""
    own = "poetry.lock" if text is POETRY else "uv.lock"
    answers: dict[Question, Answer] = {}
    for path in ("poetry.lock", "uv.lock", "pylock.toml"):
        is_there = path == own and lock is not None
        answers[PathAt(path)] = PathKind.FILE if is_there else PathKind.MISSING
    if lock is not None:
        answers[TextOf(own)] = FileText(lock)
    if state is not None:
        answers[ToolStateOf()] = state
    digest = digest_of(Manifest(parse(text)))
    if said is not None and digest is not None:
        answers[ResolutionOf(digest)] = said
    return Snapshot(text, Facts(answers), Settings(resolve="save"))


def lenses(found: Snapshot) -> list[str]:
    return [each.title for each in code_lenses(found)]


@pytest.mark.parametrize(
    ("found", "titles"),
    [
        (snapshot(POETRY), ["no poetry.lock", "Lock", "Preview", "Install"]),
        (snapshot(POETRY, FRESH), ["poetry.lock is up to date", "Update all", "Install"]),
        (
            snapshot(POETRY, STALE),
            ["poetry.lock is out of date", "Lock", "Preview", "Update all", "Install"],
        ),
        (
            snapshot(POETRY, "<<<<<<<"),
            ["poetry.lock cannot be read", "Lock", "Preview", "Update all", "Install"],
        ),
        (
            snapshot(POETRY, STALE, said=Conflict(("flask",))),
            ["the dependencies conflict", "Lock", "Preview", "Update all", "Install"],
        ),
        (
            snapshot(POETRY, said=Conflict(("wick",), (Reason(ReasonKind.UNKNOWN, "wick"),))),
            ["no index has wick", "Lock", "Preview", "Update all", "Install"],
        ),
        (snapshot("[project\n" + POETRY), ["no poetry.lock", "Lock", "Preview", "Install"]),
        (
            snapshot(POETRY, STALE, state=ToolState(activity="resolving 12/150")),
            ["resolving 12/150"],
        ),
        (
            snapshot(POETRY, STALE, state=ToolState(obstacle="There is no Poetry.")),
            ["poetry.lock is out of date", "There is no Poetry."],
        ),
        (snapshot(POETRY, STALE, state=None), []),
        (snapshot(UV), ["no uv.lock", "Lock", "Preview", "Install"]),
        (snapshot(UV, LOCK), ["uv.lock", "Lock", "Preview", "Update all", "Install"]),
        (
            snapshot(UV, LOCK, said=LOCKED),
            ["uv.lock is up to date", "Update all", "Install"],
        ),
        (
            snapshot(UV, LOCK, said=NEXT),
            ["uv.lock is out of date", "Lock", "Preview", "Update all", "Install"],
        ),
        (snapshot("[project]\nname = 'demo'\n"), []),
    ],
)
def test_the_lenses_above_the_file(found: Snapshot, titles: list[str]) -> None:
    assert lenses(found) == titles
    assert all(each.span == (0, 0) for each in code_lenses(found))


@pytest.mark.parametrize(
    ("found", "labels"),
    [
        (snapshot(POETRY, STALE), ["2.0"]),
        (snapshot(POETRY, STALE, said=NEXT), ["2.0, next lock 3.1", "next lock 1.0"]),
        (snapshot(POETRY, STALE, said=LOCKED), ["2.0"]),
        (snapshot(POETRY, FRESH, said=NEXT), ["2.0"]),
        (snapshot(POETRY, said=NEXT), ["next lock 3.1", "next lock 1.0"]),
    ],
)
def test_hints_of_the_next_lock(found: Snapshot, labels: list[str]) -> None:
    assert [each.label for each in inlay_hints(found)] == labels


def test_what_is_half_typed_says_nothing_wrong() -> None:
    for end in range(len(POETRY)):
        found = snapshot(POETRY[:end], STALE, said=NEXT)
        assert all(each.title.isprintable() for each in code_lenses(found))
        assert all(0 <= each.offset <= end for each in inlay_hints(found))
