"""Edits that checks offer as fixes, and places inside values; made from the tree and its text.

Whatever an edit does not have to touch stays: neighbours, comments, indentation. Offsets are code
points.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Union

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import (
    Array,
    Document,
    Entry,
    Key,
    Scalar,
    Table,
    Value,
    source_span,
)

_TO_LINE_END = lazy_pattern(r"[ \t]*,?[ \t]*(?P<comment>#[^\r\n]*)?(?:\r\n|\n|\r|\Z)")
_COMMENT = lazy_pattern(r""""(?:[^"\\\r\n]|\\[^\r\n])*"|'[^'\r\n]*'|(?P<comment>#[^\r\n]*)""")
_COMMA = lazy_pattern(r"(?:[ \t\r\n]|#[^\r\n]*(?=[\r\n]))*,[ \t]*")
_COMMA_BEFORE = lazy_pattern(r"[ \t]*,[ \t]*")
_ESCAPED = lazy_pattern(r'["\\\0-\x1f\x7f]')


def part_of(text: str, node: Scalar, span: Span) -> Span:
    """Where the part `span` of the value of the string `node` stands in `text`."""
    return source_span(text, node, span.start, span.end)


def quoted(value: str) -> str:
    """`value` as a basic TOML string."""
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    char = match.group()
    return f"\\u{ord(char):04x}" if char < " " or char == "\x7f" else f"\\{char}"


def statement_of(table: Table, name: str) -> Entry | None:
    """The one statement that sets `name` in `table`; None where a header or several do."""
    found = [entry for entry in table.entries if entry.path and entry.path[0].text == name]
    if len(found) == 1 and found[0].path[0] is table.keys.get(name) and len(found[0].path) == 1:
        return found[0]
    return None


def delete_key(text: str, table: Table, name: str) -> tuple[Edit, ...]:
    """Delete `name` from `table`; nothing where that takes more than one statement.

    Under a header the statement goes with its whole lines, in an inline table with its comma. A
    comment behind it stays; nothing is deleted where there is one inside of the value.
    """
    entry = statement_of(table, name)
    if entry is None or has_comment(text, entry.span):
        return ()
    if table.origin == "inline":
        return (_without(text, table.entries, table.entries.index(entry), table.end),)
    start = text.rfind("\n", 0, entry.start) + 1
    to_end = _TO_LINE_END.match(text, entry.end)
    if to_end is None:
        return ()
    if to_end["comment"]:
        return (Edit(Span(entry.start, to_end.start("comment")), ""),)
    return (Edit(Span(start, to_end.end()), ""),)


def has_comment(text: str, span: Span) -> bool:
    """Whether a comment stands in the stretch `span` of `text`, which begins outside of strings.

    A ``#`` in a string over several lines may pass for one.
    """
    if text.find("#", span.start, span.end) < 0:
        return False
    return any(match["comment"] for match in _COMMENT.finditer(text, span.start, span.end))


def rename_key(document: Document, path: TomlPath, key: Key, name: str) -> tuple[Edit, ...]:
    """Write `name`, a bare or dotted key, wherever the last step of `path` is written.

    `key` is one of these places.
    """
    return tuple(Edit(span, name) for span in key_spans(document, path) or (key.span,))


def key_spans(document: Document, path: TomlPath) -> list[Span]:
    """Every place where the last step of `path` is written: headers, dotted keys, inline tables.

    Empty where the way leads through an array.
    """
    names = [step for step in path[len(document.base) :] if isinstance(step, str)]
    if not names or len(names) != len(path) - len(document.base):
        return []
    found: list[Span] = []
    for header in document.headers:
        _collect(header.path, header.entries, names, found)
    return found


def _collect(
    keys: Sequence[Key], entries: Iterable[Entry], names: list[str], found: list[Span]
) -> None:
    common = min(len(keys), len(names))
    if [key.text for key in keys[:common]] != names[:common]:
        return
    if len(keys) >= len(names):
        found.append(keys[len(names) - 1].span)
        return
    rest = names[len(keys) :]
    for entry in entries:
        below = entry.value.entries if isinstance(entry.value, Table) else ()
        _collect(entry.path, below, rest, found)


def without_item(text: str, array: Array, index: int) -> Edit:
    """The edit that takes the item `index` out of `array`, a node of `text`.

    An item that has its lines to itself goes with them, but a comment behind it stays; otherwise
    it goes with the comma after it, or, at the end, the one before it.
    """
    return _without(text, array.items, index, array.end)


def _without(text: str, pieces: Sequence[Union[Value, Entry]], index: int, end: int) -> Edit:
    piece = pieces[index]
    start = piece.start
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    to_end = _TO_LINE_END.match(text, piece.end)
    if to_end and start > 0 and text[start - 1] in "\r\n":
        if to_end["comment"]:
            return Edit(Span(piece.start, to_end.start("comment")), "")
        return Edit(Span(start, to_end.end()), "")
    comma = _COMMA.match(text, piece.end)
    if comma and comma.end() <= end:
        between = text[piece.end : comma.end()].rstrip(" \t")[:-1]
        return Edit(Span(piece.start, comma.end()), between if "#" in between else "")
    if index > 0:
        before = _COMMA_BEFORE.match(text, pieces[index - 1].end)
        if before and before.end() == piece.start:
            return Edit(Span(pieces[index - 1].end, piece.end), "")
    return Edit(Span(piece.start, piece.end), "")
