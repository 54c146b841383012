"""Package sources as edits: declare one, take a dependency from one, make one explicit.

Poetry binds a dependency with ``source`` in its entry (an entry of ``[tool.poetry.dependencies]``
enriches one of ``[project]``), uv with ``index`` in ``[tool.uv.sources]``. PDM names the packages
of a source in the source itself, and is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pyproject_ls.checks.edits import delete_key, has_comment, quoted, statement_of
from pyproject_ls.checks.sources import Source, sources
from pyproject_ls.features.rewrites.layout import (
    as_line,
    chunk_of,
    comments_outside,
    end_of_section,
    indent_at,
    is_closed,
    line_start,
)
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import Manifest, as_string, as_table
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Document, Scalar, Table

SourceTool = Literal["poetry", "uv"]

ARRAYS: dict[SourceTool, tuple[str, str, str]] = {
    "poetry": ("tool", "poetry", "source"),
    "uv": ("tool", "uv", "index"),
}
"""Where each tool has its package sources."""

_POETRY_HOMES = frozenset({Home.POETRY, Home.POETRY_DEV, Home.POETRY_GROUP})
_LISTS = frozenset({Home.PROJECT, Home.EXTRA, Home.GROUP})
_ELSEWHERE = frozenset({"git", "path", "file", "url"})
"""Keys of a dependency that comes from no index."""

_BARE = lazy_pattern(r"[A-Za-z0-9_-]+")

Edits = tuple[Edit, ...]


class PackageSource(NamedTuple):
    """A declared source that dependencies can name."""

    tool: SourceTool
    name: str
    table: Table


def package_sources(document: Document) -> Iterator[PackageSource]:
    """Every source of Poetry and uv that has a name, in the order of the text."""
    for tool, path in ARRAYS.items():
        node = document.get(*path)
        for item in node.items if isinstance(node, Array) else ():
            name = as_string(item.values.get("name")) if isinstance(item, Table) else None
            if isinstance(item, Table) and name is not None and name.closed and name.value:
                yield PackageSource(tool, name.value, item)


def tool_of(manifest: Manifest) -> SourceTool | None:
    """The tool whose sources the project has, or would have; None where it is neither."""
    if manifest.uses_poetry:
        return "poetry"
    has_uv = manifest.document.get("tool", "uv") is not None
    return "uv" if has_uv or (manifest.build_backend or "").startswith("uv_build") else None


# Take a dependency from a source


def bound(manifest: Manifest, dependency: Dependency, source: PackageSource) -> Edits:
    """The edits after which the package of `dependency` is taken from `source`.

    Nothing where it is already, or where its form allows no source. Line ends are line feeds.
    """
    requirement = dependency.requirement
    if dependency.normalized in {"", "python"} or (requirement and requirement.url is not None):
        return ()
    home = dependency.declared.home
    if source.tool == "uv":
        if home in _LISTS or home is Home.UV:
            return _in_uv(manifest.document, dependency, source)
    elif home in _POETRY_HOMES:
        return _in_entry(manifest.document.text, dependency, source)
    elif home in _LISTS:
        return _beside(manifest, dependency, source)
    return ()


def _in_entry(text: str, dependency: Dependency, source: PackageSource) -> Edits:
    """Bind a Poetry entry: its string becomes a table, its table gets the key."""
    node = dependency.node
    if isinstance(node, Scalar):
        if node.kind != "string" or not node.closed:
            return ()
        written = text[node.start : node.end]
        new = f"{{ version = {written}, source = {quoted(source.name)} }}"
        return (Edit(node.span, new),)
    if not isinstance(node, Table) or _ELSEWHERE & node.values.keys():
        return ()
    present = dependency.text_option("source")
    if present is not None and present.value.lower() == source.name.lower():
        return ()
    return _set(text, node, "source", quoted(source.name))


def _beside(manifest: Manifest, dependency: Dependency, source: PackageSource) -> Edits:
    """Bind a dependency of the standard's lists: Poetry's own table says where it comes from."""
    declared = dependency.declared
    path: tuple[str, ...] = ("tool", "poetry", "dependencies")
    if declared.home is Home.GROUP:
        path = ("tool", "poetry", "group", declared.group, "dependencies")
    beside = [
        each
        for each in manifest.dependencies
        if each.declared.path == path and each.normalized == dependency.normalized
    ]
    if beside:
        return _in_entry(manifest.document.text, beside[0], source) if len(beside) == 1 else ()
    statement = f"{_key(dependency.name)} = {{ source = {quoted(source.name)} }}"
    return _in_table(manifest.document, path, statement, source)


def _in_uv(document: Document, dependency: Dependency, source: PackageSource) -> Edits:
    path = ("tool", "uv", "sources")
    table = as_table(document.get(*path))
    for name, node in table.values.items() if table is not None else ():
        if normalized_name(name) != dependency.normalized:
            continue
        if not isinstance(node, Table) or "index" not in node.values:
            return ()  # another kind of source, or several
        present = as_string(node.values["index"])
        if present is not None and present.value == source.name:
            return ()
        return _set(document.text, node, "index", quoted(source.name))
    statement = f"{_key(dependency.name)} = {{ index = {quoted(source.name)} }}"
    return _in_table(document, path, statement, source)


def _in_table(
    document: Document, path: tuple[str, ...], statement: str, source: PackageSource
) -> Edits:
    """Add `statement` to the table at `path`, or such a table, above the sources."""
    text = document.text
    table = document.get(*path)
    if table is not None and not (isinstance(table, Table) and table.origin == "implicit"):
        return _add(text, table, statement) if isinstance(table, Table) else ()
    if not _is_open(document, path[:-1]):
        return ()
    header = f"[{'.'.join(map(_key, path))}]"
    first = document.get(*ARRAYS[source.tool])
    if isinstance(first, Array) and first.of_tables:
        chunk = chunk_of(text, first.items[0].span)
        at = chunk.start if chunk is not None else line_start(text, first.start)
        return (Edit(Span(at, at), f"{header}\n{statement}\n\n"),)
    return _at_end(document, ("tool", source.tool), f"{header}\n{statement}\n")


# Make a source explicit


def made_explicit(document: Document, source: PackageSource) -> Edits:
    """The edits after which only dependencies that name `source` are looked up there.

    Nothing where it is so already, and where the other packages would be left without an index, or
    with another one than before: the only primary source of Poetry stands in for PyPI.
    """
    text, table = document.text, source.table
    if source.tool == "uv":
        if any(
            isinstance(node, Scalar) and node.value is True
            for node in (table.values.get("default"), table.values.get("explicit"))
        ):
            return ()
        return _set(text, table, "explicit", "true")
    declared = sources(document)
    own = next((each for each in declared if each.table is table), None)
    if own is None or own.is_pypi or {"default", "secondary"} & table.values.keys():
        return ()
    others = [each for each in declared if each is not own]
    has_primary = any(each.has_priority("primary") for each in others)
    has_pypi = any(each.is_pypi for each in others)
    if own.has_priority("supplemental"):
        allowed = has_primary or not has_pypi
    else:
        allowed = own.has_priority("primary") and has_primary
    return _set(text, table, "priority", quoted("explicit")) if allowed else ()


# Declare a source


def new_source(
    document: Document, tool: SourceTool, name: str, url: str, priority: str = "explicit"
) -> Edits:
    """The edit that declares a source behind the others of `tool`, or behind its tables.

    `priority` is one of Poetry's ("" for none); for uv "explicit" and "primary" become its
    ``explicit`` and ``default``. Nothing where the sources are written so that none can be added.
    """
    lines = [f"name = {quoted(name)}", f"url = {quoted(url)}"]
    if tool == "poetry" and priority:
        lines.append(f"priority = {quoted(priority)}")
    elif tool == "uv" and priority in {"explicit", "primary"}:
        lines.append(f"{'explicit' if priority == 'explicit' else 'default'} = true")
    path = ARRAYS[tool]
    present = document.get(*path)
    if present is not None and not (isinstance(present, Array) and present.of_tables):
        return ()
    if not _is_open(document, path[:2]):
        return ()
    block = "".join(f"{line}\n" for line in (f"[[{'.'.join(path)}]]", *lines))
    return _at_end(document, path if present is not None else path[:2], block)


def todays_priority(text: str, source: Source) -> Edits:
    """The edits that write ``default = true`` and ``secondary = true`` of Poetry 1 as a priority.

    A default source is a primary one now, a secondary one comes closest to a supplemental one.
    What is false says nothing, and goes.
    """
    old = [name for name in ("default", "secondary") if name in source.table.values]
    entries = {name: statement_of(source.table, name) for name in old}
    priority = ""
    for name in old:
        node, entry = source.table.values[name], entries[name]
        if not isinstance(node, Scalar) or node.kind != "boolean" or entry is None:
            return ()
        if node.value and not priority:
            priority = "primary" if name == "default" else "supplemental"
    edits: list[Edit] = []
    has_one = source.priority is not None
    for name in old:
        entry = entries[name]
        assert entry is not None
        if priority and not has_one:
            edits.append(Edit(entry.span, f"priority = {quoted(priority)}"))
            has_one = True
        else:
            deleted = delete_key(text, source.table, name)
            if not deleted:
                return ()
            edits += deleted
    return tuple(edits)


# Pieces


def _is_open(document: Document, path: tuple[str, ...]) -> bool:
    """Whether a header may open a table below `path`: what is closed by braces stays closed."""
    steps = (document.get(*path[:length]) for length in range(1, len(path) + 1))
    return all(
        node is None or (isinstance(node, Table) and node.origin != "inline") for node in steps
    )


def _set(text: str, table: Table, name: str, value: str) -> Edits:
    """Give the key `name` of `table` this value, whether it is there or not."""
    if name not in table.values:
        return _add(text, table, f"{name} = {value}")
    entry = statement_of(table, name)
    if entry is None or not is_closed(entry.value) or entry.value is None:
        return ()
    if has_comment(text, Span(entry.value.start, entry.value.end)):
        return ()
    return (Edit(Span(entry.value.start, entry.value.end), value),)


def _add(text: str, table: Table, statement: str) -> Edits:
    """Add a statement behind those of `table`."""
    if table.origin == "inline":
        if not is_closed(table):
            return ()
        if table.entries:
            at = table.entries[-1].end
            return (Edit(Span(at, at), f", {statement}"),)
        if comments_outside(text, table):
            return ()
        return (Edit(table.span, f"{{ {statement} }}"),)
    if len(table.headers) != 1:
        return ()
    header = table.headers[0]
    at = end_of_section(text, header)
    line = f"{indent_at(text, header.start)}{statement}\n"
    return (Edit(Span(at, at), as_line(text, at, line)),)


def _at_end(document: Document, path: tuple[str, ...], block: str) -> Edits:
    """Put `block` behind the last section at or below `path`, with blank lines around it."""
    text = document.text
    below = [
        header
        for header in document.headers
        if tuple(key.text for key in header.path[: len(path)]) == path
    ]
    if not below:
        stripped = text.rstrip("\r\n")
        blank = "\n" if stripped.strip("\ufeff") and not text.endswith(("\n\n", "\n\r\n")) else ""
        return (Edit(Span(len(text), len(text)), as_line(text, len(text), blank + block)),)
    at = end_of_section(text, below[-1])
    rest = text[at:]
    end = at if rest.strip() else len(text)
    after = "\n" if rest.strip() and not rest.startswith(("\n", "\r\n")) else ""
    return (Edit(Span(at, end), as_line(text, at, f"\n{block}{after}")),)


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else quoted(name)
