"""The outline of a file, and the names of all projects of a workspace."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import Enum

from pyproject_ls.features.names import NameKind, Role, occurrences
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.manifest import text_of
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Entry, Header, Key, Scalar, Table, Value


class SymbolKind(Enum):
    """What a symbol is; the edge chooses the editor's icon."""

    TABLE = "table"
    ELEMENT = "element"
    """A table of ``[[..]]`` or in an array."""
    ARRAY = "array"
    STRING = "string"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    NONE = "none"
    """A key whose value is missing or no value."""
    PACKAGE = "package"
    """A dependency."""
    GROUP = "group"
    EXTRA = "extra"
    SOURCE = "source"
    SCRIPT = "script"
    PROJECT = "project"


class Symbol(NamedTuple):
    """A node of the outline; `span` holds those of its children, `selection` lies in `span`."""

    name: str
    detail: str
    kind: SymbolKind
    span: Span
    selection: Span
    children: tuple[Symbol, ...] = ()


class WorkspaceSymbol(NamedTuple):
    """A name of one project; `path` is the file's as it was given, `container` the table's."""

    name: str
    kind: SymbolKind
    container: str
    path: str
    span: Span


MAX_SYMBOLS = 10_000
"""More than these are left out, table by table."""
MAX_FOUND = 200
MAX_DETAIL = 80
_SCALARS = {
    "string": SymbolKind.STRING,
    "integer": SymbolKind.NUMBER,
    "float": SymbolKind.NUMBER,
    "boolean": SymbolKind.BOOLEAN,
    "datetime": SymbolKind.DATE,
    "invalid": SymbolKind.NONE,
}
_WORKSPACE_KINDS = {
    NameKind.GROUP: SymbolKind.GROUP,
    NameKind.EXTRA: SymbolKind.EXTRA,
    NameKind.SOURCE: SymbolKind.SOURCE,
    NameKind.PACKAGE: SymbolKind.PACKAGE,
}
_ELEMENT_NAMES = ("name", "module", "include", "path", "text")


def symbols(snapshot: Snapshot) -> list[Symbol]:
    """The outline, in the order of the text: tables, their keys, and each dependency.

    A table stands below the one before it that its header continues (``[tool.poetry.group.dev]``
    below ``[tool.poetry]``, as ``group.dev``). Tables of ``[[..]]`` are called by their `name`.
    """
    return _Outline(snapshot).build()


class _Section:
    """A header with what is known of it before its subtables are."""

    def __init__(self, path: TomlPath, symbol: Symbol) -> None:
        self.path = path
        self.symbol = symbol
        self.children = list(symbol.children)

    def closed(self) -> Symbol:
        """The symbol, grown to hold its children."""
        end = max([self.symbol.span.end, *(child.span.end for child in self.children)])
        span = Span(self.symbol.span.start, end)
        return self.symbol._replace(span=span, children=tuple(self.children))


class _Outline:
    def __init__(self, snapshot: Snapshot) -> None:
        self.document: Document = snapshot.document
        self.by_node: dict[int, Dependency] = {}
        for dependency in snapshot.manifest.dependencies:
            self.by_node[id(dependency.node)] = dependency
        self.left = MAX_SYMBOLS

    def build(self) -> list[Symbol]:
        top: list[Symbol] = []
        open_sections: list[_Section] = []

        def close(until: int) -> None:
            while len(open_sections) > until:
                done = open_sections.pop().closed()
                (open_sections[-1].children if open_sections else top).append(done)

        counts: dict[tuple[str, ...], int] = {}
        for header in self.document.headers:
            if self.left <= 0:
                break
            if not header.path:
                top += self._entries(header.entries)
                continue
            path = tuple(key.text for key in header.path)
            depth = len(open_sections)
            while depth and not _continues(path, open_sections[depth - 1].path):
                depth -= 1
            close(depth)
            outer = len(open_sections[-1].path) if open_sections else 0
            index = -1
            if header.array:
                index = counts[path] = counts.get(path, -1) + 1
            open_sections.append(_Section(path, self._section(header, path[outer:], index)))
        close(0)
        return top

    def _section(self, header: Header, shown: tuple[str, ...], index: int) -> Symbol:
        self.left -= 1
        name, kind, detail = dotted(shown) or '""', SymbolKind.TABLE, ""
        selection = header.span
        keys = [key for key in header.path if key.start < key.end]
        if keys:
            first = keys[max(len(keys) - len(shown), 0)]
            selection = Span(first.start, keys[-1].end)
        if header.array:
            kind, called = SymbolKind.ELEMENT, _called(header.entries)
            name, detail = (called, name) if called else (f"{name}[{index}]", "")
        children = self._entries(header.entries)
        end = max([header.end, *(entry.end for entry in header.entries)])
        return Symbol(name, detail, kind, Span(header.start, end), selection, children)

    def _entries(self, entries: list[Entry]) -> tuple[Symbol, ...]:
        found = []
        for entry in entries:
            if self.left <= 0:
                break
            keys = [key for key in entry.path if key.start < key.end]
            if keys:
                self.left -= 1
                found.append(self._entry(entry, keys))
        return tuple(found)

    def _entry(self, entry: Entry, keys: list[Key]) -> Symbol:
        name = dotted(tuple(key.text for key in keys)) or '""'
        selection = Span(keys[0].start, keys[-1].end)
        value = entry.value
        dependency = self.by_node.get(id(value))
        if dependency is not None and dependency.key is not None:
            detail = _constraint(dependency)
            return Symbol(name, detail, SymbolKind.PACKAGE, entry.span, selection)
        kind, detail = _kind(value), _detail(value)
        children: tuple[Symbol, ...] = ()
        if isinstance(value, Table):
            children = self._entries(value.entries)
        elif isinstance(value, Array):
            children = self._items(value)
            detail = _count(value) if children else detail
        return Symbol(name, detail, kind, entry.span, selection, children)

    def _items(self, array: Array) -> tuple[Symbol, ...]:
        """Dependencies and tables of an array; plain values would only repeat the text."""
        found = []
        for index, item in enumerate(array.items):
            if self.left <= 0:
                break
            dependency = self.by_node.get(id(item))
            if dependency is not None:
                name = dependency.name or _shortened(str(text_of(item) or "")) or f"[{index}]"
                detail = _constraint(dependency)
                symbol = Symbol(name, detail, SymbolKind.PACKAGE, item.span, item.span)
            elif isinstance(item, Table):
                called = _called(item.entries)
                children = self._entries(item.entries)
                symbol = Symbol(
                    called or f"[{index}]", "", SymbolKind.ELEMENT, item.span, item.span, children
                )
            else:
                continue
            self.left -= 1
            found.append(symbol)
        return tuple(found)


def workspace_symbols(
    snapshots: Iterable[tuple[str, Snapshot]], query: str
) -> list[WorkspaceSymbol]:
    """Projects, groups, extras, sources, scripts and dependencies whose names fit `query`.

    A name fits if it has the letters of the query in their order, whatever their case; "" fits all.
    Names that begin with the query come first, then those that hold it; at most `MAX_FOUND`.
    """
    wanted = query.strip().lower()
    found: list[tuple[int, int, WorkspaceSymbol]] = []
    for path, snapshot in snapshots:
        for symbol in _names(path, snapshot):
            rank = _rank(symbol.name.lower(), wanted)
            if rank is not None:
                found.append((rank, len(found), symbol))
    found.sort(key=lambda each: each[:2])
    return [symbol for _, _, symbol in found[:MAX_FOUND]]


def _names(path: str, snapshot: Snapshot) -> Iterator[WorkspaceSymbol]:
    own = snapshot.manifest.normalized_name
    text = snapshot.text
    for each in occurrences(snapshot):
        if each.role is not Role.DECLARATION:
            continue
        kind = _WORKSPACE_KINDS[each.name.kind]
        if kind is SymbolKind.PACKAGE and each.name.text == own:
            kind = SymbolKind.PROJECT
        container = dotted(each.path[:-1])
        yield WorkspaceSymbol(
            text[each.span.start : each.span.end], kind, container, path, each.span
        )
    for base in (("project", "scripts"), ("project", "gui-scripts"), ("tool", "poetry", "scripts")):
        table = snapshot.document.get(*base)
        for name, key in table.keys.items() if isinstance(table, Table) else ():
            yield WorkspaceSymbol(name, SymbolKind.SCRIPT, dotted(base), path, key.span)


def _rank(name: str, query: str) -> int | None:
    if name.startswith(query):
        return 0
    if query in name:
        return 1
    letters = iter(name)
    return 2 if all(letter in letters for letter in query) else None


def _continues(path: tuple[str, ...], outer: TomlPath) -> bool:
    return len(path) > len(outer) and path[: len(outer)] == outer


def _called(entries: list[Entry]) -> str:
    """What a table of an array is called: the value of its `name`, or of another telling key."""
    values = {
        entry.path[0].text: entry.value
        for entry in entries
        if len(entry.path) == 1 and isinstance(entry.value, Scalar)
    }
    for key in _ELEMENT_NAMES:
        name = text_of(values.get(key))
        if name and name.strip():
            return _shortened(name.strip())
    return ""


def _constraint(dependency: Dependency) -> str:
    """What a dependency asks for, in one line."""
    requirement = dependency.requirement
    if requirement is not None:
        start = requirement.name.span.end if requirement.name is not None else 0
        return _shortened(requirement.text[start:].strip())
    if dependency.version is not None:
        return _shortened(dependency.version.value)
    for key in ("path", "git", "url", "file"):
        value = dependency.text_option(key)
        if value is not None:
            return _shortened(f"{key} {value.value.rpartition('@')[2]}")
    return ""


def _kind(value: Value | None) -> SymbolKind:
    if isinstance(value, Scalar):
        return _SCALARS[value.kind]
    if value is None:
        return SymbolKind.NONE
    return SymbolKind.ARRAY if isinstance(value, Array) else SymbolKind.TABLE


def _detail(value: Value | None) -> str:
    if isinstance(value, Scalar):
        if value.kind == "boolean":
            return "true" if value.value else "false"
        return _shortened(str(value.value))
    if isinstance(value, Array) and value.items:
        count = len(value.items)
        if count <= 3 and all(text_of(item) is not None for item in value.items):
            return _shortened(", ".join(str(text_of(item)) for item in value.items))
        return _count(value)
    return ""


def _count(array: Array) -> str:
    count = len(array.items)
    return f"{count} items" if count > 1 else "1 item"


def _shortened(text: str) -> str:
    text = " ".join(text[: 2 * MAX_DETAIL].split())
    text = "".join(letter for letter in text if letter.isprintable())
    return text if len(text) <= MAX_DETAIL else f"{text[: MAX_DETAIL - 1]}…"
