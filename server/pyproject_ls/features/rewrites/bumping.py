"""Bump the project's version."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.features.rewrites.action import REWRITE, Action, Request
from pyproject_ls.features.version_bump import PARTS, CannotBump, bumped
from pyproject_ls.project.locate import PlaceKind

_PATHS = {("project", "version"), ("tool", "poetry", "version")}
_WORDS = {"prerelease": "pre-release"}


def offers(request: Request) -> Iterator[Action]:
    """The next versions, where the version is touched."""
    place = request.place
    if place.path not in _PATHS or place.kind not in {PlaceKind.VALUE, PlaceKind.KEY}:
        return
    done: set[str] = set()
    for part in PARTS:
        try:
            bump = bumped(request.snapshot, part)
        except CannotBump:
            return
        if bump.version in done:
            continue  # a pre-release of a minor version is one of its first patch too
        done.add(bump.version)
        title = f"Bump the version to {bump.version} ({_WORDS.get(part, part)})"
        yield Action(title, REWRITE, tuple(bump.edits))
