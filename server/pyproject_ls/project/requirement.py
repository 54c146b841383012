"""A PEP 508 requirement cut into parts with their places, however broken it is.

Cutting never fails; whether the whole is valid is for `packaging` and `poetry-core` to say
(`pyproject_ls.project.verdicts`). All spans count code points from the start of the requirement.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Span

_PARTS = lazy_pattern(
    r"""\s*(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)?
        [ \t]*(?:\[(?P<extras>[^\]]*)\]?)?
        [ \t]*(?:@[ \t]*(?P<url>\S*)|(?P<specifiers>[^;]*))
        \s*(?:;\s*(?P<marker>.*))?""",
    re.VERBOSE | re.DOTALL,
)
_EXTRA = lazy_pattern(r"[^,\s]+")
_CLAUSE = lazy_pattern(r"[^,\s()][^,()]*")
_SEPARATORS = lazy_pattern(r"[-_.]+")


@lru_cache(maxsize=16384)
def normalized_name(name: str) -> str:
    """`name` as PEP 503 compares names: lower case, runs of ``-_.`` as one hyphen."""
    return _SEPARATORS.sub("-", name).lower()


class Part(NamedTuple):
    """A part of a requirement as written, and where it stands in it."""

    text: str
    span: Span


class Requirement(NamedTuple):
    """The parts of one requirement; what is not there is None or empty."""

    text: str
    name: Part | None
    extras: tuple[Part, ...]
    specifiers: tuple[Part, ...]
    """One part a clause: ``>=1.0`` and ``<2`` of ``>=1.0,<2``."""
    url: Part | None
    marker: Part | None

    @property
    def normalized(self) -> str:
        """The normalised name, "" where there is none."""
        return normalized_name(self.name.text) if self.name else ""

    @property
    def specifier_span(self) -> Span | None:
        """From the first clause to the last."""
        if not self.specifiers:
            return None
        return Span(self.specifiers[0].span.start, self.specifiers[-1].span.end)


@lru_cache(maxsize=8192)
def cut(text: str) -> Requirement:
    """Cut the requirement `text` into its parts (PEP 508 grammar, read tolerantly)."""
    match = _PARTS.match(text)
    assert match is not None  # every part is optional
    return Requirement(
        text=text,
        name=_part(match, "name"),
        extras=_pieces(match, "extras", _EXTRA),
        specifiers=_pieces(match, "specifiers", _CLAUSE),
        url=_part(match, "url"),
        marker=_part(match, "marker"),
    )


def _part(match: re.Match[str], group: str) -> Part | None:
    text = match.group(group)
    if not text or not text.strip():
        return None
    start = match.start(group)
    return Part(text.rstrip(), Span(start, start + len(text.rstrip())))


def _pieces(match: re.Match[str], group: str, pattern: re.Pattern[str]) -> tuple[Part, ...]:
    text = match.group(group)
    if not text:
        return ()
    base = match.start(group)
    parts = []
    for piece in pattern.finditer(text):
        written = piece.group().rstrip()
        start = base + piece.start()
        parts.append(Part(written, Span(start, start + len(written))))
    return tuple(parts)
