"""Tables as text: a statement comes in, a path goes, however the table is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyproject_ls.checks.edits import delete_key, quoted
from pyproject_ls.features.rewrites.layout import (
    as_line,
    chunk_of,
    end_of_section,
    indent_at,
    is_closed,
    line_above,
    line_start,
)
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Document, Entry, Header, Table

Path = tuple[str, ...]

_BARE = lazy_pattern(r"[A-Za-z0-9_-]+")
_REST_OF_LINE = lazy_pattern(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_EQUALS = lazy_pattern(r"[ \t]*=[ \t]*")


class Row(NamedTuple):
    """A statement by its full path: the section it stands in, the statement."""

    path: Path
    header: Header
    entry: Entry


def key(name: str) -> str:
    """`name` as a key, in quotes where it needs them."""
    return name if _BARE.fullmatch(name) else quoted(name)


def keys(path: Sequence[str]) -> str:
    """`path` as a dotted key."""
    return ".".join(map(key, path))


def with_statement(
    document: Document, path: Path, name: str, value: str, *, is_sorted: bool = False
) -> tuple[Edit, ...]:
    """The edits that set the new key `name` of the table at `path`; there need not be one yet.

    With `is_sorted` it goes to its place in a table that is sorted, and behind the others else.
    Nothing where the table is written so that none can be added.
    """
    table = document.get(*path)
    if table is not None and not isinstance(table, Table):
        return ()
    if table is not None and table.origin == "inline":
        return _into_inline(document.text, table, f"{key(name)} = {value}")
    for header in document.headers:
        if _names(header) == path and not header.array:
            return _into_section(document.text, header, name, value, is_sorted)
    last = [row for row in rows(document) if row.path[:-1] == path]
    if last:
        return _beside_dotted(document.text, last[-1], name, value)
    if not _is_open(document, path):
        return ()
    return _new_section(document, path, f"{key(name)} = {value}\n")


def without_path(document: Document, path: Path) -> tuple[Edit, ...]:
    """The edits that take away all that defines the value at `path`: statements and sections.

    Comments behind the statements go along, those on lines of their own stay. Nothing where it
    stands in an inline table that has comments inside (only TOML 1.1 has these).
    """
    text, size = document.text, len(path)
    edits: list[Edit] = []
    for header in document.headers:
        names = _names(header)
        if names[:size] == path and names:
            edits.append(_line_edit(text, header.span, with_blank=True))
            edits += (_line_edit(text, entry.span) for entry in header.entries)
            continue
        for entry in header.entries:
            full = (*names, *(each.text for each in entry.path))
            if full[:size] == path:
                edits.append(_line_edit(text, entry.span))
            elif full == path[: len(full)] and isinstance(entry.value, Table):
                edits += _out_of_inline(text, entry.value, path[len(full) :])
    return tuple(edits)


def rows(document: Document) -> Iterator[Row]:
    """Every statement of the document under a header, with its full path."""
    for header in document.headers:
        if not header.array:
            names = _names(header)
            for entry in header.entries:
                yield Row((*names, *(each.text for each in entry.path)), header, entry)


def _names(header: Header) -> Path:
    return tuple(each.text for each in header.path)


def _out_of_inline(text: str, table: Table, path: Path) -> tuple[Edit, ...]:
    if len(path) == 1:
        return delete_key(text, table, path[0])
    for entry in table.entries:
        names = tuple(each.text for each in entry.path)
        if names == path[: len(names)] and isinstance(entry.value, Table):
            return _out_of_inline(text, entry.value, path[len(names) :])
    return ()


def _line_edit(text: str, span: Span, *, with_blank: bool = False) -> Edit:
    """Delete the lines of `span`; with a blank line above them, if one is to stay below."""
    start = line_start(text, span.start)
    rest = _REST_OF_LINE.match(text, span.end)
    end = rest.end() if rest is not None else span.end
    if with_blank and start:
        above = line_above(text, start)
        if not text[above:start].strip():
            start = above
    return Edit(Span(start, end), "")


def _into_inline(text: str, table: Table, statement: str) -> tuple[Edit, ...]:
    if not is_closed(table):
        return ()
    if table.entries:
        at = table.entries[-1].end
        return (Edit(Span(at, at), f", {statement}"),)
    return (Edit(table.span, f"{{ {statement} }}"),)


def _into_section(
    text: str, header: Header, name: str, value: str, is_sorted: bool
) -> tuple[Edit, ...]:
    entries = header.entries
    equals = " = "
    if entries and entries[-1].value is not None:
        written = text[entries[-1].path[-1].end : entries[-1].value.start]
        equals = "=" if _EQUALS.fullmatch(written) and written == "=" else equals
    at = _place(entries, name) if is_sorted else None
    if at is not None:
        chunk = chunk_of(text, entries[at].span)
        if chunk is not None:
            line = f"{chunk.indent(text)}{key(name)}{equals}{value}\n"
            return (Edit(Span(chunk.start, chunk.start), line),)
    end = end_of_section(text, header)
    indent = indent_at(text, entries[-1].start if entries else header.start)
    return (Edit(Span(end, end), as_line(text, end, f"{indent}{key(name)}{equals}{value}\n")),)


def _place(entries: Sequence[Entry], name: str) -> int | None:
    """Before which statement `name` belongs, ``python`` aside; None where they are not sorted."""
    names = [(at, entry.path[0].text.lower()) for at, entry in enumerate(entries) if entry.path]
    names = [(at, text) for at, text in names if text != "python"]
    written = [text for _, text in names]
    if len(written) < 2 or written != sorted(written):
        return None
    return next((at for at, text in names if text > name.lower()), None)


def _beside_dotted(text: str, row: Row, name: str, value: str) -> tuple[Edit, ...]:
    """A statement behind ``a.b = 1``, with the same path in front."""
    entry = row.entry
    if len(entry.path) < 2:
        return ()
    prefix = text[entry.path[0].start : entry.path[-2].end]
    rest = _REST_OF_LINE.match(text, entry.end)
    end = rest.end() if rest is not None else entry.end
    line = f"{indent_at(text, entry.start)}{prefix}.{key(name)} = {value}\n"
    return (Edit(Span(end, end), as_line(text, end, line)),)


def _is_open(document: Document, path: Path) -> bool:
    """Whether a header may open a table at `path`: what is closed stays closed."""
    steps = [document.get(*path[:length]) for length in range(1, len(path) + 1)]
    return all(
        node is None or (isinstance(node, Table) and node.origin in {"header", "implicit", "root"})
        for node in steps
    )


def _new_section(document: Document, path: Path, body: str) -> tuple[Edit, ...]:
    """A section behind its relatives: those below the same two steps, the same step, the project's.

    Otherwise at the end; with blank lines around it.
    """
    text = document.text
    block = f"[{keys(path)}]\n{body}"
    for near in (path[:3], path[:2], path[:1], ("project",)):
        below = [each for each in document.headers if _names(each)[: len(near)] == near]
        if below and near != ("tool",):
            return _behind(text, below[-1], block)
    blank = "\n" if text.strip("\ufeff\r\n") and not text.endswith(("\n\n", "\n\r\n")) else ""
    end = len(text)
    return (Edit(Span(end, end), as_line(text, end, blank + block)),)


def _behind(text: str, header: Header, block: str) -> tuple[Edit, ...]:
    at = end_of_section(text, header)
    rest = text[at:]
    end = at if rest.strip() else len(text)
    after = "\n" if rest.strip() and not rest.startswith(("\n", "\r\n")) else ""
    return (Edit(Span(at, end), as_line(text, at, f"\n{block}{after}")),)
