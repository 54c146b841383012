r"""The packages of ``fixtures/index/packages`` on loopback, with files that can be installed.

In a test::

    with PackageIndex() as index:
        lock(f'[[tool.uv.index]]\nurl = "{index.url}"\ndefault = true')
        assert "/simple/lantern/" in index.paths()

By hand: ``python -m tests.resolver.package_index --port 8766``.

There is the Simple API as HTML (PEP 503) and JSON (PEP 691), by ``Accept``, with the metadata of
wheels beside them (PEP 658), and the files, which are built in memory when they are first asked
for. `tests.index_server` is another, larger index, which has metadata only.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import html
import json
import threading
import time
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

from tests.index_server import preferred
from tests.resolver.package_files import File, files_of
from tests.resolver.package_pages import Package, Release, all_packages, by_name

JSON, HTML = "application/vnd.pypi.simple.v1+json", "text/html; charset=utf-8"


class Asked(NamedTuple):
    """A request: its path (with query), and the status of its answer."""

    method: str
    path: str
    status: int


class PackageIndex:
    """The index as a context manager; it listens while the block runs.

    `more` are packages beside those of the pages, or in their place. `login` (``user:password``) is
    asked for before every answer. `latency` (seconds) comes before it. `port` 0 is any free one.
    """

    def __init__(
        self,
        more: Iterable[Package] = (),
        *,
        login: str = "",
        latency: float = 0.0,
        port: int = 0,
    ) -> None:
        self.login = login
        self.latency = latency
        self.failing: dict[str, int] = {}
        """Paths, and the HTTP status with which they are answered instead."""
        self.requests: list[Asked] = []
        """All requests, in the order in which they were answered."""
        self._packages = by_name((*all_packages(), *more))
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        self._server = _Server(("127.0.0.1", port), _Handler)
        self._server.index = self
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="package index", daemon=True
        )

    def __enter__(self) -> PackageIndex:
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

    @property
    def url(self) -> str:
        """The address of its Simple API, with "/" at its end and without a login."""
        return f"http://127.0.0.1:{self.port}/simple/"

    @property
    def url_with_login(self) -> str:
        """The same with the login in it."""
        return self.url.replace("//", f"//{self.login}@", 1) if self.login else self.url

    def paths(self) -> list[str]:
        """What was asked for so far."""
        with self._lock:
            return [each.path for each in self.requests]

    def add(self, package: Package) -> None:
        """Have `package` from now on, in place of the one with its name."""
        with self._lock:
            self._packages[package.normalized] = package

    def hold(self) -> None:
        """Let requests arrive but answer none of them until `release`."""
        self._open.clear()

    def release(self) -> None:
        """Answer what waits, and all that comes."""
        self._open.set()

    # For the handlers

    def answer(self, method: str, path: str, accept: str, login: str | None) -> _Answer:
        """What to answer; returns when it may be."""
        if self.latency:
            time.sleep(self.latency)
        self._open.wait()
        found = self._answer(unquote(urlsplit(path).path), accept, login)
        with self._lock:
            self.requests.append(Asked(method, path, found.status))
        return found

    def _answer(self, path: str, accept: str, login: str | None) -> _Answer:
        if path in self.failing:
            return _Answer(self.failing[path], "text/plain", b"out of order")
        if self.login and login != "Basic " + base64.b64encode(self.login.encode()).decode():
            return _Answer(401, "text/plain", b"who are you?")
        match path.strip("/").split("/"):
            case ["simple"]:
                return self._names(preferred(accept) == "json")
            case ["simple", name] if name in self._packages:
                return self._project(self._packages[name], preferred(accept) == "json")
            case ["files", name, filename] if name in self._packages:
                return self._file(self._packages[name], filename)
        return _Answer(404, "text/plain", b"no such page")

    def _names(self, as_json: bool) -> _Answer:
        names = sorted(self._packages)
        if as_json:
            projects = [{"name": self._packages[name].name} for name in names]
            return _json({"meta": {"api-version": "1.1"}, "projects": projects})
        links = (f'<a href="/simple/{name}/">{name}</a>' for name in names)
        return _html("Simple index", links)

    def _project(self, package: Package, as_json: bool) -> _Answer:
        files = [
            (release, file) for release in package.releases for file in files_of(package, release)
        ]
        if as_json:
            page = {
                "meta": {"api-version": "1.1"},
                "name": package.normalized,
                "versions": [each.version for each in package.releases],
                "files": [_json_file(package, *each) for each in files],
            }
            return _json(page)
        return _html(package.name, (_link(package, *each) for each in files))

    def _file(self, package: Package, filename: str) -> _Answer:
        for release in package.releases:
            for file in files_of(package, release):
                if filename == file.name:
                    return _Answer(200, "application/octet-stream", file.data)
                if file.metadata and filename == f"{file.name}.metadata":
                    return _Answer(200, "text/plain; charset=utf-8", file.metadata.encode())
        return _Answer(404, "text/plain", b"no such file")


class _Answer(NamedTuple):
    status: int
    content_type: str
    body: bytes


def _json(value: Any) -> _Answer:
    return _Answer(200, JSON, json.dumps(value).encode())


def _html(title: str, links: Iterator[str]) -> _Answer:
    lines = "".join(f"{link}<br>\n" for link in links)
    text = f"<!DOCTYPE html>\n<title>{html.escape(title)}</title>\n{lines}"
    return _Answer(200, HTML, text.encode())


def _json_file(package: Package, release: Release, file: File) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "filename": file.name,
        "url": f"/files/{package.normalized}/{file.name}",
        "hashes": {"sha256": file.sha256},
        "size": len(file.data),
        "upload-time": f"{release.uploaded}T00:00:00.000000Z",
        "yanked": release.yanked or False,
    }
    if release.requires_python:
        entry["requires-python"] = release.requires_python
    if file.metadata:
        entry["core-metadata"] = {"sha256": _metadata_hash(file)}
    return entry


def _link(package: Package, release: Release, file: File) -> str:
    attributes = {"href": f"/files/{package.normalized}/{file.name}#sha256={file.sha256}"}
    if release.requires_python:
        attributes["data-requires-python"] = release.requires_python
    if release.yanked:
        attributes["data-yanked"] = release.yanked
    if file.metadata:
        attributes["data-core-metadata"] = f"sha256={_metadata_hash(file)}"
        attributes["data-dist-info-metadata"] = attributes["data-core-metadata"]
    written = " ".join(f'{key}="{html.escape(value)}"' for key, value in attributes.items())
    return f"<a {written}>{file.name}</a>"


def _metadata_hash(file: File) -> str:
    return File("", file.metadata.encode()).sha256


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128
    index: PackageIndex

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that hang up are what some tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "package-index"
    wbufsize = -1  # head and body in one packet
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._do()

    def do_HEAD(self) -> None:
        self._do()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: `PackageIndex.requests` is the log."""

    def _do(self) -> None:
        headers = self.headers
        answer = self.server.index.answer(
            self.command, self.path, headers.get("Accept", ""), headers.get("Authorization")
        )
        self.send_response(answer.status)
        if answer.status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="packages"')
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer.body)


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.resolver.package_index", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes any free one")
    parser.add_argument("--login", default="", metavar="USER:PASSWORD")
    chosen = parser.parse_args()
    with PackageIndex(port=chosen.port, login=chosen.login) as index:
        print(index.url, flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            threading.Event().wait()


if __name__ == "__main__":
    main()
