"""Write an inline table as a table of its own, and back."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.edits import has_comment
from pyproject_ls.features.rewrites.action import REWRITE, Action, Request
from pyproject_ls.features.rewrites.layout import (
    as_line,
    chunk_of,
    end_of_section,
    is_closed,
    line_above,
    line_start,
)
from pyproject_ls.project.locate import PlaceKind
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Document, Entry, Header, Key, Table, Value

MAX_LENGTH = 200
"""Longer inline tables are not made."""


def offers(request: Request) -> Iterator[Action]:
    """The other form of the table that is touched: the statement's, or the header's."""
    if request.place.kind is PlaceKind.HEADER:
        yield from _to_inline(request)
        return
    offset = request.span.end
    header = request.place.header
    for entry in header.entries:
        if entry.start <= offset <= entry.end:
            yield from _to_table(request.text, header, entry)
            return


def _to_table(text: str, header: Header, entry: Entry) -> Iterator[Action]:
    """``[a]``, ``b = { c = 1 }`` becomes ``[a.b]``, ``c = 1`` below the other keys of ``[a]``."""
    table = entry.value
    if not isinstance(table, Table) or table.origin != "inline" or not table.entries:
        return
    chunk = chunk_of(text, entry.span)
    if chunk is None or not is_closed(table) or has_comment(text, entry.span):
        return
    name = _written(text, [*header.path, *entry.path])
    body = "".join(f"{text[each.start : each.end]}\n" for each in table.entries)
    block = f"\n{chunk.lead(text)}[{name}]{chunk.tail}\n{body}"
    at = end_of_section(text, header)
    if entry is header.entries[-1]:
        if not line_start(text, chunk.start) or _is_blank_before(text, chunk.start):
            block = block[1:]
        edits = [Edit(Span(chunk.start, chunk.end), block)]
    else:
        edits = [
            Edit(Span(chunk.start, chunk.end), ""),
            Edit(Span(at, at), as_line(text, at, block)),
        ]
    yield Action(f"Write as a table `[{name}]`", REWRITE, tuple(edits))


def _to_inline(request: Request) -> Iterator[Action]:
    """The reverse: the table becomes a statement at the end of the section of its parent."""
    text, document = request.text, request.snapshot.document
    header, table = request.place.header, request.place.table
    names = [key.text for key in header.path]
    if header.array or table.headers != [header] or document.get(*names) is not table:
        return
    parent = _parent(document, header)
    chunk = chunk_of(text, header.span)
    end = end_of_section(text, header)
    if parent is None or chunk is None or _has_sections(table):
        return
    if has_comment(text, Span(chunk.end, max(end, chunk.end))):
        return
    if not all(_is_short(text, entry) for entry in header.entries):
        return
    key = text[header.path[-1].start : header.path[-1].end]
    body = ", ".join(text[each.start : each.end] for each in header.entries)
    value = f"{{ {body} }}" if body else "{}"
    if len(value) > MAX_LENGTH:
        return
    line = f"{chunk.lead(text)}{key} = {value}{chunk.tail}\n"
    at = end_of_section(text, parent)
    start = chunk.start
    while start > at and _is_blank_before(text, start):
        start = line_above(text, start)
    if start < at <= end or start <= line_start(text, parent.start) < end:
        return
    edits = (
        Edit(Span(at, at), as_line(text, at, line)),
        Edit(Span(start, end), ""),
    )
    yield Action(f"Write as an inline table of `[{_written(text, parent.path)}]`", REWRITE, edits)


def _parent(document: Document, header: Header) -> Header | None:
    """The header of the table that `header` opens a part of."""
    names = [key.text for key in header.path[:-1]]
    for other, table in zip(document.headers, document.tables, strict=True):
        if other.path and not other.array and [key.text for key in other.path] == names:
            return other if document.get(*names) is table else None
    return None


def _has_sections(node: Value) -> bool:
    """Whether a header opens a part of the table `node`."""
    below = node.values.values() if isinstance(node, Table) else ()
    return any(
        (isinstance(each, Array) and each.of_tables)
        or (isinstance(each, Table) and (bool(each.headers) or each.origin == "implicit"))
        or _has_sections(each)
        for each in below
    )


def _is_short(text: str, entry: Entry) -> bool:
    """Whether the statement is whole and stands on one line."""
    written = text[entry.start : entry.end]
    return is_closed(entry.value) and "\n" not in written and "\r" not in written


def _written(text: str, keys: list[Key]) -> str:
    return ".".join(text[key.start : key.end] for key in keys)


def _is_blank_before(text: str, offset: int) -> bool:
    """Whether the line above the line that begins at `offset` is blank."""
    return offset > 0 and not text[line_above(text, offset) : offset].strip()
