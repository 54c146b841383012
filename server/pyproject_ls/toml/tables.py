"""What statements mean: the tree of a document, and tables that are defined twice.

The rules are those of TOML 1.0 (https://toml.io/en/v1.0.0#table): a key is defined once; a dotted
key may only add to tables made by dotted keys of the same section; inline tables and arrays in
brackets are closed for good.
"""

from __future__ import annotations

from pyproject_ls.text import Span
from pyproject_ls.toml.filling import Fault, fill, not_extendable
from pyproject_ls.toml.moving import MovedHeader, MovedTable
from pyproject_ls.toml.nodes import Array, Header, Key, Table, Value
from pyproject_ls.toml.problems import ProblemLog
from pyproject_ls.toml.scalars import shown


class TreeBuilder:
    """Builds the tree of a document from its headers, in order.

    Syntax nodes are only read: a node may belong to several documents.
    """

    __slots__ = ("_problems", "root", "tables")

    def __init__(self, problems: ProblemLog) -> None:
        self._problems = problems
        self.root = Table(0, 0, "root")
        self.tables: list[Table] = []
        """The table that each header opens; one outside the tree where the header is at fault."""

    def add(self, header: Header) -> None:
        """Open the table of `header` and fill it."""
        path = header.path
        table: Table | None
        if not path:
            table = self.root
        elif any(key.start == key.end for key in path):
            table = None
        elif header.array:
            table = self._open_element(header)
        else:
            table = self._open_table(header)
        if table is None:
            table = _opened(header)
        table.headers.append(header)
        self.tables.append(table)
        if not isinstance(table, MovedTable):
            table.entries = header.entries
            fill(table, header.entries, self._problems)

    def _parent(self, path: list[Key]) -> Table | None:
        """The table in which the last part of a header's `path` is defined."""
        table = self.root
        for key in path[:-1]:
            name = key.text
            below = table.values.get(name)
            if below is None:
                below = Table(key.start, key.end, "implicit")
                table.values[name] = below
                table.keys[name] = key
            elif below.__class__ is Array and below.of_tables:
                below = below.items[-1]
            if not isinstance(below, Table) or below.origin == "inline":
                self._problems.add(*not_extendable(key, table.keys[name], below))
                return None
            table = below
        return table

    def _open_table(self, header: Header) -> Table | None:
        parent = self._parent(header.path)
        if parent is None:
            return None
        key = header.path[-1]
        name = key.text
        table = parent.values.get(name)
        if table is None:
            table = _opened(header)
            parent.values[name] = table
        elif isinstance(table, Table) and table.origin == "implicit":
            table.origin = "header"
            table.start, table.end = header.start, header.end
        else:
            self._problems.add(*_second_table(header, parent.keys[name], table))
            return None
        parent.keys[name] = key
        return table

    def _open_element(self, header: Header) -> Table | None:
        parent = self._parent(header.path)
        if parent is None:
            return None
        key = header.path[-1]
        name = key.text
        array = parent.values.get(name)
        if array is None:
            array = Array(header.start, header.end, of_tables=True)
            parent.values[name] = array
            parent.keys[name] = key
        elif array.__class__ is not Array or not array.of_tables:
            self._problems.add(*_second_table(header, parent.keys[name], array))
            return None
        table = _opened(header)
        array.items.append(table)
        return table


def _opened(header: Header) -> Table:
    """A new table for `header`; one that fills itself if only `header` has moved."""
    if isinstance(header, MovedHeader):
        return MovedTable(header)
    return Table(header.start, header.end, "element" if header.array else "header")


def _second_table(header: Header, first: Key, value: Value) -> Fault:
    key = header.path[-1]
    name = shown(".".join(part.text for part in header.path))
    if isinstance(value, Array) and value.of_tables:
        message = f"`{name}` is an array of tables; write `[[{name}]]` to add a table to it"
    elif isinstance(value, Table) and value.origin == "header" and not header.array:
        message = f"the table `{name}` is defined twice; put all its keys under one header"
    elif isinstance(value, Table) and value.origin in ("header", "implicit"):
        message = f"`{name}` is already a table, not an array of tables; write `[{name}]`"
    else:
        message = f"the key `{name}` already has a value; remove that value or this header"
    return key.start, key.end, message, "duplicate-key", Span(first.start, first.end)
