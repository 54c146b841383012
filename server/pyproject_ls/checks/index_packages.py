"""Packages that no index has, that were given up, or that may be taken for another."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import part_of, quoted, rename_key
from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.checks.known import known
from pyproject_ls.checks.online import (
    NAME_NEAR_POPULAR,
    PROJECT_ARCHIVED,
    PROJECT_DEPRECATED,
    PROJECT_QUARANTINED,
    UNKNOWN_PACKAGE,
)
from pyproject_ls.checks.wording import visible
from pyproject_ls.facts.packages import Missing, NameFound, Package, Status
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.upgrades import name_span
from pyproject_ls.text import Edit
from pyproject_ls.toml import Scalar

_BARE = lazy_pattern(r"[A-Za-z0-9_-]+")
_STATUS = {
    Status.ARCHIVED: (
        PROJECT_ARCHIVED,
        "is archived{why}; no new releases are to be expected, so look for another package.",
    ),
    Status.DEPRECATED: (
        PROJECT_DEPRECATED,
        "is deprecated{why}; use what its maintainers recommend instead.",
    ),
    Status.QUARANTINED: (
        PROJECT_QUARANTINED,
        "is under quarantine by its index{why}; it may do harm, so remove it, and look at what has"
        " been installed.",
    ),
}
MAX_REASON = 160
MAX_INDEXES = 3


def unknown_package(context: Context) -> Iterator[Finding]:
    """Names that every index said it does not have. Waits for the names that are like them."""
    places = set()
    for each in known(context.manifest, context.facts):
        if not isinstance(each.answer, Missing):
            continue
        dependency = each.dependency
        place = name_span(dependency, context.document.text)
        if place in places:
            continue  # a list of constraints under one key
        places.add(place)
        names = context.facts.names_like(dependency.name, each.lookup)
        if names is None:
            continue
        meant = near(dependency.normalized, names.found)
        if meant is not None:
            advice = f"did you mean `{_spelled(meant, dependency)}`?"
        else:
            advice = "correct the name, or declare the index that has it."
        yield UNKNOWN_PACKAGE.at(
            place,
            dependency.path,
            f"`{dotted(dependency.declared.path)}`: {_asked(each.answer)} no package"
            f" `{dependency.name}`; {advice}",
            fix=_renaming(context, dependency, meant) if meant is not None else None,
        )


def project_status(context: Context) -> Iterator[Finding]:
    """What indexes say of whole projects (PEP 792), where each is first declared."""
    seen: set[str] = set()
    for each in known(context.manifest, context.facts):
        package = each.answer
        if not isinstance(package, Package) or package.status is Status.ACTIVE:
            continue
        dependency = each.dependency
        if dependency.normalized in seen:
            continue
        seen.add(dependency.normalized)
        rule, words = _STATUS[package.status]
        reason = visible(package.status_reason.strip(), MAX_REASON).rstrip(".")
        yield rule.at(
            name_span(dependency, context.document.text),
            dependency.path,
            f"`{dotted(dependency.declared.path)}`: `{dependency.name}` "
            + words.replace("{why}", f" ({reason})" if reason else ""),
        )


def name_near_popular(context: Context) -> Iterator[Finding]:
    """Names of packages that exist, but may have been meant for a popular one."""
    for each in known(context.manifest, context.facts):
        if not isinstance(each.answer, Package):
            continue
        dependency = each.dependency
        names = context.facts.names_like(dependency.name, each.lookup)
        if names is None or _is_popular(dependency.normalized, names.found):
            continue
        meant = near(dependency.normalized, names.found)
        if meant is not None:
            name = _spelled(meant, dependency)
            yield NAME_NEAR_POPULAR.at(
                name_span(dependency, context.document.text),
                dependency.path,
                f"`{dotted(dependency.declared.path)}`: `{dependency.name}` is one letter away from"
                f" `{name}`, which is far more popular; make sure which one you mean.",
                fix=_renaming(context, dependency, meant),
            )


def near(name: str, found: tuple[NameFound, ...]) -> NameFound | None:
    """The most popular of `found` that one edit separates from the normalised `name`, or None."""
    ranked = [
        each
        for each in found
        if each.rank is not None and is_one_edit(name, normalized_name(each.name))
    ]
    return min(ranked, key=lambda each: each.rank or 0, default=None)


def is_one_edit(one: str, other: str) -> bool:
    """Whether one letter more, less, other, or two neighbours swapped, make `one` into `other`."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) == len(b):
        return a[1:] == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])
    return a[1:] == b if len(a) > len(b) else a == b[1:]


def _is_popular(name: str, found: tuple[NameFound, ...]) -> bool:
    return any(each.rank is not None and normalized_name(each.name) == name for each in found)


def _asked(answer: Missing) -> str:
    names = [f"`{visible(name, 40)}`" for name in answer.indexes[:MAX_INDEXES]]
    if len(answer.indexes) > MAX_INDEXES:
        names.append("others")
    if not names:
        return "no index has a"
    if len(names) == 1:
        return f"{names[0]} has"
    return f"{', '.join(names[:-1])} and {names[-1]} have"


def _spelled(meant: NameFound, dependency: Dependency) -> str:
    """The name that is meant, in lower case where the one that is written is."""
    name = visible(meant.name, 100)
    return name.lower() if dependency.name.islower() else name


def _renaming(context: Context, dependency: Dependency, meant: NameFound) -> Fix | None:
    """Write the name that was meant; None where it stands in the same list already."""
    new = normalized_name(meant.name)
    for other in context.manifest.by_home.get(dependency.declared.home, ()):
        if other.normalized == new and other.declared.path == dependency.declared.path:
            return None
    name = _spelled(meant, dependency)
    text, title = context.document.text, f"Write `{name}`"
    if dependency.key is not None:
        key = name if _BARE.fullmatch(name) else quoted(name)
        path = (*dependency.declared.path, dependency.name)
        edits = rename_key(context.document, path, dependency.key, key)
        return Fix(title, edits, safe=False)
    requirement, node = dependency.requirement, dependency.node
    if requirement is None or requirement.name is None or not isinstance(node, Scalar):
        return None
    edit = Edit(part_of(text, node, requirement.name.span), name)
    return Fix(title, (edit,), safe=False)
