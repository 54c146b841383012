"""What the parser keeps while it reads, and how it finds out where broken text ends."""

from __future__ import annotations

from pyproject_ls.toml.nodes import ProblemKind
from pyproject_ls.toml.patterns import (
    BLANK,
    COMMENT,
    FILLER,
    LINE_END,
    MAX_DEPTH,
    NEXT_ENTRY,
    NEXT_HEADER,
    past,
)
from pyproject_ls.toml.problems import ProblemLog
from pyproject_ls.toml.scalars import find_end_of_block_string, find_end_of_line_string


class Reader:
    """The text, the place in it, and the look ahead over text that may be broken."""

    __slots__ = (
        "_at",
        "_brace_scan",
        "_cut",
        "_faulty",
        "_quiet_until",
        "_torn",
        "_unclosed_blocks",
        "problems",
        "text",
    )

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems = ProblemLog()
        self._at = 0
        """Where reading goes on; every method that reads leaves it after what it has read."""
        self._cut = False
        """The statement ended inside an open bracket or string: all open brackets end here too."""
        self._torn = False
        """The last value was a string without its quote, which may have swallowed what follows."""
        self._faulty = False
        """The statement has a problem already; what is left of its line needs no second one."""
        self._quiet_until = 0
        """Before this place nothing more is reported: a misplaced quote turns a line inside out."""
        self._unclosed_blocks: set[str] = set()
        """The multi-line quotes that are known not to be closed anywhere further on."""
        self._brace_scan: tuple[int, int, dict[int, int]] = (0, 0, {})
        """Start, end and the pairs of braces of the last look ahead in this section."""

    def _begin(self, at: int) -> None:
        self._at = at
        self._cut = self._torn = self._faulty = False

    def _report(self, start: int, end: int, message: str, kind: ProblemKind = "syntax") -> None:
        if start >= self._quiet_until:
            self.problems.add(start, end, message, kind)
        self._faulty = True

    def _missing_comma(self, gap: int, at: int, what: str) -> None:
        """Report that no comma stands between `gap`, the end of an item, and `at`, the next one."""
        if at < self._quiet_until:
            self._faulty = True
        elif gap == at:
            message = f"a `,` is missing before this {what}, or a quote or bracket is misplaced"
            self._report(at, at + 1, message)
            self._quiet_until = past(LINE_END, self.text, at)
        else:
            self._report(at, at + 1, f"a `,` is missing before this {what}")

    def _trivia(self, i: int) -> int:
        """The offset after the spaces, line breaks and comments at `i`."""
        text = self.text
        while True:
            i = past(BLANK, text, i)
            match = COMMENT.match(text, i)
            if match is None:
                return i
            i = match.end()

    def _line_start(self, start: int, end: int) -> int:
        """The start of the line of `end` if a line break stands between the two, or else -1."""
        text = self.text
        start_of_line = max(text.rfind("\n", start, end), text.rfind("\r", start, end)) + 1
        return start_of_line if start_of_line > 0 else -1

    def _next_statement(self, i: int) -> int:
        """The end of the line before the next one, from `i` on, that can only be a statement."""
        text = self.text
        while True:
            end = past(LINE_END, text, i)
            if end >= len(text):
                return end
            i = end + 2 if text.startswith("\r\n", end) else end + 1
            if self._begins_statement(i):
                return end

    def _begins_statement(self, i: int) -> bool:
        text = self.text
        return bool(NEXT_ENTRY.match(text, i) or NEXT_HEADER.match(text, i))

    def _skip_brackets(self, start: int) -> None:
        """Skip the array or inline table at `start`, which is nested too deep to be read."""
        text = self.text
        length = len(text)
        i, level = start, 0
        while i < length:
            char = text[i]
            if char in "[{":
                level += 1
                i += 1
            elif char in "]}":
                level -= 1
                i += 1
                if not level:
                    break
            elif char in "\"'":
                i = self._skip_string(i, char)
            elif char in "\r\n":
                if self._begins_statement(i + 1):
                    break
                i += 1
            elif char == "#":
                i = past(COMMENT, text, i)
            else:
                i = past(FILLER, text, i)
        self._cut = level > 0
        self._at = i
        message = f"more than {MAX_DEPTH} brackets inside each other; nothing reads that deep"
        self._report(start, start + 1, message, "nesting")

    def _skip_string(self, i: int, quote: str) -> int:
        """The offset after the string at `i`; of an open multi-line one, after its first line."""
        text = self.text
        if text.startswith(quote * 3, i) and quote not in self._unclosed_blocks:
            end = find_end_of_block_string(text, i + 3, quote)
            if end >= 0:
                return end
            self._unclosed_blocks.add(quote)
        end, closed = find_end_of_line_string(text, i + 1, quote)
        return end + 1 if closed else end

    def _leaves(self, start: int, line: int) -> bool:
        """Whether a statement begins at `line`, inside the braces that were opened at `start`.

        In TOML 1.1 an inline table may have keys on lines of their own: such a line is a statement
        only if the braces are not closed before the next header.
        """
        text = self.text
        if NEXT_HEADER.match(text, line):
            return True
        if not NEXT_ENTRY.match(text, line):
            return False
        first, last, pairs = self._brace_scan
        if not first <= start < last:
            self._scan_braces(start)
            first, last, pairs = self._brace_scan
        return start not in pairs

    def _scan_braces(self, start: int) -> None:
        """Pair the braces from `start` to its closing one, the next header or the end."""
        text = self.text
        length = len(text)
        pairs: dict[int, int] = {}
        opened: list[int] = []
        i = start
        while i < length:
            char = text[i]
            if char == "{":
                opened.append(i)
                i += 1
            elif char == "}":
                pairs[opened.pop()] = i
                i += 1
                if not opened:
                    break
            elif char in "\"'":
                i = self._skip_string(i, char)
            elif char == "#":
                i = past(COMMENT, text, i)
            elif char in "\r\n":
                i += 1
                if NEXT_HEADER.match(text, i):
                    break
            elif char in "[]":
                i += 1
            else:
                i = past(FILLER, text, i)
        self._brace_scan = (start, i, pairs)
