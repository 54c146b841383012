"""The indexes of the storm: in a process of their own, each at an origin of its own.

They tell what `tests.faults.Liar` tells, and what only shows in an editor: pages of 50 MB, answers
that take seconds, texts that would like to be markup, names and versions that are none. What they
were asked stays with them; `Hosts.report` has what was wrong with it.
"""

from __future__ import annotations

import asyncio
import base64
import json
import multiprocessing
import os
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, NamedTuple

from tests.faults import SHARE, Liar
from tests.index.faults import HTML, JSON, PLAIN_JSON, Answer, Loopback, Request, html_page

SECRETS = {"corp": ("me", "s3cret-corp"), "mirror": ("you", "s3cret-mirror")}
"""User names and passwords, by the host that may see them: from the environment, from the URL."""

Json = dict[str, Any]

HOSTS = ("public", "corp", "mirror", "trap")

HUGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n" + b" " * (
    50 << 20
)
"""Without a length, so that it has to be read to be seen to be too long."""

NASTY = (
    "[click](command:workbench.action.terminal.new) ![x](https://trap.example/x.png)",
    "<img src=https://trap.example/x.png onerror=alert(1)><script>alert(1)</script>",
    "\x1b[31mred\x1b]8;;https://trap.example\x07link\x1b]8;;\x07",
    "\u202egnp.exe\u2066\u200b\u2028 \ufeffcommand:x \x00\x07\x7f\x85",
    "```\n# heading\n```\n\n---\n| a | b |\n|---|---|\n<https://trap.example> www.trap.example",
    "x" * 100_000,
    "\ud800 \U000e0041 ` `` [a]: command:x\n\n[a] $(rm -rf) ${1:x}",
    "file:///etc/passwd command:workbench.action.quit javascript:alert(1)",
)
"""What hostile people write into summaries, reasons and names."""

_ADDRESSES = ("command:x", "javascript:alert(1)", "file:///etc/passwd", "https://x:y@trap.example/")


class Report(NamedTuple):
    """What the hosts have seen."""

    faults: dict[str, int]
    requests: int
    welcomed: dict[str, int]
    """How many requests came to a host with the right credentials."""
    problems: list[str]


class Hosts:
    """A process with all hosts, for ``with``; `url(name)` is where one is."""

    def __init__(self, seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_main, args=(other, seed), daemon=True)
        self._ports: dict[str, int] = {}

    def __enter__(self) -> Hosts:
        self._process.start()
        self._ports = self._pipe.recv()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pipe.close()
        self._process.join(5)
        self._process.kill()

    def url(self, host: str, path: str = "/simple/", *, scheme: str = "http") -> str:
        """The address of `path` on `host`."""
        return f"{scheme}://127.0.0.1:{self._ports[host]}{path}"

    def report(self) -> Report:
        """What they have seen so far."""
        self._pipe.send("report")
        found: Report = self._pipe.recv()
        return found


class _Host:
    """One index. `elsewhere` is another origin, to which it redirects."""

    def __init__(self, seed: int, name: str, elsewhere: str) -> None:
        self.name = name
        self.liar = Liar(seed, name, elsewhere)
        self.faults: Counter[str] = Counter()
        self._elsewhere = elsewhere
        self._secret = SECRETS.get(name)
        self._chance = random.Random(f"{seed} {name}")
        self._lies: dict[str, Callable[[Request], Answer]] = {
            "huge": lambda request: Answer(raw=HUGE),
            "slow": self._slow,
            "markup": self._markup,
            "versions": self._versions,
            "spelling": self._spelling,
        }

    def __call__(self, request: Request) -> Answer:
        if self._secret is not None and "authorization" not in request.headers:
            return Answer(401, headers=(("WWW-Authenticate", "Basic"),))
        if request.path.endswith(("/simple/", "/ranking.json")):
            return self._names(request)
        lie = self._chance.choices(["", *self._lies], [60, 1, 2, 24, 7, 6])[0]
        if not lie:
            return self.liar(request)
        self.faults[lie] += 1
        return self._lies[lie](request)

    def _names(self, request: Request) -> Answer:
        """The list of all projects; its names are what somebody wants to see completed."""
        if self._chance.random() > SHARE:
            return self.liar(request)
        self.faults["names"] += 1
        names = [f"package-{number}" for number in range(2000)]
        names += [f"package{sign}{number}" for sign in "_.-" for number in range(50)]
        names += [f"package-{each}" for each in NASTY]
        rows = [{"name": each} for each in names]
        page: Any = {"meta": {"api-version": "1.0"}, "projects": rows}
        if request.path.endswith("ranking.json"):
            ranked = [{"project": each, "download_count": 9} for each in names]
            return Answer(body=json.dumps({"rows": ranked}).encode(), headers=PLAIN_JSON)
        return Answer(body=json.dumps(page).encode(), headers=JSON)

    def _slow(self, request: Request) -> Answer:
        return self._markup(request)._replace(delay=self._chance.choice([1, 2, 10]))

    def _markup(self, request: Request) -> Answer:
        """A right answer, with hostile text in every place that is shown."""
        parts = request.path.strip("/").split("/")
        if parts[0] == "pypi":
            return Answer(body=json.dumps(self._details(parts)).encode(), headers=PLAIN_JSON)
        if parts[0] == "files":
            return Answer(body=self._metadata(parts[-1]).encode("utf-8", "replace"))
        name = parts[-1]
        nasty = self._nasty
        files: list[Json] = [
            {
                "filename": f"{name.replace('-', '_')}-1.{minor}-py3-none-any.whl",
                # beside the page, or at somebody else's
                "url": self._chance.choice(["", self._elsewhere])
                + f"/files/{name.replace('-', '_')}-1.{minor}-py3-none-any.whl",
                "hashes": {},
                "yanked": nasty() if minor == 1 else False,
                "requires-python": nasty() if minor == 2 else ">=3.9",
                "core-metadata": True,
                "upload-time": nasty() if minor == 3 else "2025-01-01T00:00:00Z",
            }
            for minor in range(6)
        ]
        status = self._chance.choice(["active", "archived", "quarantined", "deprecated", nasty()])
        page = {
            "meta": {"api-version": "1.4"},
            "name": name,
            "project-status": {"status": status, "reason": nasty()},
            "files": files,
        }
        return Answer(body=json.dumps(page).encode(), headers=JSON)

    def _details(self, parts: list[str]) -> Json:
        nasty = self._nasty
        info = {
            "name": parts[1],
            "version": parts[2] if len(parts) > 3 else "1.5",
            "summary": nasty(),
            "license": nasty(),
            "license_expression": self._chance.choice([None, nasty()]),
            "requires_python": nasty(),
            "home_page": self._chance.choice(_ADDRESSES),
            "project_urls": {nasty(): each for each in _ADDRESSES},
            "provides_extra": ["fast", nasty(), "a\x1b[0m"],
            "classifiers": [nasty()],
            "author": nasty(),
        }
        found = [{"id": nasty(), "summary": nasty(), "details": nasty(), "link": _ADDRESSES[0]}]
        return {"info": info, "vulnerabilities": found, "urls": []}

    def _metadata(self, filename: str) -> str:
        name, version = filename.split("-")[:2]
        return (
            f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nSummary: {self._nasty()}\n"
            f"License: {self._nasty()}\nProvides-Extra: fast\nProvides-Extra: {self._nasty()}\n"
            f"Project-URL: {self._nasty()}, {_ADDRESSES[0]}\nHome-page: {_ADDRESSES[1]}\n"
        )

    def _versions(self, request: Request) -> Answer:
        """Versions that are none, and some that are odd."""
        name = request.path.strip("/").split("/")[-1]
        odd = (
            "1.0",
            "dev",
            "1..2",
            "v1",
            "1!2.0",
            "2004b",
            "9" * 400,
            "1.0+\u202e",
            "",
            "\u0661.2",
        )
        page = html_page(name, *self._chance.sample(odd, 5))
        return page._replace(headers=HTML)

    def _spelling(self, request: Request) -> Answer:
        """The same name, written in other ways."""
        name = request.path.strip("/").split("/")[-1]
        shouted = name.upper().replace("-", self._chance.choice("_.-"))
        page = html_page(shouted, "1.0", "1.1")
        return page._replace(headers=HTML)

    def _nasty(self) -> str:
        return self._chance.choice(NASTY)


def _main(pipe: Connection, seed: int) -> None:
    if hasattr(os, "nice"):
        os.nice(10)  # they stand for other machines, which take no time of this one
    asyncio.run(_serve(pipe, seed))


async def _serve(pipe: Connection, seed: int) -> None:
    async with AsyncExitStack() as stack:
        servers = {name: Loopback(Answer(404)) for name in HOSTS}
        for each in servers.values():
            await stack.enter_async_context(each)
        trap = servers["trap"].url.rstrip("/")
        hosts = {name: _Host(seed, name, trap) for name in HOSTS}
        for name, server in servers.items():
            server.answer = hosts[name]
        pipe.send({name: each.port for name, each in servers.items()})
        loop = asyncio.get_running_loop()
        while True:
            try:
                await loop.run_in_executor(None, pipe.recv)
            except (EOFError, OSError):
                return
            pipe.send(_report(servers, hosts))


def _report(servers: dict[str, Loopback], hosts: dict[str, _Host]) -> Report:
    faults: Counter[str] = Counter()
    welcomed: dict[str, int] = {}
    problems: list[str] = []
    for name, server in servers.items():
        faults += hosts[name].faults + hosts[name].liar.faults
        right = basic(*SECRETS[name]) if name in SECRETS else None
        sent = server.authorizations()
        welcomed[name] = sent.count(right) if right else 0
        if len(sent) != welcomed[name]:
            wrong = next(each for each in sent if each != right)
            problems.append(f"{name} has seen credentials of others: {wrong}")
        if any("cookie" in each.headers for each in server.seen):
            problems.append(f"{name} got a cookie back")
    requests = sum(len(each.seen) for each in servers.values())
    return Report(dict(faults), requests, welcomed, problems)


def basic(username: str, password: str) -> str:
    """The header of HTTP's basic authentication."""
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()
