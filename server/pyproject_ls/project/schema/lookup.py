"""Asking the schema: what may stand at a path, and which keys a table may have.

Both ways in are tolerant: a path may lead through tables and arrays that are not written yet, and
what is written may be of the wrong type.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.schema.own import OWN
from pyproject_ls.project.schema.poetry import POETRY
from pyproject_ls.project.schema.shapes import (
    Anything,
    ListOf,
    OneOf,
    Shape,
    TableForms,
    TableOf,
    Text,
)
from pyproject_ls.project.schema.standard import TOP_LEVEL
from pyproject_ls.project.schema.tools import tool_shape
from pyproject_ls.toml import Array, Table, Value


class _Tools(Mapping[str, Shape]):
    """The tables below ``[tool]``: ours, and those of the tools whose schemas are installed.

    The latter are found when they are asked for, but not listed: there are many of them.
    """

    def __init__(self, ours: Mapping[str, Shape]) -> None:
        self._ours = ours

    def __getitem__(self, name: str) -> Shape:
        found = self._ours.get(name) or tool_shape(name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._ours)

    def __len__(self) -> int:
        return len(self._ours)


ROOT = TableOf(
    {
        **TOP_LEVEL.fields,
        "tool": TableOf(_Tools({"poetry": POETRY, "pyproject-ls": OWN}), others=Anything()),
    },
    strict=False,
)
"""The whole file: the tables of the standards, ours, and those of other tools."""


def shape_at(path: TomlPath, root: Table | None = None) -> Shape | None:
    """The shape of what may stand at `path`; None outside of what the schema knows.

    Indexes go through arrays, also through those that ``[[name]]`` headers make. `root`, the root
    of a document, decides where a table has several forms: without it, and where no key has decided
    yet, the first form that knows the key counts.
    """
    shape: Shape | None = ROOT
    node: Value | None = root
    for step in path:
        shape = _below(shape, step, node) if shape is not None else None
        node = _value_below(node, step)
    return shape


def keys_of(shape: Shape, table: Table | None = None) -> dict[str, Shape]:
    """The keys with a meaning of their own that may stand in a table of `shape`.

    Where a table has several forms, those of the form that the keys of `table` choose; all of them
    while none is chosen. Keys that are present are not left out. Free keys (the names of packages,
    groups or links) are not listed: their shape is that of ``shape_at`` with any name.
    """
    return {key: below for form in _forms(shape, table) for key, below in form}


def required_of(shape: Shape, table: Table | None = None) -> tuple[str, ...]:
    """The keys that a table of `shape` cannot be without.

    They are listed whether they are present or not. Where one of several is enough, these are
    listed as long as `table` has none of them.
    """
    found = _chosen(table_shape(shape), table)
    if not isinstance(found, TableOf):
        return ()
    given: frozenset[str] = frozenset(table.values) if table is not None else frozenset()
    either = () if given.intersection(found.one_of) else found.one_of
    return (*found.required, *(name for name in either if name not in found.required))


def free_keys_of(shape: Shape) -> Shape | None:
    """The shape behind keys that the author may name; None where there are no such keys."""
    found = table_shape(shape)
    return found.others if isinstance(found, TableOf) else None


def table_shape(shape: Shape) -> TableOf | TableForms | None:
    """`shape` as a table: itself, or the table among its alternatives."""
    if isinstance(shape, OneOf):
        return shape.table
    return shape if isinstance(shape, (TableOf, TableForms)) else None


def array_shape(shape: Shape) -> ListOf | None:
    """`shape` as an array: itself, or the array among its alternatives."""
    if isinstance(shape, OneOf):
        return shape.array
    return shape if isinstance(shape, ListOf) else None


def _forms(shape: Shape, table: Table | None) -> Iterator[list[tuple[str, Shape]]]:
    """The fields of the forms that come into question, the ones that win last."""
    found = _chosen(table_shape(shape), table)
    if isinstance(found, TableOf):
        yield list(found.fields.items())
    elif isinstance(found, TableForms):
        seen: dict[str, Shape] = {}
        for form in (*found.forms.values(), found.otherwise):
            for key, below in form.fields.items():
                seen.setdefault(key, below)
        yield list(seen.items())


def _chosen(shape: TableOf | TableForms | None, table: Table | None) -> TableOf | TableForms | None:
    """The form that the keys of `table` choose; `shape` itself where none has."""
    if isinstance(shape, TableForms) and table is not None:
        return next((form for key, form in shape.forms.items() if key in table.values), shape)
    return shape


def _below(shape: Shape, step: str | int, node: Value | None) -> Shape | None:
    if isinstance(step, int):
        array = array_shape(shape)
        return array.item if array is not None else None
    table = table_shape(shape)
    chosen = _chosen(table, node if isinstance(node, Table) else None)
    if isinstance(chosen, TableOf):
        found = chosen.fields.get(step, chosen.others)
        if found is not None and not (isinstance(found, Text) and found.plain):
            return found
    else:
        found = None
    if isinstance(table, TableForms):  # a key of another form still means what it means there
        candidates = [form.fields[step] for form in _all_forms(table) if step in form.fields]
        narrow = (each for each in candidates if not (isinstance(each, Text) and each.plain))
        return next(narrow, found or (candidates[0] if candidates else None))
    return found


def _all_forms(shape: TableForms) -> tuple[TableOf, ...]:
    return (*shape.forms.values(), shape.otherwise)


def _value_below(node: Value | None, step: str | int) -> Value | None:
    if isinstance(step, int):
        is_there = isinstance(node, Array) and 0 <= step < len(node.items)
        return node.items[step] if is_there and isinstance(node, Array) else None
    return node.values.get(step) if isinstance(node, Table) else None
