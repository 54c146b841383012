"""The facts that a conflict follows from, and which few of them to tell, in which order.

Pure: constraints are those of poetry-core, whatever made the facts. A fact becomes a ``Reason`` of
`pyproject_ls.facts.resolution` on the host's side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

MOST = 5
"""Facts that are told."""

MOST_UNITED = 60
"""Constraints of which the union is formed; that takes time."""

LONGEST = 80
"""Characters of a constraint."""

NEEDS, NO_VERSION, UNKNOWN = "needs", "no-version", "unknown"
PYTHON, PLATFORM = "python", "platform"


class Fact(NamedTuple):
    """`package` in `versions` needs `other` in `constraint`; other kinds say it differently.

    `package` is "" for the project. `versions` and `constraint` are constraints of poetry-core, or
    texts where there are none (``constraint`` of a Python that cannot be parsed).
    """

    kind: str
    package: str
    versions: Any = None
    other: str = ""
    constraint: Any = ""


class Group(NamedTuple):
    """Facts that differ in their versions only, or also in their constraints."""

    kind: str
    package: str
    other: str
    versions: tuple[Any, ...]
    constraints: tuple[Any, ...]

    def told(self) -> dict[str, Any]:
        """For the host: the fields of a ``Reason``."""
        return {
            "kind": self.kind,
            "package": self.package,
            "versions": _versions(self.versions) if self.package else "",
            "other": self.other,
            "constraint": _constraint(self.constraints),
            "count": max(1, len(self.versions)),
        }


def reasons(facts: Sequence[Fact], direct: Sequence[str]) -> list[dict[str, Any]]:
    """At most `MOST` facts as the host wants them, in the order in which a person would tell them.

    `direct` are the direct dependencies at fault, in the order of the file.
    """
    groups = _grouped(_without_filler(facts), by_constraint=True)
    if len(groups) > MOST:
        groups = _grouped(_without_filler(facts), by_constraint=False)
    ordered = _ordered(groups, direct)
    return [group.told() for group in _chosen(ordered, direct)]


def _without_filler(facts: Sequence[Fact]) -> list[Fact]:
    """Without "there is no release between those that were tried", which says nothing."""
    tried = {fact.package for fact in facts if fact.kind in (NEEDS, PYTHON, PLATFORM)}
    return [
        fact
        for fact in dict.fromkeys(facts)
        if not (fact.kind == NO_VERSION and fact.package in tried)
    ]


def _grouped(facts: Iterable[Fact], by_constraint: bool) -> list[Group]:
    found: dict[tuple[str, str, str, str], list[Fact]] = defaultdict(list)
    for fact in facts:
        # what the project itself asks for is always told as it is written; each release of a
        # package may have its own Pythons, of which any would do
        is_exact = (by_constraint and fact.kind != PYTHON) or not fact.package
        exact = str(fact.constraint) if is_exact else ""
        found[fact.kind, fact.package, fact.other, exact].append(fact)
    return [
        Group(
            kind,
            package,
            other,
            tuple(dict.fromkeys(fact.versions for fact in same)),
            tuple(dict.fromkeys(fact.constraint for fact in same)),
        )
        for (kind, package, other, _), same in found.items()
    ]


def _ordered(groups: list[Group], direct: Sequence[str]) -> list[Group]:
    """What the project asks for, what that needs, and so on; what is not there comes last."""
    depths = _depths(groups)
    rank = {name: place for place, name in enumerate(direct)}

    def key(group: Group) -> tuple[int, int, int, str, str]:
        if not group.package:
            return 0, 0, rank.get(group.other, len(rank)), group.other, ""
        is_end = group.kind != NEEDS
        return (
            2 if is_end else 1,
            depths.get(group.package, len(groups)),
            rank.get(group.package, len(rank)),
            group.package,
            group.other,
        )

    return sorted(groups, key=key)


def _depths(groups: Iterable[Group]) -> dict[str, int]:
    """How far each package is from the project."""
    needs: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        if group.kind == NEEDS:
            needs[group.package].add(group.other)
    depths = {"": 0}
    layer = [""]
    while layer:
        following = []
        for package in layer:
            for other in sorted(needs[package]):
                if other not in depths:
                    depths[other] = depths[package] + 1
                    following.append(other)
        layer = following
    return depths


def _chosen(ordered: list[Group], direct: Collection[str]) -> list[Group]:
    """The most telling ones, in the order given."""
    if len(ordered) <= MOST:
        return ordered
    clashing = _clashing(ordered)
    asked = [g for g in ordered if not g.package and g.other in direct]
    ends = [g for g in ordered if g.kind != NEEDS]
    at_clash = [g for g in ordered if g.kind == NEEDS and g.package and g.other in clashing]
    chosen: list[Group] = []
    for some, most in (
        (asked, 2),
        (ends, 1),
        (at_clash, 2),
        (ends, 2),
        (asked, 3),
        (ordered, MOST),
    ):
        for group in some[:most]:
            if group not in chosen and len(chosen) < MOST:
                chosen.append(group)
    for group in ordered:
        if len(chosen) < MOST and group not in chosen:
            chosen.append(group)
    return [group for group in ordered if group in chosen]


def _clashing(groups: Iterable[Group]) -> set[str]:
    """The packages that are needed by more than one, differently."""
    asked: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        if group.kind == NEEDS:
            asked[group.other].add(group.package)
    return {name for name, packages in asked.items() if len(packages) > 1}


def _versions(versions: Sequence[Any]) -> str:
    """`versions` as one constraint: "" for all, one version as it is, many as a range."""
    known = [each for each in versions if each is not None]
    if not known or any(each.is_any() for each in known):
        return ""
    if len(known) == 1:
        return _short(known[0])
    lows = [_lowest(each) for each in known]
    highs = [_highest(each) for each in known]
    low = None if None in lows else min(each for each in lows if each is not None)
    high = None if None in highs else max(each for each in highs if each is not None)
    parts = ([] if low is None else [f">={low}"]) + ([] if high is None else [f"<={high}"])
    return ",".join(parts)


def _lowest(constraint: Any) -> Any | None:
    return getattr(constraint, "min", None) or _end(constraint, 0, "min")


def _highest(constraint: Any) -> Any | None:
    return getattr(constraint, "max", None) or _end(constraint, -1, "max")


def _end(constraint: Any, place: int, name: str) -> Any | None:
    ranges = getattr(constraint, "ranges", None)
    return getattr(ranges[place], name, None) if ranges else None


def _constraint(constraints: Sequence[Any]) -> str:
    """What is allowed by any of `constraints`, as text; "" for everything."""
    if all(isinstance(each, str) for each in constraints):
        return " || ".join(constraints)[:LONGEST] if constraints else ""
    united = None
    for each in constraints[:MOST_UNITED]:
        if not isinstance(each, str):
            united = each if united is None else united.union(each)
    return "" if united is None or united.is_any() else _short(united)


def _short(constraint: Any) -> str:
    """The text of `constraint`; where that is long, of the range around it."""
    text = str(constraint)
    if len(text) <= LONGEST:
        return text
    low, high = _lowest(constraint), _highest(constraint)
    parts = ([] if low is None else [f">={low}"]) + ([] if high is None else [f"<={high}"])
    return ",".join(parts)
