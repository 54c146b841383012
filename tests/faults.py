"""Faults at random, thrown at the client by servers that lie; asks that it stays calm.

Calls of all kinds go to two indexes and an advisory database on loopback that delay, cut, corrupt,
bloat and lie. Every call has to end with an answer, nothing may be raised or logged as an error,
no task and no memory may be left behind, and only the index that credentials belong to may see
them. Run it with::

    python -m tests.faults --faults 1000 --seed 1

What a server does depends on the seed, the path, and how often it was asked for. Memory is counted
with the system's allocator (``PYTHONMALLOC=malloc``): Python's own keeps what it has had.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import ctypes
import gc
import gzip
import json
import logging
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts.packages import Advisories, Details, IndexState, Missing, Unreachable
from pyproject_ls.index.client import Client, Kept
from pyproject_ls.index.records import Index
from pyproject_ls.index.store import Store
from pyproject_ls.index.transport import Limits, Transport
from tests.index.faults import (
    HTML,
    JSON,
    PLAIN_JSON,
    Answer,
    Clock,
    Loopback,
    Request,
    html_page,
    nothing_left,
    redirect,
)

LIMITS = Limits(connect=1, read=0.05, total=0.3, pauses=(0.001, 0.002))
PATIENCE = 30.0
"""Seconds after which a call is taken to hang; the limits bound one request to far less."""

MAX_GROWTH = 20 << 20
"""Bytes of memory that may be gained after the warm-up."""

_WHEEL = re.compile(r"(.+)-(1\.\d+)-py3-none-any\.whl\.metadata")

GZIP = (("Content-Encoding", "gzip"),)
BOMB = gzip.compress(bytes(48 << 20))
LOGINS = {"one": ("me", "pass-one"), "two": ("you", "pass-two")}
NAMES = [f"package-{number}" for number in range(60)]
SHARE = 0.75
"""How many of the answers are faults."""


class Result(NamedTuple):
    """What came of it. `problems` is empty if all was well."""

    faults: Counter[str]
    answers: Counter[str]
    cancelled: int
    slowest: float
    growth: int | None
    problems: list[str]


class Liar:
    """What a lying server answers. `elsewhere` is another origin."""

    def __init__(self, seed: int, label: str, elsewhere: str) -> None:
        self.faults: Counter[str] = Counter()
        self._seed = f"{seed} {label}"
        self._elsewhere = elsewhere
        self._asked: Counter[str] = Counter()
        self._lies: dict[str, Callable[[random.Random, Request, Answer], Answer]] = {
            each.__name__.lstrip("_"): each
            for each in (
                _delay,
                _cut,
                _hang,
                _drip,
                _corrupt,
                _corrupt_all,
                _status,
                _retry_after,
                _login,
                _wrong_type,
                _wrong_length,
                _wrong_encoding,
                _bomb,
                _bloat,
                _garbage,
                _chunks,
                _headers,
                _nonsense,
                _deep,
                _another_package,
                _hostile,
                _loop,
                _not_modified,
                self._redirect,
            )
        }

    def __call__(self, request: Request) -> Answer:
        """The answer to `request`, true or not."""
        self._asked[request.path] += 1
        chance = random.Random(f"{self._seed} {request.path} {self._asked[request.path]}")
        truth = _truth(chance, request)
        if chance.random() > SHARE:
            return truth
        lie = chance.choice(sorted(self._lies))
        self.faults[lie] += 1
        return self._lies[lie](chance, request, truth)

    def _redirect(self, chance: random.Random, request: Request, truth: Answer) -> Answer:
        target = chance.choice(
            [
                *[self._elsewhere + request.path] * 6,
                self._elsewhere.replace("//", "//me:pass-one@"),
                "http://169.254.169.254/latest/meta-data/",
                "http://[::ffff:169.254.169.254]/",
                "file:///etc/passwd",
                "https://127.0.0.1:1/",
                "//",
                "http://[",
                "\u00ff",
                "http://x:99999999/",
                "/" + "x" * 9000,
            ]
        )
        return redirect(target, chance.choice([301, 302, 303, 307, 308]))


# What is true


def _truth(chance: random.Random, request: Request) -> Answer:
    parts = request.path.strip("/").split("/")
    if request.method == "POST":
        count = len(json.loads(request.body)["queries"])
        vulns = [{"vulns": [{"id": f"CVE-2025-{chance.randrange(20)}"}]} for _ in range(count)]
        return Answer(body=json.dumps({"results": vulns}).encode(), headers=PLAIN_JSON)
    if parts[0] == "v1":
        return Answer(body=json.dumps({"id": parts[-1]}).encode(), headers=PLAIN_JSON)
    if parts[0] == "pypi":
        _, name, version, *_ = [*parts, "", ""]
        info = {"name": name, "version": version, "summary": "x" * chance.randrange(200)}
        return Answer(body=json.dumps({"info": info}).encode(), headers=PLAIN_JSON)
    if parts[0] == "files":
        wheel = _WHEEL.fullmatch(parts[-1])
        if wheel is None:
            return Answer(404)  # an earlier lie led here
        name = wheel[1].replace("_", "-")
        return Answer(body=f"Metadata-Version: 2.1\nName: {name}\nVersion: {wheel[2]}\n".encode())
    name = parts[-1]
    versions = [f"1.{number}" for number in range(chance.choice([0, 1, 5, 60]))]
    etag = (("ETag", f'"{chance.randrange(3)}"'),)
    if chance.random() < 0.5:
        page = html_page(name, *versions)
        return page._replace(headers=HTML + etag)
    files = [_wheel(name, each) for each in versions]
    page_json = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
    return Answer(body=json.dumps(page_json).encode(), headers=JSON + etag)


def _wheel(name: str, version: str) -> dict[str, Any]:
    filename = f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    return {
        "filename": filename,
        "url": f"/files/{filename}",
        "hashes": {},
        "core-metadata": True,
        "upload-time": "2025-01-01T00:00:00Z",
    }


# What is not


def _delay(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return truth._replace(delay=chance.choice([0.001, 0.01, 0.1]))


def _cut(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return truth._replace(cut=chance.randrange(len(truth.message()) + 1))


def _hang(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return truth._replace(hang=chance.randrange(len(truth.message()) + 1))


def _drip(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return truth._replace(drip=0.02)


def _corrupt(chance: random.Random, request: Request, truth: Answer) -> Answer:
    body = bytearray(truth.body)
    for _ in range(chance.randrange(1, 20)):
        if body:
            body[chance.randrange(len(body))] = chance.randrange(256)
    return truth._replace(body=bytes(body))


def _corrupt_all(chance: random.Random, request: Request, truth: Answer) -> Answer:
    message = bytearray(truth.message())
    for _ in range(chance.randrange(1, 6)):
        message[chance.randrange(min(len(message), 300))] = chance.randrange(256)
    return Answer(raw=bytes(message))


def _status(chance: random.Random, request: Request, truth: Answer) -> Answer:
    statuses = (204, 206, 400, 403, 404, 407, 410, 418, 429, 451, 500, 502, 503, 504, 599)
    return truth._replace(status=chance.choice(statuses))


def _retry_after(chance: random.Random, request: Request, truth: Answer) -> Answer:
    value = chance.choice(["1", "999999999999", "-1", "x", "Sat, 01 Nov 2025 00:00:00 GMT", ""])
    return Answer(chance.choice([429, 503]), headers=(("Retry-After", value),))


def _login(chance: random.Random, request: Request, truth: Answer) -> Answer:
    challenge = chance.choice(["Basic", "Digest realm=x, nonce=y", "Negotiate", "\u00ff"])
    return Answer(401, headers=(("WWW-Authenticate", challenge),))


def _wrong_type(chance: random.Random, request: Request, truth: Answer) -> Answer:
    kind = chance.choice(
        ["", "text/html", "application/json", "image/png", "a" * 500, "text/html;"]
    )
    return truth._replace(headers=(("Content-Type", kind),))


def _wrong_length(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return truth._replace(length=chance.choice(["0", "5", "-1", "99999999", "1e9", "", "5, 6"]))


def _wrong_encoding(chance: random.Random, request: Request, truth: Answer) -> Answer:
    encoding = chance.choice(["gzip", "br", "deflate", "gzip, gzip", "\u00ff"])
    return truth._replace(headers=(*truth.headers, ("Content-Encoding", encoding)))


def _bomb(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return Answer(body=BOMB, headers=truth.headers + GZIP)


def _bloat(chance: random.Random, request: Request, truth: Answer) -> Answer:
    padding = chance.choice([b" ", b"<a>", b"\0", b"["]) * (2 << 20)
    return truth._replace(body=padding + truth.body, is_chunked=chance.random() < 0.5)


def _garbage(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return Answer(raw=chance.randbytes(chance.choice([0, 1, 10, 5000])))


def _chunks(chance: random.Random, request: Request, truth: Answer) -> Answer:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    tail = chance.choice(
        [b"-1\r\nx", b"zz\r\n", b"ffffffffffff\r\nx", b"1;" + b"x" * 90000, b"5\r\nab"]
    )
    return Answer(raw=head + tail)


def _headers(chance: random.Random, request: Request, truth: Answer) -> Answer:
    value = chance.choice(["x" * 60_000, "x" * 200_000, "\u00ff" * 50, "a\x00b", "\x1b[2J"])
    return truth._replace(headers=(*truth.headers, ("ETag", value), ("Set-Cookie", "a=b")))


def _nonsense(chance: random.Random, request: Request, truth: Answer) -> Answer:
    body = chance.choice([b"", b"{", b"[]", b"null", b'"x"', b"{}", b"1e999", b"<", b"\xff\xfe{"])
    return truth._replace(body=body)


def _deep(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return truth._replace(body=chance.choice([b"[", b'{"files":', b"<a href="]) * 50_000)


def _another_package(chance: random.Random, request: Request, truth: Answer) -> Answer:
    name = request.path.strip("/").split("/")[-1].encode() or b"x"
    return truth._replace(body=truth.body.replace(name, b"another"))


def _hostile(chance: random.Random, request: Request, truth: Answer) -> Answer:
    """Values of the wrong types and with characters that nobody wants."""
    value: Any = chance.choice(
        [None, 5, [], {}, "\u202e\x1b[31m", "\ud800", "x" * 100_000, [[]], -1]
    )
    file = {**_wheel("x", "1"), chance.choice(["filename", "url", "yanked", "upload-time"]): value}
    page = {"meta": {"api-version": "1.1"}, "name": "x", "files": [file, value], "info": value}
    page[chance.choice(["name", "files", "meta", "info", "results", "id", "affected"])] = value
    return truth._replace(body=json.dumps(page).encode(), headers=JSON)


def _loop(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return redirect(chance.choice([request.path, request.path + "x/", "", "?", "."]))


def _not_modified(chance: random.Random, request: Request, truth: Answer) -> Answer:
    return Answer(304)


# Who asks


class _Logins:
    async def first(self, index: Index) -> tuple[str, str] | None:
        return LOGINS[index.name]

    async def after_401(self, index: Index) -> tuple[str, str] | None:
        return None


class Storm:
    """Asks until so many faults were thrown."""

    def __init__(self, seed: int, counts_memory: bool) -> None:
        self.chance = random.Random(seed)
        self._counts_memory = counts_memory
        self.answers: Counter[str] = Counter()
        self.problems: list[str] = []
        self.cancelled = 0
        self.slowest = 0.0
        self._seed = seed

    async def run(self, faults: int, folder: Path) -> Result:
        """Throw `faults` faults; `folder` is for the store."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(
            lambda loop, context: self.problems.append(f"unhandled: {context}")
        )
        wall, seconds = Clock(1_700_000_000.0), Clock()
        store = Store(folder, clock=wall)
        transport = Transport(LIMITS, clock=seconds)
        base: int | None = None
        trap = Loopback(Answer(404))
        async with trap, Loopback(Answer()) as one, Loopback(Answer()) as two:
            liars = [Liar(self._seed, "one", trap.url), Liar(self._seed, "two", trap.url)]
            one.answer, two.answer = liars
            indexes = [
                Index("one", one.url + "simple/", False, "poetry:one"),
                Index("two", two.url + "simple/", True, "poetry:two"),
            ]

            def thrown() -> int:
                return sum(sum(liar.faults.values()) for liar in liars)

            client = _client(transport, store, wall, one.url)
            while thrown() < faults and len(self.problems) < 20:
                await asyncio.gather(*(self._call(client, indexes) for _ in range(8)))
                wall.now += self.chance.choice([1, 31, 700, 100_000])
                seconds.now += self.chance.choice([0, 1, 61, 601])
                if self.chance.random() < 0.02:  # the settings have changed
                    await client.close()
                    client = _client(transport, store, wall, one.url)
                self._check(one, two, trap)
                if base is None and thrown() > min(faults // 4, 300):
                    base = _memory()
            growth = _memory()
            await client.close()
            await transport.close()
            store.close()
        try:
            await nothing_left()
        except AssertionError as error:
            self.problems.append(f"left behind: {error}")
        grown = None if base is None or growth is None else growth - base
        if self._counts_memory and grown is not None and grown > MAX_GROWTH:
            self.problems.append(f"memory has grown by {grown / 2**20:.1f} MB")
        return Result(
            sum((liar.faults for liar in liars), Counter()),
            self.answers,
            self.cancelled,
            self.slowest,
            grown,
            self.problems,
        )

    async def _call(self, client: Client, indexes: list[Index]) -> None:
        chance = self.chance
        index, name = chance.choice(indexes), chance.choice(NAMES)
        kind = chance.choice(["project", "project", "project", "details", "state", "advisories"])
        work: dict[str, Callable[[], Any]] = {
            "project": lambda: client.project(index, name),
            "details": lambda: client.details(index, name, version),
            "state": lambda: client.state(index),
            "advisories": lambda: client.advisories([(name, "1.0"), (name, version)]),
        }
        version = chance.choice(["", "1.0", "1.3", "nonsense"])
        task = asyncio.ensure_future(work[kind]())
        if chance.random() < 0.1:
            await asyncio.sleep(chance.random() * 0.02)
            task.cancel()
        start = time.perf_counter()
        done, _ = await asyncio.wait([task], timeout=PATIENCE)
        self.slowest = max(self.slowest, time.perf_counter() - start)
        if not done:
            self.problems.append(f"{kind} hangs")
        elif task.cancelled():
            self.cancelled += 1
        elif task.exception() is not None:
            self.problems.append(f"{kind} raised {task.exception()!r}")
        else:
            self._look_at(kind, task.result())

    def _look_at(self, kind: str, answer: object) -> None:
        self.answers[f"{kind}: {type(answer).__name__}"] += 1
        wanted = {
            "project": (Kept, Missing, Unreachable),
            "details": (Details, Missing, Unreachable),
            "state": IndexState,
            "advisories": dict,
        }
        if not isinstance(answer, wanted[kind]):  # type: ignore[arg-type]
            self.problems.append(f"{kind} answered {answer!r}")
        if isinstance(answer, dict):
            for each in answer.values():
                if not isinstance(each, Advisories):
                    self.problems.append(f"advisories answered {each!r}")
        text = str(answer)
        if any(password in text for _, password in LOGINS.values()):
            self.problems.append(f"{kind} shows a password")

    def _check(self, one: Loopback, two: Loopback, trap: Loopback) -> None:
        """Who has seen which credentials; what was seen is forgotten."""
        for server, allowed in ((one, {_basic("one")}), (two, {_basic("two")}), (trap, set())):
            for each in server.seen:
                may_see = set() if each.path.startswith("/v1/") else allowed
                if each.headers.get("authorization") not in {None, *may_see}:
                    self.problems.append(f"credentials went to {each.path}")
                if "cookie" in each.headers:
                    self.problems.append("a cookie was kept")
            server.seen.clear()


class _Errors(logging.Handler):
    """Whatever is logged as an error is a fault of ours."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._problems = problems

    def emit(self, record: logging.LogRecord) -> None:
        self._problems.append(f"logged: {record.getMessage()} {record.exc_info}")


def storm(faults: int, seed: int, *, counts_memory: bool = False) -> Result:
    """Throw `faults` faults at a client."""
    work = Storm(seed, counts_memory)
    handler = _Errors(work.problems)
    logging.getLogger().addHandler(handler)
    try:
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(work.run(faults, Path(folder)))
    finally:
        logging.getLogger().removeHandler(handler)


def _client(transport: Transport, store: Store, wall: Clock, database: str) -> Client:
    return Client(transport, store, _Logins(), IndexSettings(), wall, advisory_database=database)


def _basic(name: str) -> str:
    return "Basic " + base64.b64encode(":".join(LOGINS[name]).encode()).decode()


def _memory() -> int | None:
    """Bytes that the process uses now; None where the system does not say."""
    gc.collect()
    try:
        # what was freed but kept for later is no growth
        ctypes.CDLL("libc.so.6").malloc_trim(0)
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except (OSError, ValueError, AttributeError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def main() -> int:
    """Run from the command line; 1 if anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--faults", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    if os.environ.get("PYTHONMALLOC") != "malloc":
        environment = {**os.environ, "PYTHONMALLOC": "malloc", "MALLOC_ARENA_MAX": "1"}
        command = [sys.executable, "-m", "tests.faults", *sys.argv[1:]]
        return subprocess.call(command, env=environment)
    start = time.perf_counter()
    result = storm(chosen.faults, chosen.seed, counts_memory=True)
    calls = sum(result.answers.values()) + result.cancelled
    print(f"{sum(result.faults.values())} faults of {len(result.faults)} kinds, seed {chosen.seed}")
    print("  " + ", ".join(f"{name} {count}" for name, count in sorted(result.faults.items())))
    print(f"{calls} calls in {time.perf_counter() - start:.1f} s, {result.cancelled} cancelled")
    print("  " + ", ".join(f"{name} {count}" for name, count in sorted(result.answers.items())))
    print(f"slowest answer {result.slowest:.2f} s")
    if result.growth is not None:
        print(f"memory {result.growth / 2**20:+.1f} MB since the warm-up")
    for problem in result.problems:
        print(f"PROBLEM {problem}")
    return 1 if result.problems else 0


if __name__ == "__main__":
    sys.exit(main())
