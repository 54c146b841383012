"""The JSON schemas that are installed, by the name of the tool's table."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

PACKAGE = "validate_pyproject_schema_store"

OURS = frozenset({"poetry", "pyproject-ls"})
"""Tables that we know better."""

JsonSchema = dict[str, Any]


class Resource:
    """One schema file: its root, and what is defined in it."""

    def __init__(self, root: JsonSchema) -> None:
        self.root = root

    def at(self, pointer: str) -> Any:
        """What a JSON pointer (RFC 6901), behind a ``#``, leads to; None for nothing."""
        found: Any = self.root
        for part in pointer.lstrip("#").split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and part.isdigit() and int(part) < len(found):
                found = found[int(part)]
            else:
                found = found.get(part) if isinstance(found, dict) else None
        return found


@cache
def tool_names() -> frozenset[str]:
    """The tools whose tables are known; none where the package is not installed."""
    return frozenset(_addresses()).difference(OURS)


@cache
def schema_of(tool: str) -> tuple[Resource, str] | None:
    """The schema file of `tool` and the pointer to its table's schema in it."""
    address = _addresses().get(tool)
    if tool in OURS or address is None:
        return None
    url, _, pointer = address.partition("#")
    resource = resource_at(url)
    return (resource, pointer) if resource is not None else None


def resource_at(url: str) -> Resource | None:
    """The installed schema with this address, None if it is none of them."""
    name = _files().get(url.partition("#")[0])
    return _read(name) if name is not None else None


@cache
def _addresses() -> dict[str, str]:
    """What tells which schema is which tool's."""
    found = _load("tool.json")
    if not isinstance(found, dict):
        return {}
    return {tool: url for tool, url in found.items() if isinstance(url, str)}


@cache
def _files() -> dict[str, str]:
    """The files of schemas by their address: each is called after it, or after its tool."""
    present = set(_names())
    extra = _load("extra.json")
    known = {**(extra if isinstance(extra, dict) else {}), **_addresses()}
    found: dict[str, str] = {}
    for tool, url in sorted(known.items()):
        url = url.partition("#")[0]
        stem = url.rpartition("/")[2].removesuffix(".json")
        for name in (f"{stem}.schema.json", f"{tool}.schema.json"):
            if name in present:
                found.setdefault(url, name)
    return found


@cache
def _read(name: str) -> Resource | None:
    found = _load(name)
    return Resource(found) if isinstance(found, dict) else None


@cache
def _folder() -> str:
    from importlib.util import find_spec

    # found without importing the package, which would import more
    spec = find_spec(PACKAGE)
    places = spec.submodule_search_locations if spec is not None else None
    return os.path.join(next(iter(places)), "resources") if places else ""


def _names() -> list[str]:
    try:
        return os.listdir(_folder()) if _folder() else []
    except OSError:
        return []


@cache
def _load(name: str) -> Any:
    if not _folder():
        return None
    import json

    try:
        with open(os.path.join(_folder(), name), "rb") as file:
            return json.load(file)
    except (OSError, ValueError, RecursionError):
        return None
