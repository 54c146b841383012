"""Finding out what the cursor is in.

The tree says where statements begin, and survives text that is wrong; from there to the cursor the
text is read once more (`reader`).
"""

from __future__ import annotations

from bisect import bisect_right

from pyproject_ls.features.completion.cursors import Cursor, HeaderCursor
from pyproject_ls.features.completion.frames import Frame
from pyproject_ls.features.completion.reader import Reader
from pyproject_ls.text import Span
from pyproject_ls.toml import Document, Entry, Header


def cursor_at(document: Document, offset: int) -> Cursor | None:
    """What the cursor at `offset` is in; None in comments, numbers and behind complete values."""
    text = document.text
    offset = min(max(offset, 0), len(text))
    headers = document.headers
    index = max(bisect_right(headers, offset, key=lambda each: each.start) - 1, 0)
    header, table = headers[index], document.tables[index]
    if header.path and offset <= header.end:
        return _in_header(header, text, offset)
    at = bisect_right(header.entries, offset, key=lambda each: each.start) - 1
    if at >= 0:
        entry: Entry | None = header.entries[at]
        assert entry is not None
        start = entry.start
    else:
        entry = None
        start = header.end if header.path else int(text.startswith("\ufeff"))
    if entry is None and header.path and not header.closed:
        rest = text[header.end : offset]
        if not rest.strip(" \t"):
            return _in_header(header, text, offset)
    reader = Reader(document, index, table, offset)
    frame = Frame("line", start, table, ())
    if entry is None and header.path:
        frame.phase = "lost"  # behind the header on its line
    reader.stack.append(frame)
    reader.entry = entry
    return reader.run(start)


def _in_header(header: Header, text: str, offset: int) -> HeaderCursor | None:
    inner = header.start + (2 if header.array else 1)
    end = header.end if header.closed else max(offset, header.end)
    closers = (2 if header.array else 1) if header.closed else 0
    if not inner <= offset <= end - closers:
        return None
    return HeaderCursor(header, Span(inner, end), text[inner:offset])
