"""Comments ``# pyproject-ls: ignore[code, prefix*] reason``: where they stand, what they cover.

A comment covers what begins or ends on its own line. Behind a header, or on a line of its own above
one, it covers the section of that header; on a line of its own above a key or an item of an array,
the whole key with its value, or the item.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Entry, Scalar, Table, Value

MARK = "pyproject-ls:"
"""What every such comment has in it."""

_DIRECTIVE = lazy_pattern(
    r"#[ \t]*pyproject-ls:[ \t]*ignore\b[ \t]*(?P<list>\[(?P<codes>[^\]\r\n#]*)\])?"
    r"[ \t]*(?P<reason>[^\r\n]*)"
)
_CODE = lazy_pattern(r"[^\s,]+")
_LINE = lazy_pattern(r"[^\r\n]*")
_BLANK = lazy_pattern(r"[ \t]*")
_LINE_END = lazy_pattern(r"\r\n|\n|\r")


class Code(NamedTuple):
    """One name of a rule in a comment, or of several with ``*`` at its end."""

    pattern: str
    span: Span


class Ignore(NamedTuple):
    """One comment. `span` goes from its ``#`` to the end of the line.

    `listed` is the place of the codes with their brackets, None where there are none. `line` is
    the line that it stands on, `below` what it covers besides.
    """

    span: Span
    codes: tuple[Code, ...]
    listed: Span | None
    reason: str
    line: Span
    below: Span | None
    is_alone: bool
    """Whether nothing but the comment stands on the line."""

    def covers(self, span: Span) -> bool:
        """Whether it is about what is marked by `span`."""
        start, end = self.line
        if start <= span.start <= end or start < span.end <= end:
            return True
        return self.below is not None and self.below.start <= span.start <= self.below.end


def ignores_in(document: Document) -> Iterator[Ignore]:
    """Every comment of this kind, in the order of the text."""
    text = document.text
    strings: list[Span] | None = None
    at = text.find(MARK)
    while at >= 0:
        start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
        match = _first_directive(text, start, at)
        if match is not None:
            if strings is None:
                strings = _strings(document)
            if not _is_in(strings, match.start()):
                yield _ignore(document, match, start)
        line = _LINE.match(text, at)
        at = text.find(MARK, line.end() if line is not None else at + 1)


def _first_directive(text: str, start: int, mark: int) -> re.Match[str] | None:
    """The comment on the line that begins at `start` and has a mark at `mark`."""
    at = text.rfind("#", start, mark)
    return _DIRECTIVE.match(text, at) if at >= 0 else None


def _ignore(document: Document, match: re.Match[str], start: int) -> Ignore:
    text = document.text
    codes: tuple[Code, ...] = ()
    listed = None
    if match["list"] is not None:
        listed = Span(*match.span("list"))
        first, last = match.span("codes")
        codes = tuple(
            Code(each.group(), Span(*each.span())) for each in _CODE.finditer(text, first, last)
        )
    blank = _BLANK.match(text, start)
    is_alone = blank is not None and text.startswith("#", blank.end())
    line = Span(start, match.end())
    below = _next(document, match.end()) if is_alone else _section_on(document, line)
    return Ignore(
        Span(*match.span()), codes, listed, match["reason"].strip(), line, below, is_alone
    )


def _section_on(document: Document, line: Span) -> Span | None:
    """The section whose header stands on `line`."""
    at = bisect_right(document.headers, line.end, key=lambda header: header.start) - 1
    header = document.headers[at] if at > 0 else None
    if header is None or not line.start <= header.start:
        return None
    return _section(document, at)


def _section(document: Document, at: int) -> Span:
    headers = document.headers
    end = headers[at + 1].start - 1 if at + 1 < len(headers) else len(document.text)
    return Span(headers[at].start, end)


def _next(document: Document, end: int) -> Span | None:
    """What stands below the comment that ends at `end`, behind more comments; None: nothing."""
    text = document.text
    at = end
    while True:
        line_end = _LINE_END.match(text, at)
        if line_end is None:
            return None
        blank = _BLANK.match(text, line_end.end())
        start = blank.end() if blank is not None else line_end.end()
        if not text.startswith("#", start):
            break
        line = _LINE.match(text, start)
        at = line.end() if line is not None else start
    if start >= len(text) or text[start] in "\r\n":
        return None
    return _statement(document, start)


def _statement(document: Document, start: int) -> Span | None:
    """The section, entry or item of an array that begins at `start`."""
    at = max(bisect_right(document.headers, start, key=lambda header: header.start) - 1, 0)
    header = document.headers[at]
    if header.path and header.start == start:
        return _section(document, at)
    node: Value | None = None
    entries = header.entries
    while entries or isinstance(node, Array):
        pieces: list[Entry] | list[Value] = node.items if isinstance(node, Array) else entries
        index = bisect_right(pieces, start, key=lambda each: each.start) - 1
        if index < 0:
            return None
        piece = pieces[index]
        if piece.start == start:
            return piece.span
        node = piece.value if isinstance(piece, Entry) else piece
        if node is None or not node.start <= start <= node.end:
            return None
        entries = node.entries if isinstance(node, Table) else []
    return None


def _strings(document: Document) -> list[Span]:
    """The places of all strings that are values, in the order of the text."""
    found: list[Span] = []
    entries = [entry for header in document.headers for entry in header.entries]
    values: list[Value] = [entry.value for entry in entries if entry.value is not None]
    while values:
        node = values.pop()
        if isinstance(node, Table):
            values.extend(entry.value for entry in node.entries if entry.value is not None)
        elif isinstance(node, Array):
            values.extend(node.items)
        elif isinstance(node, Scalar) and node.kind == "string":
            found.append(node.span)
    found.sort()
    return found


def _is_in(spans: list[Span], offset: int) -> bool:
    at = bisect_right(spans, Span(offset, offset)) - 1
    return at >= 0 and spans[at].start <= offset < spans[at].end
