"""From places in the decoded value of a string back to places in the text."""

from __future__ import annotations

from pyproject_ls.text import Span
from pyproject_ls.toml.nodes import Key, Scalar
from pyproject_ls.toml.scalars import ESCAPE, decode_escape


def source_span(text: str, scalar: Scalar | Key, start: int, end: int) -> Span:
    """Where ``value[start:end]`` of a string stands in `text`.

    `scalar` is a string or a key of `text`; `start` and `end` count code points of its decoded
    value and are clamped to it. The result counts code points of `text`. Escapes are whole: a
    decoded character is the whole escape that stands for it. What stands for nothing (a
    line-ending backslash) is outside the span at its edges. An empty span is empty in the text.
    """
    value = scalar.text if isinstance(scalar, Key) else scalar.value
    if not isinstance(value, str):
        return Span(scalar.start, scalar.end)
    size = len(value)
    if not 0 <= start <= end <= size:
        start = min(max(start, 0), size)
        end = min(max(end, start), size)
    # whatever is not written as itself is written longer: equal lengths are the same text
    if scalar.end - scalar.start == size + 2 and isinstance(scalar, Scalar) and scalar.closed:
        first = scalar.start + 1  # most strings: one quote on either side
        return Span(first + start, first + end)
    first, last, quote = _content(text, scalar)
    if last - first == size:
        return Span(first + start, first + end)
    source_start = source_end = -1
    decoded, at = 0, first
    pieces = ESCAPE.finditer(text, first, last)
    while True:
        # a stretch that stands for itself, up to the next escape
        piece = next(pieces, None)
        if piece is not None and quote == "'" and piece.group() != "\r\n":
            continue
        stop = last if piece is None else piece.start()
        plain = stop - at
        if source_start < 0 and start < decoded + plain:
            source_start = at + start - decoded
        if source_end < 0 and end <= decoded + plain and end > decoded:
            source_end = at + end - decoded
        decoded += plain
        if piece is None:
            break
        escape = decode_escape(piece.group())
        width = 1 if escape is None else len(escape)
        if source_start < 0 and start < decoded + width:
            source_start = stop
        decoded += width
        at = piece.end()
        if source_end < 0 and width and end == decoded:
            source_end = at
    if source_start < 0:
        source_start = last
    if end == start:
        source_end = source_start
    return Span(source_start, source_end if source_end >= 0 else last)


def _content(text: str, scalar: Scalar | Key) -> tuple[int, int, str]:
    """The start and end of what stands between the quotes, and the quote ("" for none)."""
    start, end = scalar.start, scalar.end
    quote = text[start : start + 1]
    if quote not in ('"', "'"):
        return start, end, ""
    if isinstance(scalar, Key):
        # a key without its closing quote is as written, so one quote longer than its text
        closed = end - start > len(scalar.text) + 1
        return start + 1, end - 1 if closed else end, quote
    if not text.startswith(quote * 3, start):
        return start + 1, end - 1 if scalar.closed else end, quote
    start += 3
    if not scalar.closed:
        return start, end, quote
    if text.startswith("\r\n", start):
        start += 2
    elif text.startswith("\n", start):
        start += 1
    return start, end - 3, quote
