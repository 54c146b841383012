"""Fetching names in a real process, from a server on loopback."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts.packages import NamesLike
from pyproject_ls.index import names_file
from pyproject_ls.index.names import DAY, PAUSE, NameLists
from pyproject_ls.index.names_child import lock
from pyproject_ls.index.records import Index
from pyproject_ls.index.service import Service
from pyproject_ls.project.lookup import Lookup
from tests import name_lists
from tests.index.name_folders import JSON, PUBLIC, Clock, found, put
from tests.index_server import Answer, IndexServer


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer(names=3000) as running:
        yield running


def at(server: IndexServer, path: str = "/simple/") -> Index:
    return Index("test", server.url(path), is_default=True)


@pytest.mark.parametrize("only", ["json", "html"])
def test_fetch_a_list(tmp_path: Path, only: str) -> None:
    with IndexServer(names=3000, only="json" if only == "json" else "html") as server:
        clock = Clock()
        lists, index = NameLists(tmp_path / "new", clock), at(server)
        assert lists.is_due(index)
        assert asyncio.run(lists.refresh(index))
        assert not lists.is_due(index)
        assert lists.search("flask", [index]).complete
        assert "flask" in list(map(name_lists.normal, found(lists.search("flask", [index]))))
        kept = sorted(each.name for each in (tmp_path / "new").iterdir())
        assert [each.rpartition(".")[2] for each in kept] == ["json", "txt"]

        clock.now += DAY + 3600
        assert lists.is_due(index)
        old = time.time() - 2 * DAY
        os.utime(tmp_path / "new" / kept[1], (old, old))
        assert not asyncio.run(lists.refresh(index))  # the same as yesterday
        assert "if-none-match" in server.requests[1].headers
        assert sorted(each.name for each in (tmp_path / "new").iterdir()) == kept
        clock.now = time.time()
        assert not lists.is_due(index)


def test_a_newer_list_replaces_the_old_one(tmp_path: Path, server: IndexServer) -> None:
    lists, index = NameLists(tmp_path), at(server)
    put(tmp_path, index, ["own-old"])
    assert found(lists.search("own", [index])) == ["own-old"]
    body = name_lists.root_json(["own-new"])
    server.instead["/simple/"] = Answer(200, {"Content-Type": JSON}, body)
    assert asyncio.run(lists.refresh(index))
    assert found(lists.search("own", [index])) == ["own-new"]
    assert len(list(tmp_path.glob("names-*.txt"))) == 1


def test_a_password(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with IndexServer(password="me:s3cret") as server:
        lists, index = NameLists(tmp_path), at(server)
        assert not asyncio.run(lists.refresh(index, ("me", "wrong-s3cret")))
        assert "the names of 'test' could not be fetched" in caplog.text
        assert "s3cret" not in caplog.text
        assert asyncio.run(lists.refresh(index, ("me", "s3cret")))
        assert not any("s3cret" in each.read_text() for each in tmp_path.iterdir())


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"Content-Type": JSON}, name_lists.root_json(["a", "b"])[:50]),
        Answer(200, {"Content-Type": JSON}, name_lists.root_html(["a"])),
        Answer(404),
        Answer(200, {"Content-Type": JSON, "Content-Encoding": "gzip"}, b"no gzip"),
    ],
    ids=["cut", "html", "404", "gzip"],
)
def test_a_list_that_cannot_be_used(tmp_path: Path, server: IndexServer, answer: Answer) -> None:
    """The old list stays, and the index is left alone for a while."""
    clock = Clock()
    lists, index = NameLists(tmp_path, clock), at(server)
    put(tmp_path, index, ["own-old"])
    clock.now += 2 * DAY
    server.instead["/simple/"] = answer
    assert lists.is_due(index)
    assert not asyncio.run(lists.refresh(index))
    assert not lists.is_due(index)
    assert found(lists.search("own", [index])) == ["own-old"]
    clock.now += PAUSE + 1
    assert lists.is_due(index)
    assert len(list(tmp_path.iterdir())) == 1


def test_nobody_there(tmp_path: Path) -> None:
    with IndexServer() as server:
        index = at(server)
    (tmp_path / "file").write_text("")
    lists = NameLists(tmp_path / "file")  # no folder can be made there
    assert not asyncio.run(lists.refresh(index))
    lists = NameLists(tmp_path)
    assert not asyncio.run(lists.refresh(index))
    assert not lists.search("a", [index]).complete


def test_a_server_that_ends_takes_its_processes_with_it(
    tmp_path: Path, server: IndexServer
) -> None:
    lists, index = NameLists(tmp_path), at(server)
    server.hold()
    results: list[bool] = []
    thread = threading.Thread(target=lambda: results.append(asyncio.run(lists.refresh(index))))
    thread.start()
    assert server.wait_for(1, timeout=60)
    assert not lists.is_due(index)  # it is under way
    lists.close()
    thread.join(30)
    assert results == [False]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("offline", "trusted"), [(True, True), (False, False)])
def test_what_may_not_be_fetched_any_more_is_ended(
    tmp_path: Path, server: IndexServer, offline: bool, trusted: bool
) -> None:
    settings = IndexSettings(url=server.url("/simple/"), ranking="")
    service = Service(settings, tmp_path)
    server.hold()
    try:
        service.now([NamesLike("flask", Lookup())], None, ())
        server.wait_for(1)
        service.configure(settings._replace(offline=offline, trusted=trusted))
        deadline = time.monotonic() + 20
        while list(tmp_path.glob("names-*.lock")) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not list(tmp_path.glob("names-*.lock")), "its process is still there"
        assert not list(tmp_path.glob("names-*.txt"))
    finally:
        server.release()
        service.close()


def test_a_process_ends_with_its_input(tmp_path: Path, server: IndexServer) -> None:
    server.hold()
    request = {
        "kind": "names",
        "url": server.url(),
        "auth": None,
        "verify": True,
        "folder": str(tmp_path),
    }
    with subprocess.Popen(
        [sys.executable, "-m", "pyproject_ls.index.names_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(names_file.__file__).parents[2],
    ) as process:
        assert process.stdin is not None
        process.stdin.write(f"{json.dumps(request)}\n".encode())
        process.stdin.flush()
        assert server.wait_for(1, timeout=60)
        process.stdin.close()
        assert process.wait(30) == 1


def test_one_server_fetches_for_all(tmp_path: Path, server: IndexServer) -> None:
    lists, index = NameLists(tmp_path), at(server)
    place = tmp_path / f"names-{names_file.key_of(index.url)}.lock"
    with lock(place) as is_ours, lock(place) as is_theirs:
        assert is_ours
        assert not is_theirs
        assert not asyncio.run(lists.refresh(index))
        assert not lists.is_due(index)
    assert server.requests == []
    assert not place.exists()


def test_locks_of_the_dead_do_not_count(tmp_path: Path) -> None:
    place = tmp_path / "lock"
    place.write_text(str(os.getpid()))
    os.utime(place, (0, 0))
    with lock(place) as is_ours:
        assert is_ours
    if os.name == "posix":
        with subprocess.Popen([sys.executable, "-c", ""]) as gone:
            gone.wait()
        place.write_text(str(gone.pid))
        with lock(place) as is_ours:
            assert is_ours


def test_nothing_is_imported_from_a_project(
    tmp_path: Path, server: IndexServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for module in ("json", "httpx", "pyproject_ls", "sitecustomize"):
        (project / f"{module}.py").write_text(f"open({str(tmp_path / 'caught')!r}, 'w')\n1 / 0\n")
    monkeypatch.chdir(project)
    monkeypatch.setenv("PYTHONPATH", str(project))
    assert asyncio.run(NameLists(tmp_path / "cache").refresh(at(server)))
    assert not (tmp_path / "caught").exists()


def test_fetch_the_ranking(tmp_path: Path, server: IndexServer) -> None:
    clock = Clock()
    lists, url = NameLists(tmp_path, clock), server.url("/ranking.json")
    put(tmp_path, PUBLIC, ["own-a", "own-b"])
    other = NameLists(tmp_path, clock)
    assert found(other.search("own", [PUBLIC])) == ["own-a", "own-b"]
    server.instead["/ranking.json"] = Answer(200, {}, b"<html>")
    assert not asyncio.run(lists.refresh_ranking(url))
    assert not asyncio.run(lists.refresh_ranking(url))  # not again so soon
    assert len(server.requests) == 1
    body = name_lists.ranking(["own_b"])
    server.instead["/ranking.json"] = Answer(200, {"Content-Type": "text/plain"}, body)
    clock.now += PAUSE + 1
    assert asyncio.run(lists.refresh_ranking(url))
    assert found(lists.search("own", [PUBLIC])) == ["own-b", "own-a"]
    assert asyncio.run(other.refresh_ranking(url))  # without asking: it is there
    assert found(other.search("own", [PUBLIC])) == ["own-b", "own-a"]
    assert not asyncio.run(lists.refresh_ranking(url))
    assert len(server.requests) == 2
    clock.now += 8 * DAY
    assert asyncio.run(lists.refresh_ranking(url))
