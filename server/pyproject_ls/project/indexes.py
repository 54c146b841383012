"""Which indexes a file names for its dependencies, and in which order its tool asks them."""

from __future__ import annotations

from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.lookup import IndexRef, Lookup
from pyproject_ls.project.manifest import Manifest

PYPI = IndexRef("PyPI", "", "poetry")


class Lookups:
    """The lookups of one manifest."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest

    @property
    def default(self) -> Lookup:
        """Where a package is looked up whose declaration names no index."""
        return Lookup(((PYPI,),)) if self._manifest.uses_poetry else Lookup()

    @property
    def declared(self) -> tuple[IndexRef, ...]:
        """Every index that the file declares with an address, in its order."""
        return ()

    def of(self, dependency: Dependency) -> Lookup:
        """Where the package of `dependency` is looked up."""
        return self.default
