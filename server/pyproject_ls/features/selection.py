"""Selection ranges: from the word at the cursor outwards, by syntax."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pyproject_ls.features.names import POETRY_TABLES
from pyproject_ls.features.walk import Patterns
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.locate import PlaceKind, locate, spans_at
from pyproject_ls.project.requirement import cut
from pyproject_ls.text import Span
from pyproject_ls.toml import Scalar, source_span

_REQUIREMENTS = (
    "build-system/requires/#",
    "project/dependencies/#",
    "project/optional-dependencies/*/#",
    "dependency-groups/*/#",
    "tool/uv/dev-dependencies/#",
    "tool/uv/constraint-dependencies/#",
    "tool/uv/override-dependencies/#",
    "tool/pdm/dev-dependencies/*/#",
    "tool/hatch/envs/*/dependencies/#",
)
_MARKERS = tuple(f"{table}{item}/markers" for table in POETRY_TABLES for item in ("", "/#"))
_PATTERNS = Patterns[bool](
    {}, {**dict.fromkeys(_REQUIREMENTS, True), **dict.fromkeys(_MARKERS, False)}
)

_WORD = lazy_pattern(r"[\w.+-]*\w")
_QUOTED = lazy_pattern(r""" "[^"]*" | '[^']*' """, re.VERBOSE)
_TOKEN = lazy_pattern(r""""[^"]*"|'[^']*'|[()]|[^\s"'()]+""")
_PIECE = lazy_pattern(r"[^\s,;:]+")
_MAX_HASHES = 10
_MAX_BLOCK = 1000
"""How many lines of comments are looked at in each direction."""
_MAX_STRING = 10_000
"""Longer strings are not cut into parts."""


def selection(snapshot: Snapshot, offset: int) -> list[Span]:
    """Spans around `offset` (code points), each within the next; the last is the whole text.

    Inside strings: a part of a requirement (name, extra, clause, marker), a word, the whole without
    its quotes.
    """
    offset = min(max(offset, 0), len(snapshot.text))
    spans = {Span(0, len(snapshot.text)), *spans_at(snapshot.document, offset)}
    place = locate(snapshot.document, offset)
    if place.kind is PlaceKind.VALUE and isinstance(place.value, Scalar):
        scalar = place.value
        if scalar.kind == "string" and isinstance(scalar.value, str):
            spans.update(_in_string(snapshot, scalar, offset))
    elif place.kind is PlaceKind.HEADER:
        spans.add(Span(place.header.path[0].start, place.header.path[-1].end))
    else:
        spans.update(_in_comment(snapshot, offset))
    return _nested(spans, offset)


def _nested(spans: Iterable[Span], offset: int) -> list[Span]:
    """The chain of spans around `offset`, each of which holds the one before it."""
    around = [span for span in spans if span.start <= offset <= span.end and span.start < span.end]
    around.sort(key=lambda span: (span.end - span.start, -span.start))
    chain: list[Span] = []
    for span in around:
        if not chain or (span.start <= chain[-1].start and chain[-1].end <= span.end):
            chain.append(span)
    return chain or [Span(offset, offset)]


def _in_string(snapshot: Snapshot, scalar: Scalar, offset: int) -> Iterator[Span]:
    text, value = snapshot.text, scalar.value
    whole = source_span(text, scalar, 0, len(value))
    yield whole
    if not whole.start <= offset <= whole.end or len(value) > _MAX_STRING:
        return
    kind = _kind_of(snapshot, scalar)
    if kind is True:
        parts = _in_requirement(value)
    elif kind is False:
        parts = _in_marker(value, 0)
    else:
        parts = _words(value)
    for start, end in parts:
        yield source_span(text, scalar, start, end)


def _kind_of(snapshot: Snapshot, scalar: Scalar) -> bool | None:
    """True for a requirement, False for a marker, None for any other string."""
    for match in _PATTERNS.find(snapshot.document):
        if match.node is scalar:
            return match.kind
    return None


def _words(value: str) -> Iterator[Span]:
    for pattern in (_WORD, _PIECE):
        for found in pattern.finditer(value):
            yield Span(*found.span())


def _in_requirement(value: str) -> Iterator[Span]:
    requirement = cut(value)
    if requirement.name is not None:
        yield requirement.name.span
        if requirement.extras:
            end = requirement.extras[-1].span.end
            closing = value.find("]", end)
            yield Span(requirement.name.span.start, closing + 1 if closing >= 0 else end)
    for part in (*requirement.extras, *requirement.specifiers):
        yield part.span
    if requirement.extras:
        yield Span(requirement.extras[0].span.start, requirement.extras[-1].span.end)
    for clause in requirement.specifiers:
        operator = re.match(r"[~=!<>]+\s*", clause.text)
        if operator is not None:
            yield Span(clause.span.start + operator.end(), clause.span.end)
    ends = [requirement.specifier_span, requirement.url.span if requirement.url else None]
    for span in filter(None, ends):
        yield span
        if requirement.name is not None:
            yield Span(requirement.name.span.start, span.end)
    if requirement.marker is not None:
        yield from _in_marker(requirement.marker.text, requirement.marker.span.start)


def _in_marker(marker: str, base: int) -> Iterator[Span]:
    yield Span(base, base + len(marker))
    for found in _QUOTED.finditer(marker):
        yield Span(base + found.start(), base + found.end())
        yield Span(base + found.start() + 1, base + found.end() - 1)
    for found in _WORD.finditer(marker):
        yield Span(base + found.start(), base + found.end())
    opened: list[int] = []
    clause: tuple[int, int] | None = None
    for token in _TOKEN.finditer(marker):
        word, (start, end) = token.group(), token.span()
        if word in {"and", "or", "(", ")"}:
            if clause is not None:
                yield Span(*clause).shifted(base)
                clause = None
            if word == "(":
                opened.append(start)
            elif word == ")" and opened:
                first = opened.pop()
                yield Span(base + first, base + end)
                yield Span(base + first + 1, base + start)
        else:
            clause = (clause[0] if clause is not None else start, end)
    if clause is not None:
        yield Span(*clause).shifted(base)


def _in_comment(snapshot: Snapshot, offset: int) -> Iterator[Span]:
    """The comment at `offset`, and the block of lines that it belongs to."""
    lines = snapshot.lines
    line = lines.position(offset)[0]
    comment = _comment_on(snapshot, line)
    if comment is None or offset < comment.start:
        return
    yield comment
    first = last = line
    limit = max(line - _MAX_BLOCK, 0), min(line + _MAX_BLOCK, lines.line_count - 1)
    while first > limit[0] and _is_comment_line(snapshot, first - 1):
        first -= 1
    while last < limit[1] and _is_comment_line(snapshot, last + 1):
        last += 1
    if first < last and _is_comment_line(snapshot, line):
        yield Span(lines.line_start(first), lines.line_end(last))


def _is_comment_line(snapshot: Snapshot, line: int) -> bool:
    content = snapshot.lines.line_text(line).lstrip(" \t")
    return content.startswith("#") and _comment_on(snapshot, line) is not None


def _comment_on(snapshot: Snapshot, line: int) -> Span | None:
    """The comment of a line, from its ``#`` on."""
    start, content = snapshot.lines.line_start(line), snapshot.lines.line_text(line)
    at = -1
    for _ in range(_MAX_HASHES):
        at = content.find("#", at + 1)
        if at < 0:
            return None
        place = locate(snapshot.document, start + at + 1)  # a value's end would still be the value
        is_value = place.kind is PlaceKind.VALUE and not isinstance(place.value, Scalar)
        if is_value or place.kind is PlaceKind.BLANK:
            return Span(start + at, start + len(content))
    return None
