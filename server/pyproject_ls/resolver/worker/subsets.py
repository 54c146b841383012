"""A project with some of its direct dependencies: whether that much of it can be resolved."""

from __future__ import annotations

import functools
import importlib
from collections.abc import Collection
from typing import Any


def direct_names(package: Any) -> list[str]:
    """The normalised names of the direct dependencies of Poetry's `package`, in their order."""
    return list(dict.fromkeys(dependency.name for dependency in package.all_requires))


def solve(poetry: Any, names: Collection[str]) -> None:
    """Resolve with the direct dependencies `names` only. Raises what Poetry raises, and `Stop`."""
    solver = importlib.import_module("poetry.puzzle.solver").Solver
    quiet = importlib.import_module("cleo.io.null_io").NullIO
    locked = [] if poetry.locker is None else _locked(poetry.locker)
    package = subset(poetry.package, names)
    solver(package, poetry.pool, [], locked, quiet()).solve()


def _locked(locker: Any) -> list[Any]:
    try:
        packages: list[Any] = locker.locked_repository().packages
    except Exception:  # it only makes things faster
        return []
    return packages


def subset(package: Any, names: Collection[str]) -> Any:
    """Poetry's project `package` with the direct dependencies `names` only."""
    part = package.clone()
    part.__class__ = _partial(package.__class__)
    part._kept = frozenset(names)
    return part


@functools.lru_cache(maxsize=4)
def _partial(base: Any) -> Any:
    class PartialPackage(base):  # type: ignore[misc]
        """Its clones, which the provider makes, are as partial."""

        _kept: frozenset[str] = frozenset()

        @property
        def all_requires(self) -> list[Any]:
            return [each for each in super().all_requires if each.name in self._kept]

    return PartialPackage
