"""A JSON document read value by value.

One call of the decoder holds Python's lock until it has finished, which would stop the editor for
tens of milliseconds on a page of some megabytes. Here no call sees more than twice `WINDOW`, which
takes a millisecond at most: other threads can run in between.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any

from pyproject_ls.index.untrusted import DECODER, NOT_JSON
from pyproject_ls.lazy import lazy_pattern

WINDOW = 1 << 17
"""The longest value (code points) that is decoded: one file of a page has about a thousand."""

_DEPTH = 3
"""How far `skip` walks into a value instead of decoding it."""

_MAX_STEPS = 1_000_000
"""How often we may look for the next character; a page of 20,000 files needs 60,000."""

_SPACE = lazy_pattern(r"[ \t\n\r]*")
_PLAIN = lazy_pattern(r'(?:[^"\\]*\\.){0,500}[^"\\]*', re.DOTALL)

_decode = DECODER.raw_decode


class JsonReader:
    """Stands at a place in the document `body` (UTF-8) and reads on from there.

    All methods raise ValueError with a reason that goes on where "the server" begins.
    """

    def __init__(self, body: bytes) -> None:
        self._body = body
        self._taken = 0
        self._bytes = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._text = ""
        self._at = 0
        self._steps = 0

    def peek(self) -> str:
        """The next character that is no white space; "" at the end."""
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise ValueError("sends a page with too many entries")
        while True:
            while len(self._text) - self._at < WINDOW and self._taken < len(self._body):
                self._fill()
            # the pattern matches the empty text, too
            self._at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text) or self._taken >= len(self._body):
                return self._text[self._at : self._at + 1]

    def value(self) -> Any:
        """The next value, decoded."""
        self.peek()
        try:
            value, end = _decode(self._text, self._at)
        except (ValueError, RecursionError):
            raise ValueError(NOT_JSON) from None
        if end - self._at > WINDOW:
            raise ValueError("sends a page with an entry that is too long")
        self._at = end
        return value

    def short_value(self) -> Any:
        """The next value, decoded; None if it is too long for that (`WINDOW`)."""
        try:
            return self.value()
        except ValueError:
            self.skip()  # raises again if it is wrong, not long
            return None

    def items(self) -> Iterator[Any]:
        """The items of the array that comes next, one by one; None for what is too long."""
        if self.peek() == "[" and self._is_nearly_done:
            yield from self.value()
            return
        self._expect("[")
        if self._ends("]"):
            return
        while True:
            yield self.short_value()
            if self._is_last("]"):
                return

    def members(self) -> Iterator[str]:
        """The keys of the object that comes next.

        Before the next key the value has to be read with one of the other methods.
        """
        self._expect("{")
        if self._ends("}"):
            return
        while True:
            if self.peek() != '"':
                raise ValueError(NOT_JSON)
            key: str = self.value()
            self._expect(":")
            yield key
            if self._is_last("}"):
                return

    def skip(self, depth: int = _DEPTH) -> None:
        """Leave out the next value, however long it is."""
        first = self.peek()
        if first == '"':
            self._skip_string()
        elif self._is_nearly_done:
            self.value()
        elif first == "{" and depth:
            for _ in self.members():
                self.skip(depth - 1)
        elif first == "[" and depth:
            self._expect("[")
            is_last = self._ends("]")
            while not is_last:
                self.skip(depth - 1)
                is_last = self._is_last("]")
        else:
            self.value()

    def end(self) -> None:
        """Make sure that nothing comes any more."""
        if self.peek():
            raise ValueError(NOT_JSON)

    @property
    def _is_nearly_done(self) -> bool:
        """Whether all that comes may be decoded at once: it is much faster, and still short."""
        return self._taken >= len(self._body) and len(self._text) - self._at <= WINDOW

    def _skip_string(self) -> None:
        self._at += 1
        while True:
            if self._at >= len(self._text) and self._taken < len(self._body):
                self._fill()
            # the pattern matches the empty text, too
            self._at = _PLAIN.match(self._text, self._at).end()  # type: ignore[union-attr]
            if self._at < len(self._text):
                if self._text[self._at] == '"':
                    self._at += 1
                    return
                if self._at + 1 >= len(self._text) and self._taken < len(self._body):
                    self._fill()
                self._at += 2
            elif self._taken >= len(self._body):
                raise ValueError(NOT_JSON)

    def _is_last(self, close: str) -> bool:
        if self._ends(close):
            return True
        self._expect(",")
        return False

    def _ends(self, close: str) -> bool:
        if self.peek() != close:
            return False
        self._at += 1
        return True

    def _expect(self, character: str) -> None:
        if self.peek() != character:
            raise ValueError(NOT_JSON)
        self._at += 1

    def _fill(self) -> None:
        """Decode a piece more of the document and forget what has been read."""
        piece = self._body[self._taken : self._taken + WINDOW]
        self._taken += len(piece)
        more = self._bytes.decode(piece, self._taken >= len(self._body))
        self._text = self._text[self._at :] + more
        self._at = 0
