"""Entries put into the table that they stand in, and keys that are defined twice."""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.text import Span
from pyproject_ls.toml.nodes import Array, Entry, Key, ProblemKind, Table, Value
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
            problems.add(*not_extendable(key, table.keys[name], below))
            return
        table = below
    key = path[-1]
    if key.text in table.values:
        problems.add(*_duplicate(key, table.keys[key.text], table.values[key.text]))
    else:
        table.values[key.text] = value
        table.keys[key.text] = key


def _duplicate(key: Key, first: Key, value: Value) -> Fault:
    name = shown(key.text)
    if isinstance(value, Table) and value.origin in ("dotted", "header", "implicit"):
        message = f"the key `{name}` is already a table; remove one of the two"
    else:
        message = f"the key `{name}` is defined twice in this table; remove one of the two"
    return key.start, key.end, message, "duplicate-key", Span(first.start, first.end)


def not_extendable(key: Key, first: Key, value: Value) -> Fault:
    """What is wrong with adding to `value`, whose key `first` is, under `key`."""
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
