"""The client: against the small index of the fixtures, and against servers that misbehave."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts.packages import (
    Advisories,
    Advisory,
    Details,
    IndexState,
    Missing,
    Status,
    Unreachable,
)
from pyproject_ls.index.client import Client, Kept, json_address
from pyproject_ls.index.flight import Grounded, SingleFlight
from pyproject_ls.index.records import Index, Project
from pyproject_ls.index.store import Store
from pyproject_ls.index.transport import FetchError, Limits, Transport
from pyproject_ls.index.troubles import problem
from tests.index.faults import (
    HTML,
    JSON,
    Answer,
    Clock,
    Handler,
    Loopback,
    Request,
    html_page,
    nothing_left,
    redirect,
)
from tests.index_server import IndexServer

NOW = 1_700_000_000.0
LIMITS = Limits(pauses=(0, 0))
"""As patient as usual, for machines that are busy."""
SECRET = "s3cret"


class Login:
    """Credentials as a test has them; counts how often it was asked."""

    def __init__(
        self,
        first: tuple[str, str] | None = None,
        second: tuple[str, str] | None = None,
        error: Exception | None = None,
    ) -> None:
        self.known = (first, second)
        self.error = error
        self.asked = [0, 0]

    async def first(self, index: Index) -> tuple[str, str] | None:
        """What is known without being asked."""
        return await self._answer(0)

    async def after_401(self, index: Index) -> tuple[str, str] | None:
        """What only the keyring knows."""
        return await self._answer(1)

    async def _answer(self, which: int) -> tuple[str, str] | None:
        self.asked[which] += 1
        await asyncio.sleep(0)
        if self.error is not None:
            raise self.error
        return self.known[which]


class World:
    """A client and what it is made of; another one may follow on the same store."""

    def __init__(self, folder: Path, login: Login | None = None, offline: bool = False) -> None:
        self.clock = Clock(NOW)
        self.seconds = Clock()
        self.folder = folder
        self.login = login or Login()
        self.start(offline)

    def start(self, offline: bool = False, database: str = "http://127.0.0.1:9/") -> None:
        """Begin as a new process would."""
        self.store = Store(self.folder, clock=self.clock)
        self.transport = Transport(LIMITS, clock=self.seconds)
        self.client = Client(
            self.transport,
            self.store,
            self.login,
            IndexSettings(offline=offline),
            self.clock,
            advisory_database=database,
        )

    async def stop(self) -> None:
        """End as a process does that ends in peace."""
        await self.client.close()
        await self.transport.close()
        self.store.close()

    async def restart(self, offline: bool = False, database: str = "http://127.0.0.1:9/") -> None:
        """Another process."""
        await self.stop()
        self.start(offline, database)


Work = Callable[[World, Loopback, Index], Awaitable[None]]


def run(folder: Path, answer: Handler | Answer, work: Work, login: Login | None = None) -> Loopback:
    """Let `work` ask a server that gives `answer`."""

    async def main() -> Loopback:
        world = World(folder, login)
        async with Loopback(answer) as server:
            index = Index("corp", server.url + "simple/", False, "poetry:corp")
            await work(world, server, index)
            await world.stop()
        await nothing_left()
        return server

    return asyncio.run(main())


def with_index(
    folder: Path, server: IndexServer, work: Callable[[World, IndexServer], Awaitable[None]]
) -> None:
    """Let `work` ask the index of the fixtures."""

    async def main() -> None:
        world = World(folder)
        world.start(database=server.url("/"))
        await work(world, server)
        await world.stop()
        await nothing_left()

    with server:
        asyncio.run(main())


def value(answer: object) -> Project:
    """The project in an answer."""
    assert isinstance(answer, Kept), answer
    project: Project = answer.value
    return project


def reason(answer: object) -> str:
    """Why there is none."""
    assert isinstance(answer, Unreachable), answer
    return answer.reason


def versions(answer: object) -> list[str]:
    """The versions of the project in an answer."""
    return [each.version for each in value(answer).releases]


# Protocols


@pytest.mark.parametrize("only", ["json", "html"])
def test_a_project(tmp_path: Path, only: str) -> None:
    async def work(world: World, server: IndexServer) -> None:
        index = Index("PyPI", server.url("/public/simple/"), is_default=True)
        flask = value(await world.client.project(index, "FLASK"))
        assert flask.name == "Flask"
        assert [each.version for each in flask.releases][:2] == ["3.2.0rc1", "3.1.0"]
        assert flask.releases[1].requires_python == ">=3.9"
        assert flask.status is Status.ACTIVE
        assert await world.client.project(index, "nobody-has-this") == Missing(("PyPI",))
        assert server.paths() == ["/public/simple/flask/", "/public/simple/nobody-has-this/"]

    with_index(tmp_path, IndexServer(only=only), work)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("path", "is_default", "asked"),
    [
        ("/public/simple/", True, ["/public/simple/flask/", "/public/pypi/flask/3.1.0/json"]),
        ("/public/simple/", False, ["/public/simple/flask/", "/files/"]),
    ],
)
def test_details(tmp_path: Path, path: str, is_default: bool, asked: list[str]) -> None:
    async def work(world: World, server: IndexServer) -> None:
        index = Index("X", server.url(path), is_default)
        found = await world.client.details(index, "flask")
        assert isinstance(found, Details)
        assert (found.name.lower(), found.version) == ("flask", "3.1.0")
        assert found.summary.startswith("A simple framework")
        assert found.extras == ("async", "dotenv")
        for seen, wanted in zip(server.paths(), asked, strict=True):
            assert wanted in seen
        again = await world.client.details(index, "Flask", "3.1")
        assert isinstance(again, Details)
        assert again.version == "3.1.0"
        assert server.paths().count("/public/simple/flask/") == 1
        assert isinstance(await world.client.details(index, "flask", "99"), Missing)
        assert isinstance(await world.client.details(index, "nobody-has-this"), Missing)

    with_index(tmp_path, IndexServer(), work)


def test_details_of_an_index_without_any(tmp_path: Path) -> None:
    """HTML without metadata, no JSON API: the page of the project has to do."""

    def answer(request: Request) -> Answer:
        if request.path == "/simple/x/":
            return html_page("x", "1.0", "2.0rc1")
        return Answer(404)

    async def work(world: World, server: Loopback, index: Index) -> None:
        found = await world.client.details(index, "x")
        assert isinstance(found, Details)
        assert (found.name, found.version) == ("x", "1.0")
        found = await world.client.details(index, "x", "2.0rc1")
        assert isinstance(found, Details)
        assert server.paths() == ["/simple/x/", "/pypi/x/1.0/json", "/pypi/x/2.0rc1/json"]

    run(tmp_path, answer, work)


def test_credentials_do_not_go_to_where_metadata_is(tmp_path: Path) -> None:
    async def main() -> None:
        world = World(tmp_path, Login(("me", SECRET)))
        page = {"meta": {"api-version": "1.0"}, "name": "x", "files": []}
        async with Loopback(Answer(404)) as files, Loopback(Answer()) as server:
            wheel = {
                "filename": "x-1.0-py3-none-any.whl",
                "url": files.url + "x-1.0-py3-none-any.whl",
                "hashes": {},
                "core-metadata": True,
            }
            body = json.dumps({**page, "files": [wheel]}).encode()
            server.answer = Answer(body=body, headers=JSON)
            index = Index("corp", server.url, False, "poetry:corp")
            assert isinstance(await world.client.details(index, "x"), Details)
            assert files.paths() == ["/x-1.0-py3-none-any.whl.metadata"]
            assert files.authorizations() == []
            assert len(server.authorizations()) == 1
        await world.stop()

    asyncio.run(main())


def test_details_of_a_mirror_that_has_the_newest_only(tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        if request.path == "/simple/x/":
            return html_page("x", "1.0", "2.0")
        if request.path == "/pypi/x/json":
            info = {"name": "x", "version": "2.0", "summary": "all of it"}
            return Answer(body=json.dumps({"info": info, "releases": {}}).encode())
        return Answer(404)

    async def work(world: World, server: Loopback, index: Index) -> None:
        index = index._replace(is_default=True)
        found = await world.client.details(index, "x")
        assert isinstance(found, Details)
        assert (found.version, found.summary) == ("2.0", "all of it")
        found = await world.client.details(index, "x", "1.0")
        assert isinstance(found, Details)
        assert (found.version, found.summary) == ("1.0", "")
        assert server.paths().count("/pypi/x/json") == 1

    run(tmp_path, answer, work)


@pytest.mark.parametrize(
    ("url", "is_default", "address"),
    [
        ("https://x.example/simple/", False, "https://x.example/pypi/a/1.0%2Blocal/json"),
        ("https://x.example/a/simple/", True, "https://x.example/a/pypi/a/1.0%2Blocal/json"),
        ("https://x.example/api/", False, ""),
    ],
)
def test_where_the_json_api_is(url: str, is_default: bool, address: str) -> None:
    assert json_address(Index("x", url, is_default), "a", "1.0+local") == address


def test_vulnerabilities(tmp_path: Path) -> None:
    async def work(world: World, server: IndexServer) -> None:
        pairs = [("flask", "2.2.5"), ("flask", "3.1.0"), ("acme-core", "1.0")]
        found = await world.client.advisories([*pairs, *pairs])
        assert list(found) == pairs
        (known,) = found["flask", "2.2.5"].found
        assert (known.id, known.fixed_in) == ("CVE-2023-30861", ("2.3.2",))
        assert found["flask", "3.1.0"] == Advisories(())
        asked = server.paths()
        assert asked[0] == "/v1/querybatch"
        assert len(asked) == 2
        sent = json.loads(server.requests[0].body)["queries"]
        assert [(each["package"]["name"], each["version"]) for each in sent] == pairs
        await world.restart(database=server.url("/"))
        assert await world.client.advisories(pairs) == found
        assert server.paths() == asked
        world.clock.now += 7 * 3600
        server.instead["/v1/querybatch"] = server.answer(server.requests[0])._replace(status=500)
        assert await world.client.advisories(pairs) == found  # better old than none
        other = (await world.client.advisories([("new", "1")]))["new", "1"]
        assert other.found == ()
        assert other.unreachable == "the advisory database has a fault of its own (500)"
        await world.restart(offline=True)
        world.start(offline=True, database=server.url("/"))
        assert await world.client.advisories(pairs) == found
        offline = (await world.client.advisories([("new", "1")]))["new", "1"]
        assert offline.unreachable == "the advisory database is not asked in offline mode"

    with_index(tmp_path, IndexServer(), work)


def test_a_vulnerability_of_which_only_the_name_is_known(tmp_path: Path) -> None:
    def answer(request: Request) -> Answer:
        if request.method == "POST":
            ids = [{"id": "PYSEC-1"}, {"id": "../../etc"}]
            return Answer(body=json.dumps({"results": [{"vulns": ids}]}).encode())
        return Answer(body=b"no JSON")

    async def work(world: World, server: Loopback, index: Index) -> None:
        await world.restart(database=server.url)
        found = await world.client.advisories([("x", "1")])
        assert found == {("x", "1"): Advisories((Advisory("PYSEC-1"),))}
        assert server.paths() == ["/v1/querybatch", "/v1/vulns/PYSEC-1"]

    run(tmp_path, answer, work)


# What is kept


def test_what_is_fresh_is_not_asked_for(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        first = await world.client.project(index, "x")
        world.clock.now += 599
        assert value(await world.client.project(index, "X")) is value(first)
        await world.restart()
        assert versions(await world.client.project(index, "x")) == ["1.0"]
        assert len(server.seen) == 1
        world.clock.now += 2
        await world.client.project(index, "x")
        assert len(server.seen) == 2

    run(tmp_path, lambda request: html_page("x", "1.0"), work)


def test_what_has_not_changed(tmp_path: Path) -> None:
    """The index is asked whether it has; the same knowledge stays the same object."""

    def answer(request: Request) -> Answer:
        if request.headers.get("if-none-match") == '"1"':
            assert request.headers["if-modified-since"] == "Sat, 01 Nov 2025 00:00:00 GMT"
            return Answer(304)
        headers = (("ETag", '"1"'), ("Last-Modified", "Sat, 01 Nov 2025 00:00:00 GMT"))
        return html_page("x", "1.0")._replace(headers=HTML + headers)

    async def work(world: World, server: Loopback, index: Index) -> None:
        first = value(await world.client.project(index, "x"))
        world.clock.now += 601
        assert value(await world.client.project(index, "x")) is first
        await world.restart()
        world.clock.now += 599
        assert value(await world.client.project(index, "x")) == first  # it was true 599 s ago
        assert len(server.seen) == 2
        world.clock.now += 2
        assert value(await world.client.project(index, "x")) == first
        assert len(server.seen) == 3

    run(tmp_path, answer, work)


def test_a_page_that_says_the_same_stays_the_same(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        first = value(await world.client.project(index, "x"))
        world.clock.now += 601
        assert value(await world.client.project(index, "x")) is first
        server.answer = html_page("x", "2.0")
        world.clock.now += 601
        assert versions(await world.client.project(index, "x")) == ["2.0"]

    run(tmp_path, html_page("x", "1.0"), work)


@pytest.mark.parametrize("restarts", [False, True])
def test_better_old_than_none(tmp_path: Path, restarts: bool) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        await world.client.project(index, "x")
        world.clock.now += 3600
        server.answer = Answer(500)
        if restarts:
            await world.restart()
        shown = await world.client.project_from_store(index, "x")
        assert shown is not None
        assert shown.stale_since == ""  # nobody knows yet that the index cannot be asked
        assert not server.seen[1:]
        stale = await world.client.project(index, "x")
        assert isinstance(stale, Kept)
        assert stale.stale_since == time.strftime("%Y-%m-%d %H:%M", time.localtime(NOW))
        assert versions(stale) == ["1.0"]
        asked = len(server.seen)
        assert versions(await world.client.project(index, "x")) == ["1.0"]
        assert len(server.seen) == asked  # not at every keystroke
        server.answer = html_page("x", "2.0")
        world.clock.now += 31
        fresh = await world.client.project(index, "x")
        assert isinstance(fresh, Kept)
        assert fresh.stale_since == ""
        assert versions(fresh) == ["2.0"]

    run(tmp_path, html_page("x", "1.0"), work)


def test_who_is_refused_does_not_see_old_answers(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        await world.client.project(index, "x")
        world.clock.now += 3600
        for status in (401, 403):
            server.answer = Answer(status)
            assert str(status) in reason(await world.client.project(index, "x"))
            world.clock.now += 60

    run(tmp_path, html_page("x", "1.0"), work)


def test_what_is_missing_stays_missing_for_a_while(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        assert await world.client.project(index, "x") == Missing(("corp",))
        server.answer = html_page("x", "1.0")
        world.clock.now += 599
        assert await world.client.project(index, "x") == Missing(("corp",))
        assert len(server.seen) == 1
        world.clock.now += 2
        assert versions(await world.client.project(index, "x")) == ["1.0"]
        server.answer = Answer(410)
        world.clock.now += 601
        assert await world.client.project(index, "x") == Missing(("corp",))
        assert await world.client.project_from_store(index, "x") is None
        await world.restart(offline=True)
        assert isinstance(await world.client.project(index, "x"), Unreachable)

    run(tmp_path, Answer(404), work)


def test_offline(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        await world.client.project(index, "x")
        await world.restart(offline=True)
        world.clock.now += 3600
        found = await world.client.project(index, "x")
        assert isinstance(found, Kept)
        assert found.stale_since
        shown = await world.client.project_from_store(index, "x")
        assert shown is not None
        assert shown.stale_since == found.stale_since
        nothing = await world.client.project(index, "y")
        assert nothing == Unreachable(
            "offline mode is on, and nothing was fetched earlier", is_lasting=True
        )
        assert (await world.client.state(index)).problem.startswith("offline mode is on")
        assert isinstance(await world.client.details(index, "x", "1.0"), Details)
        assert len(server.seen) == 1

    run(tmp_path, html_page("x", "1.0"), work)


def test_records_that_are_spoilt_are_fetched_again(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        await world.client.project(index, "x")
        for record in (b"", b"[]", b"{}", b'{"name": 1}', b"\xff", b"[" * 10000, "text", 5):
            world.store.close()
            with sqlite3.connect(world.store.path) as database:
                database.execute("UPDATE records SET record = ?", (record,))
            database.close()
            await world.restart()
            assert versions(await world.client.project(index, "x")) == ["1.0"]

        assert len(server.seen) == 9

    run(tmp_path, html_page("x", "1.0"), work)


def test_another_server_shares_what_was_fetched(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        other = World(tmp_path)
        await world.client.project(index, "x")
        assert versions(await other.client.project(index, "x")) == ["1.0"]
        assert len(server.seen) == 1
        world.clock.now += 700
        other.clock.now += 700
        server.answer = html_page("x", "2.0")
        assert versions(await other.client.project(index, "x")) == ["2.0"]
        assert versions(await world.client.project(index, "x")) == ["2.0"]
        assert len(server.seen) == 2
        await other.stop()

    run(tmp_path, html_page("x", "1.0"), work)


def test_indexes_and_logins_are_not_mixed_up(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        await world.client.project(index, "x")
        await world.client.project(index._replace(credentials=""), "x")
        await world.client.project(index._replace(url=index.url + "b/"), "x")
        assert len(server.seen) == 3

    run(tmp_path, html_page("x", "1.0"), work)


def test_no_secret_reaches_the_store(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        await world.client.project(index, "x")
        assert len(server.authorizations()) == 1
        server.answer = Answer(401)
        found = await world.client.project(index, "y")
        assert SECRET not in reason(found)
        assert SECRET not in (await world.client.state(index)).problem

    with caplog.at_level(logging.DEBUG):
        run(tmp_path, html_page("x", "1.0"), work, Login(("me", SECRET), ("me", SECRET + "2")))
    content = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    for secret in (SECRET, "bWU6", "uthorization"):
        assert secret.encode() not in content
        assert secret not in caplog.text


# Credentials


def guarded(password: str) -> Handler:
    """An index that lets in who has the password."""
    import base64

    right = "Basic " + base64.b64encode(f"me:{password}".encode()).decode()

    def answer(request: Request) -> Answer:
        if request.headers.get("authorization") != right:
            return Answer(401)
        return html_page(request.path.split("/")[2], "1.0")

    return answer


def test_credentials_are_sent_unasked(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        assert versions(await world.client.project(index, "x")) == ["1.0"]
        assert len(server.seen) == 1

    run(tmp_path, guarded(SECRET), work, Login(("me", SECRET)))


def test_the_keyring_is_asked_after_a_401(tmp_path: Path) -> None:
    login = Login(("me", "old"), ("me", SECRET))

    async def work(world: World, server: Loopback, index: Index) -> None:
        names = [f"x{number}" for number in range(8)]
        found = await asyncio.gather(*(world.client.project(index, each) for each in names))
        assert all(isinstance(each, Kept) for each in found)
        before, asked = len(server.seen), login.asked[1]
        assert versions(await world.client.project(index, "y")) == ["1.0"]
        assert len(server.seen) == before + 1  # it is known by now
        assert login.asked[1] == asked
        world.client._pages._logins._good.clear()
        assert versions(await world.client.project(index, "z")) == ["1.0"]
        assert len(server.seen) == before + 2  # what was refused is not tried again

    run(tmp_path, guarded(SECRET), work, login)


@pytest.mark.parametrize("second", [None, ("me", "old"), ("me", "also wrong")])
def test_credentials_that_are_refused(tmp_path: Path, second: tuple[str, str] | None) -> None:
    """They are not sent again and again: some servers lock an account."""

    async def work(world: World, server: Loopback, index: Index) -> None:
        for name in "abcdef":
            found = await world.client.project(index, name)
            assert reason(found) == "`corp` does not accept the user name and password (401)"
        assert len(server.seen) <= 2
        world.clock.now += 301
        server.answer = guarded("old")
        assert versions(await world.client.project(index, "a")) == ["1.0"]

    run(tmp_path, guarded(SECRET), work, Login(("me", "old"), second))


def test_no_credentials(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        found = await world.client.project(index, "x")
        assert reason(found) == "`corp` wants a user name and a password (401)"
        plain = index._replace(credentials="")
        assert isinstance(await world.client.project(plain, "x"), Unreachable)

    run(tmp_path / "a", guarded(SECRET), work)
    run(tmp_path / "b", guarded(SECRET), work, Login(error=RuntimeError(SECRET)))
    assert "RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_an_index_without_credentials_asks_nobody_for_them(tmp_path: Path) -> None:
    login = Login(("me", SECRET), ("me", SECRET))

    async def work(world: World, server: Loopback, index: Index) -> None:
        await world.client.project(index._replace(credentials=""), "x")
        assert server.authorizations() == []

    run(tmp_path, Answer(401), work, login)
    assert login.asked == [0, 0]


# Bad input


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(body=b"{", headers=JSON), "no valid JSON"),
        (Answer(body=b"[]", headers=JSON), " sends a page"),
        (Answer(body=b"\xff\xfe", headers=JSON), " sends a page"),
        (Answer(body=b"[" * 100_000, headers=JSON), " sends a page"),
        (Answer(body=b"x", headers=(("Content-Type", "image/png"),)), "image/png"),
        (Answer(body=b"x"), "does not say of which type"),
        (Answer(500), "(500)"),
        (Answer(429), "(429)"),
        (Answer(403), "(403)"),
        (Answer(hang=0), "too long to answer"),
        (html_page("x", "1.0")._replace(hang=150), "too long to answer"),
        (html_page("x", "1.0")._replace(cut=150), "ends its answer too early"),
        (Answer(body=b" " * (33 << 20), headers=JSON), "more than 16 MB"),
        (redirect("/simple/x/"), "in a circle"),
        (redirect("http://169.254.169.254/"), "never asked"),
        (
            Answer(body=b'{"meta": {"api-version": "1.0"}, "name": "y", "files": []}')._replace(
                headers=JSON
            ),
            "of another package",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_bad_answers(tmp_path: Path, answer: Answer, said: str) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        found = await world.client.project(index, "x")
        assert said in reason(found)
        assert re.fullmatch(r"`corp` [a-z][^\n/]{5,150}", reason(found).replace("image/png", ""))
        asked = len(server.seen)
        assert await world.client.project(index, "x") == found
        assert len(server.seen) == asked  # not at every keystroke
        problem = (await world.client.state(index)).problem
        assert said.rpartition(" of ")[2] in problem or "in a while" in problem
        assert "; " in problem

    run(tmp_path, answer, work)


def test_html_without_a_body(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        assert versions(await world.client.project(index, "x")) == []

    run(tmp_path, Answer(headers=HTML), work)


def test_names_are_asked_for_in_their_normal_form(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        spellings = ["Zope.Interface", "zope-interface", "zope_interface", "ZOPE--interface"]
        found = [await world.client.project(index, each) for each in spellings]
        assert len({id(value(each)) for each in found}) == 1
        assert server.paths() == ["/simple/zope-interface/"]

    run(tmp_path, html_page("zope-interface", "1.0"), work)


def test_a_name_is_never_more_than_a_name(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        for name in ("../../etc", "a/b", "a?b#c", "a b", "%2e%2e", "\u00e9"):
            await world.client.project(index, name)
        assert all(each.startswith("/simple/") for each in server.paths())
        assert all(each.count("/") == 3 for each in server.paths())
        assert not any("?" in each for each in server.paths())

    run(tmp_path, Answer(404), work)


def test_a_page_that_is_large_is_read_in_a_thread(tmp_path: Path) -> None:
    """While it is read, others are answered."""
    names = (f"x-1.{n % 4_000}-{n // 4_000}-py3-none-any.whl" for n in range(20_000))
    links = "".join(f'<a href="{name}">{name}</a>' for name in names)
    large = Answer(body=links.encode(), headers=HTML)

    async def work(world: World, server: Loopback, index: Index) -> None:
        ticks = 0

        async def tick() -> None:
            nonlocal ticks
            while True:
                ticks += 1
                await asyncio.sleep(0)

        reading = asyncio.ensure_future(world.client.project(index, "x"))
        while not server.seen:
            await asyncio.sleep(0)
        ticking = asyncio.ensure_future(tick())
        assert len(versions(await reading)) == 4_000
        ticking.cancel()
        assert ticks > 20

    run(tmp_path, large, work)


# The state of an index


def test_an_index_that_can_be_reached(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        for answer in (html_page("pip"), Answer(404)):
            server.answer = answer
            assert await world.client.state(index) == IndexState()
        assert server.paths() == ["/simple/pip/", "/simple/pip/"]

    run(tmp_path, Answer(), work)


@pytest.mark.parametrize(
    ("error", "credentials", "said"),
    [
        (
            FetchError("auth", "wants a user name and a password (401)", 401),
            "poetry:my-corp",
            "it wants a user name and a password (401); run `poetry config http-basic.my-corp "
            "<user> <password>`, or set `POETRY_HTTP_BASIC_MY_CORP_USERNAME` and "
            "`POETRY_HTTP_BASIC_MY_CORP_PASSWORD`",
        ),
        (
            FetchError("auth", "wants a user name and a password (401)", 401),
            "0@uv:corp",
            "it wants a user name and a password (401); set `UV_INDEX_CORP_USERNAME` and "
            "`UV_INDEX_CORP_PASSWORD`",
        ),
        (
            FetchError("auth", "wants a user name and a password (401)", 401),
            "pip:",
            "it wants a user name and a password (401); put them into `.netrc` under "
            "`corp.example`, or into the keyring",
        ),
        (
            FetchError("tls", "cannot be reached safely: its certificate has expired"),
            "poetry:corp",
            "its certificate has expired; set `certificates.corp.cert` in Poetry's configuration "
            "to the right authority",
        ),
        (
            FetchError("dns", "cannot be reached: no such host"),
            "",
            "no such host; check its address",
        ),
    ],
)
def test_what_to_do(error: FetchError, credentials: str, said: str) -> None:
    index = Index("corp", "https://corp.example/simple/", False, credentials)
    assert problem(error, index) == said


# Single flight


def test_many_callers_one_request(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        tasks = [asyncio.ensure_future(world.client.project(index, "x")) for _ in range(50)]
        while not server.seen:
            await asyncio.sleep(0)
        for task in tasks[:49]:
            task.cancel()
        assert versions(await tasks[49]) == ["1.0"]
        assert [each.cancelled() for each in tasks[:49]] == [True] * 49
        assert len(server.seen) == 1

    run(tmp_path, html_page("x", "1.0")._replace(delay=0.02), work)


def test_the_last_caller_takes_the_request_along(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        tasks = [asyncio.ensure_future(world.client.project(index, "x")) for _ in range(5)]
        while not server.seen:
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        server.answer = html_page("x", "1.0")
        assert versions(await world.client.project(index, "x")) == ["1.0"]
        assert len(server.seen) == 2

    run(tmp_path, Answer(hang=0), work)


def test_whoever_waits_when_the_client_is_closed(tmp_path: Path) -> None:
    async def work(world: World, server: Loopback, index: Index) -> None:
        project = asyncio.ensure_future(world.client.project(index, "x"))
        state = asyncio.ensure_future(world.client.state(index))
        while len(server.seen) < 2:
            await asyncio.sleep(0)
        await world.client.close()
        said = "is not asked any more: the settings have changed"
        assert reason(await project) == f"`corp` {said}"
        assert (await state).problem == said

    run(tmp_path, Answer(hang=0), work)


def test_a_flight_ends_for_all_with_the_same_error() -> None:
    async def main() -> None:
        flight, runs = SingleFlight(), 0

        async def work() -> None:
            nonlocal runs
            runs += 1
            await asyncio.sleep(0)
            raise KeyError(runs)

        tasks = [asyncio.ensure_future(flight.do("k", work)) for _ in range(3)]
        found = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(each) for each in found] == [KeyError] * 3
        assert runs == 1
        assert len(flight) == 0
        with pytest.raises(KeyError):
            await flight.do("k", work)
        assert runs == 2
        await nothing_left()

    asyncio.run(main())


def test_a_flight_that_is_closed() -> None:
    async def main() -> None:
        flight = SingleFlight()
        waiting = asyncio.ensure_future(flight.do("k", asyncio.Event().wait))
        await asyncio.sleep(0)
        await flight.close()
        with pytest.raises(Grounded):
            await waiting

    asyncio.run(main())
