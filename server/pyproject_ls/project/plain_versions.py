"""Versions and constraints that are plain numbers, judged without any import.

Nearly all are, and the judges (`packaging`, poetry-core) are slow to import: a sixth of the time
until an editor shows what is known of a project. What is said here is what they would say; of the
rest nothing is said. A test holds the three together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Set

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.ranges import CLAUSE, OPERATOR_BLANK, Release, Stretch, stretches, trimmed

_VERSION = lazy_pattern(
    r"(\d{1,9}(?:\.\d{1,9})*)((?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?)", re.ASCII
)
"""A normalised version by PEP 440 without an epoch and a local part."""

_STANDARD = frozenset({">=", "<=", ">", "<", "==", "~="})
_POETRY = _STANDARD | {"^", "~", ""}


def plain_judge(constraint: str, is_poetry: bool) -> Callable[[str], bool | None] | None:
    """A function that says whether `constraint` allows a version, None where it cannot tell.

    None where `constraint` is not plain. Pre-releases are judged like all others.
    """
    operators = _POETRY if is_poetry else _STANDARD
    clauses = OPERATOR_BLANK.sub(r"\1", constraint).split(",")
    if not all(_is_plain(clause.strip(), operators) for clause in clauses):
        return None
    found = stretches(constraint)
    if len(found) != 1:
        return None
    (stretch,) = found
    ends = {end.release for end in stretch if end is not None}

    def test(version: str) -> bool | None:
        match = _VERSION.fullmatch(version)
        if match is None:
            return None
        release = _release(match[1])
        if match[2] and release in ends:
            return None
        return _lies_in(release, stretch)

    return test


def plain_order(one: str, other: str) -> bool | None:
    """Whether `one` is newer than `other`; None where it takes more than their numbers."""
    first, second = _VERSION.fullmatch(one), _VERSION.fullmatch(other)
    if first is None or second is None:
        return None
    ours, theirs = _release(first[1]), _release(second[1])
    if ours == theirs and (first[2] or second[2]):
        return None
    return ours > theirs


def _is_plain(clause: str, operators: Set[str]) -> bool:
    match = CLAUSE.fullmatch(clause)
    if match is None or match["operator"] not in operators or "v" in clause:
        return False
    operator = match["operator"]
    if match["wildcard"]:
        return operator in {"==", ""} and clause.endswith("*")
    return operator != "~=" or "." in match["release"]


def _release(numbers: str) -> Release:
    return trimmed(tuple(map(int, numbers.split("."))))


def _lies_in(release: Release, stretch: Stretch) -> bool:
    low, high = stretch
    if low is not None and (release < low.release or (release == low.release and not low.included)):
        return False
    return high is None or release < high.release or (release == high.release and high.included)
