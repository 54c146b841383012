"""From text to statements: headers, entries and the values in them, with what is wrong.

The parser never raises and never gives up: what it cannot read becomes a problem, and it goes on at
the next line that can only begin a statement. It reads TOML 1.1 (https://toml.io/en/v1.1.0) and
reports what TOML 1.0 does not have as problems of the kind "toml-1.1". A bare carriage return ends
a line, as it does in editors, and is a problem. Offsets are code points, spans half-open.

The work is linear in the length of the text: nothing is scanned to its end more than once, no
regular expression can backtrack further than one line, and nesting is bounded.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyproject_ls.named import NamedTuple
from pyproject_ls.toml.keys import split_plain
from pyproject_ls.toml.moving import MovedHeader
from pyproject_ls.toml.nodes import Entry, Header, Key, Scalar, Value
from pyproject_ls.toml.patterns import (
    BLANK,
    COMMENT,
    CONFLICT,
    CONTROL_BYTES,
    CONTROL_RUN,
    HEADER,
    LINE,
    LINE_END,
    REST,
    SPACE,
    TAIL,
    past,
)
from pyproject_ls.toml.scalars import shown
from pyproject_ls.toml.values import ValueReader

ROOT_SECTION = -1
"""Stands for the start of the root's section, which may share its offset with the first header."""


class Reusable(NamedTuple):
    """A section of an earlier text that stands in this one too."""

    header: Header
    end: int
    """Where, in this text, the section ends and the next one begins."""
    by: int
    """How many code points further on it stands than in the earlier text."""


class Parser(ValueReader):
    """One run over one text; `headers` and `problems` hold the result of `run`."""

    __slots__ = ("headers",)

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.headers: list[Header] = []

    def run(self, reusable: Mapping[int, Reusable]) -> None:
        """Read the whole text.

        `reusable` maps the start of a section (or `ROOT_SECTION`) to what an earlier run found for
        the very same text.
        """
        text = self.text
        length = len(text)
        header = Header(0, False)
        i = 1 if text.startswith("\ufeff") else 0
        if ROOT_SECTION in reusable:
            header, i, _ = reusable[ROOT_SECTION]
        self.headers.append(header)
        entries = header.entries
        line, tail, split, begin = LINE.match, TAIL.match, split_plain, self._begin
        while True:
            match = line(text, i)
            if match is not None:
                name, quoted, string, boolean = match.groups()
                if name is None:
                    start = match.start(2) - 1
                    path = [Key(start, start + len(quoted) + 2, quoted)]
                elif "." not in name:
                    start = match.start(1)
                    path = [Key(start, start + len(name), name)]
                elif (parts := split(name, match.start(1))) is not None:
                    path = parts
                    start = path[0].start
                else:
                    begin(match.start(1))
                    entries.append(self._entry())
                    i = self._finish()
                    continue
                i = match.end()
                if string is not None:
                    at = match.start(3)
                    end = at + len(string) + 1
                    entries.append(Entry(start, path, Scalar(at - 1, end, "string", string), end))
                    continue
                if boolean is not None:
                    at, end = match.span(4)
                    value: Value | None = Scalar(at, end, "boolean", boolean == "true")
                    entries.append(Entry(start, path, value, end))
                    continue
                begin(i)
                value = self._value(1)
                end = self._at
                entry = Entry(start, path, value, end)
                entries.append(entry)
                if value is None:
                    self._no_value(entry, i)
                    end = self._at
                match = tail(text, end)
                i = self._finish() if match is None else match.end()
                continue
            i = past(BLANK, text, i)
            if i >= length:
                break
            char = text[i]
            if char == "#":
                i = past(COMMENT, text, i)
                continue
            if char == "[":
                self._brace_scan = (0, 0, {})
                if i in reusable:  # to its end: the next header, or that of the text
                    header, i, by = reusable[i]
                    if by:
                        header = MovedHeader(header, by)
                else:
                    header = self._header(i)
                    i = self._at
                    entries = header.entries
                self.headers.append(header)
                continue
            self._begin(i)
            if char in "<=>|" and (match := CONFLICT.match(text, i)) is not None:
                message = "a mark of a merge conflict; keep one side of it and remove the marks"
                self._report(i, match.end(), message)
            elif char in "]},":
                self._report(i, i + 1, f"a line cannot begin with `{char}`; remove it")
            else:
                entries.append(self._entry())
            i = self._finish()

    def find_control_characters(self) -> None:
        """Report the characters that TOML allows nowhere, once for each run of them."""
        text = self.text
        # far quicker than a search, and nearly always enough
        coded = text.encode("utf-8", "surrogatepass")
        if len(coded) == len(coded.translate(None, CONTROL_BYTES)) and "\r" not in text:
            return
        for match in CONTROL_RUN.finditer(text):
            run = match.group()
            if run[0] == "\r":
                message = "a carriage return must be followed by a line feed; change the line end"
            else:
                message = f"the control character U+{ord(run[0]):04X} is not allowed; remove it"
            self.problems.add(match.start(), match.end(), message, "control-character")

    def _finish(self) -> int:
        """End a statement: what is left of its line is wrong. Returns the end of the line."""
        text = self.text
        i = past(SPACE, text, self._at)
        if i < len(text) and text[i] not in "\r\n":
            if text[i] != "#" and not self._faulty:
                end = i + len(text[i : past(REST, text, i)].rstrip())
                message = f"`{shown(text[i:end])}` is too much here; remove it or begin a new line"
                self._report(i, end, message)
            i = past(LINE_END, text, i)
        return i

    def _header(self, start: int) -> Header:
        text = self.text
        match = HEADER.match(text, start)
        if match is not None:
            double, name, closing = match.groups()
            if bool(double) == bool(closing):
                path = split_plain(name, match.start(2))
                if path is not None:
                    header = Header(start, bool(double))
                    header.path = path
                    header.end = text.index("]", match.end(2)) + len(closing) + 1
                    self._at = match.end()
                    return header
        array = text.startswith("[[", start)
        header = Header(start, array)
        self._begin(start + 2 if array else start + 1)
        header.path = self._path(in_header=True)
        i = past(SPACE, text, self._at)
        closing = "]]" if array else "]"
        header.closed = text.startswith(closing, i)
        if header.closed:
            self._at = i + len(closing)
        elif not self._faulty:
            self._at += array and text.startswith("]", self._at)
            self._report(start, self._at, f"this header has no closing `{closing}`")
        header.end = self._at
        self._at = self._finish()
        return header
