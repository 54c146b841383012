"""The index of ``fixtures/index`` on loopback: what clients, editors and people can ask.

In a test::

    with IndexServer() as server:
        fetch(server.url("/simple/flask/"))
        assert server.requests[0].path == "/simple/flask/"

By hand: ``python -m tests.index_server --port 8765 --names 860000``.

What there is:

- ``/simple/`` and ``/simple/<name>/``, the Simple API, JSON or HTML by ``Accept``;
- ``/files/<wheel>.metadata``; the files themselves come with issue 5 (`index_documents`);
- ``/pypi/<name>/json`` and ``/pypi/<name>/<version>/json``, the JSON API;
- ``/v1/querybatch`` and ``/v1/vulns/<id>``, the advisory database (OSV);
- ``/ranking.json``, the most downloaded names.

The first three also stand under ``/public`` and ``/private``; without either, the public index is
meant.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import hmac
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from tests import index_documents
from tests.index_documents import Document

Format = Literal["json", "html"]


class Seen(NamedTuple):
    """A request as it arrived; the names of `headers` are in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def authorization(self) -> str | None:
        """The credentials that came with it; None for none."""
        return self.headers.get("authorization")


class Answer(NamedTuple):
    """An answer that stands in for the right one (`IndexServer.instead`)."""

    status: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b""


class IndexServer:
    """The index as a context manager; it listens while the block runs.

    `port` 0 is any free one. `latency` (seconds) comes before every answer. `password`
    (``user:password``) is asked for below the path `protected`. `only` is the one format of the
    Simple API that it speaks, whatever is asked for. `names` made-up names are added to the public
    index, each with one release.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        latency: float = 0.0,
        password: str = "",
        protected: str = "/",
        only: Format | None = None,
        names: int = 0,
    ) -> None:
        self.latency = latency
        self.password = password
        self.protected = protected
        self.only = only
        self.names = names
        self.instead: dict[str, Answer] = {}
        """Answers by path (with the query), instead of the right ones."""
        self.requests: list[Seen] = []
        """All requests, in the order in which they arrived."""
        self._arrived = threading.Condition()
        self._open = threading.Event()
        self._open.set()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.index = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="index server", daemon=True
        )

    def __enter__(self) -> IndexServer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._open.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_address[1]

    def url(self, path: str = "/simple/") -> str:
        """The address of `path`."""
        return f"http://127.0.0.1:{self.port}{path}"

    def paths(self) -> list[str]:
        """What was asked for so far."""
        with self._arrived:
            return [each.path for each in self.requests]

    def hold(self) -> None:
        """Let requests arrive but answer none of them until `release`."""
        self._open.clear()

    def release(self) -> None:
        """Answer what waits, and all that comes."""
        self._open.set()

    def wait_for(self, count: int, timeout: float = 10.0) -> bool:
        """Wait until `count` requests have arrived in all; False if that takes too long."""
        with self._arrived:
            return self._arrived.wait_for(lambda: len(self.requests) >= count, timeout)

    # For the handlers

    def note(self, seen: Seen) -> None:
        """A request has arrived. Returns when it may be answered."""
        with self._arrived:
            self.requests.append(seen)
            self._arrived.notify_all()
        if self.latency:
            time.sleep(self.latency)
        self._open.wait()

    def answer(self, seen: Seen) -> Answer:
        """What to answer."""
        if seen.path in self.instead:
            return self.instead[seen.path]
        path = urlsplit(seen.path).path
        if self.password and path.startswith(self.protected) and not self._is_known(seen):
            challenge = {"WWW-Authenticate": 'Basic realm="index", charset="UTF-8"'}
            return Answer(401, challenge, b"who are you?")
        return self._page(seen, unquote(path))

    def _is_known(self, seen: Seen) -> bool:
        kind, _, token = (seen.authorization or "").partition(" ")
        right = base64.b64encode(self.password.encode())
        return kind.lower() == "basic" and hmac.compare_digest(token.strip().encode(), right)

    def _page(self, seen: Seen, path: str) -> Answer:
        format = self.only or preferred(seen.headers.get("accept", ""))
        if seen.method == "POST":
            found = index_documents.batch(seen.body) if path == "/v1/querybatch" else None
        elif moved := index_documents.moved(path):
            return Answer(301, {"Location": moved})
        else:
            found = index_documents.document(path, format, self.names)
        if found is None:
            return Answer(404, {"Content-Type": "text/plain"}, b"no such page")
        return _conditional(seen, found)


def preferred(accept: str) -> Format:
    """The format of the Simple API that the header ``Accept`` asks for; HTML if it is all one."""
    weights = {"json": 0.0, "html": 0.0}
    for each in accept.lower().split(","):
        media_type, *parameters = (part.strip() for part in each.split(";"))
        weight = next((_weight(part[2:]) for part in parameters if part.startswith("q=")), 1.0)
        if media_type in {
            "application/vnd.pypi.simple.v1+json",
            "application/vnd.pypi.simple.latest+json",
        }:
            weights["json"] = max(weights["json"], weight)
        elif media_type in {"text/html", "application/vnd.pypi.simple.v1+html", "*/*"}:
            weights["html"] = max(weights["html"], weight)
    return "json" if weights["json"] > weights["html"] else "html"


def _weight(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _conditional(seen: Seen, found: Document) -> Answer:
    tag = f'"{hashlib.sha256(found.body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "max-age=600, public", "Vary": "Accept"}
    if seen.headers.get("if-none-match") == tag:
        return Answer(304, headers)
    return Answer(200, {**headers, "Content-Type": found.content_type}, found.body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    index: IndexServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "fixture-index"
    wbufsize = -1  # head and body in one packet
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._do()

    def do_HEAD(self) -> None:
        self._do()

    def do_POST(self) -> None:
        self._do()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: `IndexServer.requests` is the log."""

    def _do(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        seen = Seen(self.command, self.path, headers, self.rfile.read(length))
        index = self.server.index
        index.note(seen)
        answer = index.answer(seen)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304 and "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD" and answer.status != 304:
            self.wfile.write(answer.body)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.index_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--latency", type=float, default=0.0, metavar="MS")
    parser.add_argument("--password", default="", metavar="USER:PASSWORD")
    parser.add_argument("--protected", default="/", metavar="PATH", help="what the password is for")
    parser.add_argument("--names", type=int, default=0, help="how many names to make up")
    formats = parser.add_mutually_exclusive_group()
    formats.add_argument("--html", dest="only", action="store_const", const="html")
    formats.add_argument("--json", dest="only", action="store_const", const="json")
    chosen = parser.parse_args()
    with IndexServer(
        port=chosen.port,
        latency=chosen.latency / 1000,
        password=chosen.password,
        protected=chosen.protected,
        only=chosen.only,
        names=chosen.names,
    ) as server:
        print(server.url(), flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
