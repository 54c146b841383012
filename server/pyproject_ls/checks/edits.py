"""Edits that checks offer as fixes, made from the statements of the tree."""

from __future__ import annotations

from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Document, Entry, Table


def statement_of(table: Table, name: str) -> Entry | None:
    """The one statement that sets `name` in `table`; None where a header or several statements do."""
    key = table.keys.get(name)
    found = [entry for entry in table.entries if entry.path and entry.path[0].text == name]
    if len(found) == 1 and found[0].path[0] is key and len(found[0].path) == 1:
        return found[0]
    return None


def delete_statement(document: Document, entry: Entry) -> Edit:
    """Delete a statement of a header table with its whole line, trailing comment and line break."""
    text = document.text
    start = text.rfind("\n", 0, entry.start) + 1
    end = text.find("\n", entry.end)
    return Edit(Span(start, len(text) if end < 0 else end + 1), "")


def delete_key(document: Document, table: Table, name: str) -> tuple[Edit, ...]:
    """Delete `name` from a header table; nothing where that takes more than one statement."""
    entry = statement_of(table, name)
    if entry is None or table.origin == "inline":
        return ()
    return (delete_statement(document, entry),)


def delete_item(document: Document, array: Array, index: int) -> Edit:
    """Delete an item of an array with its comma, and its line where it stands alone on it."""
    text, item = document.text, array.items[index]
    if index + 1 < len(array.items):
        return Edit(Span(item.start, array.items[index + 1].start), "")
    start = array.items[index - 1].end if index else array.start + 1
    end = item.end
    while end < array.end - 1 and text[end] in " \t,":
        end += 1
    kept = "," if index and "," in text[item.end : end] else ""
    return Edit(Span(start, end), kept)


def append_item(document: Document, array: Array, item: str) -> Edit:
    """Add the TOML text `item` at the end of an array, in its layout."""
    if not array.items:
        return Edit(Span(array.start, array.end), f"[{item}]")
    last = array.items[-1]
    line_start = document.text.rfind("\n", 0, last.start) + 1
    indent = document.text[line_start : last.start]
    own_line = not indent.strip()
    separator = f",\n{indent}" if own_line else ", "
    return Edit(Span(last.end, last.end), f"{separator}{item}")
