"""A server on loopback that does what it is told: answer, delay, cut, corrupt, lie.

It writes HTTP by hand, because no library would let it do all that. It keeps what it was asked, so
that a test can look for credentials where there should be none.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple

Headers = tuple[tuple[str, str], ...]

_REASONS = {200: "OK", 304: "Not Modified", 404: "Not Found"}


class Request(NamedTuple):
    """What arrived; the names of headers are in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Answer(NamedTuple):
    """What to send, and what to do to it.

    Times are in seconds. `raw` is sent as it is in the place of a whole answer. After `cut` bytes
    (of all that is sent) the connection is closed; after `hang` bytes nothing more is sent. With
    `length` the header Content-Length says something else than the truth; "" leaves it out.
    """

    status: int = 200
    body: bytes = b""
    headers: Headers = ()
    delay: float = 0
    raw: bytes | None = None
    cut: int | None = None
    hang: int | None = None
    length: str | None = None
    is_chunked: bool = False
    drip: float = 0
    """Between two bytes."""

    def message(self) -> bytes:
        """The bytes of the whole answer."""
        if self.raw is not None:
            return self.raw
        headers = dict(self.headers)
        body = self.body
        if self.is_chunked:
            headers["Transfer-Encoding"] = "chunked"
            pieces = [body[at : at + 1000] for at in range(0, len(body), 1000)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in pieces) + b"0\r\n\r\n"
        elif self.length != "":
            headers["Content-Length"] = self.length or str(len(body))
        lines = [f"HTTP/1.1 {self.status} {_REASONS.get(self.status, 'Whatever')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


Handler = Callable[[Request], Answer]

HTML = (("Content-Type", "text/html; charset=utf-8"),)
JSON = (("Content-Type", "application/vnd.pypi.simple.v1+json"),)
PLAIN_JSON = (("Content-Type", "application/json"),)


def html_page(name: str, *versions: str) -> Answer:
    """A page of the Simple API in HTML (PEP 503)."""
    links = "".join(f'<a href="{name}-{each}.tar.gz">{name}-{each}.tar.gz</a>' for each in versions)
    return Answer(body=f"<!DOCTYPE html><html><body>{links}</body></html>".encode(), headers=HTML)


def redirect(location: str, status: int = 302) -> Answer:
    """A redirect to `location`."""
    return Answer(status, headers=(("Location", location),))


class Clock:
    """Seconds that pass when they are told to."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """What time it is."""
        return self.now


async def nothing_left() -> None:
    """Hold that no task but the caller's own is left in the loop."""
    for _ in range(20):  # generators are closed in tasks of their own
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - {asyncio.current_task()}
    assert not left, left


class Loopback:
    """The server, for ``async with``. `answer` may be replaced at any time."""

    def __init__(self, answer: Handler | Answer, context: ssl.SSLContext | None = None) -> None:
        self.answer = answer
        self.seen: list[Request] = []
        self.connections = 0
        self.open = 0
        self.most_open = 0
        self._context = context
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Loopback:
        self._server = await asyncio.start_server(
            self._accept, "127.0.0.1", 0, ssl=self._context, limit=2**20
        )
        self.port: int = self._server.sockets[0].getsockname()[1]
        scheme = "https" if self._context else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}/"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def paths(self) -> list[str]:
        """What was asked for."""
        return [each.path for each in self.seen]

    def authorizations(self) -> list[str]:
        """What was sent as credentials."""
        return [
            each.headers["authorization"] for each in self.seen if "authorization" in each.headers
        ]

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
                while await self._one(reader, writer):
                    pass
        finally:
            self.open -= 1
            writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection goes on."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.rstrip().split("\r\n")
        method, path, _ = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        request = Request(method, path, headers, body)
        self.seen.append(request)
        answer = self.answer if isinstance(self.answer, Answer) else self.answer(request)
        await asyncio.sleep(answer.delay)
        message = answer.message()
        end = min(each for each in (answer.cut, answer.hang, len(message)) if each is not None)
        if answer.drip:
            for at in range(end):
                writer.write(message[at : at + 1])
                await writer.drain()
                await asyncio.sleep(answer.drip)
        else:
            writer.write(message[:end])
            await writer.drain()
        if answer.hang is not None:
            await reader.read()  # until the other side goes
        goes_on = answer.cut is None and answer.hang is None and answer.raw is None
        if answer.cut is not None or answer.raw is not None:
            writer.close()
            await writer.wait_closed()
        return goes_on and answer.length is None
