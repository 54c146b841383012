"""The plan of a migration: what is taken away, what is written, and the edits that do both."""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.checks.edits import quoted
from pyproject_ls.features.migrate.edits import edits_of
from pyproject_ls.features.migrate.layout import Layout, Section, Statement
from pyproject_ls.features.migrate.model import (
    Field,
    Item,
    ItemList,
    Migration,
    MigrationRefused,
    NewTable,
    Note,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.project.manifest import as_array
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Scalar, Table, Value, to_python


class Plan:
    """Collects what the parts of a migration want; `finish` makes edits of it."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.document = snapshot.document
        self.manifest = snapshot.manifest
        self.text = snapshot.text
        self.layout = Layout(snapshot.document, snapshot.lines)
        self.poetry: Table = self.manifest.poetry or Table(0, 0, "implicit")
        self.project = self.manifest.project
        self.fields: list[Field] = []
        self.tables: dict[tuple[str, ...], NewTable] = {}
        self.notes: list[Note] = []
        self.edits: list[Edit] = []
        self.dynamic: list[str] = []
        self.not_dynamic: set[str] = set()
        self.gone: set[int] = set()
        """The sections that are taken away, by identity."""
        self._statements: set[int] = set()

    # What there is

    def has(self, field: str) -> bool:
        """Whether ``[project]`` sets `field`."""
        return self.project is not None and field in self.project.values

    def is_dynamic(self, field: str) -> bool:
        """Whether ``project.dynamic`` lists `field`."""
        return field in self.manifest.dynamic or field in self.dynamic

    def statement(self, *path: str) -> Statement:
        """The one statement that sets `path`. Raises MigrationRefused where it is written apart."""
        found = self.layout.below(*path)
        if len(found) != 1 or found[0].path != path:
            raise MigrationRefused(f"`{'.'.join(path)}` is not written as one key with its value")
        return found[0]

    def python(self, node: Value | None) -> object:
        """The plain value of a node."""
        return None if node is None else to_python(node)

    def raw(self, node: Value) -> str:
        """The text of a node."""
        return self.text[node.start : node.end]

    # What is to be done

    def note(self, message: str, span: Span | None = None) -> None:
        """Tell the user."""
        self.notes.append(Note(message, span))

    def take(self, statements: Iterable[Statement]) -> None:
        """Take statements away, with their comments."""
        self._statements.update(map(id, statements))

    def take_sections(self, sections: Iterable[Section]) -> tuple[list[str], list[str]]:
        """Take sections away with all statements; the comments of their headers and at their end.

        Statements keep their own comments.
        """
        above: list[str] = []
        closing: list[str] = []
        for section in sections:
            if id(section) in self.gone:
                continue
            self.gone.add(id(section))
            self.take(section.statements)
            above += self.layout.comment_texts(section.leading)
            trailing = self.layout.behind(section.line, section.header.end)
            above += [trailing] if trailing else []
            closing += self.layout.comment_texts(section.closing)
        return above, closing

    def is_taken(self, statement: Statement) -> bool:
        """Whether a statement is already taken away."""
        return id(statement) in self._statements

    def add(self, field: Field) -> None:
        """Write a field of ``[project]``."""
        self.fields.append(field)
        if field.key in self.manifest.dynamic:
            self.not_dynamic.add(field.key)

    def table(self, *path: str) -> NewTable:
        """The table to be written at `path`."""
        if path[0] == "project" and path[1] in self.manifest.dynamic:
            self.not_dynamic.add(path[1])
        return self.tables.setdefault(path, NewTable(path))

    def array_items(self, array: Array) -> tuple[list[Item], list[str]]:
        """An array's items as they are written, with their comments, and those at its end."""
        layout = self.layout
        items: list[Item] = []
        waiting: list[str] = []
        at = array.start
        for node in [*array.items, None]:
            end = array.end if node is None else node.start
            for span in layout.comments_in(at, end):
                same_line = layout.line_of(span.start) == layout.line_of(max(at - 1, 0))
                if items and same_line and not items[-1].trailing:
                    items[-1].trailing = layout.text_at(span)
                else:
                    waiting.append(layout.text_at(span))
            if node is not None:
                items.append(Item(self.raw(node), waiting + layout.inside(node)))
                waiting = []
                at = node.end
        return items, waiting

    def indent(self, array: Array) -> str:
        """How the items of an array are indented, where they stand on lines of their own."""
        if array.items:
            at = array.items[0].start
            before = self.text[self.layout.lines.line_start(self.layout.line_of(at)) : at]
            if before and not before.strip(" \t"):
                return before
        return ItemList().indent

    # Edits

    def finish(self) -> Migration:
        """The edits and notes. Raises MigrationRefused where a part has no place to go."""
        if self.dynamic and self.project is None:
            self.fields.append(_array_of_strings("dynamic", self.dynamic))
        elif self.project is not None:
            self._change_dynamic()
        if self.project is None:
            _put_behind(
                self.fields, "requires-python", ("name", "version", "description", "readme")
            )
            _put_behind(self.fields, "dependencies", [each.key for each in self.fields])
        self._empty_sections()
        return Migration(tuple(sorted(edits_of(self), key=_by_place)), tuple(self.notes))

    def _change_dynamic(self) -> None:
        """Change the list of dynamic fields that is there."""
        node = self.document.get("project", "dynamic")
        dynamic = as_array(node)
        if dynamic is None:
            if self.dynamic:
                self.fields.append(_array_of_strings("dynamic", self.dynamic))
            return
        kept = [
            item
            for index, item in enumerate(dynamic.items)
            if not (isinstance(item, Scalar) and item.value in self.not_dynamic)
        ]
        if len(kept) == len(dynamic.items) and not self.dynamic:
            return
        statement = self.statement("project", "dynamic")
        if not kept and not self.dynamic:
            self.take([statement])
            return
        items, closing = self.array_items(dynamic)
        chosen = [item for item, node in zip(items, dynamic.items, strict=True) if node in kept]
        lost = [
            each
            for item in items
            if item not in chosen
            for each in (*item.leading, *([item.trailing] if item.trailing else []))
        ]
        chosen += _items(self.dynamic)
        self.take([statement])
        new = ItemList(chosen, lost + closing, self.indent(dynamic))
        self.fields.append(Field("dynamic", new, (statement,)))

    def _empty_sections(self) -> None:
        for section in self.layout.sections:
            if (
                section.path[:1] == ("tool",)
                and section.path[1:2] in {(), ("poetry",)}
                and section.statements
                and all(map(self.is_taken, section.statements))
            ):
                self.gone.add(id(section))


def _by_place(edit: Edit) -> Span:
    return edit.span


def _array_of_strings(key: str, values: Iterable[str]) -> Field:
    return Field(key, ItemList(_items(values)))


def _items(values: Iterable[str]) -> list[Item]:
    return [Item(quoted(value)) for value in values]


def _put_behind(fields: list[Field], key: str, others: Iterable[str]) -> None:
    """Put the field `key` behind the last one of `others`."""
    moved = [field for field in fields if field.key == key]
    rest = [field for field in fields if field.key != key]
    place = max((i + 1 for i, field in enumerate(rest) if field.key in others), default=len(rest))
    fields[:] = rest[:place] + moved + rest[place:]
