"""A resolver for tests: exact, slow, and small enough to be believed.

Markers and extras do not matter to it: every list of the file is installed. Prefers newer releases,
names in the order in which they are met. What Poetry or `packaging` would not read has no solution.
"""

from __future__ import annotations

from collections.abc import Mapping

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import Version
from poetry.core.packages.dependency import Dependency as PoetryDependency

from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.selection import judge
from pyproject_ls.project.wants import want_of
from pyproject_ls.toml import parse

Index = Mapping[str, Mapping[str, tuple[str, ...]]]
"""By name and version: the requirements (PEP 508)."""

Ask = tuple[str, str, bool]
"""A name, a constraint, and whether that is Poetry's."""


def solve(text: str, index: Index) -> dict[str, str] | None:
    """The newest versions that fulfil the file `text`; None where there are none."""
    document = parse(text)
    if document.problems:
        return None
    asks: list[Ask] = []
    for dependency in Manifest(document).dependencies:
        if dependency.requirement is not None and not _is_valid(dependency.requirement.text):
            return None
        want = want_of(dependency, text)
        if want is not None:
            asks.append((dependency.normalized, want.constraint, want.is_poetry))
    return _search(asks, {}, index)


def _is_valid(requirement: str) -> bool:
    try:
        Requirement(requirement)
        PoetryDependency.create_from_pep_508(requirement)
    except (InvalidRequirement, ValueError):
        return False
    return True


def _search(asks: list[Ask], chosen: dict[str, str], index: Index) -> dict[str, str] | None:
    if any(ask[0] in chosen and not _allows(ask, chosen[ask[0]]) for ask in asks):
        return None
    name = next((name for name, _, _ in asks if name not in chosen), None)
    if name is None:
        return chosen
    for version in sorted(index.get(name, {}), key=Version, reverse=True):
        if all(_allows(ask, version) for ask in asks if ask[0] == name):
            more = [_ask(each) for each in index[name][version]]
            found = _search(asks + more, {**chosen, name: version}, index)
            if found is not None:
                return found
    return None


def _ask(requirement: str) -> Ask:
    parsed = Requirement(requirement)
    return parsed.name, str(parsed.specifier), False


def _allows(ask: Ask, version: str) -> bool:
    _, constraint, is_poetry = ask
    if not constraint.strip() or constraint.strip() == "*":
        return True
    test = judge(constraint, is_poetry)
    return test is not None and bool(test(version))
