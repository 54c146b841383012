"""Table headers: which tables a file may have that it does not have yet."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.features.completion.cursors import HeaderCursor
from pyproject_ls.features.completion.model import Choice, Kind, escaped, written_key
from pyproject_ls.features.completion.names import free_names
from pyproject_ls.features.completion.packages import as_keys, takes_names
from pyproject_ls.features.completion.schema import OWN, shape_of
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.schema.docs import key_doc
from pyproject_ls.project.schema.lookup import array_shape, free_keys_of, keys_of, table_shape
from pyproject_ls.project.schema.shapes import OneOf, Shape, TableForms, TableOf
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Header, Key, Table, Value

_DOT = lazy_pattern(r"[ \t]*\.[ \t]*")
_PLACEHOLDERS = {
    ("project", "entry-points"): "group",
    ("tool", "poetry", "group"): "name",
    ("tool", "poetry", "plugins"): "group",
    ("tool", "poetry", "build-constraints"): "package",
}
"""Tables whose tables the author names, with a word for such a name."""

_TOP = ("build-system", "project", "dependency-groups", "tool")
_USUAL: tuple[TomlPath, ...] = (
    ("build-system",),
    ("project",),
    ("project", "optional-dependencies"),
    ("project", "scripts"),
    ("project", "urls"),
    ("project", "gui-scripts"),
    ("project", "entry-points"),
    ("dependency-groups",),
    ("tool", "poetry"),
    ("tool", "poetry", "dependencies"),
    ("tool", "poetry", "source"),
    ("tool", "poetry", "extras"),
    ("tool", "poetry", "scripts"),
    ("tool", "poetry", "requires-plugins"),
)


class Candidate(NamedTuple):
    """A table that may get a header.

    With a `placeholder` it is a table below `path` that the author names; `rest` follows the name.
    """

    path: TomlPath
    is_array: bool
    order: int
    placeholder: str = ""
    rest: str = ""
    base: int = 0
    """So many steps of the path are those that the text begins below."""


def header_choices(snapshot: Snapshot, cursor: HeaderCursor) -> list[Choice]:
    """Choices for the inside of a header, each with the closing bracket."""
    header = cursor.header
    choices = []
    for candidate in candidates(snapshot, cursor.typed, header):
        if header.array and not candidate.is_array:
            continue
        more: tuple[Edit, ...] = ()
        if candidate.is_array and not header.array:
            more = (Edit(Span(header.start, header.start), "["),)
        closing = "]]" if candidate.is_array else "]"
        choices.append(_choice(candidate, "", closing)._replace(more_edits=more))
    packages = _packages(snapshot, cursor) if grows(snapshot, cursor) else []
    if packages:  # what is typed is a name as well, but rarely the one that is meant
        typed = _DOT.sub(".", cursor.typed.strip())
        last = packages[-1].order + 1
        choices = [each._replace(order=last) if each.shown == typed else each for each in choices]
    return choices + packages


def grows(snapshot: Snapshot, cursor: HeaderCursor) -> bool:
    """Whether the header names a package, so that more of them may be known with every letter."""
    return not cursor.header.array and takes_names(snapshot, tuple(_parts(cursor)[:-1]))


def _parts(cursor: HeaderCursor) -> list[str]:
    return [part.strip("\"' ") for part in _DOT.split(cursor.typed.strip())]


def _packages(snapshot: Snapshot, cursor: HeaderCursor) -> list[Choice]:
    """Tables of dependencies that indexes know: ``[tool.poetry.dependencies.flask]``."""
    *above, typed = _parts(cursor)
    path = tuple(above)
    table = snapshot.document.get(*path)
    present = table.keys if isinstance(table, Table) else {}
    taken = {
        normalized_name(name) for name, key in present.items() if not _is_in(key, cursor.header)
    }
    base = ".".join(written_key(name) or name for name in above)
    return [
        each._replace(
            text=f"{escaped(base)}.{each.text}]",
            kind=Kind.TABLE,
            label=f"{base}.{each.label}",
            order=_order(path) + each.order,
        )
        for each in as_keys(snapshot, path, typed, taken, None, cursor.header.start)
    ]


def header_lines(snapshot: Snapshot) -> list[Choice]:
    """Choices for whole headers, to be written on an empty line."""
    choices = []
    for candidate in candidates(snapshot, "", None):
        opening, closing = ("[[", "]]") if candidate.is_array else ("[", "]")
        choices.append(_choice(candidate, opening, closing))
    return choices


def _choice(candidate: Candidate, opening: str, closing: str) -> Choice:
    names = [step for step in candidate.path if isinstance(step, str)]
    base = ".".join(written_key(name) or name for name in names[candidate.base :])
    text = escaped(base)
    label = base
    if candidate.placeholder:
        label = f"{base}.…{candidate.rest}"
        text = f"{text}.${{1:{candidate.placeholder}}}{candidate.rest}"
    doc = key_doc(tuple(names))
    return Choice(
        f"{opening}{text}{closing}",
        Kind.TABLE,
        label=f"{opening}{label}{closing}" if opening else label,
        detail=_detail(tuple(names), candidate),
        order=candidate.order,
        deprecated=bool(doc and doc.deprecated),
        raw=True,
        snippet=bool(candidate.placeholder),
        data=("key", *names),
    )


def _detail(path: TomlPath, candidate: Candidate) -> str:
    doc = key_doc(path)
    if candidate.is_array:
        return "one of several tables"
    return doc.since if doc is not None else ""


def candidates(snapshot: Snapshot, typed: str, current: Header | None) -> Iterator[Candidate]:
    """The tables that may get a header, in the order of the schema.

    `typed` opens the way into tables that are many: ``tool.poetry.dependencies.`` shows a table for
    each dependency. `current` is the header that is being written.
    """
    base = snapshot.document.base
    prefix = (*base, *(part.strip("\"' ") for part in _DOT.split(typed.strip())))
    node: Value | None = snapshot.document.root.get(*base) if base else snapshot.document.root
    shape = shape_of(base, snapshot.document.root)
    assert shape is not None
    for each in _below(snapshot, shape, base, node, prefix, current):
        yield each._replace(base=len(base))


def _below(
    snapshot: Snapshot,
    shape: Shape,
    path: TomlPath,
    node: Value | None,
    prefix: tuple[str, ...],
    current: Header | None,
) -> Iterator[Candidate]:
    """The tables below `path`; `node` is what stands there, if anything does."""
    if not _is_open(node):
        return
    table = node if isinstance(node, Table) else None
    for name, below in keys_of(shape, table).items():
        yield from _one(snapshot, below, (*path, name), _value(node, name), prefix, current)
    free = free_keys_of(shape)
    if free is None or table_shape(free) is None:
        return
    is_plain = isinstance(free, (TableOf, TableForms))
    is_typed = prefix[: len(path)] == path and len(prefix) > len(path)
    if not is_plain and not is_typed:
        return
    names: dict[str, None] = {}
    if table is not None and is_plain:
        names = dict.fromkeys(name for name, key in table.keys.items() if not _is_in(key, current))
    if is_typed or path == ("tool", "poetry", "group"):
        names.update(dict.fromkeys(free_names(snapshot, path)))
    part = prefix[len(path)] if is_typed and is_plain else ""
    is_begun = prefix[len(path) + 1 :] == () and any(name.startswith(part) for name in names)
    if part and not is_begun:
        names.setdefault(part)  # a new name, which may have tables below
    for name in filter(written_key, names):
        yield from _one(snapshot, free, (*path, name), _value(node, name), prefix, current)
    word = _PLACEHOLDERS.get(path)  # type: ignore[arg-type]
    if word:
        rest = ".dependencies" if path == ("tool", "poetry", "group") else ""
        yield Candidate(path, False, _order(path) + 6, word, rest)


def _one(
    snapshot: Snapshot,
    shape: Shape,
    path: TomlPath,
    node: Value | None,
    prefix: tuple[str, ...],
    current: Header | None,
) -> Iterator[Candidate]:
    array = array_shape(shape)
    table = table_shape(shape)
    if table is not None:
        order = _order(path) + (50 if isinstance(shape, OneOf) else 0)
        if _is_free(node, current) and path != ("tool",):
            yield Candidate(path, False, order)
        if isinstance(table, TableOf):
            yield from _below(snapshot, table, path, node, prefix, current)
    elif (
        array is not None
        and table_shape(array.item) is not None
        and (node is None or (isinstance(node, Array) and node.of_tables))
        and path[:1] != ("dependency-groups",)
    ):
        yield Candidate(path, True, _order(path))


def _order(path: TomlPath) -> int:
    if path[:2] == OWN:
        return 900 + len(path)
    doc = key_doc(path)
    late = 500 if doc is not None and doc.deprecated else 0
    first = _TOP.index(path[0]) if path and path[0] in _TOP else len(_TOP)
    usual = _USUAL.index(path) if path in _USUAL else 30 + len(path)
    if path[:3] == ("tool", "poetry", "group") and path[4:] == ("dependencies",):
        usual = 30
    return late + first * 100 + usual


def _value(node: Value | None, name: str) -> Value | None:
    return node.values.get(name) if isinstance(node, Table) else None


def _is_in(key: Key, current: Header | None) -> bool:
    """Whether a name is there only because the header that is being written has it."""
    return current is not None and current.start <= key.start < current.end


def _is_free(node: Value | None, current: Header | None) -> bool:
    """Whether a table that is `node` so far may still get a header of its own."""
    if node is None:
        return True
    if not isinstance(node, Table) or node.origin not in ("implicit", "header"):
        return False
    return not [header for header in node.headers if header is not current]


def _is_open(node: Value | None) -> bool:
    """Whether headers may add tables below."""
    return node is None or (
        isinstance(node, Table) and node.origin in ("root", "implicit", "header", "dotted")
    )
