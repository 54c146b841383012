"""What a team asks of its projects: ``[tool.pyproject-ls.policy]`` as a value.

The schema reports values of wrong types, so reading passes over them. A policy that a layer above
adds to: lists of packages, groups, tools, keys and names add up; of everything else the upper
value holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Array, Scalar, Table, Value

Bound = Literal["", "required", "forbidden"]

NOTHING: Mapping[str, str] = MappingProxyType({})


class Package(NamedTuple):
    """A package that a project must, or must not, depend on.

    `name` is normalized and may hold ``*``; `versions` (PEP 440) are the forbidden ones, "" for
    all; `use` is what replaces it; `group` where it has to be declared, "" for anywhere.
    """

    name: str
    versions: str = ""
    use: str = ""
    group: str = ""
    reason: str = ""


class Policy(NamedTuple):
    """What is asked of a project; the defaults ask for nothing."""

    requires_python: str = ""
    """The range (PEP 440) that the project's own has to lie in."""
    required_packages: tuple[Package, ...] = ()
    forbidden_packages: tuple[Package, ...] = ()
    agreed_constraints: Mapping[str, str] = NOTHING
    """By normalized name: the constraint that every project has."""
    allowed_sources: tuple[str, ...] | None = None
    """Names or addresses of indexes, with ``*``; None: any."""
    implicit_pypi: bool | None = None
    """False: the public index is asked only where a project names it."""
    licenses: tuple[str, ...] | None = None
    """The SPDX expressions that a project may have."""
    required_keys: Mapping[str, str] = NOTHING
    """By dotted path: what the value (or an item of the list) has to look like, with ``*``."""
    required_groups: tuple[str, ...] = ()
    required_tools: tuple[str, ...] = ()
    names: Mapping[str, str] = NOTHING
    """Of the project, groups, extras and scripts: what the names look like, with ``*``."""
    wildcard: bool | None = None
    """False: every dependency has a constraint."""
    upper_bound: Bound = ""
    exact: Bound = ""
    lock_required: bool | None = None
    lock_poetry: str = ""
    """The versions of Poetry (PEP 440) that may write the lock file."""
    direct_references: bool | None = None
    pre_releases: bool | None = None


_ADDED = ("required_packages", "forbidden_packages", "required_groups", "required_tools")
_MERGED = ("agreed_constraints", "required_keys", "names")


def read_policy(table: Table) -> Policy:
    """The policy that `table` holds."""
    constraints, lock = _table(table, "constraints"), _table(table, "lock")
    return Policy(
        requires_python=_text(table, "requires-python"),
        required_packages=tuple(_packages(table.values.get("required-packages"))),
        forbidden_packages=tuple(_packages(table.values.get("forbidden-packages"))),
        agreed_constraints={
            normalized_name(name): text
            for name, text in _texts(table, "agreed-constraints").items()
        },
        allowed_sources=_list(table, "allowed-sources"),
        implicit_pypi=_flag(table, "implicit-pypi"),
        licenses=_list(table, "licenses"),
        required_keys=_texts(table, "required-keys"),
        required_groups=_list(table, "required-groups") or (),
        required_tools=_list(table, "required-tools") or (),
        names=_texts(table, "names"),
        wildcard=_flag(constraints, "wildcard"),
        upper_bound=_bound(constraints, "upper-bound"),
        exact=_bound(constraints, "exact"),
        lock_required=_flag(lock, "required"),
        lock_poetry=_text(lock, "poetry"),
        direct_references=_flag(table, "direct-references"),
        pre_releases=_flag(table, "pre-releases"),
    )


def merged(lower: Policy, upper: Policy) -> Policy:
    """`lower` with what `upper` says above it."""
    found: dict[str, Any] = {}
    for name, default in Policy._field_defaults.items():
        below, above = getattr(lower, name), getattr(upper, name)
        if name in _ADDED:
            found[name] = tuple(dict.fromkeys((*below, *above)))
        elif name in _MERGED:
            found[name] = {**below, **above}
        else:
            found[name] = below if above == default else above
    return Policy(**found)


def _packages(node: Value | None) -> Iterator[Package]:
    for item in node.items if isinstance(node, Array) else ():
        if isinstance(item, Scalar) and item.kind == "string":
            yield Package(normalized_name(str(item.value)))
        elif isinstance(item, Table) and _text(item, "name"):
            yield Package(
                normalized_name(_text(item, "name")),
                *(_text(item, key) for key in ("versions", "use", "group", "reason")),
            )


def _table(table: Table, key: str) -> Table | None:
    found = table.values.get(key)
    return found if isinstance(found, Table) else None


def _text(table: Table | None, key: str) -> str:
    found = table.values.get(key) if table is not None else None
    return str(found.value) if isinstance(found, Scalar) and found.kind == "string" else ""


def _texts(table: Table, key: str) -> dict[str, str]:
    below = _table(table, key)
    return {name: _text(below, name) for name in below.values} if below is not None else {}


def _normalized(texts: Mapping[str, str]) -> dict[str, str]:
    return {normalized_name(name): text for name, text in texts.items()}


def _list(table: Table, key: str) -> tuple[str, ...] | None:
    found = table.values.get(key)
    if not isinstance(found, Array):
        return None
    return tuple(
        str(item.value)
        for item in found.items
        if isinstance(item, Scalar) and item.kind == "string"
    )


def _flag(table: Table | None, key: str) -> bool | None:
    found = table.values.get(key) if table is not None else None
    return bool(found.value) if isinstance(found, Scalar) and found.kind == "boolean" else None


def _bound(table: Table | None, key: str) -> Bound:
    written = _text(table, key)
    return "required" if written == "required" else "forbidden" if written == "forbidden" else ""
