"""Which indexes a file names for its dependencies, and in which order its tool asks them."""

from __future__ import annotations

from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.index_rules import (
    NOWHERE,
    PAGE,
    PYPI,
    Pdm,
    Pip,
    Poetry,
    Rules,
    Uv,
    is_page,
)
from pyproject_ls.project.lookup import IndexRef, Lookup
from pyproject_ls.project.manifest import Manifest, as_table

__all__ = ["NOWHERE", "PAGE", "PYPI", "Lookups", "is_page"]


class Lookups:
    """The lookups of one manifest, to which they do not hold on: it holds on to them."""

    def __init__(self, manifest: Manifest) -> None:
        self._rules = _rules_of(manifest)

    @property
    def default(self) -> Lookup:
        """Where a package is looked up whose declaration names no index."""
        return self._rules.default

    @property
    def declared(self) -> tuple[IndexRef, ...]:
        """Every index that the file declares with an address, in its order."""
        return tuple(ref for ref in self._rules.declared if ref.url and not is_page(ref))

    def of(self, dependency: Dependency) -> Lookup:
        """Where the package of `dependency` is looked up; `NOWHERE` if it comes from no index."""
        requirement = dependency.requirement
        if requirement is not None and requirement.url is not None:
            return NOWHERE
        return self._rules.of(dependency)


def _rules_of(manifest: Manifest) -> Rules:
    if manifest.uses_poetry:
        return Poetry(manifest)
    for key, rules in (("uv", Uv), ("pdm", Pdm)):
        table = as_table(manifest.document.get("tool", key))
        if table is not None:
            return rules(table)
    return Pip()
