"""One layer: what one table of configuration says, read with patience.

What has the wrong type or is not one of the allowed values says nothing here; the schema reports
it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from pyproject_ls.checks.finding import Severity
from pyproject_ls.config import Plugins, PoetryTarget, Profile
from pyproject_ls.configuration.policy import Policy, read_policy
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import as_table, indexed_strings, strings, text_of
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.text import Span
from pyproject_ls.toml import Document, Key, Scalar, Table, Value, parse

RULE_LISTS = ("select", "extend-select", "ignore")
"""The keys with lists of rules that say which are on."""

_SEVERITIES = {severity.word: severity for severity in Severity}


class Values(NamedTuple):
    """What a table of configuration sets; None and empty where it says nothing."""

    profile: Profile | None = None
    poetry: PoetryTarget | None = None
    online: bool | None = None
    lock: bool | None = None
    plugins: Plugins | None = None
    unsafe: bool | None = None
    presets: frozenset[str] = frozenset()
    select: frozenset[str] = frozenset()
    extend_select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    per_path: tuple[tuple[str, frozenset[str]], ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    fixable: frozenset[str] = frozenset()
    unfixable: frozenset[str] = frozenset()
    policy: Policy | None = None
    final: bool = False


class Layer(NamedTuple):
    """A file of configuration, or the table in the file that is analysed.

    `name` is what people call it, "" for the file itself; `place` where it comes in: the entry of
    `extend`, else the first line. `folder` is the absolute folder that its paths are relative to.
    """

    name: str
    document: Document
    table: Table
    values: Values
    place: Span
    folder: str

    @property
    def is_own(self) -> bool:
        """Whether it stands in the file that is analysed."""
        return not self.name

    def line_of(self, offset: int) -> int:
        """The number of the line at `offset`, from 1."""
        return self.document.text.count("\n", 0, offset) + 1


class Trouble(NamedTuple):
    """A layer that cannot be read, or not wholly; `place` is in the file that is analysed."""

    place: Span
    message: str
    is_extend: bool = True
    """Whether an entry of `extend` is at fault; otherwise the file of a layer is."""


class Refused(NamedTuple):
    """A setting of the layer `layer` (None: command line or editor) that a layer below forbids."""

    layer: Layer | None
    key: str


class Named(NamedTuple):
    """A place of a table of configuration that names rules."""

    key: str
    """Which key of the table it stands under."""
    path: TomlPath
    """From that table on."""
    node: Scalar | Key
    pattern: str
    value: Value | None = None
    """What stands behind it, if it is a key."""


def named_rules(table: Table) -> Iterator[Named]:
    """Every name of a rule, or of several, in a table of configuration."""
    for key in RULE_LISTS:
        yield from _in_list(table, key, (key,))
    severity = as_table(table.values.get("severity"))
    for name, value in severity.values.items() if severity is not None else ():
        assert severity is not None
        yield Named("severity", ("severity", name), severity.keys[name], name, value)
    ignores = as_table(table.values.get("per-path-ignores"))
    for glob in ignores.values if ignores is not None else ():
        assert ignores is not None
        yield from _in_list(ignores, glob, ("per-path-ignores", glob))
    fix = as_table(table.values.get("fix"))
    for key in ("fixable", "unfixable") if fix is not None else ():
        assert fix is not None
        yield from _in_list(fix, key, ("fix", key))


def _in_list(table: Table, key: str, path: TomlPath) -> Iterator[Named]:
    value = table.values.get(key)
    items = getattr(value, "items", ()) if value is not None and value.kind == "array" else ()
    for index, item in enumerate(items):
        if isinstance(item, Scalar) and item.kind == "string":
            yield Named(str(path[0]), (*path, index), item, str(item.value))


def named_plugins(table: Table) -> Iterator[tuple[int, Scalar]]:
    """Every name of a plugin in a table of configuration, and its place in the list."""
    return indexed_strings(table.values.get("plugins"))


def values_of(table: Table) -> Values:
    """What `table`, one of configuration, sets."""
    found = table.values
    fix = as_table(found.get("fix"))
    policy = as_table(found.get("policy"))
    profile, poetry = text_of(found.get("profile")), text_of(found.get("poetry"))
    return Values(
        profile=cast(Profile, profile) if profile in ("all", "poetry") else None,
        poetry=cast(PoetryTarget, poetry) if poetry in ("1.8", "2") else None,
        online=_flag(found.get("online")),
        lock=_flag(found.get("lock")),
        plugins=_plugins(found.get("plugins")),
        unsafe=_flag(fix.values.get("unsafe")) if fix is not None else None,
        presets=_names(found.get("presets")),
        select=_names(found.get("select")),
        extend_select=_names(found.get("extend-select")),
        ignore=_names(found.get("ignore")),
        per_path=tuple(_per_path(as_table(found.get("per-path-ignores")))),
        severity=ordered(_severities(as_table(found.get("severity")))),
        fixable=_names(fix.values.get("fixable")) if fix is not None else frozenset(),
        unfixable=_names(fix.values.get("unfixable")) if fix is not None else frozenset(),
        policy=read_policy(policy) if policy is not None else None,
        final=_flag(found.get("overridable")) is False,
    )


@lru_cache(maxsize=64)
def file_values(text: str) -> tuple[Document, Values]:
    """The document of a file of configuration, and what it sets."""
    document = parse(text)
    return document, values_of(document.root)


def extends(table: Table) -> Iterator[Scalar]:
    """The entries of `extend`, one text or a list of them."""
    value = table.values.get("extend")
    if isinstance(value, Scalar) and value.kind == "string":
        yield value
    else:
        yield from strings(value)


def ordered(severity: Iterator[tuple[str, Severity]]) -> tuple[tuple[str, Severity], ...]:
    """Names and severities, so that the more special name comes later and holds."""
    return tuple(sorted(severity, key=lambda each: (not each[0].endswith("*"), len(each[0]), each)))


def _severities(table: Table | None) -> Iterator[tuple[str, Severity]]:
    for name, value in table.values.items() if table is not None else ():
        severity = _SEVERITIES.get(text_of(value) or "")
        if severity is not None:
            yield name, severity


def _per_path(table: Table | None) -> Iterator[tuple[str, frozenset[str]]]:
    for glob, value in table.values.items() if table is not None else ():
        yield glob, _names(value)


def _names(value: Value | None) -> frozenset[str]:
    return frozenset(str(each.value) for each in strings(value))


def _plugins(value: Value | None) -> Plugins | None:
    return _names(value) if value is not None and value.kind == "array" else _flag(value)


def _flag(value: Value | None) -> bool | None:
    return value.value if isinstance(value, Scalar) and value.kind == "boolean" else None
