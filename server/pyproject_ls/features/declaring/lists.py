"""Arrays of dependencies as text: an item comes in, an item goes, in the style of the others."""

from __future__ import annotations

from collections.abc import Sequence

from pyproject_ls.checks.edits import quoted, without_item
from pyproject_ls.features.rewrites.layout import (
    Chunk,
    chunk_of,
    indent_at,
    is_closed,
    line_start,
)
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import dependency_lists
from pyproject_ls.project.requirement import cut
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Document, Scalar, Value

INDENT = "    "

_SEPARATOR = lazy_pattern(r"[ \t]*,[ \t]*")


def with_item(document: Document, array: Array, value: str) -> tuple[Edit, ...]:
    """The edits that add the string `value`: in its place where the list is sorted, else last.

    Nothing where the array is not whole, or is one of tables.
    """
    text = document.text
    if array.of_tables or not is_closed(array):
        return ()
    written = _in_quotes(text, array.items, value)
    if not array.items:
        return _into_empty(document, array, written)
    at = position(array.items, value)
    chunks = [chunk_of(text, Span(item.start, item.end)) for item in array.items]
    whole = [chunk for chunk in chunks if chunk is not None]
    is_stack = (
        len(whole) == len(chunks)
        and whole[0].line > array.start
        and whole[-1].end < array.end
        and all(chunk.comma for chunk in whole[:-1])
    )
    return _line(text, array, whole, at, written) if is_stack else _inline(text, array, at, written)


def without(text: str, array: Array, index: int) -> tuple[Edit, ...]:
    """The edits that take the item `index` away, with the comment behind it on its own line.

    The last of several items takes the comma before it along if it had none itself, and the only
    one all lines, unless there are comments on them.
    """
    item = array.items[index]
    chunk = chunk_of(text, Span(item.start, item.end))
    if len(array.items) == 1:
        start, end = (chunk.line, chunk.end) if chunk is not None else (item.start, item.end)
        around = text[array.start + 1 : start] + text[end : array.end - 1]
        if not around.strip(" \t\r\n,"):
            return (Edit(Span(array.start, array.end), "[]"),)
    if chunk is None or chunk.line <= array.start or chunk.end > array.end:
        return (without_item(text, array, index),)
    gone = Edit(Span(chunk.line, chunk.end), "")
    if index and index + 1 == len(array.items) and not chunk.comma:
        before = array.items[index - 1].end
        comma = _SEPARATOR.match(text, before)
        if comma is not None and comma.end() <= chunk.line:
            end = before + len(comma.group().rstrip())
            return (Edit(Span(before, end), ""), gone)
    return (gone,)


def written_list(document: Document, value: str) -> str:
    """A new array with one string, as the other lists of the file are written."""
    if _are_inline(document):
        return f"[{quoted(value)}]"
    return f"[\n{INDENT}{quoted(value)},\n]"


def position(items: Sequence[Value], value: str) -> int:
    """Before which of `items` the string `value` belongs: behind the strings unless sorted."""
    keys = [
        (at, cut(item.value).normalized)
        for at, item in enumerate(items)
        if isinstance(item, Scalar) and item.kind == "string"
    ]
    names = [name for _, name in keys]
    if len(names) > 1 and names == sorted(names):
        key = cut(value).normalized
        following = next((at for at, name in keys if name > key), None)
        if following is not None:
            return following
    return keys[-1][0] + 1 if keys else len(items)


def in_quotes(value: str, neighbours: Sequence[str]) -> str:
    """`value` as a string, in single quotes if all of the written `neighbours` are."""
    singles = [each for each in neighbours if each[:1] in {"'", '"'}]
    if singles and all(each.startswith("'") for each in singles) and "'" not in value:
        return f"'{value}'"
    return quoted(value)


def _in_quotes(text: str, items: Sequence[Value], value: str) -> str:
    return in_quotes(value, [text[item.start : item.end] for item in items])


def _line(
    text: str, array: Array, chunks: Sequence[Chunk], at: int, written: str
) -> tuple[Edit, ...]:
    """A line of its own among `chunks`, the lines of all items."""
    if at < len(chunks):
        here = chunks[at]
        return (Edit(Span(here.start, here.start), f"{here.indent(text)}{written},\n"),)
    last = chunks[-1]
    if last.comma:
        return (Edit(Span(last.end, last.end), f"{last.indent(text)}{written},\n"),)
    end = last.item.end
    if "," in text[last.end : array.end]:  # a comma on a line of its own
        return _inline(text, array, at, written)
    return (
        Edit(Span(end, end), ","),
        Edit(Span(last.end, last.end), f"{last.indent(text)}{written}\n"),
    )


def _inline(text: str, array: Array, at: int, written: str) -> tuple[Edit, ...]:
    items = array.items
    separator = ", "
    if len(items) > 1:
        match = _SEPARATOR.fullmatch(text, items[0].end, items[1].start)
        separator = match.group() if match is not None else separator
    if at == 0:
        start = items[0].start
        return (Edit(Span(start, start), f"{written}{separator}"),)
    end = items[at - 1].end
    return (Edit(Span(end, end), f"{separator}{written}"),)


def _into_empty(document: Document, array: Array, written: str) -> tuple[Edit, ...]:
    text = document.text
    closing = line_start(text, array.end - 1)
    if closing > array.start and not text[closing : array.end - 1].strip(" \t"):
        indent = indent_at(text, array.start)
        return (Edit(Span(closing, closing), f"{indent}{INDENT}{written},\n"),)
    if _are_inline(document):
        return (Edit(Span(array.start, array.end), f"[{written}]"),)
    indent = indent_at(text, array.start)
    lines = f"[\n{indent}{INDENT}{written},\n{indent}]"
    return (Edit(Span(array.start, array.end), lines),)


def _are_inline(document: Document) -> bool:
    """Whether the lists of dependencies in the file stand on one line each."""
    text = document.text
    written = [
        text[node.start : node.end]
        for declared, node, _ in dependency_lists(document)
        if isinstance(node, Array) and node.items and declared.path[0] != "build-system"
    ]
    return bool(written) and not any("\n" in each for each in written)
