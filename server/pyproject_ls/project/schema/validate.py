"""Holding a tree against the schema: every fault, each at its exact place."""

from __future__ import annotations

from enum import Enum
from typing import Union

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.schema.shapes import (
    Boolean,
    ListOf,
    Number,
    OneOf,
    Shape,
    TableForms,
    TableOf,
    Text,
    described,
)
from pyproject_ls.toml import Array, Key, Scalar, Table, Value

_NO_NAMES: frozenset[str] = frozenset()


class FaultKind(Enum):
    """What is wrong at a place."""

    TYPE = "type"
    VALUE = "value"
    UNKNOWN = "unknown"
    MISSING = "missing"
    CONFLICT = "conflict"
    NAME = "name"
    EMPTY = "empty"


class Fault(NamedTuple):
    """One deviation from the schema."""

    kind: FaultKind
    place: Union[Key, Value]
    path: TomlPath
    detail: str
    """What is expected: a description of the shape, a hint, the name of the other key."""
    poetry: bool
    """Whether Poetry's schemas find it too."""
    standard: bool = True
    """Whether the packaging standards (or the table's own tool) find it; False: Poetry alone."""
    candidates: tuple[str, ...] = ()
    """The names or values that would have been right."""
    shape: Shape | None = None
    """The shape that a value of the wrong type lacks, or that of the table with the unknown key."""
    value: Value | None = None
    """What stands behind an unknown key."""


def faults(shape: Shape, node: Value, path: TomlPath, *, poetry: bool = True) -> list[Fault]:
    """All deviations of `node`, which stands at `path`, from `shape`.

    `poetry`: whether the shape is one that Poetry looks at.
    """
    found: list[Fault] = []
    _check(shape, node, path, poetry, found)
    return found


def _check(shape: Shape, node: Value, path: TomlPath, poetry: bool, out: list[Fault]) -> None:
    kind = shape.__class__
    if kind is OneOf:
        _one_of(shape, node, path, poetry, out)  # type: ignore[arg-type]
    elif kind is Text:
        _text(shape, node, path, poetry, out)  # type: ignore[arg-type]
    elif kind is TableOf:
        if isinstance(node, Table):
            _table(shape, node, path, poetry, _NO_NAMES, "", out)  # type: ignore[arg-type]
        else:
            _wrong_type(shape, node, path, poetry, out)
    elif kind is TableForms:
        if isinstance(node, Table):
            _form(shape, node, path, poetry, out)  # type: ignore[arg-type]
        else:
            _wrong_type(shape, node, path, poetry, out)
    elif kind is ListOf:
        if isinstance(node, Array):
            _list(shape, node, path, poetry, out)  # type: ignore[arg-type]
        else:
            _wrong_type(shape, node, path, poetry, out)
    elif kind is Number:
        _number(shape, node, path, poetry, out)  # type: ignore[arg-type]
    elif kind is Boolean and not (isinstance(node, Scalar) and node.kind in {"boolean", "invalid"}):
        _wrong_type(shape, node, path, poetry, out)


def _wrong_type(shape: Shape, node: Value, path: TomlPath, poetry: bool, out: list[Fault]) -> None:
    if node.kind != "invalid":  # a word that is no value is the syntax check's
        out.append(Fault(FaultKind.TYPE, node, path, described(shape), poetry, shape=shape))


def _text(shape: Text, node: Value, path: TomlPath, poetry: bool, out: list[Fault]) -> None:
    if node.__class__ is not Scalar or node.kind != "string":
        _wrong_type(shape, node, path, poetry, out)
        return
    value: str = node.value
    if shape.values and value not in shape.values:
        standard = value not in shape.standard_values
        out.append(Fault(FaultKind.VALUE, node, path, shape.hint, poetry, standard, shape.values))
    elif shape.pattern is not None and not shape.pattern.fullmatch(value):
        standard = not shape.standard_format
        out.append(Fault(FaultKind.VALUE, node, path, shape.hint, poetry, standard))


def _number(shape: Number, node: Value, path: TomlPath, poetry: bool, out: list[Fault]) -> None:
    kinds = {"integer"} if shape.whole else {"integer", "float"}
    if not isinstance(node, Scalar) or node.kind not in kinds:
        _wrong_type(shape, node, path, poetry, out)
        return
    low, high = shape.minimum, shape.maximum
    if (low is not None and node.value < low) or (high is not None and node.value > high):
        out.append(Fault(FaultKind.VALUE, node, path, described(shape), poetry))


def _one_of(shape: OneOf, node: Value, path: TomlPath, poetry: bool, out: list[Fault]) -> None:
    part: Shape | None
    if isinstance(node, Table):
        part = shape.table
    elif node.__class__ is Array:
        part = shape.array
    else:
        part = {
            "string": shape.text,
            "boolean": shape.boolean,
            "integer": shape.number,
            "float": shape.number,
        }.get(node.kind)
    if part is None:
        _wrong_type(shape, node, path, poetry, out)
    else:
        _check(part, node, path, poetry, out)


def _list(shape: ListOf, node: Array, path: TomlPath, poetry: bool, out: list[Fault]) -> None:
    if shape.not_empty and not node.items:
        out.append(Fault(FaultKind.EMPTY, node, path, "", poetry))
    item_shape = shape.item
    plain = _is_plain(item_shape)
    poetry = poetry and not shape.lenient
    for index, item in enumerate(node.items):
        if plain and item.__class__ is Scalar and item.kind == "string":
            continue
        _check(item_shape, item, (*path, index), poetry, out)


def _is_plain(shape: Shape) -> bool:
    """Whether every string will do, so that the most common case needs no call."""
    if isinstance(shape, OneOf):
        return shape.plain_text
    return isinstance(shape, Text) and shape.plain


def _table(
    shape: TableOf,
    node: Table,
    path: TomlPath,
    poetry: bool,
    elsewhere: frozenset[str],
    given: str,
    out: list[Fault],
) -> None:
    """Check a table; `elsewhere` are keys of its other forms, `given` the one that chose this."""
    fields, others, names = shape.fields, shape.others, shape.names
    plain = others is not None and _is_plain(others)
    unknown = False
    for name, value in node.values.items():
        field = fields.get(name)
        if field is not None:
            _check(field, value, (*path, name), poetry, out)
        elif others is None:
            unknown = True
            _unknown(shape, node, name, path, poetry, elsewhere, given, out)
        else:
            seen = names is None or names.fullmatch(name) is not None
            if not seen and shape.names_hint:
                by_poetry = poetry and shape.closed_names
                out.append(
                    Fault(
                        FaultKind.NAME,
                        node.keys[name],
                        (*path, name),
                        shape.names_hint,
                        by_poetry,
                    )
                )
            if not (plain and value.__class__ is Scalar and value.kind == "string"):
                _check(others, value, (*path, name), poetry and seen, out)
    for name in shape.required:
        if name not in node.values:
            out.append(Fault(FaultKind.MISSING, node, (*path, name), name, poetry))
    if shape.one_of and not unknown and not any(name in node.values for name in shape.one_of):
        *first, last = (f"`{name}`" for name in shape.one_of)
        wanted = f"{', '.join(first)} or {last}" if first else last
        out.append(Fault(FaultKind.MISSING, node, path, wanted, poetry))


def _unknown(
    shape: TableOf,
    node: Table,
    name: str,
    path: TomlPath,
    poetry: bool,
    elsewhere: frozenset[str],
    given: str,
    out: list[Fault],
) -> None:
    here, by_poetry = (*path, name), poetry and shape.strict
    if name in elsewhere:
        out.append(Fault(FaultKind.CONFLICT, node.keys[name], here, given, by_poetry))
    else:
        candidates = tuple(
            each for each in (*shape.fields, *shape.one_of) if each not in node.values
        )
        out.append(
            Fault(
                FaultKind.UNKNOWN,
                node.keys[name],
                here,
                "",
                by_poetry,
                candidates=candidates,
                shape=shape,
                value=node.values[name],
            )
        )


def _form(shape: TableForms, node: Table, path: TomlPath, poetry: bool, out: list[Fault]) -> None:
    for given, form in shape.forms.items():
        if given in node.values:
            _table(form, node, path, poetry, shape.known, given, out)
            return
    _table(shape.otherwise, node, path, poetry, shape.known, "", out)
