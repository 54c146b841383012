"""What stands at an offset: a header, a key, a value, or the room where one may be written.

The one place that turns a cursor into a TOML path; hover, navigation and code actions all begin
here. It works on half-typed lines: ``name =`` has a value that is missing, ``na`` a key without
one.
"""

from __future__ import annotations

from bisect import bisect_right
from enum import Enum

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Entry, Header, Key, Table, Value


class PlaceKind(Enum):
    """What the offset touches."""

    HEADER = "header"
    KEY = "key"
    VALUE = "value"
    BLANK = "blank"


class Place(NamedTuple):
    """What stands at an offset.

    `path` is that of the key or value; of the table, where nothing stands (BLANK). A VALUE whose
    `value` is None is still to be written. `table` is the table that the place belongs to: of the
    section, or of the braces. `entry` is the innermost statement, `header` the section's.
    """

    kind: PlaceKind
    path: TomlPath
    table: Table
    header: Header
    key: Key | None = None
    value: Value | None = None
    entry: Entry | None = None


def locate(document: Document, offset: int) -> Place:
    """What stands at `offset` (code points; the end of a key or value still belongs to it)."""
    index = bisect_right(document.headers, offset, key=lambda header: header.start) - 1
    index = max(index, 0)
    header, table = document.headers[index], document.tables[index]
    path = _section_path(document, index)
    if header.path and offset <= header.end:
        return _in_header(header, table, path, offset)
    entry = _entry_at(document.text, header.entries, offset)
    if entry is None:
        return Place(PlaceKind.BLANK, path, table, header)
    return _in_entry(document.text, entry, path, table, header, offset)


def path_of_table(document: Document, table: Table) -> TomlPath:
    """The path of a table of the tree, with the index of an element of ``[[]]``; () for others."""
    stack: list[tuple[Value, TomlPath]] = [(document.root, ())]
    while stack:
        node, path = stack.pop()
        if node is table:
            return path
        if isinstance(node, Table):
            stack += [(below, (*path, name)) for name, below in node.values.items()]
        elif isinstance(node, Array):
            stack += [(item, (*path, at)) for at, item in enumerate(node.items)]
    return ()


def spans_at(document: Document, offset: int) -> list[Span]:
    """The nested spans of syntax around `offset`, the innermost first, the whole text last."""
    spans = {Span(0, len(document.text))}
    index = max(bisect_right(document.headers, offset, key=lambda header: header.start) - 1, 0)
    header = document.headers[index]
    if header.path:
        following = document.headers[index + 1 : index + 2]
        end = following[0].start if following else len(document.text)
        spans.add(Span(header.start, end))
        if offset <= header.end:
            spans.add(header.span)
            spans.update(key.span for key in header.path if key.start <= offset <= key.end)
    entries: list[Entry] = header.entries
    while entries:
        entry = _entry_at(document.text, entries, offset)
        if entry is None:
            break
        spans.add(entry.span)
        spans.update(key.span for key in entry.path if key.start <= offset <= key.end)
        node = entry.value
        entries = []
        while node is not None and node.start <= offset <= node.end:
            spans.add(Span(node.start, node.end))
            if isinstance(node, Table):
                entries = node.entries
                break
            items = node.items if isinstance(node, Array) else []
            node = next((item for item in items if item.start <= offset <= item.end), None)
    return sorted(spans, key=lambda span: (span.end - span.start, -span.start))


def _section_path(document: Document, index: int) -> TomlPath:
    header = document.headers[index]
    if not header.path:
        return document.base
    plain = (*document.base, *(key.text for key in header.path))
    table = document.tables[index]
    if document.get(*plain) is table:
        return plain
    return path_of_table(document, table) or plain


def _in_header(header: Header, table: Table, path: TomlPath, offset: int) -> Place:
    """The key that is touched, or the room behind the last dot."""
    names = [step for step in path if isinstance(step, str)]
    before = len(names) - len(header.path)  # what the text begins below
    for at, key in enumerate(header.path):
        if key.start <= offset <= key.end:
            if at + 1 == len(header.path):
                return Place(PlaceKind.HEADER, path, table, header, key, table)
            return Place(PlaceKind.HEADER, tuple(names[: before + at + 1]), table, header, key)
    return Place(PlaceKind.HEADER, path, table, header)


def _entry_at(text: str, entries: list[Entry], offset: int) -> Entry | None:
    """The statement that `offset` touches; also behind the blanks of one without a value."""
    at = bisect_right(entries, offset, key=lambda entry: entry.start) - 1
    if at < 0:
        return None
    entry = entries[at]
    if offset <= entry.end:
        return entry
    is_open = entry.value is None and text[entry.end - 1 : entry.end] == "="
    return entry if is_open and not text[entry.end : offset].strip(" \t") else None


def _in_entry(
    text: str, entry: Entry, path: TomlPath, table: Table, header: Header, offset: int
) -> Place:
    for at, key in enumerate(entry.path):
        if key.start <= offset <= key.end:
            here = (*path, *(each.text for each in entry.path[: at + 1]))
            value = entry.value if at + 1 == len(entry.path) else None
            return Place(PlaceKind.KEY, here, table, header, key, value, entry)
    here = (*path, *(key.text for key in entry.path))
    last = entry.path[-1] if entry.path else None
    node = entry.value
    while True:
        if isinstance(node, Array):
            found = next(
                (i for i, item in enumerate(node.items) if item.start <= offset <= item.end), None
            )
            if found is None or not node.start < offset:
                break
            here, node = (*here, found), node.items[found]
        elif isinstance(node, Table) and node.start < offset:
            inner = _entry_at(text, node.entries, offset)
            if inner is None:
                return Place(PlaceKind.BLANK, here, node, header, last, node, entry)
            return _in_entry(text, inner, here, node, header, offset)
        else:
            break
    return Place(PlaceKind.VALUE, here, table, header, last, node, entry)
