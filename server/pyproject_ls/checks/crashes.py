"""What Poetry's schemas overlook, and what Poetry then trips over.

The schemas do not look behind names of an odd form (``My_Extra``, ``"odd name"``). Most of what
stands there is read all the same, and the wrong type ends in an exception, or in errors about what
was never meant.
"""

from __future__ import annotations

from pyproject_ls.project.schema.validate import Fault, FaultKind
from pyproject_ls.toml import Array, Document, Key, Scalar, Table, Value


def trips_poetry(fault: Fault, document: Document) -> bool:
    """Whether ``poetry check`` fails because of a wrong type that its schemas do not find."""
    if fault.kind is not FaultKind.TYPE:
        return False
    value, path = fault.place, fault.path
    assert not isinstance(value, Key), "a wrong type is a value's"
    if path[:2] == ("project", "optional-dependencies"):
        return len(path) == 4 or _fails_as_requirements(value)
    if path[:2] != ("tool", "poetry") or len(path) < 4:
        return False
    table = path[2]
    if table == "extras":
        return len(path) == 5 or _is_something(value)
    if table == "scripts" and len(path) == 4:
        scripts = document.get("project", "scripts")
        return not (isinstance(scripts, Table) and scripts.values)
    if table == "group" and len(path) == 4:
        return True
    return table == "dependencies" and isinstance(value, Scalar) and value.kind == "datetime"


def _fails_as_requirements(value: Value) -> bool:
    """Whether Poetry fails when it takes `value` for a list of requirements.

    It iterates over whatever is there: the characters of a string, the keys of a table.
    """
    if isinstance(value, Table):
        return any(not _is_name(name) for name in value.values)
    if isinstance(value, Scalar) and value.kind == "string":
        return any(not _is_name(character) for character in value.value)
    return True


def _is_name(text: str) -> bool:
    return text.isascii() and text.isalnum()


def _is_something(value: Value) -> bool:
    """Whether iterating over `value` fails or gives anything."""
    if isinstance(value, Table):
        return bool(value.values)
    if isinstance(value, Array):
        return bool(value.items)
    return value.kind != "string" or bool(value.value)
