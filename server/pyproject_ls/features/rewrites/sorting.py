"""Sort a list of dependencies."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.features.rewrites.action import REWRITE, Action, Request
from pyproject_ls.features.rewrites.layout import Chunk, chunk_of, comments_outside, is_closed
from pyproject_ls.project.dependencies import dependency_lists
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import cut
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Scalar, Value

Key = tuple[int, str, str]
Block = list[tuple[Key, Chunk]]


def offers(request: Request) -> Iterator[Action]:
    """Sort the list of PEP 508 strings that is touched, unless it is sorted."""
    for declared, node, _ in dependency_lists(request.snapshot.document):
        path = declared.path
        if isinstance(node, Array) and request.place.path[: len(path)] == path:
            edits = sorted_array(request.text, node)
            if edits:
                yield Action(f"Sort `{dotted(path)}`", REWRITE, edits)
            return


def sorted_array(text: str, array: Array) -> tuple[Edit, ...]:
    """The edits that sort `array` by normalised name; none where it is sorted or cannot be.

    Lines move with the comments above and behind them; a blank line begins a new block, and each
    block is sorted by itself. Where there are several blocks, a comment above the first item alone
    is the heading of its block, and stays. What is not a string (an include) comes last.
    """
    if array.of_tables or len(array.items) < 2 or not is_closed(array):
        return ()
    chunks = [chunk_of(text, Span(item.start, item.end)) for item in array.items]
    whole = [chunk for chunk in chunks if chunk is not None]
    if len(whole) == len(chunks) and _is_stack(whole, array):
        return tuple(_by_lines(text, array.items, whole))
    if comments_outside(text, array):
        return ()
    order = sorted(array.items, key=_key)
    return tuple(
        Edit(Span(slot.start, slot.end), text[item.start : item.end])
        for slot, item in zip(array.items, order, strict=True)
        if item is not slot
    )


def _key(item: Value) -> Key:
    if isinstance(item, Scalar) and item.kind == "string":
        return 0, cut(item.value).normalized, item.value.casefold()
    return 1, "", ""


def _is_stack(chunks: list[Chunk], array: Array) -> bool:
    """Whether each item has its own lines within the brackets, and a comma on them."""
    return chunks[0].start > array.start and all(chunk.comma for chunk in chunks[:-1])


def _by_lines(text: str, items: list[Value], chunks: list[Chunk]) -> Iterator[Edit]:
    blocks: list[Block] = []
    done = -1
    for item, chunk in zip(items, chunks, strict=True):
        if chunk.start != done:
            blocks.append([])
        blocks[-1].append((_key(item), chunk))
        done = chunk.end
    for block in blocks:
        first = block[0][1]
        is_heading = len(blocks) > 1 and all(each.start == each.line for _, each in block[1:])
        if is_heading:
            block[0] = (block[0][0], first._replace(start=first.line))
        yield from _sorted_block(text, block)


def _sorted_block(text: str, block: Block) -> Iterator[Edit]:
    order = sorted(block, key=lambda pair: pair[0])
    if order == block:
        return
    parts: list[str] = []
    for (_, slot), (_, chunk) in zip(block, order, strict=True):
        comma = "," if slot.comma else ""
        written = text[chunk.item.start : chunk.item.end]
        parts += (chunk.lead(text), chunk.indent(text), written, comma, chunk.tail, "\n")
    yield Edit(Span(block[0][1].start, block[-1][1].end), "".join(parts))
