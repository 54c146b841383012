r"""Places in a text: spans, edits, and the way between offsets and lines.

Offsets count code points from the start of the text and are half-open:
``text[span.start:span.end]``. A line ends at ``\n``, ``\r\n`` or a lone ``\r``, as the Language
Server Protocol has it; U+2028, U+0085 and form feeds are ordinary characters.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate
from typing import Literal

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

Encoding = Literal["utf-8", "utf-16", "utf-32"]
"""How a column is counted: in bytes, in UTF-16 code units, or in code points."""

_LINE_END = lazy_pattern(r"\r\n|\n|\r")


class Span(NamedTuple):
    """A half-open stretch of a text, in code points."""

    start: int
    end: int

    def shifted(self, by: int) -> Span:
        """The same stretch, `by` code points further on."""
        return Span(self.start + by, self.end + by)


class Edit(NamedTuple):
    """Replace the text under `span` by `text`."""

    span: Span
    text: str

    def shifted(self, by: int) -> Edit:
        """The same edit, `by` code points further on."""
        return Edit(self.span.shifted(by), self.text)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """`text` after all `edits`, whose spans count in the original text.

    Raises ValueError where two edits overlap; edits that insert at one place keep their order.
    """
    parts: list[str] = []
    done = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        if edit.span.start < done:
            raise ValueError(f"edits overlap at offset {edit.span.start}")
        parts += (text[done : edit.span.start], edit.text)
        done = edit.span.end
    parts.append(text[done:])
    return "".join(parts)


def edits_between(old: str, new: str) -> list[Edit]:
    """Edits of whole lines that make `old` into `new`, none where they are equal."""
    from difflib import SequenceMatcher

    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, before))]
    same = 0  # left to the matcher, the common beginning of a long file would take long
    shorter = min(len(before), len(after))
    while same < shorter and before[same] == after[same]:
        same += 1
    tail = 0
    while tail < shorter - same and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    matcher = SequenceMatcher(
        None, before[same : len(before) - tail], after[same : len(after) - tail], autojunk=False
    )
    return [
        Edit(Span(starts[same + i], starts[same + j]), "".join(after[same + k : same + m]))
        for kind, i, j, k, m in matcher.get_opcodes()
        if kind != "equal"
    ]


class LineIndex:
    """Turns offsets of one text into (line, column) and back; both count from 0.

    Every method clamps: a place outside the text becomes the nearest place inside it.
    """

    __slots__ = ("_ascii", "_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._ascii = text.isascii()
        self._starts = _line_starts(text)

    @property
    def line_count(self) -> int:
        """The number of lines; a text that ends in a line break has an empty last line."""
        return len(self._starts)

    def line_start(self, line: int) -> int:
        """The offset at which `line` begins."""
        return self._starts[min(max(line, 0), len(self._starts) - 1)]

    def line_end(self, line: int) -> int:
        """The offset at which `line` ends, before its line break."""
        if line + 1 >= len(self._starts):
            return len(self._text)
        end = self._starts[max(line, 0) + 1]
        while end > self._starts[max(line, 0)] and self._text[end - 1] in "\r\n":
            end -= 1
        return end

    def line_text(self, line: int) -> str:
        """The text of `line` without its line break."""
        return self._text[self.line_start(line) : self.line_end(line)]

    def position(self, offset: int, encoding: Encoding = "utf-32") -> tuple[int, int]:
        """The line and column of `offset`, the column counted in `encoding`."""
        offset = min(max(offset, 0), len(self._text))
        line = bisect_right(self._starts, offset) - 1
        start = self._starts[line]
        if self._ascii or encoding == "utf-32":
            return line, offset - start
        return line, _width(self._text[start:offset], encoding)

    def offset(self, line: int, column: int, encoding: Encoding = "utf-32") -> int:
        """The offset of a line and column; a column past the end of its line is the line's end.

        A column inside a character (a surrogate pair, a UTF-8 sequence) is the character's start.
        """
        if line < 0:
            return 0
        if line >= len(self._starts):
            return len(self._text)
        start, end = self._starts[line], self.line_end(line)
        column = max(column, 0)
        if self._ascii or encoding == "utf-32":
            return min(start + column, end)
        return start + _characters(self._text[start:end], column, encoding)


def _line_starts(text: str) -> list[int]:
    """The offsets at which the lines of `text` begin."""
    if "\r" in text and text.count("\r") != text.count("\r\n"):  # a lone one ends a line too
        return [0, *(match.end() for match in _LINE_END.finditer(text))]
    starts = [0]  # five times as fast as the expression
    starts += accumulate([len(line) + 1 for line in text.split("\n")])
    starts.pop()
    return starts


def _width(text: str, encoding: Encoding) -> int:
    """The length of `text` in the units of `encoding`; a lone surrogate counts as its own size."""
    if encoding == "utf-32" or text.isascii():
        return len(text)
    if encoding == "utf-8":
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _characters(line: str, width: int, encoding: Encoding) -> int:
    """How many whole characters of `line` fit into `width` units of `encoding`."""
    if line[:width].isascii():
        return min(width, len(line))
    try:
        data = line.encode(encoding if encoding == "utf-8" else "utf-16-le")
    except UnicodeEncodeError:  # lone surrogates: they would decode otherwise than they were
        return _characters_one_by_one(line, width, encoding)
    if encoding == "utf-8":
        while width < len(data) and data[width] & 0xC0 == 0x80:  # inside a sequence
            width -= 1
        return len(data[:width].decode())
    cut = 2 * width
    if cut < len(data) and data[cut + 1] & 0xFC == 0xDC:  # between the halves of a pair
        cut -= 2
    return len(data[:cut].decode("utf-16-le"))


def _characters_one_by_one(line: str, width: int, encoding: Encoding) -> int:
    for count, character in enumerate(line):
        width -= _width(character, encoding)
        if width < 0:
            return count
    return len(line)
