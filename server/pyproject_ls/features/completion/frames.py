"""What is known on the way to the cursor: the open brackets, and what is due in each."""

from __future__ import annotations

from typing import Literal

from pyproject_ls.project.locate import path_of_table
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.toml import Document, Entry, Table, Value

Phase = Literal["key", "dot", "value", "after", "lost"]
"""What is due: a key, a dot or equals sign, a value, a comma; or nothing until the line ends."""


class Frame:
    """An open bracket, or the line that everything stands on."""

    __slots__ = ("count", "entry_start", "keys", "kind", "last_end", "node", "path", "phase")

    def __init__(
        self,
        kind: Literal["line", "inline", "array"],
        start: int,
        node: Value | None,
        path: TomlPath,
    ) -> None:
        self.kind = kind
        self.node = node
        self.path = path
        self.keys: list[str] = []
        self.phase: Phase = "value" if kind == "array" else "key"
        self.count = 0
        self.last_end = -1
        """The end of the last item that has no comma behind it."""
        self.entry_start = start

    def begin_entry(self) -> None:
        """A key is due."""
        self.keys = []
        self.phase = "key"
        self.last_end = -1

    @property
    def value_path(self) -> TomlPath:
        """The path of the value that is due, from the section on."""
        if self.kind == "array":
            return (*self.path, self.count)
        return (*self.path, *self.keys)


class State:
    """Where reading stands: the frames from the line to the innermost bracket."""

    def __init__(self, document: Document, index: int, table: Table, offset: int) -> None:
        self.document = document
        self.text = document.text
        self.index = index
        self.section = table
        self.offset = offset
        self.stack: list[Frame] = []
        self.entry: Entry | None = None

    def base(self) -> TomlPath:
        """The path of the section."""
        header = self.document.headers[self.index]
        base = self.document.base
        if not header.path:
            return base
        plain = (*base, *(key.text for key in header.path))
        if self.document.get(*plain) is self.section:
            return plain
        return path_of_table(self.document, self.section) or plain
