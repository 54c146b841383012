"""Finds the keys and strings of a document that stand at known places, in the order of the text.

It reads the statements, not the tree: every spelling of a key counts (``[a.b]``, ``b.c = 1``,
``a = { b = .. }``), also of keys that are defined twice and so are not in the tree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Generic, TypeVar

from pyproject_ls.project.paths import TomlPath
from pyproject_ls.toml import Array, Document, Entry, Key, Scalar, Table, Value

Kind = TypeVar("Kind")


class Match(Generic[Kind]):
    """A key or string at one of the places that were asked for.

    `star` is the key that the pattern's last ``*`` stands for, "" where it has none; `value` what a
    key's statement holds, for the last part of the key.
    """

    __slots__ = ("kind", "node", "path", "star", "value")

    def __init__(
        self,
        kind: Kind,
        node: Key | Scalar,
        path: TomlPath,
        star: str,
        value: Value | None = None,
    ) -> None:
        self.kind = kind
        self.node = node
        self.path = path
        self.star = star
        self.value = value


class _Step(Generic[Kind]):
    """One place; what may stand below it, and what is wanted at it."""

    __slots__ = ("any", "item", "key", "named", "value")

    def __init__(self) -> None:
        self.named: dict[str, _Step[Kind]] = {}
        self.any: _Step[Kind] | None = None
        self.item: _Step[Kind] | None = None
        self.key: Kind | None = None
        self.value: Kind | None = None


class Patterns(Generic[Kind]):
    """Places to look for: patterns of keys and of strings, with what to call each.

    A pattern is a path with ``/`` between its steps: a key, ``*`` for any key that is not named
    otherwise, ``#`` for any item of an array (of ``[[..]]`` too).
    """

    def __init__(self, keys: Mapping[str, Kind], values: Mapping[str, Kind]) -> None:
        self._start: _Step[Kind] = _Step()
        for pattern, kind in keys.items():
            self._make(pattern).key = kind
        for pattern, kind in values.items():
            self._make(pattern).value = kind

    def _make(self, pattern: str) -> _Step[Kind]:
        step = self._start
        for name in pattern.split("/"):
            if name == "*":
                step.any = step.any or _Step()
                step = step.any
            elif name == "#":
                step.item = step.item or _Step()
                step = step.item
            else:
                step = step.named.setdefault(name, _Step())
        return step

    def find(self, document: Document) -> Iterator[Match[Kind]]:
        """All matches; a key comes before what stands below it."""
        counts: dict[TomlPath, int] = {}
        for header in document.headers:
            step: _Step[Kind] | None = self._start
            path: TomlPath = ()
            star = ""
            last = len(header.path) - 1
            for at, key in enumerate(header.path):
                assert step is not None
                path = (*path, key.text)
                step, star = _below(step, key.text, star)
                if step is None:
                    break
                if step.key is not None and key.start < key.end:
                    yield Match(step.key, key, path, star)
                if header.array and at == last:
                    counts[path] = counts.get(path, -1) + 1
                if path in counts:
                    path = (*path, counts[path])
                    step = step.item
                    if step is None:
                        break
            if step is not None:
                yield from _in_entries(header.entries, step, path, star)


def _below(step: _Step[Kind], name: str, star: str) -> tuple[_Step[Kind] | None, str]:
    named = step.named.get(name)
    if named is not None:
        return named, star
    return step.any, name if step.any is not None else star


def _in_entries(
    entries: list[Entry], start: _Step[Kind], path: TomlPath, star: str
) -> Iterator[Match[Kind]]:
    if not start.named and start.any is None:
        return
    for entry in entries:
        step: _Step[Kind] | None = start
        here, name = path, star
        last = len(entry.path) - 1
        for at, key in enumerate(entry.path):
            assert step is not None
            here = (*here, key.text)
            step, name = _below(step, key.text, name)
            if step is None:
                break
            if step.key is not None and key.start < key.end:
                value = entry.value if at == last else None
                yield Match(step.key, key, here, name, value)
        if step is not None and entry.value is not None:
            yield from _in_value(entry.value, step, here, name)


def _in_value(node: Value, step: _Step[Kind], path: TomlPath, star: str) -> Iterator[Match[Kind]]:
    if isinstance(node, Scalar):
        if step.value is not None and node.kind == "string":
            yield Match(step.value, node, path, star)
    elif isinstance(node, Array):
        if step.item is not None:
            for index, item in enumerate(node.items):
                yield from _in_value(item, step.item, (*path, index), star)
    elif isinstance(node, Table):
        yield from _in_entries(node.entries, step, path, star)
