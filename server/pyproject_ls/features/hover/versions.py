"""Version constraints spelled out, and Python versions in words."""

from __future__ import annotations

from functools import lru_cache

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.caret import as_pep440

MAX_LENGTH = 500
"""Longer constraints are shown as they are written."""

_BLANK = lazy_pattern(r"([<>=!~^]+)\s+")
_SEPARATOR = lazy_pattern(r"[,\s]+")
_ALTERNATIVES = lazy_pattern(r"\s*\|\|?\s*")
_CLAUSE = lazy_pattern(
    r"(?P<operator>===|~=|==|!=|<=|>=|[<>=^~]|)v?(?P<version>\d[0-9A-Za-z.+!_-]*?)"
    r"(?P<wildcard>(?:\.[*xX])*)"
)
_RELEASE = lazy_pattern(r"\d{1,9}(?:\.\d{1,9})*")


class Clause(NamedTuple):
    """One bound: ``>=`` and ``1.4``; with `wildcard` the version is a prefix."""

    operator: str
    version: str
    wildcard: bool = False

    @property
    def text(self) -> str:
        """The bound as PEP 440 writes it."""
        return f"{self.operator}{self.version}{'.*' if self.wildcard else ''}"


@lru_cache(maxsize=4096)
def spelled_out(constraint: str) -> str | None:
    """The plain bounds behind ``^``, ``~``, ``~=``, wildcards and ``||``.

    ``^1.4`` is ``>=1.4,<2.0``, ``1.4`` in Poetry's form ``==1.4``. Alternatives are joined by
    "or". "any version" for ``*`` and nothing. None where the text cannot be read.
    """
    found = alternatives(constraint)
    if found is None:
        return None
    written = [
        ",".join(bound.text for bound in dict.fromkeys(bounds)) or "any version" for bounds in found
    ]
    return " or ".join(written)


@lru_cache(maxsize=4096)
def alternatives(constraint: str) -> tuple[tuple[Clause, ...], ...] | None:
    """The bounds of `constraint`, one group for each alternative; None where it cannot be read."""
    if len(constraint) > MAX_LENGTH:
        return None
    found: list[tuple[Clause, ...]] = []
    for part in _ALTERNATIVES.split(constraint.strip().strip("()")):
        bounds: list[Clause] = []
        for piece in _SEPARATOR.split(_BLANK.sub(r"\1", part.strip())):
            if not piece or piece in {"*", "x", "X"}:
                continue
            clauses = _bounds(piece)
            if clauses is None:
                return None
            bounds += clauses
        found.append(tuple(bounds))
    return tuple(found)


def _bounds(piece: str) -> tuple[Clause, ...] | None:
    match = _CLAUSE.fullmatch(piece)
    if match is None:
        return None
    operator, version = match["operator"], match["version"]
    if operator in {"^", "~"}:
        if match["wildcard"] and operator == "~":
            return None
        return _read(as_pep440(operator, version))
    if match["wildcard"]:
        if operator in {"", "=", "=="}:
            return _prefix(version)
        return (Clause(operator, version, wildcard=True),)
    if operator == "~=":
        release = _RELEASE.match(version)
        parts = release.group().split(".") if release else []
        if len(parts) < 2:
            return None
        above = [*parts[:-2], str(int(parts[-2]) + 1)]
        return Clause(">=", version), Clause("<", ".".join(above))
    return (Clause("==" if operator in {"", "="} else operator, version),)


def _prefix(version: str) -> tuple[Clause, ...] | None:
    if not _RELEASE.fullmatch(version):
        return None
    first, dot, last = version.rpartition(".")
    return Clause(">=", version), Clause("<", f"{first}{dot}{int(last) + 1}")


def _read(specifiers: str | None) -> tuple[Clause, ...] | None:
    if specifiers is None:
        return None
    low, _, high = specifiers.partition(",")
    return Clause(">=", low[2:]), Clause("<", high[1:])


@lru_cache(maxsize=1024)
def python_in_words(constraint: str, *, full: bool = True) -> str | None:
    """A constraint on Python in words: "3.10 and newer, before 4.0"; None where it is unreadable.

    `full`: the whole version is compared, so ``<=3.11`` leaves 3.11.1 out; otherwise, as with
    ``python_version`` in markers, the first two numbers are.
    """
    found = alternatives(constraint)
    if found is None or not found:
        return None
    words = [_bounds_in_words(bounds, full) for bounds in found]
    return (", or " if any("," in each for each in words) else " or ").join(words)


def _bounds_in_words(bounds: tuple[Clause, ...], full: bool) -> str:
    low, high = bounds if len(bounds) == 2 else (None, None)
    if low is not None and high is not None and low.operator == ">=" and high.operator == "<":
        prefix = _prefix(low.version)
        if prefix is not None and prefix[1].version == high.version and "." in low.version:
            return f"{low.version}.x"
    order = {">=": 0, ">": 0, "==": 0, "===": 0, "<": 1, "<=": 1, "!=": 2}
    words = [
        _in_words(bound, full)
        for bound in sorted(dict.fromkeys(bounds), key=lambda bound: order.get(bound.operator, 3))
    ]
    return ", ".join(words) or "any version"


def _in_words(bound: Clause, full: bool) -> str:
    version = bound.version
    exact = f"{version}.0" if full and version.count(".") == 1 else version
    if bound.operator == ">=":
        return f"{version} and newer"
    if bound.operator == ">":
        return f"newer than {exact}"
    if bound.operator == "<":
        return f"before {version}"
    if bound.operator == "<=":
        return f"up to {exact}"
    if bound.operator == "!=":
        return f"not {version}.x" if bound.wildcard else f"not {exact}"
    return f"exactly {exact}" if full else version
