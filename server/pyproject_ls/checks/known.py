"""What indexes say of the dependencies of a file: asked once, for all rules and hints."""

from __future__ import annotations

from functools import lru_cache
from typing import Union

from pyproject_ls.facts import Facts
from pyproject_ls.facts.packages import Missing, Package
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import Lock, locked_in
from pyproject_ls.project.lookup import Lookup
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.selection import Choice, choice, range_for
from pyproject_ls.project.wants import Want, from_indexes


class Known(NamedTuple):
    """A dependency, what it wants, where that is looked up, and the answer.

    `python` and `whole` say which Pythons a release has to support (`selection.supports`).
    """

    dependency: Dependency
    want: Want
    lookup: Lookup
    answer: Union[Package, Missing]
    python: str
    whole: bool

    @property
    def package(self) -> Package | None:
        """The package, if an index has it."""
        return self.answer if isinstance(self.answer, Package) else None

    @property
    def choice(self) -> Choice | None:
        """Which of its releases the dependency can be given."""
        answer = self.answer
        if isinstance(answer, Package):
            return choice(answer, self.want, self.python, self.whole)
        return None


@lru_cache(maxsize=4)
def known(manifest: Manifest, facts: Facts) -> tuple[Known, ...]:
    """The dependencies of `manifest` that an index answered for, in the manifest's order.

    Asks for the releases of all that are taken from indexes. What is not known yet, and what was
    to be asked of an index that cannot be reached, is left out.
    """
    wanting, lookup_of = from_indexes(manifest), manifest.lookups.of
    asked = tuple((dependency.normalized, lookup_of(dependency)) for dependency, _ in wanting)
    found: list[Known] = []
    home: Home | None = None
    python, whole = "", False
    for (dependency, want), (_, lookup), answer in zip(
        wanting, asked, facts.releases_of_all(asked), strict=True
    ):
        if isinstance(answer, (Package, Missing)):
            if dependency.declared.home is not home:
                home = dependency.declared.home
                python, whole = range_for(manifest, dependency)
            found.append(Known(dependency, want, lookup, answer, python, whole))
    return tuple(found)


@lru_cache(maxsize=4)
def lock_of(manifest: Manifest, facts: Facts) -> Lock | None:
    """The project's lock file, if it has one and that is known."""
    return locked_in(facts, manifest)


def value_path(dependency: Dependency) -> TomlPath:
    """The TOML path of the string that the constraint of `dependency` stands in."""
    if dependency.requirement is None and dependency.option("version") is not None:
        return (*dependency.path, "version")
    return dependency.path
