"""Remedies for a conflict: changes of one declaration with which the resolver finds a solution.

Each is found by setting a dependency at fault free, looking what the resolver picks for it, writing
the constraint that allows this, and resolving once more with the very text that the fix makes.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from pyproject_ls.checks.remedy import declarations, remedy_edits
from pyproject_ls.facts.resolution import Conflict, Remedy, RemedyKind
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.selection import is_newer, judge
from pyproject_ls.project.upgrades import constraint_node
from pyproject_ls.project.wants import want_of
from pyproject_ls.text import Edit, Span, apply_edits
from pyproject_ls.toml import parse

Attempt = Callable[[str], Awaitable["dict[str, str] | None"]]
"""Resolves a text: the version of each package by normalised name, or None."""

MAX_CULPRITS = 6
"""Of more dependencies at fault only the first ones are tried."""

SECONDS = 20.0
"""For the whole search; what was found until then is offered."""


async def find_remedies(
    text: str, conflict: Conflict, attempt: Attempt, seconds: float = SECONDS
) -> tuple[Remedy, ...]:
    """Remedies for `conflict`, which the dependencies of `text` have: at most two a dependency.

    A change of the constraint first; the declaration is dropped only where none works.
    """
    manifest = Manifest(parse(text))
    deadline = time.monotonic() + seconds
    found: list[Remedy] = []
    for name in conflict.direct[:MAX_CULPRITS]:
        if time.monotonic() > deadline:
            break
        remedy = await _changed(text, manifest, name, attempt)
        if remedy is None and time.monotonic() < deadline:
            remedy = await _dropped(text, manifest, name, attempt)
        if remedy is not None:
            found.append(remedy)
    return tuple(found)


async def _changed(text: str, manifest: Manifest, name: str, attempt: Attempt) -> Remedy | None:
    """The constraint of `name` moved to where the resolver wants to go."""
    free = _freed(text, manifest, name)
    if free is None:
        return None
    versions = await attempt(free)
    version = versions.get(name, "") if versions is not None else ""
    if not version:
        return None
    remedy = Remedy(_kind(manifest, name, version), name, version)
    return remedy if await _works(text, manifest, remedy, attempt) else None


async def _dropped(text: str, manifest: Manifest, name: str, attempt: Attempt) -> Remedy | None:
    remedy = Remedy(RemedyKind.DROP, name)
    return remedy if await _works(text, manifest, remedy, attempt) else None


async def _works(text: str, manifest: Manifest, remedy: Remedy, attempt: Attempt) -> bool:
    edits = remedy_edits(manifest, remedy)
    return edits is not None and await attempt(apply_edits(text, edits)) is not None


def _freed(text: str, manifest: Manifest, name: str) -> str | None:
    """`text` with every constraint of the package `name` taken away; None where there is none."""
    edits: list[Edit] = []
    for dependency in declarations(manifest, name):
        want = want_of(dependency, text)
        node = constraint_node(dependency)
        if want is None or node is None or not node.closed or not want.constraint.strip():
            continue
        if (
            text[node.start : node.start + 1] not in {'"', "'"}
            or "\\" in text[node.start : node.end]
        ):
            return None
        if dependency.requirement is None:
            edits.append(Edit(Span(node.start + 1, node.end - 1), "*"))
            continue
        span = dependency.requirement.specifier_span
        if span is None or text[node.start + 1 : node.end - 1] != node.value:
            return None
        start = node.start + 1
        edits.append(Edit(Span(start + span.start, start + span.end), ""))
    return apply_edits(text, edits) if edits else None


def _kind(manifest: Manifest, name: str, version: str) -> RemedyKind:
    """Which way the constraint moves: up, down, or only its upper end."""
    text = manifest.document.text
    for dependency in declarations(manifest, name):
        want = want_of(dependency, text)
        if want is None or not want.constraint.strip():
            continue
        lower = _lower_bound(want.constraint)
        if lower and is_newer(lower, version):
            return RemedyKind.LOWER
        test = judge(want.constraint, want.is_poetry)
        if test is not None and test(version):
            continue
        return RemedyKind.RAISE if _is_pinned(want.constraint) else RemedyKind.LOOSEN
    return RemedyKind.LOOSEN


def _lower_bound(constraint: str) -> str:
    """The version that `constraint` begins at; "" where that is not plain to see."""
    import re

    match = re.match(r"\s*\(?\s*(?:>=|>|\^|~=|~|===?|=)?\s*v?(\d[\w.]*)", constraint)
    return match.group(1).removesuffix(".*").rstrip(".") if match is not None else ""


def _is_pinned(constraint: str) -> bool:
    text = constraint.strip().lstrip("(")
    return text.startswith("==") or text[:1].isdigit() or text[:1] in {"^", "~"}
