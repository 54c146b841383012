"""A password in front of an index that has none of its own, as nginx does it for devpi.

It also keeps a list of what was asked and answered, which real servers do not show.
"""

from __future__ import annotations

import base64
import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import NamedTuple
from urllib.parse import urlsplit

_KEPT = frozenset({"accept", "authorization", "user-agent", "if-none-match", "if-modified-since"})


class Passed(NamedTuple):
    """A request and the status of its answer."""

    path: str
    status: int
    authorization: str = ""
    """What came as ``Authorization``."""
    condition: str = ""
    """What came as ``If-None-Match`` or ``If-Modified-Since``."""


class Guard:
    """A reverse proxy before the server `upstream` (an address), as a context manager.

    `login` is asked for before anything is passed on; None for nobody's.
    """

    def __init__(self, upstream: str, login: tuple[str, str] | None = None) -> None:
        self.upstream = urlsplit(upstream).netloc
        self.expected = ""
        if login is not None:
            self.expected = "Basic " + base64.b64encode(":".join(login).encode()).decode()
        self.log: list[Passed] = []
        """All requests, in the order in which they were answered."""
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.guard = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="guard", daemon=True
        )

    def __enter__(self) -> Guard:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str) -> str:
        """The address of `path`, which begins with "/"."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    guard: Guard


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        guard = self.server.guard
        sent = self.headers.get("Authorization", "")
        if guard.expected and sent != guard.expected:
            status, headers, body = 401, [("WWW-Authenticate", 'Basic realm="team"')], b"no"
        else:
            status, headers, body = self._passed_on(guard.upstream)
        condition = self.headers.get("If-None-Match") or self.headers.get("If-Modified-Since") or ""
        guard.log.append(Passed(self.path, status, sent, condition))
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {"connection", "transfer-encoding", "content-length"}:
                self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: `Guard.log` is the log."""

    def _passed_on(self, upstream: str) -> tuple[int, list[tuple[str, str]], bytes]:
        headers = {name: value for name, value in self.headers.items() if name.lower() in _KEPT}
        connection = http.client.HTTPConnection(upstream, timeout=30)
        try:
            connection.request("GET", self.path, headers={**headers, "Host": upstream})
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()
