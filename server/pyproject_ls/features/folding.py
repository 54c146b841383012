"""Folding: sections, values over several lines, blocks of comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import LineIndex, Span
from pyproject_ls.toml import Array, Document, Entry, Scalar, Table, Value


class Fold(NamedTuple):
    """Lines (from 0) that fold under the first of them, which stays to be seen."""

    start_line: int
    end_line: int
    kind: Literal["region", "comment"]


def folds(snapshot: Snapshot) -> list[Fold]:
    """The folds of the file, by line.

    A section ends before the comment that leads to the next one; a bracket that closes a value at
    the beginning of a line stays to be seen.
    """
    document, lines = snapshot.document, snapshot.lines
    if len(document.text) != len(snapshot.text):  # too large to be looked into
        return []
    inside = list(_values(document))
    found = {
        *_sections(document, lines, _strings(inside, lines)),
        *_folded_values(document.text, inside, lines),
        *_comments(lines, _strings(inside, lines)),
    }
    by_start: dict[int, Fold] = {}
    for fold in sorted(found, key=lambda fold: (fold.start_line, -fold.end_line)):
        by_start.setdefault(fold.start_line, fold)  # editors show one fold a line
    return list(by_start.values())


def _values(document: Document) -> Iterator[Value]:
    """All values that span lines or may hold others that do, at any depth."""
    waiting: list[Entry] = [entry for header in document.headers for entry in header.entries]
    while waiting:
        value = waiting.pop().value
        nodes: list[Value] = [value] if value is not None else []
        while nodes:
            node = nodes.pop()
            yield node
            if isinstance(node, Array):
                nodes += node.items
            elif isinstance(node, Table):
                waiting += node.entries


def _strings(values: list[Value], lines: LineIndex) -> set[int]:
    found: set[int] = set()
    for value in values:
        if isinstance(value, Scalar) and value.kind == "string" and value.end - value.start > 6:
            first = lines.position(value.start)[0]
            last = lines.position(value.end)[0]
            found.update(range(first + 1, last + 1))
    return found


def _sections(document: Document, lines: LineIndex, strings: set[int]) -> Iterator[Fold]:
    for header, following in zip(document.headers, [*document.headers[1:], None], strict=True):
        if not header.path:
            continue
        start = lines.position(header.start)[0]
        if following is None:
            last = lines.line_count - 1
        else:
            last = lines.position(following.start)[0] - 1
            while last > start and last not in strings:
                if not lines.line_text(last).lstrip(" \t").startswith("#"):
                    break
                last -= 1
        while last > start and last not in strings and not lines.line_text(last).strip():
            last -= 1
        if last > start:
            yield Fold(start, last, "region")


def _folded_values(text: str, values: list[Value], lines: LineIndex) -> Iterator[Fold]:
    for value in values:
        is_string = isinstance(value, Scalar) and value.kind == "string"
        if not is_string and not isinstance(value, (Array, Table)):
            continue
        span = Span(value.start, value.end)
        start, last = lines.position(span.start)[0], lines.position(span.end)[0]
        if last == start:
            continue
        closing = text[lines.line_start(last) : span.end].strip(" \t")
        if len(closing) <= 3 and not closing.strip("]}\"'"):
            last -= 1
        if last > start:
            yield Fold(start, last, "region")


def _comments(lines: LineIndex, strings: set[int]) -> Iterator[Fold]:
    start = previous = -2
    for line in [*_comment_lines(lines, strings), -1]:
        if line != previous + 1 or line < 0:
            if previous > start:
                yield Fold(start, previous, "comment")
            start = line
        previous = line


def _comment_lines(lines: LineIndex, strings: set[int]) -> list[int]:
    """The lines that hold nothing but a comment; `strings` are those that a string goes on in."""
    return [
        line
        for line in range(lines.line_count)
        if lines.line_text(line).lstrip(" \t").startswith("#") and line not in strings
    ]
