"""The body of an answer, taken in piece by piece and never larger than allowed."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from pyproject_ls.index.failures import FetchError
from pyproject_ls.index.priority import give_way

if TYPE_CHECKING:
    from zlib import _Decompress

_GZIP = frozenset({"gzip", "x-gzip"})
_PLAIN = frozenset({"", "identity"})
_MAGIC = b"\x1f"
_MAX_MEMBERS = 64
"""A gzip file may be several in a row; nobody who means well has more."""
_AT_ONCE = 1 << 20
"""Bytes that are unpacked at once: a bomb takes its time, and others are in a hurry."""


class Body:
    """Collects a body.

    `encoding` is the Content-Encoding header; `max_wire` and `max_decoded` limit the bytes that
    arrive and those that they become. All methods raise FetchError.
    """

    def __init__(self, encoding: str, max_wire: int, max_decoded: int) -> None:
        name = encoding.strip().lower()
        if name not in _GZIP and name not in _PLAIN:
            raise FetchError("content", "sends its pages in an encoding that nobody asked for")
        self._is_packed = name in _GZIP
        self._unpack: _Decompress | None = None
        self._members = 0
        self._room = max_decoded
        self._max_decoded = max_decoded
        self._max_wire = max_wire
        self._wire = 0
        self._pieces: list[bytes] = []

    def expect(self, length: str | None) -> None:
        """Refuse what a Content-Length header announces, if that is too much already."""
        if length is None or not (length.isascii() and length.isdigit()):
            return
        if len(length) > 18 or int(length) > self._max_wire:
            raise _too_large(self._max_wire)

    def feed(self, piece: bytes) -> None:
        """Take the bytes that arrived."""
        self._wire += len(piece)
        if self._wire > self._max_wire:
            raise _too_large(self._max_wire)
        if self._is_packed:
            self._feed_packed(piece)
        else:
            self._keep(piece)

    def finish(self) -> bytes:
        """The whole body, when nothing more arrives."""
        if self._unpack is not None and not self._unpack.eof:
            raise FetchError("content", "ends its page in the middle")
        return b"".join(self._pieces)

    def drop(self) -> None:
        """Let go of what was collected: a traceback may keep this object for long."""
        self._pieces.clear()

    def _feed_packed(self, piece: bytes) -> None:
        while piece:
            if self._unpack is None or self._unpack.eof:
                if self._members and not piece.startswith(_MAGIC):
                    return  # padding behind the end
                self._members += 1
                if self._members > _MAX_MEMBERS:
                    raise FetchError("content", "sends a page that cannot be unpacked")
                self._unpack = zlib.decompressobj(31)
            piece = self._unpack_some(self._unpack, piece)

    def _unpack_some(self, unpack: _Decompress, piece: bytes) -> bytes:
        """Keep what `piece` becomes; what is left of it behind the end of the member."""
        is_more = True
        while is_more:
            give_way()
            # one byte more than allowed tells too much from just enough
            most = min(self._room + 1, _AT_ONCE)
            try:
                unpacked = unpack.decompress(piece, most)
            except zlib.error:
                raise FetchError("content", "sends a page that cannot be unpacked") from None
            self._keep(unpacked)
            piece = unpack.unconsumed_tail
            is_more = len(unpacked) == most and not unpack.eof
        return unpack.unused_data

    def _keep(self, piece: bytes) -> None:
        self._room -= len(piece)
        if self._room < 0:
            raise _too_large(self._max_decoded)
        self._pieces.append(piece)


def _too_large(limit: int) -> FetchError:
    amount = f"{limit >> 20} MB" if limit >= 1 << 20 else f"{limit} bytes"
    return FetchError("too-large", f"sends a page of more than {amount}")
