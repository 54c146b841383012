"""From JSON schema to shapes.

What a JSON schema can say and a shape cannot (conditions, `not`, several tables that are told apart
by more than a key) is taken for allowed: a finding has to be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pyproject_ls.project.schema.shapes import (
    Anything,
    Boolean,
    ListOf,
    Number,
    OneOf,
    Shape,
    TableOf,
    Text,
)
from pyproject_ls.project.schema.tools.store import JsonSchema, Resource, resource_at

ANYTHING = Anything()
_TELLS_A_TYPE = frozenset(
    {
        *("type", "enum", "const", "$ref", "properties", "items", "anyOf", "oneOf", "allOf"),
        *("additionalProperties", "patternProperties", "pattern"),
    }
)
_MOST_REFERENCES = 50
"""How many references lead on to the next one, at most."""

Place = tuple[Resource, Any]
"""A schema, and the file in which its references are looked up."""


def shape_of(resource: Resource, schema: Any) -> Shape:
    """The shape of the values that `schema`, a part of `resource`, allows."""
    parts = _Parts()
    for place in alternatives(resource, schema):
        parts.add(*place)
    return parts.shape()


def alternatives(resource: Resource, schema: Any, depth: int = 0) -> Iterator[Place]:
    """The schemas that `schema` comes to when references are followed and alternatives taken apart.

    Those of an ``allOf`` are given like alternatives: all that one of them knows is known.
    """
    if not isinstance(schema, dict) or depth > _MOST_REFERENCES:
        yield resource, True
        return
    reference = schema.get("$ref")
    if isinstance(reference, str):
        url, _, pointer = reference.partition("#")
        target = resource_at(url) if url else resource
        found = target.at(pointer) if target is not None else None
        yield from alternatives(target or resource, found, depth + 1)
        return
    several = [
        each
        for word in ("anyOf", "oneOf", "allOf")
        for each in _listed(schema.get(word))
        if isinstance(each, dict) and not _TELLS_A_TYPE.isdisjoint(each)
    ]
    for each in several:
        yield from alternatives(resource, each, depth + 1)
    if not several or not {"properties", "items", "enum", "const", "pattern"}.isdisjoint(schema):
        yield resource, schema


class _Parts:
    """What alternatives allow, by type."""

    def __init__(self) -> None:
        self._anything = False
        self._texts: list[JsonSchema] = []
        self._numbers: list[Number] = []
        self._boolean = False
        self._items: list[Place] = []
        self._is_array = False
        self._tables: list[Place] = []
        self._values: dict[str, None] = {}

    def add(self, resource: Resource, schema: Any) -> None:
        """Allow what `schema`, which has no alternatives of its own any more, allows."""
        if not isinstance(schema, dict):
            self._anything = True
            return
        values = [schema["const"]] if "const" in schema else _listed(schema.get("enum"))
        if values:
            self._add_values(values)
            return
        types = _types(schema)
        self._anything |= not types
        if "string" in types:
            self._texts.append(schema)
        if not types.isdisjoint({"integer", "number"}):
            self._numbers.append(_number(schema, whole="number" not in types))
        self._boolean |= "boolean" in types
        if "array" in types:
            self._is_array = True
            items = schema.get("items", True)
            self._items.append((resource, items if isinstance(items, dict) else True))
        if "object" in types:
            self._tables.append((resource, schema))

    def _add_values(self, values: list[Any]) -> None:
        for value in values:
            if isinstance(value, bool):
                self._boolean = True
            elif isinstance(value, str):
                self._values[value] = None
            elif isinstance(value, (int, float)):
                self._numbers.append(Number(minimum=value, maximum=value))
            elif value is not None:
                self._anything = True

    def shape(self) -> Shape:
        """The shape of all that is allowed."""
        if self._anything:
            return ANYTHING
        text, table = self._text(), _table(self._tables) if self._tables else None
        number = _widest(self._numbers)
        array = ListOf(_shape_of_items(self._items)) if self._is_array else None
        boolean = Boolean() if self._boolean else None
        found = OneOf(text=text, array=array, table=table, boolean=boolean, number=number)
        parts = found.parts
        if not parts:
            return ANYTHING
        return parts[0] if len(parts) == 1 else found

    def _text(self) -> Text | None:
        if not self._texts:
            return (
                Text(values=tuple(self._values), hint=_one_of(self._values))
                if self._values
                else None
            )
        patterns = [_pattern(each) for each in self._texts]
        if self._values or len(patterns) > 1 or patterns[0] is None:
            return Text(suggestions=tuple(self._values))
        return Text(pattern=patterns[0], hint=f"text that matches `{self._texts[0]['pattern']}`")


def _shape_of_items(items: list[Place]) -> Shape:
    """The shape of all kinds of items together; anything, where that leads back to itself."""
    parts = _Parts()
    for resource, schema in items:
        mark = id(schema)
        if mark in _open or schema is True:
            return ANYTHING
        _open.add(mark)
        try:
            for place in alternatives(resource, schema):
                parts.add(*place)
            found = parts.shape()
        finally:
            _open.discard(mark)
    return found


_open: set[int] = set()
"""The schemas (which live as long as the program) whose items are being translated."""


class _LaterFields(Mapping[str, Shape]):
    """The fields of a table, translated when they are asked for."""

    def __init__(self, fields: dict[str, list[Place]]) -> None:
        self._fields = fields
        self._shapes: dict[str, Shape] = {}

    def __getitem__(self, name: str) -> Shape:
        if name not in self._shapes:
            parts = _Parts()
            for resource, schema in self._fields[name]:
                for place in alternatives(resource, schema):
                    parts.add(*place)
            self._shapes[name] = parts.shape()
        return self._shapes[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)


def _table(tables: list[Place]) -> TableOf:
    """A table with the fields of all `tables`; unknown keys are wrong where all say so."""
    fields: dict[str, list[Place]] = {}
    others: list[Place] = []
    is_open = False
    required: set[str] | None = None
    for resource, schema in tables:
        for name, below in _mapped(schema.get("properties")).items():
            fields.setdefault(name, []).append((resource, below))
        patterns = list(_mapped(schema.get("patternProperties")).values())
        more = schema.get("additionalProperties", True)
        if more is not False:
            patterns.append(more)
        is_open |= any(not isinstance(each, dict) or not each for each in patterns)
        others += ((resource, each) for each in patterns)
        names = {each for each in _listed(schema.get("required")) if isinstance(each, str)}
        required = names if required is None else required & names
    return TableOf(
        _LaterFields(fields),
        others=ANYTHING if is_open else _shape_of_items(others) if others else None,
        required=tuple(sorted(required or ())),
    )


def _types(schema: JsonSchema) -> set[str]:
    """The types that `schema` allows, said or meant; none where it does not care."""
    said = schema.get("type")
    if isinstance(said, str):
        return {said}
    if isinstance(said, list):
        return {each for each in said if isinstance(each, str) and each != "null"}
    if not {"properties", "additionalProperties", "patternProperties"}.isdisjoint(schema):
        return {"object"}
    if "items" in schema:
        return {"array"}
    return {"string"} if "pattern" in schema else set()


def _number(schema: JsonSchema, *, whole: bool) -> Number:
    low, high = schema.get("minimum"), schema.get("maximum")
    return Number(
        whole=whole,
        minimum=low if isinstance(low, (int, float)) else None,
        maximum=high if isinstance(high, (int, float)) else None,
    )


def _widest(numbers: list[Number]) -> Number | None:
    if len(numbers) < 2:
        return numbers[0] if numbers else None
    return Number(whole=all(each.whole for each in numbers))


def _pattern(schema: JsonSchema) -> re.Pattern[str] | None:
    """The pattern of a text, which JSON schema looks for anywhere in it; None for any text."""
    written = schema.get("pattern")
    if not isinstance(written, str):
        return None
    try:
        return re.compile(f"(?s:.*?)(?:{written})(?s:.*)")
    except re.error:  # another dialect
        return None


def _one_of(values: Mapping[str, None]) -> str:
    listed = [f"`{each}`" for each in list(values)[:12]]
    if len(values) > len(listed):
        return f"one of {len(values)} values, such as {', '.join(listed[:3])}"
    return " or ".join([", ".join(listed[:-1]), listed[-1]] if len(listed) > 1 else listed)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapped(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
