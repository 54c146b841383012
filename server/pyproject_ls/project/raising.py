"""A version constraint that begins at another version, in the style of the old one."""

from __future__ import annotations

import re
from functools import lru_cache

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.selection import judge

_RELEASE = r"\d{1,9}(?:\.\d{1,9})*"
_CLAUSE = lazy_pattern(
    rf"(?P<operator>===|~=|==|!=|<=|>=|[<>=^~]|)(?P<blank>\s*)v?(?P<version>{_RELEASE})"
    r"(?P<wildcard>\.[*xX])?(?P<suffix>[0-9A-Za-z.+!_-]*)"
)
_BETWEEN = lazy_pattern(r"[\s,()]*")
_VERSION = lazy_pattern(
    rf"(?P<release>{_RELEASE})(?P<suffix>(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?)(?:\+.*)?"
)
_PINS = frozenset({"", "=", "=="})

Numbers = tuple[int, ...]


class Piece(NamedTuple):
    """New text for a part of a constraint, in code points from the start of it."""

    start: int
    end: int
    text: str


class _Target(NamedTuple):
    """The version that a constraint is to begin at."""

    release: Numbers
    suffix: str
    exactly: bool

    @property
    def full(self) -> str:
        return _dotted(self.release) + self.suffix

    def cut(self, count: int) -> str:
        """The version with `count` numbers; all of it where less would mean an older one."""
        numbers = (self.release + (0,) * count)[:count]
        is_cut = any(self.release[count:])
        if self.suffix and not self.suffix.startswith(".post"):
            return self.full
        if self.exactly and (is_cut or self.suffix):
            return self.full
        return _dotted(numbers)


@lru_cache(maxsize=4096)
def raised_pieces(
    constraint: str, version: str, is_poetry: bool, exactly: bool = False
) -> tuple[Piece, ...] | None:
    """What to replace in `constraint` so that it begins at `version`, or at its first numbers.

    A lower bound keeps the count of its numbers (``^1.4`` becomes ``^2.1`` for 2.1.3), unless
    `exactly` says that nothing older may be allowed. An upper bound moves only if it is in the way:
    ``<2`` becomes ``<3``. None where the result would not certainly be what is meant.
    """
    match = _VERSION.fullmatch(version)
    clauses = _clauses(constraint)
    if match is None or clauses is None:
        return None
    release = tuple(map(int, match["release"].split(".")))
    target = _Target(release, match["suffix"], exactly)
    lows = [_numbers(each) for each in clauses if each["operator"] in {">", ">=", "~=", "^", "~"}]
    pins = [each for each in clauses if each["operator"] in _PINS]
    if len(lows) + len(pins) > 1:
        return None
    is_lower = bool(lows) and _trimmed(release) < _trimmed(lows[0])
    pieces: list[Piece] = []
    if exactly and not lows and not pins:
        at = clauses[0].start()
        pieces.append(Piece(at, at, f">={target.full},"))
    for clause in clauses:
        written = _moved(clause, target, is_lower)
        if written is None:
            return None
        if written != clause.group():
            pieces.append(Piece(clause.start(), clause.end(), written))
    test = judge(with_pieces(constraint, pieces), is_poetry)
    return tuple(pieces) if test is not None and test(version) and pieces else None


def with_pieces(constraint: str, pieces: list[Piece] | tuple[Piece, ...]) -> str:
    """`constraint` with `pieces`, which are in order, in their places."""
    parts: list[str] = []
    done = 0
    for piece in pieces:
        parts += (constraint[done : piece.start], piece.text)
        done = piece.end
    return "".join([*parts, constraint[done:]])


def _clauses(constraint: str) -> list[re.Match[str]] | None:
    """The clauses of `constraint`; None where there is anything else in it (``||``)."""
    found: list[re.Match[str]] = []
    between = _BETWEEN.match(constraint)
    at = between.end() if between else 0
    while at < len(constraint):
        clause = _CLAUSE.match(constraint, at)
        if clause is None or "!" in clause["suffix"]:  # an epoch
            return None
        found.append(clause)
        between = _BETWEEN.match(constraint, clause.end())
        at = between.end() if between else clause.end()
    return found or None


def _moved(clause: re.Match[str], target: _Target, is_lower: bool) -> str | None:
    """The clause for `target`; None where there is none of its kind."""
    operator, old = clause["operator"], _numbers(clause)
    start = f"{operator}{clause['blank']}"
    if operator in {"!=", "==="}:
        return clause.group() if operator == "!=" else None
    if clause["wildcard"]:
        if operator not in _PINS or target.suffix or target.exactly:
            return None
        return f"{start}{target.cut(len(old))}.*"
    if operator in _PINS:
        return f"{start}{target.full}"
    if operator == ">":
        return f">={clause['blank']}{target.cut(len(old))}"
    if operator in {">=", "~=", "^", "~"}:
        return _lower_bound(clause, target)
    if not is_lower and _is_below(target, old, inclusive=operator == "<="):
        return clause.group()
    if operator == "<=":
        return f"{start}{target.full}"
    return f"{start}{_dotted(_above(target.release, old))}"


def _lower_bound(clause: re.Match[str], target: _Target) -> str | None:
    operator, count = clause["operator"], len(_numbers(clause))
    start = f"{operator}{clause['blank']}"
    written = target.cut(count)
    if written.count(".") >= count and not target.suffix:  # longer, and so with another upper end
        if operator == "~=":
            return f"{start}{_dotted(target.release[:count])},>={written}"
        if count == 1 and (operator == "~" or (operator == "^" and not target.release[0])):
            return None
    return f"{start}{written}"


def _is_below(target: _Target, upper: Numbers, *, inclusive: bool) -> bool:
    ours, theirs = _trimmed(target.release), _trimmed(upper)
    return ours < theirs or (inclusive and ours == theirs and not target.suffix)


def _above(release: Numbers, old: Numbers) -> Numbers:
    """The upper bound above `release` that is as coarse as `old` was, and written as long."""
    size = len(_trimmed(old))
    numbers = (release + (0,) * size)[:size]
    bound = (*numbers[:-1], numbers[-1] + 1)
    return bound + (0,) * (len(old) - size)


def _numbers(clause: re.Match[str]) -> Numbers:
    return tuple(map(int, clause["version"].split(".")))


def _trimmed(numbers: Numbers) -> Numbers:
    end = len(numbers)
    while end > 1 and not numbers[end - 1]:
        end -= 1
    return numbers[:end]


def _dotted(numbers: Numbers) -> str:
    return ".".join(map(str, numbers))
