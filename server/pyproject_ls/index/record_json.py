"""Records as JSON values, and back: what the store keeps of an index's pages.

Reading believes nothing: the file may come from another version, or be damaged. What is not of the
right shape raises ValueError, and the record is fetched again. Thousands of releases are read
before the first hint of a project is there, so their fields are kept and judged as columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from pyproject_ls.facts.packages import Advisory, Details, Release, Status
from pyproject_ls.index.records import Project
from pyproject_ls.index.releases import MAX_RELEASES

_Kinds = tuple[frozenset[type], ...]
_TEXT: frozenset[type] = frozenset({str})
_METADATA: _Kinds = (_TEXT, _TEXT)
_RELEASE: _Kinds = (_TEXT, _TEXT, _TEXT, frozenset({str, type(None)}), frozenset({bool}))
"""The types of the fields of a `Release`."""


def write_project(project: Project) -> Any:
    """`project` as a JSON value."""
    return {
        "name": project.name,
        "releases": _columns(project.releases),
        "status": project.status.value,
        "status_reason": project.status_reason,
        # an address with a query may be signed: that is a secret
        "metadata": _columns(each for each in project.metadata if "?" not in each[1]),
    }


def read_project(value: Any) -> Project:
    """The project that `write_project` wrote. Raises ValueError."""
    record = _object(value)
    return Project(
        name=_text(record, "name"),
        releases=_releases(record),
        status=Status(record.get("status")),
        status_reason=_text(record, "status_reason"),
        metadata=tuple(_rows(record, "metadata", _METADATA)),
    )


def write_details(details: Details) -> Any:
    """`details` as a JSON value."""
    return {
        "name": details.name,
        "version": details.version,
        "summary": details.summary,
        "license": details.license,
        "requires_python": details.requires_python,
        "extras": list(details.extras),
        "links": [list(each) for each in details.links],
        "advisories": list(map(write_advisory, details.advisories)),
    }


def read_details(value: Any) -> Details:
    """The details that `write_details` wrote. Raises ValueError."""
    record = _object(value)
    return Details(
        name=_text(record, "name"),
        version=_text(record, "version"),
        summary=_text(record, "summary"),
        license=_text(record, "license"),
        requires_python=_text(record, "requires_python"),
        extras=_texts(_array(record, "extras")),
        links=_pairs(record, "links"),
        advisories=tuple(map(read_advisory, _array(record, "advisories"))),
    )


def write_advisory(advisory: Advisory) -> Any:
    """`advisory` as a JSON value."""
    return [advisory.id, advisory.summary, list(advisory.fixed_in), advisory.url]


def read_advisory(value: Any) -> Advisory:
    """The advisory that `write_advisory` wrote. Raises ValueError."""
    if not isinstance(value, list) or len(value) != 4:
        raise ValueError("no advisory")
    name, summary, url = _texts([value[0], value[1], value[3]])
    return Advisory(name, summary, _texts(value[2]), url)


def read_texts(value: Any) -> tuple[str, ...]:
    """A list of texts. Raises ValueError."""
    return _texts(value)


def _columns(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return list(zip(*rows, strict=True))


def _releases(record: dict[str, Any]) -> tuple[Release, ...]:
    rows = islice(_rows(record, "releases", _RELEASE), MAX_RELEASES)
    make = tuple.__new__  # that of a named tuple takes three times as long
    return tuple([make(Release, each) for each in rows])


def _rows(record: dict[str, Any], key: str, kinds: _Kinds) -> Iterator[tuple[Any, ...]]:
    """The rows of `_columns`; the values of each column are of its `kinds`. Raises ValueError."""
    columns = _array(record, key)
    if columns and len(columns) != len(kinds):
        raise ValueError(f"no {key}")
    for column, allowed in zip(columns, kinds, strict=False):
        if not isinstance(column, list) or not allowed.issuperset(map(type, column)):
            raise ValueError(f"no {key}")
    return zip(*columns, strict=True)


def _object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("no record")
    return value


def _array(record: dict[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    if not isinstance(value, list):
        raise ValueError(f"no {key}")
    return value


def _text(record: dict[str, Any], key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str):
        raise ValueError(f"no {key}")
    return value


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError("no texts")
    return tuple(value)


def _pairs(record: dict[str, Any], key: str) -> tuple[tuple[str, str], ...]:
    found = []
    for each in _array(record, key):
        if not isinstance(each, list) or len(each) != 2:
            raise ValueError("no pair")
        first, second = each
        if not (isinstance(first, str) and isinstance(second, str)):
            raise ValueError("no pair")
        found.append((first, second))
    return tuple(found)
