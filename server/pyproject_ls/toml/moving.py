"""A section that stands elsewhere in another text: the same statements at other offsets.

Copies cost less than reading the text again, and what an edit changes is most often one line above
sections that only move.
"""

from __future__ import annotations

from pyproject_ls.toml.nodes import Array, Entry, Header, Key, Scalar, Table, Value
from pyproject_ls.toml.problems import ProblemLog
from pyproject_ls.toml.tables import fill


def moved(header: Header, by: int) -> Header:
    """A copy of `header`, in whose section there are no problems, `by` code points further on."""
    copy = Header(header.start + by, header.array)
    copy.end = header.end + by
    copy.path = _path(header.path, by)
    copy.entries = _entries(header.entries, by)
    return copy


def _path(path: list[Key], by: int) -> list[Key]:
    return [Key(key.start + by, key.end + by, key.text) for key in path]


def _entries(entries: list[Entry], by: int) -> list[Entry]:
    found = []
    for entry in entries:
        value = entry.value
        if isinstance(value, Scalar):  # most are, and each call costs
            value = Scalar(value.start + by, value.end + by, value.kind, value.value)
        elif value is not None:
            value = _value(value, by)
        found.append(Entry(entry.start + by, _path(entry.path, by), value, entry.end + by))
    return found


def _value(value: Value, by: int) -> Value:
    if isinstance(value, Scalar):
        return Scalar(value.start + by, value.end + by, value.kind, value.value)
    if isinstance(value, Array):
        array = Array(value.start + by, value.end + by)
        array.items = [
            Scalar(item.start + by, item.end + by, item.kind, item.value)
            if isinstance(item, Scalar)
            else _value(item, by)
            for item in value.items
        ]
        return array
    table = Table(value.start + by, value.end + by, "inline")
    table.entries = _entries(value.entries, by)
    fill(table, table.entries, ProblemLog())
    return table
