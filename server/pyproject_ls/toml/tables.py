"""What statements mean: entries and headers put into tables, and keys that are defined twice.

The rules are those of TOML 1.0 (https://toml.io/en/v1.0.0#table): a key is defined once; a dotted
key may only add to tables made by dotted keys of the same section; inline tables and arrays in
brackets are closed for good.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.text import Span
from pyproject_ls.toml.nodes import Array, Entry, Header, Key, ProblemKind, Table, Value
from pyproject_ls.toml.problems import ProblemLog
from pyproject_ls.toml.scalars import shown

Fault = tuple[int, int, str, ProblemKind, Span]
"""The arguments of `ProblemLog.add`."""


def fill(table: Table, entries: Iterable[Entry], problems: ProblemLog) -> None:
    """Put `entries`, which stand together in one section or one inline table, into `table`.

    Entries without a value or with a missing key part are left out. Of two equal keys the first
    stays, the second is added to `problems`.
    """
    values, keys = table.values, table.keys
    own: set[int] | None = None
    for entry in entries:
        value = entry.value
        if value is None:
            continue
        path = entry.path
        if len(path) != 1:
            if own is None:
                own = set()
            _fill_dotted(table, entry, value, own, problems)
            continue
        key = path[0]
        name = key.text
        if not name and key.start == key.end:
            continue
        if name in values:
            problems.add(*_duplicate(key, keys[name], values[name]))
        else:
            values[name] = value
            keys[name] = key


def _fill_dotted(
    table: Table, entry: Entry, value: Value, own: set[int], problems: ProblemLog
) -> None:
    """Put ``a.b = value`` into `table`; `own` has the ids of the dotted tables of this section."""
    path = entry.path
    if any(key.start == key.end for key in path):
        return
    for key in path[:-1]:
        name = key.text
        below = table.values.get(name)
        if below is None:
            below = Table(key.start, key.end, "dotted")
            own.add(id(below))
            table.values[name] = below
            table.keys[name] = key
        elif isinstance(below, Table) and below.origin == "implicit":
            # made by the header of a table in it, so not defined yet: [a.b.c], then b.x in [a]
            below.origin = "dotted"
            below.start, below.end = key.start, key.end
            own.add(id(below))
            table.keys[name] = key
        elif not isinstance(below, Table) or id(below) not in own:
            problems.add(*_not_extendable(key, table.keys[name], below))
            return
        table = below
    key = path[-1]
    if key.text in table.values:
        problems.add(*_duplicate(key, table.keys[key.text], table.values[key.text]))
    else:
        table.values[key.text] = value
        table.keys[key.text] = key


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
            table = Table(header.start, header.end, "element" if header.array else "header")
        table.entries = header.entries
        table.headers.append(header)
        self.tables.append(table)
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
            if below.__class__ is not Table or below.origin == "inline":
                self._problems.add(*_not_extendable(key, table.keys[name], below))
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
            table = Table(header.start, header.end, "header")
            parent.values[name] = table
        elif table.__class__ is Table and table.origin == "implicit":
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
        table = Table(header.start, header.end, "element")
        array.items.append(table)
        return table


def _duplicate(key: Key, first: Key, value: Value) -> Fault:
    name = shown(key.text)
    if isinstance(value, Table) and value.origin in ("dotted", "header", "implicit"):
        message = f"the key `{name}` is already a table; remove one of the two"
    else:
        message = f"the key `{name}` is defined twice in this table; remove one of the two"
    return key.start, key.end, message, "duplicate-key", Span(first.start, first.end)


def _not_extendable(key: Key, first: Key, value: Value) -> Fault:
    name = shown(key.text)
    if isinstance(value, Table) and value.origin == "inline":
        message = (
            f"nothing can be added to the inline table `{name}`; write the key inside its braces"
        )
    elif isinstance(value, Table):
        message = f"the table `{name}` has its own header; write the key under that header"
    elif isinstance(value, Array):
        message = f"`{name}` is an array, so it cannot have keys; rename one of the two"
    else:
        message = f"`{name}` is a value, so it cannot have keys; rename one of the two"
    return key.start, key.end, message, "duplicate-key", Span(first.start, first.end)


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
