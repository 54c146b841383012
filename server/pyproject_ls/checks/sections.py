"""The edit that takes a table away which is written as sections or with dotted keys."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.edits import has_comment
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Document

_TO_LINE_END = lazy_pattern(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")
_BLANK_ABOVE = lazy_pattern(r"(?:\r\n|\n|\r)([ \t]*(?:\r\n|\n|\r))\Z")


def without_table(document: Document, path: tuple[str, ...]) -> tuple[Edit, ...]:
    """Take away what makes up the table at `path`: its sections, and its keys in others.

    They go with their whole lines, a section with the blank line above it. Nothing where a comment
    stands in them: it may be about something else.
    """
    text = document.text
    spans = list(_parts(document, path[len(document.base) :]))
    if any(has_comment(text, each) for each in spans):
        return ()
    return tuple(Edit(each, "") for each in spans)


def _parts(document: Document, path: tuple[str, ...]) -> Iterator[Span]:
    """The lines of each section and each statement that is about `path`, in the order of both."""
    size = len(path)
    for header in document.headers:
        names = tuple(each.text for each in header.path)
        if names[:size] == path:
            last = header.entries[-1].span if header.entries else header.span
            yield _lines(document.text, Span(header.span.start, last.end), with_blank=True)
            continue
        for entry in header.entries:
            if (*names, *(each.text for each in entry.path))[:size] == path:
                yield _lines(document.text, entry.span)


def _lines(text: str, span: Span, with_blank: bool = False) -> Span:
    start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    above = _BLANK_ABOVE.search(text, max(0, start - 200), start) if with_blank else None
    to_end = _TO_LINE_END.match(text, span.end)
    return Span(above.start(1) if above else start, to_end.end() if to_end else span.end)
