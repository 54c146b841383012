"""Edits of arrays: taking an item out without touching its neighbours or their comments."""

from __future__ import annotations

import re

from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array

_TO_LINE_END = re.compile(r"[ \t]*,?[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r)")
_COMMA = re.compile(r"(?:[ \t\r\n]|#[^\r\n]*(?=[\r\n]))*,[ \t]*")
_COMMA_BEFORE = re.compile(r"[ \t]*,[ \t]*")


def without_item(text: str, array: Array, index: int) -> Edit:
    """The edit that takes the item `index` out of `array`, a node of `text`.

    An item that has its lines to itself goes with them (and with the comment behind it); otherwise
    it goes with the comma after it, or, at the end, the one before it.
    """
    item = array.items[index]
    start = item.start
    while start > 0 and text[start - 1] in " \t":
        start -= 1
    to_end = _TO_LINE_END.match(text, item.end)
    if to_end and start > 0 and text[start - 1] in "\r\n":
        return Edit(Span(start, to_end.end()), "")
    comma = _COMMA.match(text, item.end)
    if comma and comma.end() <= array.end:
        return Edit(Span(item.start, comma.end()), "")
    if index > 0:
        before = _COMMA_BEFORE.match(text, array.items[index - 1].end)
        if before and before.end() == item.start:
            return Edit(Span(array.items[index - 1].end, item.end), "")
    return Edit(Span(item.start, item.end), "")


def quoted(value: str) -> str:
    """`value` as a basic TOML string; for values without control characters."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def shown(value: str, limit: int = 60) -> str:
    """`value` in quotes for a message, on one line and not too long."""
    line = " ".join(value.split()) if "\n" in value or "\r" in value else value
    return f'"{line}"' if len(line) <= limit else f'"{line[:limit]}…"'
