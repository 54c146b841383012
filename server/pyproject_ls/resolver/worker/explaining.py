"""From Poetry's error to the direct dependencies at fault and the few facts that tell why.

The text of Poetry's error is never made: for some projects that takes minutes. The derivation graph
is walked instead, each node once.
"""

from __future__ import annotations

import importlib
from typing import Any

from . import blaming, subsets
from .facts import NEEDS, NO_VERSION, PLATFORM, PYTHON, UNKNOWN, Fact, reasons
from .runs import Run, Stop

MOST_NODES = 50_000
"""Nodes of the derivation graph that are looked at."""

FEW = 2
"""With more culprits than this it is tried whether fewer exclude each other, too."""

Answer = dict[str, Any]


def of_solver(error: Any, poetry: Any, run: Run) -> Answer:
    """The answer to a `SolverProblemError`."""
    facts = _facts(error, poetry, run)
    direct = _direct(facts, poetry)
    if len(direct) > FEW:
        direct, other = blaming.smaller(poetry, direct, run)
        if other is not None:
            facts = _facts(other, poetry, run)
            direct = _direct(facts, poetry) or direct
    return {"kind": "conflict", "direct": direct, "reasons": reasons(facts, direct)}


def of_declarations(error: Any, poetry: Any, run: Run) -> Answer:
    """The answer to an `IncompatibleConstraintsError`: one package needs another in two ways."""
    package = error.package
    facts = [
        Fact(
            NEEDS,
            "" if package.is_root() else package.name,
            None if package.is_root() else package.version,
            each.name,
            _wanted(each),
        )
        for each in error.dependencies
    ]
    if package.is_root():
        direct = list(dict.fromkeys(each.name for each in error.dependencies))
    else:
        direct = _needing(poetry, run)
    return {"kind": "conflict", "direct": direct, "reasons": reasons(facts, direct)}


def _needing(poetry: Any, run: Run) -> list[str]:
    """The direct dependencies without which there is no conflict."""
    try:
        answer = blaming.by_dropping(poetry, run)
    except Stop:
        return []
    return list(answer.get("direct", ()))


def _direct(facts: list[Fact], poetry: Any) -> list[str]:
    asked = {fact.other for fact in facts if fact.kind == NEEDS and not fact.package}
    return [name for name in subsets.direct_names(poetry.package) if name in asked]


def _facts(error: Any, poetry: Any, run: Run) -> list[Fact]:
    """The leaves of the derivation graph of a `SolverProblemError`, as they are found."""
    found = [_fact(leaf) for leaf in _leaves(error.error._incompatibility)]
    facts = list(dict.fromkeys(fact for fact in found if fact is not None))
    missing: dict[str, bool] = {}
    return [_known(fact, poetry, run, missing) for fact in facts]


def _leaves(incompatibility: Any) -> list[Any]:
    """``Incompatibility.external_incompatibilities``, which takes each way to a leaf apart."""
    derived = importlib.import_module("poetry.mixology.incompatibility_cause").ConflictCauseError
    found = []
    seen: set[int] = set()
    waiting = [incompatibility]
    while waiting and len(seen) < MOST_NODES:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node.cause, derived):
            waiting += (node.cause.other, node.cause.conflict)
        else:
            found.append(node)
    return found


def _fact(leaf: Any) -> Fact | None:
    causes = importlib.import_module("poetry.mixology.incompatibility_cause")
    cause, terms = leaf.cause, leaf.terms
    if not terms:
        return None
    first = terms[0].dependency
    if isinstance(cause, causes.DependencyCauseError) and len(terms) == 2:
        second = terms[1].dependency
        if second.name == first.name:
            return None  # a package with extras and without
        if first.is_root:
            return Fact(NEEDS, "", None, second.name, _wanted(second))
        return Fact(NEEDS, first.name, terms[0].constraint, second.name, _wanted(second))
    if isinstance(cause, causes.NoVersionsCauseError):
        return Fact(NO_VERSION, first.name, _hashable(terms[0].constraint))
    if isinstance(cause, causes.PythonCauseError):
        pythons = _parsed(cause.python_version)
        return Fact(PYTHON, first.name, terms[0].constraint, cause.root_python_version, pythons)
    if type(cause).__name__ == "PlatformCauseError":
        return Fact(PLATFORM, first.name, terms[0].constraint, "", cause.platform)
    return None


def _wanted(dependency: Any) -> Any:
    """The constraint of `dependency`, as it is written where it is a direct one."""
    return _hashable(dependency.constraint)


def _parsed(constraint: str) -> Any:
    version = importlib.import_module("poetry.core.constraints.version")
    try:
        return version.parse_constraint(constraint)
    except ValueError:
        return constraint


def _hashable(constraint: Any) -> Any:
    try:
        hash(constraint)
    except TypeError:
        return str(constraint)
    return constraint


def _known(fact: Fact, poetry: Any, run: Run, missing: dict[str, bool]) -> Fact:
    """`fact`, told apart: no index has the package, or no release of it is in the range."""
    if fact.kind != NO_VERSION:
        return fact
    if fact.package not in missing:
        missing[fact.package] = not _has_any_release(fact.package, poetry, run)
    return Fact(UNKNOWN, fact.package) if missing[fact.package] else fact


def _has_any_release(name: str, poetry: Any, run: Run) -> bool:
    """Whether an index that is asked for `name` has a page for it. Pages are at hand already."""
    sources = {each.source_name for each in poetry.package.all_requires if each.name == name} or {
        None
    }
    try:
        for source in sources:
            pool = poetry.pool
            asked = [pool.repository(source)] if source else pool.repositories
            if any(_has_page(repository, name) for repository in asked):
                return True
    except Exception:
        return True  # nobody knows: what is told stays with what the solver found
    return False


def _has_page(repository: Any, name: str) -> bool:
    absent = importlib.import_module("poetry.repositories.exceptions").PackageNotFoundError
    get_page = getattr(repository, "get_page", None)
    if get_page is None:
        return any(package.name == name for package in repository.packages)
    try:
        page = get_page(name)
    except absent:
        return False
    return any(True for _ in page.versions(name))
