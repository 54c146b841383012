"""What a team asks of its projects: ``[tool.pyproject-ls.policy]`` as a value.

The schema reports values of wrong types, so reading passes over them. A policy that a layer above
adds to: lists of packages, groups, tools, keys and names add up; of everything else the upper
value holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Literal

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Array, Scalar, Table, Value

Bound = Literal["", "required", "forbidden"]

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Package(NamedTuple):
    """A package that a project must, or must not, depend on.

    `name` is normalized and may hold ``*``; `versions` (PEP 440) are the forbidden ones, or those
    that a required package has to keep to, "" for all; `use` is what replaces it; `group` where
    it has to be, or must not be, declared: a group or an extra, ``main``, "" for anywhere.
    """

    name: str
    versions: str = ""
    use: str = ""
    group: str = ""
    reason: str = ""


class Style(NamedTuple):
    """How constraints are written; the defaults let everything pass."""

    wildcard: bool | None = None
    """False: every dependency has a constraint."""
    upper_bound: Bound = ""
    exact: Bound = ""


class Styles(NamedTuple):
    """How constraints are written: anywhere, and what differs for the main ones and for groups."""

    anywhere: Style = Style()
    main: Style = Style()
    groups: Style = Style()


class LockedLicenses(NamedTuple):
    """Which licences locked packages may have: patterns of SPDX expressions, as of a project."""

    allowed: tuple[str, ...] | None = None
    forbidden: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    """Normalized names of packages that may have any licence, with ``*``."""
    report_unknown: bool = False


class Policy(NamedTuple):
    """What is asked of a project; the defaults ask for nothing."""

    requires_python: str = ""
    """The range (PEP 440) that the project's own has to lie in."""
    supports_python: str = ""
    """The range (PEP 440) that the project's own has to contain."""
    required_packages: tuple[Package, ...] = ()
    forbidden_packages: tuple[Package, ...] = ()
    agreed_constraints: Mapping[str, str] = NOTHING
    """By normalized name: the constraint that every project has."""
    workspace: tuple[str, ...] = ()
    """Globs of the folders whose projects have the same constraints."""
    allowed_sources: tuple[str, ...] | None = None
    """Names or addresses of indexes, with ``*``; None: any."""
    forbidden_sources: tuple[str, ...] = ()
    implicit_pypi: bool | None = None
    """False: the public index is asked only where a project names it."""
    licenses: tuple[str, ...] | None = None
    """The SPDX licences that a project may have, with ``*``; None: any."""
    forbidden_licenses: tuple[str, ...] = ()
    locked_licenses: LockedLicenses = LockedLicenses()
    required_keys: Mapping[str, tuple[str, ...]] = NOTHING
    """By dotted path: what the value (or an item of the list) looks like, one of these patterns."""
    required_groups: tuple[str, ...] = ()
    required_tools: tuple[str, ...] = ()
    names: Mapping[str, str] = NOTHING
    """Of the project, groups, extras and scripts: what the names look like, with ``*``."""
    styles: Styles = Styles()
    lock_required: bool | None = None
    lock_poetry: str = ""
    """The versions of Poetry (PEP 440) that may write the lock file."""
    direct_references: Mapping[str, bool] = NOTHING
    """By kind (``git``, ``path``, ``url``): whether dependencies may come from such a place."""
    pre_releases: bool | None = None
    reasons: Mapping[str, str] = NOTHING
    """By key of the policy: why it asks for it."""


DIRECT_KINDS = ("git", "path", "url")
"""The places outside of an index that a dependency may come from."""

_ADDED = (
    *("required_packages", "forbidden_packages", "required_groups", "required_tools"),
    *("forbidden_sources", "forbidden_licenses", "workspace"),
)
_MERGED = ("agreed_constraints", "required_keys", "names", "direct_references", "reasons")


def read_policy(table: Table) -> Policy:
    """The policy that `table` holds."""
    constraints, lock = _table(table, "constraints"), _table(table, "lock")
    agreed = _texts(_table(table, "agreed-constraints"))
    return Policy(
        requires_python=_text(table, "requires-python"),
        supports_python=_text(table, "supports-python"),
        required_packages=tuple(_packages(table.values.get("required-packages"))),
        forbidden_packages=tuple(_packages(table.values.get("forbidden-packages"))),
        agreed_constraints={normalized_name(name): text for name, text in agreed.items()},
        workspace=_list(table, "workspace") or (),
        allowed_sources=_list(table, "allowed-sources"),
        forbidden_sources=_list(table, "forbidden-sources") or (),
        implicit_pypi=_flag(table, "implicit-pypi"),
        licenses=_list(table, "licenses"),
        forbidden_licenses=_list(table, "forbidden-licenses") or (),
        locked_licenses=_locked_licenses(_table(table, "locked-licenses")),
        required_keys=dict(_patterns(_table(table, "required-keys"))),
        required_groups=_list(table, "required-groups") or (),
        required_tools=_list(table, "required-tools") or (),
        names=_texts(_table(table, "names")),
        styles=Styles(
            _style(constraints),
            _style(_table(constraints, "main")),
            _style(_table(constraints, "groups")),
        ),
        lock_required=_flag(lock, "required"),
        lock_poetry=_text(lock, "poetry"),
        direct_references=dict(_kinds(table)),
        pre_releases=_flag(table, "pre-releases"),
        reasons=_texts(_table(table, "reasons")),
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
        elif name == "styles":
            found[name] = Styles(*map(_over, below, above))
        elif name == "locked_licenses":
            found[name] = _over(below, above)
        else:
            found[name] = below if above == default else above
    return Policy(**found)


def placed(policy: Policy, folder: str) -> Policy:
    """`policy` of a file in the absolute `folder`, with its globs as seen from anywhere."""
    if not policy.workspace or not folder:
        return policy
    base = folder.replace("\\", "/").rstrip("/")
    return policy._replace(workspace=tuple(f"{base}/{glob}" for glob in policy.workspace))


def _over(lower: Any, upper: Any) -> Any:
    """A tuple of values with those of `upper` that say something above those of `lower`."""
    defaults = lower._field_defaults
    pairs = zip(lower._fields, lower, upper, strict=True)
    return lower.__class__(*(low if up == defaults[name] else up for name, low, up in pairs))


def _packages(node: Value | None) -> Iterator[Package]:
    for item in node.items if isinstance(node, Array) else ():
        if isinstance(item, Scalar) and item.kind == "string":
            yield Package(normalized_name(str(item.value)))
        elif isinstance(item, Table) and _text(item, "name"):
            yield Package(
                normalized_name(_text(item, "name")),
                *(_text(item, key) for key in ("versions", "use", "group", "reason")),
            )


def _style(table: Table | None) -> Style:
    return Style(_flag(table, "wildcard"), _bound(table, "upper-bound"), _bound(table, "exact"))


def _locked_licenses(table: Table | None) -> LockedLicenses:
    if table is None:
        return LockedLicenses()
    return LockedLicenses(
        _list(table, "allowed"),
        _list(table, "forbidden") or (),
        tuple(map(normalized_name, _list(table, "except") or ())),
        _text(table, "unknown") == "report",
    )


def _patterns(table: Table | None) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What values look like: a pattern, or one of several; none for an empty text."""
    for name in table.values if table is not None else ():
        text = _text(table, name)
        yield name, _list(table, name) or ((text,) if text else ())


def _kinds(table: Table) -> Iterator[tuple[str, bool]]:
    everything, each = _flag(table, "direct-references"), _table(table, "direct-references")
    for kind in DIRECT_KINDS:
        allowed = _flag(each, kind) if each is not None else everything
        if allowed is not None:
            yield kind, allowed


def _table(table: Table | None, key: str) -> Table | None:
    found = table.values.get(key) if table is not None else None
    return found if isinstance(found, Table) else None


def _text(table: Table | None, key: str) -> str:
    found = table.values.get(key) if table is not None else None
    return str(found.value) if isinstance(found, Scalar) and found.kind == "string" else ""


def _texts(table: Table | None) -> dict[str, str]:
    return {name: _text(table, name) for name in table.values} if table is not None else {}


def _list(table: Table | None, key: str) -> tuple[str, ...] | None:
    found = table.values.get(key) if table is not None else None
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
