"""Where everything stands in a file: sections, statements, and the comments that belong to them.

A comment belongs to the statement or header right below it (no blank line between) or on whose line
it stands. A comment with a blank line below belongs to nothing as long as its section stays
(`Statement.loose`); where the section goes, it goes with the next statement. What follows the last
statement of a section is the section's, unless it stands right above the next header.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

from pyproject_ls.text import LineIndex, Span
from pyproject_ls.toml import Array, Document, Entry, Header, Scalar, Table, Value


class Statement:
    """A statement ``key = value`` below a header, with its full `path`; it fills whole lines."""

    __slots__ = ("entry", "first", "last", "leading", "loose", "path")

    def __init__(self, path: tuple[str, ...], entry: Entry) -> None:
        self.path = path
        self.entry = entry
        self.first = self.last = 0
        """The lines of the statement itself."""
        self.leading: list[int] = []
        """The comment lines that belong to it."""
        self.loose: list[int] = []
        """The comment lines before those, with a blank line below."""


class Section:
    """A header with the statements below it; the root's section has an empty `path`."""

    __slots__ = ("closing", "end", "header", "leading", "line", "path", "statements")

    def __init__(self, header: Header, line: int) -> None:
        self.header = header
        self.path = tuple(key.text for key in header.path)
        self.line = line
        self.statements: list[Statement] = []
        self.leading: list[int] = []
        """The comment lines right above the header."""
        self.closing: list[int] = []
        """The comment lines behind the last statement."""
        self.end = 0
        """The line after the last one of the section."""


class Layout:
    """The sections of one document without syntax errors."""

    def __init__(self, document: Document, lines: LineIndex) -> None:
        self.document = document
        self.text = document.text
        self.lines = lines
        self.comments = _comments(document)
        """Every comment from its ``#``, in the order of the text."""
        self._starts = [span.start for span in self.comments]
        self.line_count = lines.line_count
        if self.text.endswith(("\n", "\r")):
            self.line_count -= 1
        self.comment_lines = self._own_line_comments()
        self.sections: list[Section] = []
        self._below: dict[tuple[str, ...], list[Statement]] = {}
        self._read()
        for statement in self.statements():
            for length in range(1, len(statement.path) + 1):
                self._below.setdefault(statement.path[:length], []).append(statement)

    def line_of(self, offset: int) -> int:
        """The line of an offset."""
        return self.lines.position(offset)[0]

    def is_blank(self, line: int) -> bool:
        """Whether nothing stands in `line`."""
        return not self.lines.line_text(line).strip()

    def comments_in(self, start: int, end: int) -> list[Span]:
        """The comments that begin between two offsets."""
        return self.comments[
            bisect_right(self._starts, start - 1) : bisect_right(self._starts, end - 1)
        ]

    def text_at(self, span: Span) -> str:
        """A stretch of the text."""
        return self.text[span.start : span.end]

    def comment_texts(self, lines: list[int]) -> list[str]:
        """The comments on `lines`, which hold nothing else."""
        return [self.lines.line_text(line).strip() for line in lines]

    def behind(self, line: int, offset: int) -> str:
        """The comment behind `offset`, the end of a statement on `line`; "" for none."""
        for span in self.comments_in(offset, self.lines.line_end(line)):
            return self.text_at(span)
        return ""

    def inside(self, value: Value) -> list[str]:
        """The comments inside a value."""
        return [self.text_at(span) for span in self.comments_in(value.start, value.end)]

    def statements(self) -> Iterator[Statement]:
        """All statements in the order of the text."""
        for section in self.sections:
            yield from section.statements

    def below(self, *path: str) -> list[Statement]:
        """The statements that set something at or below `path`."""
        return self._below.get(path, [])

    def sections_below(self, *path: str) -> list[Section]:
        """The sections whose header is `path` or below it."""
        return [each for each in self.sections if each.path[: len(path)] == path]

    def section(self, *path: str) -> Section | None:
        """The section of the header `path`."""
        return next((each for each in self.sections if each.path == path and path), None)

    def _own_line_comments(self) -> set[int]:
        found = set()
        for span in self.comments:
            line = self.line_of(span.start)
            if not self.text[self.lines.line_start(line) : span.start].strip("\ufeff \t"):
                found.add(line)
        return found

    def _read(self) -> None:
        previous = 0  # the first line that belongs to nothing yet
        section: Section | None = None
        for header in self.document.headers:
            is_root = not header.path and header.start == header.end
            line = 0 if is_root else self.line_of(header.start)
            opened = Section(header, line)
            if not is_root:
                opened.leading, rest = self._before(previous, line)
                if section is not None:
                    loose = self._attached_below(previous, line)
                    if loose and opened.leading and loose[-1] >= opened.leading[0]:
                        # no blank line anywhere: a comment between two neighbours is of the upper
                        opened.leading = [each for each in opened.leading if each not in loose]
                        rest = sorted({*rest, *loose})
                    section.closing = rest
                    section.end = opened.leading[0] if opened.leading else line
                previous = line + 1
            section = opened
            self.sections.append(section)
            for entry in header.entries:
                path = section.path + tuple(key.text for key in entry.path)
                statement = Statement(path, entry)
                statement.first = self.line_of(entry.start)
                statement.last = self.line_of(max(entry.end - 1, entry.start))
                statement.leading, statement.loose = self._before(previous, statement.first)
                section.statements.append(statement)
                previous = statement.last + 1
        if section is not None:
            section.end = self.line_count
            section.closing = [
                line for line in range(previous, self.line_count) if line in self.comment_lines
            ]

    def _before(self, first: int, line: int) -> tuple[list[int], list[int]]:
        """The comment lines right above `line`, and those further up, from `first` on."""
        top = line
        while top > first and top - 1 in self.comment_lines:
            top -= 1
        loose = [each for each in range(first, top) if each in self.comment_lines]
        return list(range(top, line)), loose

    def _attached_below(self, first: int, line: int) -> list[int]:
        """The comment lines that follow without a blank line on what ends before `first`."""
        end = first
        while end < line and end in self.comment_lines:
            end += 1
        return list(range(first, end)) if first > 0 else []


def _comments(document: Document) -> list[Span]:
    strings: list[tuple[int, int]] = []
    for header in document.headers:
        strings += ((key.start, key.end) for key in header.path)
        for entry in header.entries:
            _strings(entry, strings)
    strings.sort()
    text, found = document.text, []
    at = text.find("#")
    index = 0
    while at >= 0:
        while index < len(strings) and strings[index][1] <= at:
            index += 1
        if index < len(strings) and strings[index][0] <= at:
            at = text.find("#", strings[index][1])
            continue
        end = at
        while end < len(text) and text[end] not in "\r\n":
            end += 1
        found.append(Span(at, at + len(text[at:end].rstrip())))
        at = text.find("#", end)
    return found


def _strings(entry: Entry, found: list[tuple[int, int]]) -> None:
    found += ((key.start, key.end) for key in entry.path)
    work = [entry.value]
    while work:
        value = work.pop()
        if isinstance(value, Scalar):
            found.append((value.start, value.end))
        elif isinstance(value, Array):
            work += value.items
        elif isinstance(value, Table):
            for below in value.entries:
                found += ((key.start, key.end) for key in below.path)
                work.append(below.value)
