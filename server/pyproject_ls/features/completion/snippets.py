"""Snippets for the values of keys, by the shape that the schema gives them."""

from __future__ import annotations

from pyproject_ls.features.completion.model import escaped
from pyproject_ls.project.schema.shapes import (
    Anything,
    Boolean,
    ListOf,
    Number,
    OneOf,
    Shape,
    TableForms,
    TableOf,
    Text,
)

_VALUES = {"priority": ("primary", "supplemental", "explicit")}
"""Values of keys whose shape does not list them."""

_FEW = 6
"""A snippet lists no more choices; completion inside the quotes does."""

USUAL_FIRST = ("version", "git", "path", "url", "file", "extras", "optional", "markers", "source")
"""The keys of a dependency, the most usual first."""


def value_snippet(shape: Shape | None, key: str = "", tab: int = 1) -> str:
    """A snippet of the value behind `key`; its first placeholder has the number `tab`."""
    if isinstance(shape, OneOf):
        return value_snippet(shape.parts[0] if shape.parts else None, key, tab)
    if isinstance(shape, Text):
        return f'"{_choice(shape.values if len(shape.values) <= _FEW else (), tab)}"'
    if isinstance(shape, Boolean):
        return _choice(("true", "false"), tab)
    if isinstance(shape, Number):
        return f"${{{tab}:{shape.minimum or 0:g}}}"
    if isinstance(shape, ListOf):
        return f"[{value_snippet(shape.item, '', tab)}]"
    if isinstance(shape, (TableOf, TableForms)):
        return table_snippets(shape, tab)[0]
    if key in _VALUES:
        return f'"{_choice(_VALUES[key], tab)}"'
    if isinstance(shape, Anything):
        return f'"${tab}"'
    return f"${tab}"


def table_snippets(shape: Shape, tab: int = 1) -> list[str]:
    """Snippets of inline tables of `shape`, one for each of its forms."""
    if isinstance(shape, OneOf):
        return table_snippets(shape.table, tab) if shape.table is not None else []
    if isinstance(shape, TableForms):
        forms = sorted(shape.forms.items(), key=lambda form: _usual(form[0]))
        return [_table(form, (given,), tab) for given, form in forms]
    if isinstance(shape, TableOf):
        return [_table(shape, (), tab)]
    return []


def _table(shape: TableOf, first: tuple[str, ...], tab: int) -> str:
    """An inline table with the keys that it cannot be without."""
    names = dict.fromkeys((*first, *shape.required, *shape.one_of))
    pairs = []
    for name in names:
        if name in shape.fields:
            pairs.append(f"{escaped(name)} = {value_snippet(shape.fields[name], name, tab)}")
            tab += 1
    return f"{{ {', '.join(pairs)} \\}}" if pairs else f"{{ ${tab} \\}}"


def _usual(key: str) -> int:
    return USUAL_FIRST.index(key) if key in USUAL_FIRST else len(USUAL_FIRST)


def _choice(values: tuple[str, ...], tab: int) -> str:
    return f"${{{tab}|{','.join(values)}|}}" if values else f"${tab}"
