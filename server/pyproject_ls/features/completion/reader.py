"""Reading a statement once more, from its start to the cursor, token by token.

What is half-typed has no node in the tree, so this is where it shows which brackets are open, how
many items stand before the cursor, and whether a comma is due.
"""

from __future__ import annotations

from bisect import bisect_right

from pyproject_ls.features.completion.cursors import Cursor
from pyproject_ls.features.completion.frames import Frame, State
from pyproject_ls.features.completion.results import key_cursor, string_cursor, value_cursor
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Scalar, Table, Value

_KEY = lazy_pattern(r"[^\s=.:,#\"'\[\]{}]+")
_WORD = lazy_pattern(r"[^\s,\]}#=\"'\[{]+")
_LINE_BREAK = lazy_pattern(r"\r\n|\n|\r")
_BLANK = lazy_pattern(r"[ \t]*")
_COMMENT = lazy_pattern(r"#[^\r\n]*")
_QUOTED = lazy_pattern(r"\"(?:[^\"\\\r\n]|\\[^\r\n])*\"|'[^'\r\n]*'")
_REST = lazy_pattern(r"[^\r\n]*")
_EMPTY_REST = lazy_pattern(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_NO_VALUE_FOLLOWS = lazy_pattern(r"[ \t]*(?:[,}\r\n#]|\Z)")


class Reader(State):
    """Reads from the start of a statement to the cursor."""

    def run(self, i: int) -> Cursor | None:
        """What the cursor is in; `i` is where reading begins, in the one frame of the stack."""
        text, offset = self.text, self.offset
        while True:
            blank = _BLANK.match(text, i)
            assert blank is not None
            if offset <= blank.end():
                char = text[offset : offset + 1]
                touches = offset == blank.end() and char not in "\r\n#,]}=[{.\"'"
                if not touches or not char:
                    return self._gap()
            i = blank.end()
            char = text[i : i + 1]
            if char in "\r\n":
                match = _LINE_BREAK.match(text, i)
                assert match is not None
                i = match.end()
                self._line_break(i)
            elif char == "#":
                match = _COMMENT.match(text, i)
                assert match is not None
                i = match.end()
                if offset <= i:
                    return None
            elif char in "\"'":
                result, i = self._string(i, char)
                if i < 0:
                    return result
            elif char in "[]{},=":
                i = self._punctuation(i, char)
            else:
                result, i = self._word(i)
                if i < 0:
                    return result

    def _string(self, start: int, quote: str) -> tuple[Cursor | None, int]:
        """Read a string: the cursor in it and -1, or where to go on."""
        text, offset = self.text, self.offset
        frame = self.stack[-1]
        if text.startswith(quote * 3, start):
            end = text.find(quote * 3, start + 3)
            end = end + 3 if end >= 0 else len(text)
            if offset < end:
                return None, -1
            self._element(end)
            return None, end
        match = _QUOTED.match(text, start)
        if match is not None:
            end, closed = match.end(), True
        else:
            rest = _REST.match(text, start)
            assert rest is not None
            end, closed = rest.end(), False
        if offset < end or (not closed and offset == end):
            if frame.phase == "key" or self._is_new_key(frame):
                return key_cursor(self, start, end), -1
            if frame.phase == "value" or (frame.kind == "array" and frame.phase == "after"):
                return string_cursor(self, start, end, quote, closed), -1
            return None, -1
        if frame.phase == "key":
            if offset == end:
                return key_cursor(self, start, end), -1
            self._key_part(text[start + 1 : end - 1], start)
        else:
            self._element(end)
        return None, end

    def _word(self, start: int) -> tuple[Cursor | None, int]:
        """Read a key or a bare value: the cursor in it and -1, or where to go on."""
        text, offset = self.text, self.offset
        frame = self.stack[-1]
        if frame.phase in ("key", "dot") or self._is_new_key(frame):
            if text[start] == ".":
                frame.phase = "key" if frame.phase == "dot" else "lost"
                return None, start + 1
            match = _KEY.match(text, start)
            end = match.end() if match is not None else start + 1
            if start <= offset <= end and frame.phase != "dot" and match is not None:
                return key_cursor(self, start, end), -1
            if frame.phase == "after":
                frame.begin_entry()
            if frame.phase == "dot" or match is None:
                frame.phase = "lost"
            else:
                self._key_part(text[start:end], start)
        else:
            match = _WORD.match(text, start)
            end = match.end() if match is not None else start + 1
            if start <= offset <= end:
                if frame.phase != "value" and (frame.kind, frame.phase) != ("array", "after"):
                    return None, -1
                return value_cursor(self, Span(start, end), Span(start, end), "", True), -1
            self._element(end)
        return (None, -1) if offset < end else (None, end)

    def _punctuation(self, i: int, char: str) -> int:
        """Read `char` at `i`; returns where to go on."""
        frame = self.stack[-1]
        if char == "=":
            frame.phase = "value" if frame.phase == "dot" else "lost"
        elif char == ",":
            if frame.kind == "inline":
                frame.begin_entry()
            elif frame.kind == "array":
                frame.phase, frame.last_end = "value", -1
            else:
                frame.phase = "lost"
        elif char in "[{":
            if frame.phase != "value" or len(self.stack) > 200:
                frame.phase = "lost" if frame.kind != "array" else frame.phase
                return i + 1
            return self._open(i, char)
        else:
            wanted = "array" if char == "]" else "inline"
            while len(self.stack) > 1:
                closed = self.stack.pop()
                if closed.kind == wanted:
                    break
            else:
                frame.phase = "lost"
                return i + 1
            self._element(i + 1)
        return i + 1

    def _open(self, i: int, char: str) -> int:
        """Begin an array or inline table at `i`; returns where to go on."""
        frame = self.stack[-1]
        node = self._node_at(frame, i)
        below = Frame("array" if char == "[" else "inline", i, node, frame.value_path)
        self.stack.append(below)
        if isinstance(node, Array) and char == "[" and node.items:
            # what stands before the item at the cursor has been read already, by the parser
            at = bisect_right(node.items, self.offset, key=lambda item: item.start) - 1
            if at >= 0:
                item = node.items[at]
                if item.end < self.offset and (isinstance(item, Scalar) or item.closed):
                    below.count = at + 1
                    below.phase, below.last_end = "after", item.end
                    return item.end
                below.count = at
                before = node.items[at - 1].end if at else i + 1
                if at and "," not in self.text[before : item.start]:
                    below.phase, below.last_end = "after", before
                return item.start
        return i + 1

    def _node_at(self, frame: Frame, start: int) -> Value | None:
        """The node of the tree that begins at `start`."""
        node = frame.node
        if frame.kind == "array":
            items = node.items if isinstance(node, Array) else []
            at = bisect_right(items, start, key=lambda item: item.start) - 1
            found: Value | None = items[at] if at >= 0 else None
        elif frame.kind == "line":
            found = self.entry.value if self.entry is not None else None
        else:
            entries = node.entries if isinstance(node, Table) else []
            at = bisect_right(entries, start, key=lambda entry: entry.start) - 1
            found = entries[at].value if at >= 0 else None
        return found if found is not None and found.start == start else None

    def _is_new_key(self, frame: Frame) -> bool:
        """Whether a word here is the key of another entry, whose comma is missing."""
        return frame.kind == "inline" and frame.phase == "after"

    def _line_break(self, at: int) -> None:
        """A new line ends everything but arrays, and inline tables that are closed further on."""
        while True:
            frame = self.stack[-1]
            if frame.kind == "array":
                return
            if frame.kind == "line":
                frame.begin_entry()
                self.entry = None
                return
            node = frame.node
            if isinstance(node, Table) and node.end >= at:
                return
            self.stack.pop()
            self._element(at)

    def _key_part(self, name: str, start: int) -> None:
        frame = self.stack[-1]
        if not frame.keys:
            frame.entry_start = start
        frame.keys.append(name)
        frame.phase = "dot"

    def _element(self, end: int) -> None:
        """A value has been read to its end."""
        frame = self.stack[-1]
        if frame.phase not in ("value", "after"):
            frame.phase = "lost"
            return
        if frame.kind == "array":
            frame.count += 1
        frame.phase, frame.last_end = "after", end

    def _gap(self) -> Cursor | None:
        """The cursor stands between two tokens."""
        text, offset = self.text, self.offset
        frame = self.stack[-1]
        here = Span(offset, offset)
        if frame.kind == "line":
            if not _EMPTY_REST.match(text, offset):
                return None
            if frame.phase == "key":
                return key_cursor(self, offset, offset)
            return value_cursor(self, here, here, "", True) if frame.phase == "value" else None
        if frame.phase == "after" and frame.last_end == offset:
            return None  # at the very end of a complete item
        if frame.kind == "inline":
            if frame.phase in ("key", "after"):
                return key_cursor(self, offset, offset)
            if frame.phase != "value" or not _NO_VALUE_FOLLOWS.match(text, offset):
                return None
            return value_cursor(self, here, here, "", True)
        if frame.phase in ("value", "after"):
            return value_cursor(self, here, here, "", True)
        return None
