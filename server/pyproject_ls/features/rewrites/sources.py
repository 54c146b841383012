"""Package sources: take a dependency from one, add one, write old priorities as Poetry 2 does."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.sources import sources
from pyproject_ls.features.markdown import visible
from pyproject_ls.features.rewrites.action import REWRITE, Action, Request
from pyproject_ls.features.rewrites.binding import (
    ARRAYS,
    SourceTool,
    bound,
    made_explicit,
    new_source,
    package_sources,
    todays_priority,
    tool_of,
)
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locate import PlaceKind

NEW_NAME = "my-index"
NEW_URL = "https://index.example/simple/"
"""What a new source is called and where it is, until somebody says it."""

MAX_SOURCES = 10
"""Of more declared sources, only the first ones are offered."""


def offers(request: Request) -> Iterator[Action]:
    """What can be done about the sources of the dependency, source or tool that is touched."""
    path = request.place.path
    if request.dependency is not None:
        yield from _take(request, request.dependency)
    if path[:3] == ARRAYS["poetry"] and len(path) > 3:
        yield from _todays_priority(request, path[3])
    document, manifest = request.snapshot.document, request.snapshot.manifest
    for tool, place in ARRAYS.items():
        is_first = document.get(*place[:2]) is None and tool_of(manifest) == tool
        if path[:2] == place[:2] or (is_first and len(path) < 2):
            yield from _add(request, tool)


def _take(request: Request, dependency: Dependency) -> Iterator[Action]:
    document = request.snapshot.document
    for source in list(package_sources(document))[:MAX_SOURCES]:
        edits = bound(request.snapshot.manifest, dependency, source)
        if not edits:
            continue
        what = f"Take `{visible(dependency.name, 60)}` from the source `{visible(source.name, 60)}`"
        yield Action(what, REWRITE, edits)
        explicit = made_explicit(document, source)
        if explicit:
            yield Action(f"{what} and make it explicit", REWRITE, (*edits, *explicit))


def _todays_priority(request: Request, index: str | int) -> Iterator[Action]:
    source = next(
        (each for each in sources(request.snapshot.document) if each.path[3] == index), None
    )
    edits = todays_priority(request.text, source) if source is not None else ()
    if edits:
        yield Action("Write the priority as Poetry 2 does", REWRITE, edits)


def _add(request: Request, tool: SourceTool) -> Iterator[Action]:
    """Where nothing is written, and on the headers of the tool and its sources.

    A project that has no table of its tool yet is offered it on the standard's tables.
    """
    place, document = request.place, request.snapshot.document
    if place.entry is not None or place.kind not in {PlaceKind.BLANK, PlaceKind.HEADER}:
        return
    if place.kind is PlaceKind.HEADER and len(place.path) > 2 and place.path[:3] != ARRAYS[tool]:
        return
    taken = {each.name.lower() for each in package_sources(document)}
    name, number = NEW_NAME, 1
    while name in taken:
        number += 1
        name = f"{NEW_NAME}-{number}"
    edits = new_source(document, tool, name, NEW_URL)
    if edits:
        yield Action("Add a package source", REWRITE, edits)
