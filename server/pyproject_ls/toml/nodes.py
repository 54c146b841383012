"""The nodes of a TOML document.

Two views share the same value nodes: the *statements* as they were written (`Header`, `Entry`)
and the *tree* that they mean (`Table`, `Array`, `Scalar`). Offsets are code points, half-open.
Nodes are plain slotted classes, because tens of thousands of them are made at every keystroke.
"""

from __future__ import annotations

from typing import Any, Literal, Union

from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Span

ScalarKind = Literal["string", "integer", "float", "boolean", "datetime", "invalid"]
TableOrigin = Literal["root", "header", "implicit", "dotted", "inline", "element"]
ProblemKind = Literal["syntax", "control-character", "duplicate-key", "toml-1.1", "nesting"]


class Problem(NamedTuple):
    """One thing that is wrong with the text as TOML 1.0."""

    span: Span
    message: str
    kind: ProblemKind = "syntax"
    related: Span | None = None
    """The other place that belongs to it: the first of two equal keys."""


class Key:
    """One part of a key: ``b`` in ``a.b = 1``; `text` is decoded, the span includes any quotes."""

    __slots__ = ("end", "start", "text")

    def __init__(self, start: int, end: int, text: str) -> None:
        self.start = start
        self.end = end
        self.text = text

    @property
    def span(self) -> Span:
        """Where the key part stands."""
        return Span(self.start, self.end)


class Scalar:
    """A string, number, boolean or date; or a word that is no value (`kind` "invalid")."""

    __slots__ = ("closed", "end", "kind", "start", "value")

    def __init__(
        self, start: int, end: int, kind: ScalarKind, value: Any, closed: bool = True
    ) -> None:
        self.start = start
        self.end = end
        self.kind = kind
        self.value = value
        """The decoded value; for "datetime" and "invalid" the text as written."""
        self.closed = closed
        """False for a string without its closing quotes."""

    @property
    def span(self) -> Span:
        """Where the value stands, with its quotes."""
        return Span(self.start, self.end)


class Array:
    """``[1, 2]``, or the tables of ``[[name]]`` headers (then the span is the first header's)."""

    __slots__ = ("closed", "end", "items", "of_tables", "start")
    kind: Literal["array"] = "array"

    def __init__(self, start: int, end: int, of_tables: bool = False) -> None:
        self.start = start
        self.end = end
        self.items: list[Value] = []
        self.closed = True
        self.of_tables = of_tables

    @property
    def span(self) -> Span:
        """Where the array stands, with its brackets."""
        return Span(self.start, self.end)


class Table:
    """A table of the tree, however it was written; also the node of an inline table.

    `values` and `keys` have the same names, in the order of the text. The span is the braces of an
    inline table, the (first) header of a header table, the key of an implicit or dotted one.
    """

    __slots__ = ("closed", "end", "entries", "headers", "keys", "origin", "start", "values")
    kind: Literal["table"] = "table"

    def __init__(self, start: int, end: int, origin: TableOrigin) -> None:
        self.start = start
        self.end = end
        self.origin: TableOrigin = origin
        self.values: dict[str, Value] = {}
        self.keys: dict[str, Key] = {}
        self.entries: list[Entry] = []
        """The statements of an inline table or of the sections of a header table."""
        self.headers: list[Header] = []
        """The headers that open this table itself; empty for implicit, dotted and inline ones."""
        self.closed = True

    @property
    def span(self) -> Span:
        """The place to show for the table as a whole."""
        return Span(self.start, self.end)

    def get(self, *path: str) -> Value | None:
        """The value under a path of keys, or None."""
        node: Value = self
        for name in path:
            if not isinstance(node, Table):
                return None
            below = node.values.get(name)
            if below is None:
                return None
            node = below
        return node


Value = Union[Scalar, Array, Table]


class Entry:
    """The statement ``path = value``; `value` is None where it is missing."""

    __slots__ = ("end", "path", "start", "value")

    def __init__(
        self, start: int, path: list[Key], value: Value | None = None, end: int = -1
    ) -> None:
        self.start = start
        self.end = end if end >= 0 else start
        self.path = path
        self.value = value

    @property
    def span(self) -> Span:
        """From the first key to the end of the value."""
        return Span(self.start, self.end)


class Header:
    """The statement ``[path]`` or ``[[path]]`` with the entries below it.

    The first header of a document is the root's: no path, an empty span at 0.
    """

    __slots__ = ("array", "closed", "end", "entries", "path", "start")

    def __init__(self, start: int, array: bool) -> None:
        self.start = start
        self.end = start
        self.path: list[Key] = []
        self.array = array
        self.entries: list[Entry] = []
        self.closed = True

    @property
    def span(self) -> Span:
        """From the first bracket to the last, without the entries."""
        return Span(self.start, self.end)
