"""Whether two version constraints certainly exclude each other, told without any import.

Each constraint (PEP 440 specifiers or Poetry's ``^ ~ * ||``) is read as the stretches of versions
that can fulfil it, taken too wide where in doubt: a clause with a pre-release, an epoch, ``!=`` or
anything else out of the common does not narrow. So "disjoint" is certain and "not disjoint" is not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

Release = tuple[int, ...]

OPERATOR_BLANK = lazy_pattern(r"([<>=!~^]+)\s+")
_SEPARATOR = lazy_pattern(r"[,\s]+")
CLAUSE = lazy_pattern(
    r"(?P<operator>~=|==|<=|>=|[<>=^~]|)v?(?P<release>\d{1,9}(?:\.\d{1,9})*)(?P<wildcard>\.[*xX])?",
    re.ASCII,
)
"""A clause that is read; all others do not narrow."""


class Bound(NamedTuple):
    """One end of a stretch: a release without trailing zeros, and whether it belongs to it."""

    release: Release
    included: bool


class Stretch(NamedTuple):
    """The versions between two ends; None is open."""

    low: Bound | None = None
    high: Bound | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no version can lie in it."""
        return _above(self.low, self.high)


@lru_cache(maxsize=8192)
def are_disjoint(first: str, second: str) -> bool:
    """Whether certainly no version fulfils both constraints; False where one alone allows none."""
    ours, theirs = stretches(first), stretches(second)
    if not ours or not theirs:
        return False
    return all(_above(a.low, b.high) or _above(b.low, a.high) for a in ours for b in theirs)


@lru_cache(maxsize=8192)
def stretches(constraint: str) -> tuple[Stretch, ...]:
    """Stretches that cover all versions which `constraint` allows; none where it allows none."""
    found = (_stretch(part) for part in constraint.replace("||", "|").split("|"))
    return tuple(stretch for stretch in found if not stretch.is_empty)


@lru_cache(maxsize=8192)
def same_constraint(first: str, second: str) -> bool:
    """Whether two constraints are written alike, but for blanks and the order of clauses."""
    return first == second or _clauses(first) == _clauses(second)


def trimmed(parts: Release) -> Release:
    """`parts` without trailing zeros, which make no difference; one number stays."""
    end = len(parts)
    while end > 1 and not parts[end - 1]:
        end -= 1
    return parts[:end]


def _clauses(constraint: str) -> frozenset[str]:
    joined = OPERATOR_BLANK.sub(r"\1", constraint.strip())
    return frozenset(part for part in _SEPARATOR.split(joined) if part and part != "*")


def _stretch(constraint: str) -> Stretch:
    low: Bound | None = None
    high: Bound | None = None
    for part in _clauses(constraint):
        match = CLAUSE.fullmatch(part)
        if match is None:
            continue
        clause = _of_clause(match["operator"], match["release"], bool(match["wildcard"]))
        if clause.low is not None and (low is None or _is_tighter_low(clause.low, low)):
            low = clause.low
        if clause.high is not None and (high is None or _is_tighter_high(clause.high, high)):
            high = clause.high
    return Stretch(low, high)


def _of_clause(operator: str, release: str, wildcard: bool) -> Stretch:
    parts = tuple(int(part) for part in release.split("."))
    at = trimmed(parts)
    if wildcard:
        if operator not in {"", "=", "=="}:
            return Stretch()
        return Stretch(Bound(at, True), Bound(_next(parts), False))
    if operator in {"", "=", "=="}:
        return Stretch(Bound(at, True), Bound(at, True))
    if operator in {">", ">="}:
        return Stretch(low=Bound(at, operator == ">="))
    if operator in {"<", "<="}:
        return Stretch(high=Bound(at, operator == "<="))
    if operator == "~=":
        if len(parts) < 2:
            return Stretch()
        return Stretch(Bound(at, True), Bound(_next(parts[:-1]), False))
    if operator == "~":
        return Stretch(Bound(at, True), Bound(_next(parts[:2]), False))
    first = next((index for index, part in enumerate(parts) if part), len(parts) - 1)
    return Stretch(Bound(at, True), Bound(_next(parts[: first + 1]), False))


def _next(parts: Release) -> Release:
    """The first release after all that begin with `parts`."""
    return trimmed((*parts[:-1], parts[-1] + 1))


def _above(low: Bound | None, high: Bound | None) -> bool:
    """Whether nothing lies at or above `low` and at or below `high`."""
    if low is None or high is None:
        return False
    if low.release == high.release:
        return not (low.included and high.included)
    return low.release > high.release


def _is_tighter_low(one: Bound, other: Bound) -> bool:
    return one.release > other.release or (
        one.release == other.release and other.included and not one.included
    )


def _is_tighter_high(one: Bound, other: Bound) -> bool:
    return one.release < other.release or (
        one.release == other.release and other.included and not one.included
    )
