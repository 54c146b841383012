"""Pieces of the texts about lock files: who declares what, labels, whether the lock still fits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyproject_ls.features.markdown import code, redacted, visible
from pyproject_ls.host import Snapshot
from pyproject_ls.project.dependencies import Declared, Dependency, Home
from pyproject_ls.project.lock_graph import LockFile, LockGraph
from pyproject_ls.project.lock_packages import LockedPackage, Need
from pyproject_ls.project.locked import POETRY_LOCK, constraint_of
from pyproject_ls.project.lockfile import LockState, lock_state
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.paths import dotted
from pyproject_ls.toml import to_python

_APART = frozenset({Home.BUILD, Home.POETRY_BUILD_CONSTRAINT, Home.POETRY_PLUGIN})
_STANDARD = frozenset({Home.PROJECT, Home.EXTRA, Home.GROUP})

MAX_NAMED = 6
"""How many names a sentence has."""


def locked_lists(manifest: Manifest) -> list[tuple[Declared, list[Dependency]]]:
    """The lists of the file whose members are locked, without those that are of no interest.

    Left out are Python, the project itself, and entries of Poetry's tables that only add to a
    requirement of ``[project]`` or ``[dependency-groups]``.
    """
    standard = {
        each.normalized
        for declared, members in manifest.lists
        if declared.home in _STANDARD
        for each in members
    }
    own = manifest.normalized_name
    found: list[tuple[Declared, list[Dependency]]] = []
    for declared, members in manifest.lists:
        if declared.home in _APART or declared.group == "constraint-dependencies":
            continue
        kept = [
            each
            for each in members
            if each.normalized not in {"", own, "python"}
            and not (_only_adds(each) and each.normalized in standard)
        ]
        if kept:
            found.append((declared, kept))
    return found


def _only_adds(dependency: Dependency) -> bool:
    return dependency.requirement is None and dependency.version is None


def direct(manifest: Manifest) -> dict[str, list[Dependency]]:
    """The dependencies of `locked_lists` by normalised name."""
    found: dict[str, list[Dependency]] = {}
    for _, members in locked_lists(manifest):
        for each in members:
            found.setdefault(each.normalized, []).append(each)
    return found


def declared_as(
    graph: LockGraph, package: LockedPackage, members: Iterable[Dependency]
) -> list[Dependency]:
    """Those of `members` that mean this version of the package."""
    return [each for each in members if package in graph.of(each)]


def in_list(dependency: Dependency) -> str:
    """``project.dependencies (>=2.31)``, as plain text on one line."""
    where = visible(dotted(dependency.declared.path), 100)
    return f"{where}{asked(constraint_of(dependency))}"


def package_label(package: LockedPackage, constraint: str = "", marker: str = "") -> str:
    """``certifi 2024.8.30 (>=2017.4.17; marker)``, as plain text on one line."""
    text = visible(f"{package.name} {package.version}".strip(), 120)
    if package.place:
        text += f" from {visible(redacted(package.place), 120)}"
    return text + asked(constraint, marker)


def need_label(need: Need) -> str:
    """What a need asks for where the package is not in the lock file."""
    return visible(need.name, 100) + asked(need.constraint, need.marker)


def asked(constraint: str, marker: str = "") -> str:
    """`` (>=2; marker)``: what somebody asks for, as plain text; "" for anything."""
    parts = ("" if constraint.strip() == "*" else constraint.strip(), marker.strip())
    text = "; ".join(part for part in parts if part)
    return f" ({visible(text, 160)})" if text else ""


def versions_of(packages: Sequence[LockedPackage]) -> str:
    """Their versions (Markdown): "`2.0` and `2.1`"."""
    return enumerated([code(each.version or "no version", 60) for each in packages])


def enumerated(items: Sequence[str], limit: int = MAX_NAMED) -> str:
    """``a, b and c``, or ``a, b and 7 more``."""
    shown = list(items[:limit])
    if len(items) > limit:
        shown = [*items[: limit - 1], f"{len(items) - limit + 1} more"]
    return " and ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def doubts(snapshot: Snapshot, lock: LockFile) -> str:
    """A sentence (Markdown) that says why the lock file may not tell the truth; "" if it does."""
    if lock.path != POETRY_LOCK or snapshot.document.problems:
        return ""
    state = lock_state(to_python(snapshot.document.root), lock.text)
    if state is LockState.OUTDATED:
        return (
            "The lock file was made for other dependencies than this file has now: what follows"
            " may be out of date until it is locked again."
        )
    if state is LockState.UNREADABLE:
        return (
            "The lock file is not valid TOML, perhaps because of a merge conflict: what follows is"
            " what can be read of it. Restore it, or lock again."
        )
    return ""


NO_LOCK = (
    "There is no lock file that can be read (`poetry.lock`, `uv.lock` or `pylock.toml`). Lock the"
    " project first: with the command *Lock*, `poetry lock` or `uv lock`."
)
"""Said instead of a tree."""
