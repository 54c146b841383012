"""Move a dependency between the main list, the groups and the extras."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.edits import statement_of, without_item
from pyproject_ls.features.rewrites.action import MOVE, Action, Request
from pyproject_ls.features.rewrites.layout import (
    as_line,
    chunk_of,
    comments_outside,
    end_of_section,
    indent_at,
    is_closed,
    line_start,
)
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Declared, Dependency, Home, dependency_lists
from pyproject_ls.project.manifest import as_table, strings
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Header, Table

LISTS = frozenset({Home.PROJECT, Home.EXTRA, Home.GROUP})
TABLES = frozenset({Home.POETRY, Home.POETRY_DEV, Home.POETRY_GROUP})
MAX_TARGETS = 12
INDENT = "    "


class _Cut(NamedTuple):
    """A declaration, taken out: its text, the comments above and behind it, the edit."""

    written: str
    lead: tuple[str, ...]
    tail: str
    edit: Edit


def offers(request: Request) -> Iterator[Action]:
    """A move of the touched dependency to each list of the same form that does not have it."""
    dependency = request.dependency
    if dependency is None or not dependency.normalized:
        return
    if dependency.declared.home in LISTS and dependency.requirement is not None:
        moves = _between_lists(request, dependency)
    elif dependency.declared.home in TABLES and _may_move(request, dependency):
        moves = _between_tables(request, dependency)
    else:
        return
    for count, (target, edits) in enumerate(moves):
        if count == MAX_TARGETS:
            return
        yield Action(f"Move `{dependency.name}` to {target}", MOVE, tuple(edits))


def _between_lists(
    request: Request, dependency: Dependency
) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    text, document = request.text, request.snapshot.document
    source = document.get(*(str(step) for step in dependency.declared.path))
    if not isinstance(source, Array) or not is_closed(source):
        return
    cut = _cut_item(text, source, dependency)
    has_main = has_groups = False
    having = _having(request, dependency)
    for declared, node, _ in dependency_lists(document):
        has_main |= declared.home is Home.PROJECT
        has_groups |= declared.home is Home.GROUP
        if declared.home not in LISTS or node is source or not isinstance(node, Array):
            continue
        if node.of_tables or declared.path in having or not is_closed(node):
            continue
        added = _added(text, node, cut)
        if added:
            yield _called(declared), (cut.edit, *added)
    block = "".join((*(f"{INDENT}{line}\n" for line in cut.lead), f"{INDENT}{cut.written},"))
    manifest = request.snapshot.manifest
    headers = manifest.project.headers if manifest.project is not None else []
    if not has_main and headers and "dependencies" not in manifest.dynamic:
        at = end_of_section(text, headers[0])
        lines = as_line(text, at, f"dependencies = [\n{block}{cut.tail}\n]\n")
        yield "`project.dependencies`", (cut.edit, Edit(Span(at, at), lines))
    if not has_groups and "dependency-groups" not in document.root.values:
        end = len(text)
        lines = f"\n[dependency-groups]\ndev = [\n{block}{cut.tail}\n]\n"
        yield "a new group `dev`", (cut.edit, Edit(Span(end, end), as_line(text, end, lines)))


def _called(declared: Declared) -> str:
    if declared.home in {Home.PROJECT, Home.POETRY}:
        return f"`{'.'.join(str(step) for step in declared.path)}`"
    return f"the {'extra' if declared.home is Home.EXTRA else 'group'} `{declared.group}`"


def _having(request: Request, dependency: Dependency) -> set[TomlPath]:
    """The paths of the lists that have the package already."""
    return {
        each.declared.path
        for each in request.snapshot.manifest.dependencies
        if each.normalized == dependency.normalized
    }


def _cut_item(text: str, array: Array, dependency: Dependency) -> _Cut:
    item = dependency.node
    written = text[item.start : item.end]
    chunk = chunk_of(text, Span(item.start, item.end))
    if chunk is not None and chunk.start > array.start and chunk.end < array.end:
        lead = tuple(line.strip() for line in chunk.lead(text).splitlines())
        return _Cut(written, lead, chunk.tail, Edit(Span(chunk.start, chunk.end), ""))
    assert isinstance(dependency.where, int)
    return _Cut(written, (), "", without_item(text, array, dependency.where))


def _added(text: str, array: Array, cut: _Cut) -> tuple[Edit, ...]:
    """The edits that add what was cut behind the last item; none where there is no good place."""
    chunk = None
    if array.items:
        last = array.items[-1]
        chunk = chunk_of(text, Span(last.start, last.end))
        if chunk is not None and chunk.start > array.start:
            if not chunk.comma and "," in text[chunk.end : array.end]:
                return ()
            comma = () if chunk.comma else (Edit(Span(last.end, last.end), ","),)
            lines = _lines(cut, chunk.indent(text))
            return (*comma, Edit(Span(chunk.end, chunk.end), lines))
    if comments_outside(text, array):
        return ()
    if cut.lead or cut.tail:  # a comment needs a line that ends with it
        indent = indent_at(text, array.start)
        items = "".join(f"{indent}{INDENT}{text[each.start : each.end]},\n" for each in array.items)
        lines = f"[\n{items}{_lines(cut, indent + INDENT)}{indent}]"
        return (Edit(Span(array.start, array.end), lines),)
    if not array.items:
        return (Edit(Span(array.start, array.end), f"[{cut.written}]"),)
    at = array.items[-1].end
    return (Edit(Span(at, at), f", {cut.written}"),)


def _lines(cut: _Cut, indent: str) -> str:
    lead = "".join(f"{indent}{line}\n" for line in cut.lead)
    return f"{lead}{indent}{cut.written},{cut.tail}\n"


def _may_move(request: Request, dependency: Dependency) -> bool:
    """Whether the Poetry entry is one declaration that no extra refers to."""
    if dependency.requirement is not None or not isinstance(dependency.where, str):
        return False
    if dependency.normalized == "python" or dependency.option("optional") is not None:
        return False
    extras = as_table(request.snapshot.document.get("tool", "poetry", "extras"))
    return extras is None or not any(
        normalized_name(name.value) == dependency.normalized
        for members in extras.values.values()
        for name in strings(members)
    )


def _between_tables(
    request: Request, dependency: Dependency
) -> Iterator[tuple[str, tuple[Edit, ...]]]:
    text, document = request.text, request.snapshot.document
    node, has_groups = dependency.node, False
    own = isinstance(node, Table) and node.origin == "header"
    source = as_table(document.get(*(str(step) for step in dependency.declared.path)))
    cut = None if own or source is None else _cut_entry(text, source, dependency)
    if cut is None and not (own and isinstance(node, Table) and _is_alone(node)):
        return
    having = _having(request, dependency)
    for declared, table, is_poetry in dependency_lists(document):
        has_groups |= declared.home in {Home.POETRY_GROUP, Home.GROUP, Home.POETRY_DEV}
        if not is_poetry or declared.home not in {Home.POETRY, Home.POETRY_GROUP}:
            continue
        if table is source or not isinstance(table, Table) or len(table.headers) != 1:
            continue
        if declared.path not in having:
            yield _called(declared), _moved(text, dependency, cut, table.headers[0])
    if not has_groups and cut is not None:
        end = len(text)
        lines = "".join(f"{line}\n" for line in (*cut.lead, cut.written + cut.tail))
        table_text = f"\n[tool.poetry.group.dev.dependencies]\n{lines}"
        edit = Edit(Span(end, end), as_line(text, end, table_text))
        yield "a new group `dev`", (cut.edit, edit)


def _is_alone(table: Table) -> bool:
    """Whether one header opens the table, and no other one a part of it."""
    below = [each for each in table.values.values() if isinstance(each, Table)]
    return len(table.headers) == 1 and not any(each.headers for each in below)


def _cut_entry(text: str, table: Table, dependency: Dependency) -> _Cut | None:
    entry = statement_of(table, str(dependency.where))
    if entry is None or table.origin != "header" or not is_closed(entry.value):
        return None
    chunk = chunk_of(text, entry.span)
    if chunk is None:
        return None
    lead = tuple(line.strip() for line in chunk.lead(text).splitlines())
    written = text[entry.start : entry.end]
    return _Cut(written, lead, chunk.tail, Edit(Span(chunk.start, chunk.end), ""))


def _moved(text: str, dependency: Dependency, cut: _Cut | None, target: Header) -> tuple[Edit, ...]:
    if cut is None:
        assert isinstance(dependency.node, Table)
        keys = dependency.node.headers[0].path
        path = text[target.path[0].start : target.path[-1].end]
        return (Edit(Span(keys[0].start, keys[-2].end), path),)
    at = end_of_section(text, target)
    indent = text[line_start(text, target.start) : target.start]
    lines = "".join(f"{indent}{line}\n" for line in (*cut.lead, cut.written + cut.tail))
    return (cut.edit, Edit(Span(at, at), as_line(text, at, lines)))
