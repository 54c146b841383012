"""How messages reach the server and leave it: byte streams, and messages cut out of them.

pygls has loops of its own for this. They refuse headers that are not spelt their way, answer
nothing to a body that is no JSON, and share their reader with a pool of workers. Here one thread
does nothing but read, so a client is never blocked while the server is busy.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Protocol

READ_SIZE = 1 << 16
MAX_HEADER = 1 << 13
"""The most bytes that the headers of one message may have."""


class Channel(Protocol):
    """Two byte streams: from the client and to it."""

    def read(self) -> bytes:
        """Some bytes, as soon as there are any; none at the end. Raises OSError."""

    def write(self, data: bytes) -> None:
        """Send all of `data`. Raises OSError."""

    def close(self) -> None:
        """Let go of the streams."""


class StdioChannel:
    """Standard input and output of this process, which nothing else can use from then on.

    What anything prints goes to the standard error, so that it cannot end up between messages, and
    child processes read from nowhere.
    """

    def __init__(self) -> None:
        self._in = os.dup(0)
        self._out = os.dup(1)
        if sys.platform == "win32":
            import msvcrt

            msvcrt.setmode(self._in, os.O_BINARY)
            msvcrt.setmode(self._out, os.O_BINARY)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        os.dup2(2, 1)

    def read(self) -> bytes:
        """Some bytes from the client."""
        return os.read(self._in, READ_SIZE)

    def write(self, data: bytes) -> None:
        """Send `data` to the client."""
        written = os.write(self._out, data)
        if written < len(data):
            view = memoryview(data)[written:]
            while view:
                view = view[os.write(self._out, view) :]

    def close(self) -> None:
        """Close the output; the input stays, a thread may still be reading from it."""
        os.close(self._out)


class SocketChannel:
    """One TCP connection."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def read(self) -> bytes:
        """Some bytes from the client."""
        return self._connection.recv(READ_SIZE)

    def write(self, data: bytes) -> None:
        """Send `data` to the client."""
        self._connection.sendall(data)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


class Bodies:
    """Cuts a stream of bytes into the bodies of messages (LSP 3.17, "Header Part").

    Headers are taken whatever their case and order. A block of headers without a usable
    Content-Length gives None in place of a body: what it announces cannot be read.
    """

    def __init__(self) -> None:
        self._data = bytearray()
        self._body: int | None = None

    def feed(self, data: bytes) -> Iterator[bytes | None]:
        """The bodies that are complete after `data`."""
        buffer = self._data
        buffer += data
        while True:
            if self._body is None:
                end = buffer.find(b"\r\n\r\n")
                if end < 0:
                    if len(buffer) > MAX_HEADER:
                        buffer.clear()
                        yield None
                    return
                self._body = _content_length(bytes(buffer[:end]))
                del buffer[: end + 4]
                if self._body is None:
                    yield None
                    continue
            if len(buffer) < self._body:
                return
            body = bytes(buffer[: self._body])
            del buffer[: self._body]
            self._body = None
            yield body


def _content_length(headers: bytes) -> int | None:
    for line in headers.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            value = value.strip()
            return int(value) if value.isdigit() and len(value) < 12 else None
    return None


def start_reading(
    channel: Channel,
    on_body: Callable[[bytes | None], object],
    on_end: Callable[[], object],
) -> None:
    """Read from `channel` in a thread of its own; both callbacks are called in that thread.

    `on_body` gets each body, or None for one that could not be read; `on_end` is called once.
    """

    def read() -> None:
        bodies = Bodies()
        try:
            while data := channel.read():
                for body in bodies.feed(data):
                    on_body(body)
        except (OSError, RuntimeError):  # closed meanwhile, or the event loop has ended
            pass
        try:
            on_end()
        except RuntimeError:
            return

    threading.Thread(target=read, name="reader", daemon=True).start()
