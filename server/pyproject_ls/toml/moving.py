"""A section that stands elsewhere in another text: the same statements at other offsets.

What an edit changes is most often one line above sections that only move. These cost next to
nothing: their entries are made when somebody looks at them, which with other tools' tables nobody
does while people type.
"""

from __future__ import annotations

from _thread import allocate_lock  # a command that checks a file need not import `threading`
from typing import Any

from pyproject_ls.toml.filling import fill
from pyproject_ls.toml.nodes import Array, Entry, Header, Key, Scalar, Table, Value
from pyproject_ls.toml.problems import ProblemLog

_making = allocate_lock()
"""Held while entries or a table are made, so that two threads do not get two of each."""


class MovedHeader(Header):
    """A copy of `header`, in whose section there are no problems, `by` code points further on."""

    __slots__ = ("_source",)

    def __init__(self, header: Header, by: int) -> None:
        self.start = header.start + by
        self.end = header.end + by
        self.path = _path(header.path, by)
        self.array = header.array
        self.closed = header.closed
        source = header._source if isinstance(header, MovedHeader) else None
        self._source: tuple[list[Entry], int] | None = (
            (header.entries, by) if source is None else (source[0], source[1] + by)
        )
        """Whose copies the entries are, and how far they move; None when they are made."""

    def __getattr__(self, name: str) -> Any:
        """The entries, when somebody looks for the first time."""
        if name != "entries":
            raise AttributeError(name)
        with _making:
            if self._source is not None:  # else another thread has just made them
                self.entries = _entries(*self._source)
                self._source = None
        return self.entries


class MovedTable(Table):
    """The table that only `header` opens: it is filled when somebody looks."""

    __slots__ = ("_is_filled",)

    def __init__(self, header: MovedHeader) -> None:
        self.start = header.start
        self.end = header.end
        self.origin = "element" if header.array else "header"
        self.headers = []
        self.closed = True
        self._is_filled = False

    def __getattr__(self, name: str) -> Any:
        """What is in it, when somebody looks for the first time."""
        if name not in ("values", "keys", "entries"):
            raise AttributeError(name)
        entries = self.headers[0].entries
        with _making:
            if not self._is_filled:
                self.entries = entries
                filled = Table(0, 0, "header")
                fill(filled, entries, ProblemLog())
                self.keys, self.values = filled.keys, filled.values
                self._is_filled = True
        return getattr(self, name)


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
