"""The dependency graph of a lock file: which package needs which, and who needs a package."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Protocol

from pyproject_ls.lazy import lazy_property
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.lock_packages import LockedPackage, Need, locked_packages
from pyproject_ls.project.locked import constraint_of, locked_in
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.ranges import are_disjoint


class Needed(NamedTuple):
    """That `package` needs another one, and how."""

    package: LockedPackage
    need: Need


class LockGraph:
    """The packages of one lock file and what they need of each other. Immutable.

    A need leads to every version that it may mean: of several versions of one package those that
    its constraint certainly excludes are left out, unless that leaves none.
    """

    def __init__(self, found: Sequence[LockedPackage]) -> None:
        packages: dict[str, list[LockedPackage]] = {}
        for package in found:
            if not package.is_project:
                packages.setdefault(package.normalized, []).append(package)
        self.packages: Mapping[str, tuple[LockedPackage, ...]] = MappingProxyType(
            {name: tuple(versions) for name, versions in packages.items()}
        )
        """All versions of each package by its normalised name, without the project itself."""

    def of(self, dependency: Dependency) -> tuple[LockedPackage, ...]:
        """The versions that a declared dependency may mean."""
        return self._fitting(dependency.normalized, constraint_of(dependency))

    def targets(self, need: Need) -> tuple[LockedPackage, ...]:
        """The versions that `need` may mean; none where the file does not have the package."""
        found = self.packages.get(need.normalized, ())
        if need.version and len(found) > 1:
            exact = tuple(each for each in found if each.version == need.version)
            if exact:
                return exact
        return self._fitting(need.normalized, need.constraint)

    def needed_by(self, package: LockedPackage) -> tuple[Needed, ...]:
        """Who needs `package`, in the order of the file."""
        return tuple(self._reverse.get(package, ()))

    def paths(
        self, starts: Collection[str], package: LockedPackage, limit: int = 10
    ) -> list[tuple[LockedPackage, ...]]:
        """The ways from packages in `starts` (normalised names) to `package`, both included.

        One shortest way from each start, the shortest first, at most `limit` of them. A start that
        is on the way of another one is not passed: what lies behind it adds nothing.
        """
        step_to: dict[LockedPackage, LockedPackage | None] = {package: None}
        found: list[tuple[LockedPackage, ...]] = []
        layer = [package]
        while layer and len(found) < limit:
            following: list[LockedPackage] = []
            for each in layer:
                if each.normalized in starts:
                    found.append(_way(each, step_to))
                    continue
                for needed in self.needed_by(each):
                    if needed.package not in step_to:
                        step_to[needed.package] = each
                        following.append(needed.package)
            layer = following
        return found[:limit]

    @lazy_property
    def _reverse(self) -> dict[LockedPackage, list[Needed]]:
        reverse: dict[LockedPackage, list[Needed]] = {}
        for versions in self.packages.values():
            for package in versions:
                for need in package.needs:
                    for target in self.targets(need):
                        reverse.setdefault(target, []).append(Needed(package, need))
        return reverse

    def _fitting(self, normalized: str, constraint: str) -> tuple[LockedPackage, ...]:
        found = self.packages.get(normalized, ())
        if len(found) < 2 or not constraint:
            return found
        fitting = tuple(each for each in found if not are_disjoint(f"=={each.version}", constraint))
        return fitting or found


class LockFile(NamedTuple):
    """A lock file: its path relative to the project, its text, its graph."""

    path: str
    text: str
    graph: LockGraph


class _Files(Protocol):
    """What is asked here of `pyproject_ls.facts.Facts`, which this layer must not know."""

    def path_kind(self, path: str) -> Any:
        """What is at `path`; None while unknown."""

    def text_of(self, path: str) -> Any:
        """What the file at `path` holds; None while unknown."""


@lru_cache(maxsize=8)
def lock_graph(text: str) -> LockGraph:
    """The graph of the lock file `text` (poetry.lock, uv.lock, pylock.toml), however broken."""
    return LockGraph(locked_packages(text))


def lock_file_in(facts: _Files, manifest: Manifest | None = None) -> LockFile | None:
    """The project's lock file, chosen as `locked_in` does; None without, or while unknown."""
    lock = locked_in(facts, manifest)
    source = facts.text_of(lock.path) if lock is not None else None
    if lock is None or source is None or source.text is None:
        return None
    return LockFile(lock.path, source.text, lock_graph(source.text))


def _way(
    start: LockedPackage, step_to: Mapping[LockedPackage, LockedPackage | None]
) -> tuple[LockedPackage, ...]:
    way = [start]
    following = step_to[start]
    while following is not None:
        way.append(following)
        following = step_to[following]
    return tuple(way)
