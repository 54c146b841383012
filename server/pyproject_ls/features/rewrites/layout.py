"""Lines around a value or statement: what has to go along when it moves, comments above all."""

from __future__ import annotations

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Header, Scalar, Table, Value

_BEHIND = lazy_pattern(r"(?P<comma>[ \t]*,)?(?P<tail>[ \t]*(?:#[^\r\n]*)?)(?:\r\n|\n|\r|\Z)")
_COMMENT_LINE = lazy_pattern(r"[ \t]*#[^\r\n]*(?:\r\n|\n|\r)")
_INDENT = lazy_pattern(r"[ \t]*")
_LONE_FEED = lazy_pattern(r"(?<!\r)\n")


class Chunk(NamedTuple):
    """The lines that belong to one item or statement, in code points.

    They begin at `start` with the comments above it and end at `end`, behind the line break.
    """

    start: int
    line: int
    """Where the line of the item itself begins."""
    item: Span
    comma: bool
    tail: str
    """What stands behind the item (and its comma) on its line: blanks and a comment."""
    end: int

    def lead(self, text: str) -> str:
        """The comment lines above the item."""
        return text[self.start : self.line]

    def indent(self, text: str) -> str:
        """The blanks before the item."""
        return text[self.line : self.item.start]


def line_start(text: str, offset: int) -> int:
    """Where the line of `offset` begins."""
    start = text.rfind("\n", 0, offset) + 1
    return max(start, text.rfind("\r", start, offset) + 1)


def line_above(text: str, start: int) -> int:
    """Where the line above the one that begins at `start` begins; 0 above the first."""
    return line_start(text, max(start - (2 if text[start - 2 : start] == "\r\n" else 1), 0))


def chunk_of(text: str, item: Span) -> Chunk | None:
    """The lines of `item`, or None where it shares its lines with something else."""
    line = line_start(text, item.start)
    behind = _BEHIND.match(text, item.end)
    if behind is None or text[line : item.start].strip(" \t"):
        return None
    start = line
    while start > 0:
        above = line_above(text, start)
        if _COMMENT_LINE.fullmatch(text, above, start) is None:
            break
        start = above
    return Chunk(start, line, item, bool(behind["comma"]), behind["tail"].rstrip(), behind.end())


def comments_outside(text: str, array: Array | Table) -> bool:
    """Whether comments stand in `array` outside of its items."""
    pieces = array.items if isinstance(array, Array) else array.entries
    done = array.start
    for piece in pieces:
        if "#" in text[done : piece.start]:
            return True
        done = piece.end
    return "#" in text[done : array.end]


def is_closed(node: Value | None) -> bool:
    """Whether the value and all values in it are whole."""
    if node is None:
        return False
    if isinstance(node, Scalar):
        return node.closed and node.kind != "invalid"
    below = node.items if isinstance(node, Array) else [entry.value for entry in node.entries]
    return node.closed and all(map(is_closed, below))


def end_of_section(text: str, header: Header) -> int:
    """The offset behind the last line that belongs to the statements of `header`.

    Comments below them that stand apart are not counted.
    """
    last = header.entries[-1] if header.entries else header
    behind = _BEHIND.match(text, last.end)
    return behind.end() if behind is not None else len(text)


def ends_line(text: str, offset: int) -> bool:
    """Whether `offset` lies at the beginning of a line, so that a line may be inserted there."""
    return offset == 0 or text[offset - 1] in "\r\n"


def as_line(text: str, offset: int, lines: str) -> str:
    """`lines`, to be inserted at `offset`: with a line break before if they would need one."""
    return lines if ends_line(text, offset) else "\n" + lines


def indent_at(text: str, offset: int) -> str:
    """The blanks at the beginning of the line of `offset`."""
    match = _INDENT.match(text, line_start(text, offset))
    return match.group() if match else ""


def with_line_ends(text: str, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    """`edits` of `text`, with carriage returns where the text has them."""
    if "\r\n" not in text:
        return edits
    return tuple(Edit(edit.span, _LONE_FEED.sub("\r\n", edit.text)) for edit in edits)
