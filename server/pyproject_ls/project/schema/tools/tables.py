"""The table of one tool: its shape, and what is said about its keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.schema.shapes import Shape, TableOf, described
from pyproject_ls.project.schema.tools.store import Resource, schema_of
from pyproject_ls.project.schema.tools.translate import Place, alternatives, shape_of

_MOST_SHOWN = 60
"""Code points of a default value that are shown."""


class ToolDoc(NamedTuple):
    """What a schema says about a key."""

    text: str
    type: str
    default: str
    """As JSON; "" for none, or one too long to show."""
    deprecated: bool


@cache
def tool_shape(tool: str) -> TableOf | None:
    """The shape of ``[tool.<tool>]``, None where nothing is known of it."""
    found = schema_of(tool)
    if found is None:
        return None
    resource, pointer = found
    shape = shape_of(resource, resource.at(pointer))
    return shape if isinstance(shape, TableOf) else None


@lru_cache(maxsize=4096)
def tool_doc(names: tuple[str, ...]) -> ToolDoc | None:
    """What is said about the key that `names` lead to: the tool, and keys below its table."""
    known = names[:1]
    for name in names[1:]:
        known = (*known, name if name in _named_below(known) else _ANY)
    return _doc_at(known)


_ANY = ""
"""Stands for all keys that a schema does not name: it says the same about each of them."""


@lru_cache(maxsize=4096)
def _doc_at(names: tuple[str, ...]) -> ToolDoc | None:
    places = _places(names)
    return _doc(places) if places else None


@lru_cache(maxsize=1024)
def _named_below(names: tuple[str, ...]) -> frozenset[str]:
    """The keys that the schemas at `names` name."""
    return frozenset(key for place in _places(names) for key in _keys(*place))


@lru_cache(maxsize=1024)
def _places(names: tuple[str, ...]) -> tuple[Place, ...]:
    """The schemas of the key that `names` lead to."""
    if len(names) > 1:
        return tuple(below for place in _places(names[:-1]) for below in _below(*place, names[-1]))
    found = schema_of(names[0]) if names else None
    return ((found[0], found[0].at(found[1])),) if found is not None else ()


def _keys(resource: Resource, schema: Any) -> Iterator[str]:
    """The keys that `schema` names, through arrays of tables if need be."""
    for where, each in alternatives(resource, schema):
        if isinstance(each, dict):
            fields = each.get("properties")
            yield from fields if isinstance(fields, dict) else ()
            if isinstance(each.get("items"), dict):
                yield from _keys(where, each["items"])


def _below(resource: Resource, schema: Any, name: str) -> list[Place]:
    """The schemas of the key `name`, through arrays of tables if need be."""
    found: list[Place] = []
    for where, each in alternatives(resource, schema):
        if not isinstance(each, dict):
            continue
        fields, more = each.get("properties"), each.get("additionalProperties")
        if isinstance(fields, dict) and name in fields:
            found.append((where, fields[name]))
        elif isinstance(more, dict):
            found.append((where, more))
        if not found and isinstance(each.get("items"), dict):
            found += _below(where, each["items"], name)
    return found


def _doc(places: Sequence[Place]) -> ToolDoc | None:
    import json

    text, default, deprecated = "", "", False
    for resource, schema in places:
        for each in _chain(resource, schema):
            text = text or str(each.get("description") or each.get("title") or "")
            if not default and each.get("default") is not None:
                written = json.dumps(each["default"], ensure_ascii=False)
                default = written if len(written) <= _MOST_SHOWN else ""
            deprecated = deprecated or each.get("deprecated") is True
    shape: Shape = shape_of(*places[0])
    return ToolDoc(text.strip(), described(shape), default, deprecated)


def _chain(resource: Resource, schema: Any) -> list[dict[str, Any]]:
    """`schema` and what it refers to: the text may stand at either."""
    found = [schema] if isinstance(schema, dict) else []
    if found and isinstance(schema.get("$ref"), str) and schema["$ref"].startswith("#"):
        target = resource.at(schema["$ref"])
        if isinstance(target, dict):
            found.append(target)
    return found
