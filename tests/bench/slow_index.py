"""An index in a process of its own, as slow and as wordy as those on the network."""

from __future__ import annotations

import hashlib
import json
import time
from multiprocessing import get_context
from multiprocessing.connection import Connection
from types import TracebackType

from tests.index_server import Answer, IndexServer, Seen

RELEASES = 100
"""So many releases has every package, each with a wheel and a source distribution."""

PACKAGES = 100

_JSON = "application/vnd.pypi.simple.v1+json"
_DETAILS = {"summary": "Made for benchmarks", "license": "MIT", "project_urls": None}


class SlowIndex:
    """Packages ``library-0000`` and so on, and ``poetry-core``; `latency` is in seconds.

    The process keeps the interpreter of whoever measures free. Times are those of
    ``time.perf_counter``, which all processes share on POSIX.
    """

    def __init__(self, latency: float) -> None:
        context = get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, latency), daemon=True)
        self._process.start()
        self.url: str = self._pipe.recv()

    def __enter__(self) -> SlowIndex:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.terminate()
        self._process.join()

    def hang(self) -> None:
        """Answer nothing from now on."""
        self._pipe.send("hang")
        self._pipe.recv()

    def answers(self) -> list[float]:
        """When the pages of packages went out since the last call."""
        self._pipe.send("answers")
        found: list[float] = self._pipe.recv()
        return found


def page(name: str) -> bytes:
    """A page of the Simple API with `RELEASES` releases, two files each: about 100 kB."""
    files = []
    versions = [f"{number // 10}.{number % 10}" for number in range(10, RELEASES + 10)]
    for number, version in enumerate(versions):
        for suffix in ("-py3-none-any.whl", ".tar.gz"):
            filename = f"{name.replace('-', '_')}-{version}{suffix}"
            digest = hashlib.sha256(filename.encode()).hexdigest()
            files.append(
                {
                    "core-metadata": {"sha256": digest} if suffix.endswith("whl") else False,
                    "filename": filename,
                    "hashes": {"sha256": digest},
                    "requires-python": ">=3.9",
                    "size": 123_456,
                    "upload-time": f"20{10 + number // 10}-0{1 + number % 9}-01T12:00:00.000000Z",
                    "url": f"/files/packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{filename}",
                    "yanked": False,
                }
            )
    meta = {"api-version": "1.4", "_last-serial": 1}
    return json.dumps({"meta": meta, "name": name, "versions": versions, "files": files}).encode()


class _Index(IndexServer):
    """Remembers when it answered; pages are made before they are asked for."""

    def __init__(self, latency: float) -> None:
        super().__init__(latency=latency)
        self.answered: list[float] = []
        self._pages: dict[str, Answer] = {}

    def prepare(self, count: int) -> None:
        """Make the pages of so many packages."""
        for name in ("poetry-core", *(f"library-{number:04}" for number in range(count))):
            body = page(name)
            tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
            self._pages[f"/simple/{name}/"] = Answer(
                200, {"Content-Type": _JSON, "ETag": tag}, body
            )

    def answer(self, seen: Seen) -> Answer:
        """What to answer."""
        found = self._pages.get(seen.path)
        if found is None:
            return self._details(seen.path) or super().answer(seen)
        self.answered.append(time.perf_counter())
        if seen.headers.get("if-none-match") == found.headers["ETag"]:
            return Answer(304, found.headers)
        return found

    def _details(self, path: str) -> Answer | None:
        match path.strip("/").split("/"):
            case ["pypi", name, version, "json"] if f"/simple/{name}/" in self._pages:
                info = {**_DETAILS, "name": name, "version": version}
                return Answer(200, {"Content-Type": "application/json"}, _json({"info": info}))
        return None


def _json(value: object) -> bytes:
    return json.dumps(value).encode()


def _serve(pipe: Connection, latency: float) -> None:
    index = _Index(latency)
    with index:
        index.prepare(PACKAGES)
        pipe.send(index.url("/simple/"))
        while True:
            match pipe.recv():
                case "hang":
                    index.hold()
                    pipe.send(None)
                case "answers":
                    found, index.answered = index.answered, []
                    pipe.send(found)
