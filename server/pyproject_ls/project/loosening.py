"""A version constraint that allows one version more, and which way it has to move for that."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.raising import Piece, raised_pieces, with_pieces
from pyproject_ls.project.ranges import stretches
from pyproject_ls.project.selection import judge

Move = Literal["loosen", "raise", "lower"]
"""Only the upper end moves; the constraint moves up; it moves down."""

_OR = lazy_pattern(r"\s*\|\|?\s*")
_RELEASE = lazy_pattern(r"v?(?:\d+!)?(?P<release>\d{1,9}(?:\.\d{1,9})*)")
_COARSE = lazy_pattern(r"(?P<operator>>=\s*)\d+")

ANY = frozenset({"", "*"})
"""Constraints that allow every version."""


@lru_cache(maxsize=4096)
def allowing(
    constraint: str, version: str, is_poetry: bool
) -> tuple[Move, tuple[Piece, ...]] | None:
    """Which way `constraint` has to move to allow `version`, and what to replace in it for that.

    It keeps its style. ``>=2,<3`` becomes ``>=2,<4`` for 3.1 (loosen), ``^1.0`` becomes ``^2.1``
    for 2.1.3 (raise), ``>=2`` becomes ``>=1.24`` for 1.24.3 (lower). No pieces where it allows the
    version already; None where no constraint would certainly be what is meant.
    """
    if constraint.strip() in ANY:
        return "loosen", ()
    test = judge(constraint, is_poetry)
    if test is None:
        return None
    if test(version):
        return "loosen", ()
    is_lower = _is_below(version, constraint)
    if is_poetry and "|" in constraint:
        pieces = _with_alternative(constraint, version, is_lower)
        move: Move = "loosen"
    else:
        found = raised_pieces(constraint, version, is_poetry)
        if found is None:
            return None
        upper = tuple(each for each in found if constraint[each.start] == "<")
        if is_lower:
            move, pieces = "lower", tuple(_finer(each, version) for each in found)
        elif upper and _allows(constraint, upper, version, is_poetry):
            move, pieces = "loosen", upper
        else:
            move, pieces = "raise", found
    return (move, pieces) if _allows(constraint, pieces, version, is_poetry) else None


def _allows(constraint: str, pieces: tuple[Piece, ...], version: str, is_poetry: bool) -> bool:
    test = judge(with_pieces(constraint, pieces), is_poetry)
    return test is not None and bool(test(version))


def _is_below(version: str, constraint: str) -> bool:
    """Whether `version` is older than all that `constraint` allows."""
    match = _RELEASE.match(version)
    lows = [each.low for each in stretches(constraint)]
    if match is None or not lows:
        return False
    release = [int(number) for number in match["release"].split(".")]
    while len(release) > 1 and not release[-1]:
        release.pop()
    return all(low is not None and tuple(release) < low.release for low in lows)


def _with_alternative(constraint: str, version: str, is_first: bool) -> tuple[Piece, ...]:
    """``|| ^3.0`` behind ``^1.0 || ^2.0``, like its neighbour and in order; nothing if unsure."""
    separators = list(_OR.finditer(constraint))
    if is_first:
        at = len(constraint) - len(constraint.lstrip())
        neighbour = constraint[at : separators[0].start()]
    else:
        at = len(constraint.rstrip())
        neighbour = constraint[separators[-1].end() : at]
    found = raised_pieces(neighbour, version, True)
    if found is None:
        return ()
    written, separator = with_pieces(neighbour, found), separators[-1].group()
    return (Piece(at, at, written + separator if is_first else separator + written),)


def _finer(piece: Piece, version: str) -> Piece:
    """``>=1.24`` instead of ``>=1``: who goes down does not want to go all the way."""
    match, numbers = _COARSE.fullmatch(piece.text), version.split(".")
    if match is None or len(numbers) < 2 or not all(each.isdecimal() for each in numbers[:2]):
        return piece
    return piece._replace(text=f"{match['operator']}{numbers[0]}.{numbers[1]}")
