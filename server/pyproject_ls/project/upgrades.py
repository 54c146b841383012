"""Newer releases for the dependencies of a file, and the edits that take them."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Protocol

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import Lock
from pyproject_ls.project.lookup import Lookup
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.raising import Piece, raised_pieces
from pyproject_ls.project.requirement import Requirement
from pyproject_ls.project.selection import (
    Outlook,
    Package,
    Release,
    choice,
    is_newer,
    range_for,
)
from pyproject_ls.project.wants import Want, from_indexes, is_locked_apart, want_of
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Scalar, source_span

_PIN = lazy_pattern(r"\s*(?P<operator>={0,3})\s*v?\d[\w.+!-]*\s*")
_NAME_AND_EXTRAS = lazy_pattern(r"\s*[A-Za-z0-9._-]+(?:[ \t]*\[[^\]]*\])?")


class Update(NamedTuple):
    """A dependency for which there is something newer than what it has.

    `current` is its locked version, or without one the newest release that it allows. `compatible`
    is newer than `current` and within the constraint, `newest` the newest release that the
    project's Pythons can use; None where that is not newer than `current`.
    """

    dependency: Dependency
    current: str
    compatible: Release | None
    newest: Release | None


class Facts(Protocol):
    """What is asked here of `pyproject_ls.facts.Facts`, which this layer must not know."""

    def releases(self, name: str, lookup: Lookup) -> Any:
        """What indexes say of a package."""


def raised(
    dependency: Dependency, text: str, version: str, *, exactly: bool = False
) -> tuple[Edit, ...] | None:
    """The edits that make the constraint of `dependency` begin at `version`, in its own style.

    `text` is the document. ``^1.4`` becomes ``^2.1`` for 2.1.3: a lower bound keeps the count of
    its numbers, unless `exactly` says that nothing older than `version` may be allowed; then a
    missing lower bound is added as well. None where that cannot be done with certainty.
    """
    want = want_of(dependency, text)
    return raised_from(dependency, want, text, version, exactly) if want is not None else None


def raised_from(
    dependency: Dependency, want: Want, text: str, version: str, exactly: bool = False
) -> tuple[Edit, ...] | None:
    """Like `raised`, where it is known what `dependency` wants."""
    node = constraint_node(dependency)
    if node is None or not node.closed:
        return None
    if dependency.requirement is not None:
        span = dependency.requirement.specifier_span
        if span is None:
            return _added(dependency.requirement, node, text, version) if exactly else None
    else:
        span = Span(0, len(node.value))
    written = node.value[span.start : span.end]
    if want.is_poetry and exactly and written.strip() == "*":
        return (Edit(source_span(text, node, *span), f">={version}"),)
    pieces = raised_pieces(written, version, want.is_poetry, exactly)
    if pieces is None:
        return None
    return tuple(_edit(text, node, span.start, piece) for piece in pieces)


def constraint_node(dependency: Dependency) -> Scalar | None:
    """The string that the constraint of `dependency` stands in; None if it has none."""
    if dependency.requirement is None:
        return dependency.version
    node = dependency.node
    return node if isinstance(node, Scalar) else None


def constraint_span(dependency: Dependency, text: str) -> Span:
    """Where the constraint stands in `text`; the name where there is none."""
    node = constraint_node(dependency)
    if node is None:
        return name_span(dependency, text)
    if dependency.requirement is None:
        return Span(node.start, node.end)
    span = dependency.requirement.specifier_span
    return source_span(text, node, *span) if span is not None else name_span(dependency, text)


def name_span(dependency: Dependency, text: str) -> Span:
    """Where the name of `dependency` stands in `text`: a Poetry key, or a part of a string."""
    if dependency.key is not None:
        return Span(dependency.key.start, dependency.key.end)
    requirement, node = dependency.requirement, dependency.node
    if requirement is not None and requirement.name is not None and isinstance(node, Scalar):
        return source_span(text, node, *requirement.name.span)
    return Span(node.start, node.end)


def updates(facts: Facts, manifest: Manifest, lock: Lock | None) -> list[Update]:
    """The dependencies of all tables for which something newer is known, in the manifest's order.

    Asks the facts for the releases of every dependency that is taken from an index.
    """
    found: list[Update] = []
    for dependency, want in from_indexes(manifest):
        package = facts.releases(dependency.normalized, manifest.lookups.of(dependency))
        if getattr(package, "releases", None):
            update = update_of(manifest, dependency, want, package, lock)
            if update is not None:
                found.append(update)
    return found


def update_of(
    manifest: Manifest,
    dependency: Dependency,
    want: Want,
    package: Package[Release],
    lock: Lock | None,
) -> Update | None:
    """What is newer for one dependency; None where nothing is."""
    python, whole = range_for(manifest, dependency)
    current = locked_version(dependency, lock)
    compatible, newest = newer_releases(package, want, python, whole, current)
    if compatible is None and newest is None:
        return None
    if not current:
        allowed = choice(package, want, python, whole)
        current = allowed.release.version if allowed.release is not None else ""
    return Update(dependency, current, compatible, newest)


@lru_cache(maxsize=4096)
def newer_releases(
    package: Package[Release], want: Want, python: str, whole: bool, locked: str
) -> tuple[Release | None, Release | None]:
    """The newest release within the constraint and the newest of all, where they are newer.

    Than `locked`, or where that is "" than the newest one within the constraint.
    """
    found = choice(package, want, python, whole)
    if found.outlook is not Outlook.FINE or found.release is None:
        return None, None
    best = found.newer or found.release
    if not locked:
        return None, found.newer
    compatible = found.release if is_newer(found.release.version, locked) else None
    return compatible, best if is_newer(best.version, locked) else None


def locked_version(dependency: Dependency, lock: Lock | None) -> str:
    """The version that `lock` has for `dependency` (the newest of several); "" for none."""
    versions = locked_versions(dependency, lock)
    best = versions[0] if versions else ""
    for version in versions[1:]:
        if is_newer(version, best):
            best = version
    return best


def locked_versions(dependency: Dependency, lock: Lock | None) -> tuple[str, ...]:
    """The versions that `lock` has for `dependency`, in its order; empty for none."""
    if lock is None or is_locked_apart(dependency):
        return ()
    return tuple(dict.fromkeys(each.version for each in lock.of(dependency) if each.version))


@lru_cache(maxsize=4096)
def is_pinned(want: Want) -> bool:
    """Whether `want` names one version exactly: ``==1.4.2``, in Poetry also ``1.4.2``."""
    match = _PIN.fullmatch(want.constraint)
    return match is not None and (want.is_poetry or len(match["operator"]) > 1)


def _added(
    requirement: Requirement, node: Scalar, text: str, version: str
) -> tuple[Edit, ...] | None:
    match = _NAME_AND_EXTRAS.match(requirement.text)
    if match is None:
        return None
    at = source_span(text, node, match.end(), match.end())
    return (Edit(at, f">={version}"),)


def _edit(text: str, node: Scalar, base: int, piece: Piece) -> Edit:
    span = source_span(text, node, base + piece.start, base + piece.end)
    return Edit(span, piece.text)
