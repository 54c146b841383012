"""Places in a text: offsets, lines and columns, and edits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyproject_ls.text import (
    Edit,
    Encoding,
    LineIndex,
    Span,
    apply_edits,
    edits_between,
)

ENCODINGS: tuple[Encoding, ...] = ("utf-8", "utf-16", "utf-32")

encodings = st.sampled_from(ENCODINGS)
characters = st.sampled_from(
    'ab ="[]#\n\n\r\r\t\f\x0b\x1c\u0085\u00e9\u20ac\u2028\u2029\U0001f600\ud800'
)
texts = st.lists(st.one_of(characters, st.just("\r\n")), max_size=40).map("".join)


def naive_lines(text: str) -> list[tuple[int, str]]:
    """The lines of a text with their starts, the slow and plain way."""
    lines, start = [], 0
    for match in re.finditer(r"\r\n|\r|\n", text):
        lines.append((start, text[start : match.start()]))
        start = match.end()
    return [*lines, (start, text[start:])]


def naive_width(text: str, encoding: Encoding) -> int:
    """The length of a text in the units of an encoding, by the definition of the encoding."""
    points = list(map(ord, text))
    if encoding == "utf-8":
        return sum(1 if n < 0x80 else 2 if n < 0x800 else 3 if n < 0x10000 else 4 for n in points)
    if encoding == "utf-16":
        return sum(2 if n > 0xFFFF else 1 for n in points)
    return len(points)


@given(texts)
def test_lines(text: str) -> None:
    index = LineIndex(text)
    lines = naive_lines(text)
    assert index.line_count == len(lines)
    for number, (start, content) in enumerate(lines):
        assert index.line_start(number) == start
        assert index.line_end(number) == start + len(content)
        assert index.line_text(number) == content


@given(texts, encodings)
def test_offset_to_position_and_back(text: str, encoding: Encoding) -> None:
    index = LineIndex(text)
    for number, (start, content) in enumerate(naive_lines(text)):
        for column in range(len(content) + 1):
            width = naive_width(content[:column], encoding)
            assert index.position(start + column, encoding) == (number, width)
            assert index.offset(number, width, encoding) == start + column


@given(texts, encodings, st.integers(-3, 50), st.integers(-3, 50))
def test_any_position_is_clamped(text: str, encoding: Encoding, line: int, column: int) -> None:
    """A place outside the text is the nearest inside it; inside a character, its start."""
    lines = naive_lines(text)
    if line < 0:
        expected = 0
    elif line >= len(lines):
        expected = len(text)
    else:
        start, content = lines[line]
        fitting = [
            count
            for count in range(len(content) + 1)
            if naive_width(content[:count], encoding) <= max(column, 0)
        ]
        expected = start + fitting[-1]
    assert LineIndex(text).offset(line, column, encoding) == expected


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_any_offset_is_clamped(encoding: Encoding) -> None:
    index = LineIndex("é\nb")
    assert index.position(-1, encoding) == (0, 0)
    assert index.position(99, encoding) == (1, 1)


@pytest.mark.parametrize(
    ("encoding", "column", "offset"),
    [
        ("utf-8", 3, 1),
        ("utf-8", 4, 1),
        ("utf-8", 5, 2),
        ("utf-16", 2, 1),
        ("utf-16", 3, 2),
        ("utf-32", 2, 2),
    ],
)
def test_a_column_inside_a_character_is_its_start(
    encoding: Encoding, column: int, offset: int
) -> None:
    assert LineIndex("a😀b").offset(0, column, encoding) == offset


def test_a_long_line_of_wide_characters_is_quick() -> None:
    line = "é😀" * 1_000_000
    index = LineIndex(line)
    for encoding in ENCODINGS:
        width = naive_width("é😀", encoding) * 1_000_000
        assert index.offset(0, width, encoding) == len(line)


def test_edits_are_applied_in_the_order_of_the_text() -> None:
    edits = [Edit(Span(4, 5), "Z"), Edit(Span(0, 1), "X"), Edit(Span(2, 2), "Y")]
    assert apply_edits("a b c", edits) == "X Yb Z"


def test_insertions_at_one_place_keep_their_order() -> None:
    assert apply_edits("ab", [Edit(Span(1, 1), "1"), Edit(Span(1, 1), "2")]) == "a12b"


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap at offset 1"):
        apply_edits("abc", [Edit(Span(0, 2), ""), Edit(Span(1, 3), "")])


@given(texts, texts)
def test_edits_between(old: str, new: str) -> None:
    assert apply_edits(old, edits_between(old, new)) == new


def test_edits_between_leave_other_lines_alone() -> None:
    old = "a = 1\nb = 2\nc = 3\nd = 4\n"
    edits = edits_between(old, old.replace("2", "22").replace("d = 4\n", ""))
    assert edits == [Edit(Span(6, 12), "b = 22\n"), Edit(Span(18, 24), "")]


def test_edits_between_equal_texts() -> None:
    assert edits_between("a\nb", "a\nb") == []
