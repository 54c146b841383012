"""Faults thrown at the whole server: a short storm, and accidents one by one.

The long storm is ``python -m tests.server_faults``.
"""

from __future__ import annotations

import base64
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.index_server import IndexServer
from tests.lsp.client import TIMEOUT, Json, Mark
from tests.server_faults import children, storm
from tests.server_faults_editor import CAPABILITIES, Listener

SECRET = "s3cret"
TEXT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = ["flask>=2,<3"]

[tool.poetry.group.own.dependencies]
acme-core = { version = "^1.0", source = "corp" }

[[tool.poetry.source]]
name = "PyPI"

[[tool.poetry.source]]
name = "corp"
url = "CORP"
priority = "explicit"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def public() -> Iterator[IndexServer]:
    with IndexServer() as server:
        yield server


@pytest.fixture
def corp() -> Iterator[IndexServer]:
    with IndexServer(password=f"me:{SECRET}", protected="/private/") as server:
        yield server


@pytest.fixture
def other() -> Iterator[IndexServer]:
    with IndexServer(password=f"me:{SECRET}", protected="/private/") as server:
        yield server


def start(folder: Path, url: str, *, says_yes: bool = False, **more: Any) -> Listener:
    """A server whose public index is at `url`; it has credentials for the source ``corp``."""
    environment = {
        "PYPROJECT_LS_OFFLINE": "",
        "PYPROJECT_LS_INDEX_URL": url,
        "PYPROJECT_LS_CACHE_DIR": str(folder / "cache"),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        "POETRY_HTTP_BASIC_CORP_USERNAME": "me",
        "POETRY_HTTP_BASIC_CORP_PASSWORD": SECRET,
    }
    more.setdefault("settings", {"index": {"ranking": ""}})
    token = base64.b64encode(f"me:{SECRET}".encode()).decode()
    client = Listener(CAPABILITIES, environment=environment, secrets=(SECRET, token), **more)
    client.says_yes = says_yes
    return client


def opened(client: Listener, folder: Path, corp: str) -> str:
    """The URI of an open project whose source ``corp`` is at this address."""
    path = folder / "project" / "pyproject.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(TEXT.replace("CORP", corp), "utf-8")
    return client.open(path, TEXT.replace("CORP", corp))


def ask(client: Listener, uri: str) -> None:
    """Ask what an editor asks by itself."""
    client.codes(uri)
    client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})


def configure(client: Listener, **settings: Any) -> None:
    """Change settings while the server runs."""
    client.settings = {"index": {"ranking": ""}, **settings}
    client.notify("workspace/didChangeConfiguration", {"settings": None})


def until(client: Listener, uri: str, done: Callable[[], bool]) -> None:
    """Do what editors do when they are told to look again, until `done`."""

    def news() -> int:
        return sum(client.heard[f"workspace/{each}/refresh"] for each in ("diagnostic", "codeLens"))

    end = time.monotonic() + TIMEOUT
    seen = news()
    ask(client, uri)
    while not done():
        assert time.monotonic() < end, "the server has news all the time, but not these"
        client.wait_until(partial(_more, news, seen))
        seen = news()
        ask(client, uri)


def _more(count: Callable[[], int], than: int) -> bool:
    return count() > than


def lenses(client: Listener, uri: str) -> str:
    found = client.request("textDocument/codeLens", {"textDocument": {"uri": uri}})
    return "\n".join(each["command"]["title"] for each in found)


def welcomed(server: IndexServer) -> list[str]:
    """The paths of the requests that came with credentials."""
    return [each.path for each in server.requests if each.authorization]


def hover(client: Listener, uri: str, word: str) -> str:
    text = client.texts[uri]
    mark = Mark.of(text.replace(word, f"{word[:2]}▮{word[2:]}", 1))
    found = client.ask("hover", uri, mark)
    return str(found["contents"]["value"]) if found else ""


def check(client: Listener, folder: Path) -> None:
    """The server ends as it should, and has told and kept nothing that it should not."""
    client.sync()
    assert client.shutdown() == 0
    assert client.problems == []
    kept = [path for path in (folder / "cache").rglob("*") if path.is_file()]
    assert not [path for path in kept if SECRET.encode() in path.read_bytes()]


def test_a_short_storm() -> None:
    found = storm(60, 1)
    assert found.problems == []
    assert len(found.report.faults) > 10
    assert len(found.times["completion"]) > 10


# Credentials


@pytest.mark.parametrize("says_yes", [True, False])
def test_a_source_that_moves_is_asked_about(
    public: IndexServer, corp: IndexServer, other: IndexServer, tmp_path: Path, says_yes: bool
) -> None:
    with start(tmp_path, public.url(), says_yes=says_yes) as client:
        uri = opened(client, tmp_path, corp.url("/private/simple/"))
        until(client, uri, lambda: "/private/simple/acme-core/" in welcomed(corp))
        assert client.approvals == []
        client.replace(uri, TEXT.replace("CORP", other.url("/private/simple/")))
        if says_yes:
            until(client, uri, lambda: bool(welcomed(other)))
        else:
            until(client, uri, lambda: "not reachable" in lenses(client, uri))
        (question,) = client.approvals
        assert f"127.0.0.1:{corp.port}" in question
        assert f"127.0.0.1:{other.port}" in question
        assert bool(welcomed(other)) == says_yes
        assert ("not reachable" in lenses(client, uri)) != says_yes
        if not says_yes:
            assert "401" in lenses(client, uri)
        check(client, tmp_path)
    assert not welcomed(public)


def test_trust_that_is_granted_and_withdrawn(
    public: IndexServer, corp: IndexServer, tmp_path: Path
) -> None:
    with start(tmp_path, public.url(), options={"trusted": False}) as client:
        uri = opened(client, tmp_path, corp.url("/private/simple/"))
        until(client, uri, lambda: "not trusted" in lenses(client, uri))
        assert not corp.requests
        configure(client, trusted=True)
        until(client, uri, lambda: "/private/simple/acme-core/" in welcomed(corp))
        until(client, uri, lambda: "not trusted" not in lenses(client, uri))
        configure(client, trusted=False)
        until(client, uri, lambda: "not trusted" in lenses(client, uri))
        before = len(corp.requests)
        client.replace(uri, client.texts[uri].replace("acme-core", "acme-other"))
        until(client, uri, lambda: "not trusted" in hover(client, uri, "acme-other"))
        check(client, tmp_path)
    assert len(corp.requests) == before
    assert not welcomed(public)


# Accidents


@on_linux
def test_the_process_that_fetches_names_is_killed(
    public: IndexServer, corp: IndexServer, tmp_path: Path
) -> None:
    public.hold()
    with start(tmp_path, public.url()) as client:
        uri = opened(client, tmp_path, corp.url("/private/simple/"))
        mark = Mark.of(client.texts[uri].replace("flask>=2,<3", "werkz▮"))
        client.replace(uri, mark.text)
        client.ask("completion", uri, mark)
        client.wait_until(_alive(client, uri))
        assert public.wait_for(1)
        for each in children(client.process.pid):
            os.kill(each, signal.SIGKILL)
        client.wait_until(lambda: any("broke down" in line for line in client.reports))
        assert client.ask("completion", uri, mark)["items"]
        public.release()
        client.replace(uri, TEXT.replace("CORP", corp.url("/private/simple/")))
        until(client, uri, lambda: "newer-version" in client.codes(uri))
        check(client, tmp_path)


def _alive(client: Listener, uri: str) -> Callable[[], bool]:
    """Whether the server has a child by now; each look gives it a moment."""

    def look() -> bool:
        client.start_request("textDocument/hover", _nowhere(uri))
        return bool(children(client.process.pid))

    return look


def _nowhere(uri: str) -> Json:
    return {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}


@pytest.mark.parametrize("damage", ["nonsense", "folder is a file"])
def test_a_cache_that_breaks_while_it_is_used(
    public: IndexServer, corp: IndexServer, tmp_path: Path, damage: str
) -> None:
    with start(tmp_path, public.url()) as client:
        uri = opened(client, tmp_path, corp.url("/private/simple/"))
        until(client, uri, lambda: "newer-version" in client.codes(uri))
        cache = tmp_path / "cache"
        (database,) = cache.glob("packages-*.sqlite")
        if damage == "nonsense":
            database.write_bytes(b"nonsense" * 2000)
        else:
            cache.rename(tmp_path / "elsewhere")
            cache.write_bytes(b"")
        text = client.texts[uri].replace("flask>=2,<3", "django>=1,<2")
        client.replace(uri, text)
        until(client, uri, lambda: "high-level Python" in hover(client, uri, "django"))
        check(client, tmp_path)


def test_no_place_for_a_cache(public: IndexServer, corp: IndexServer, tmp_path: Path) -> None:
    (tmp_path / "cache").write_bytes(b"")
    with start(tmp_path, public.url()) as client:
        uri = opened(client, tmp_path, corp.url("/private/simple/"))
        until(client, uri, lambda: "newer-version" in client.codes(uri))
        until(client, uri, lambda: "/private/simple/acme-core/" in welcomed(corp))
        assert any("kept in memory" in line for line in client.reports)
        check(client, tmp_path)


def test_a_server_after_one_that_was_killed(
    public: IndexServer, corp: IndexServer, tmp_path: Path
) -> None:
    with start(tmp_path, public.url()) as client:
        uri = opened(client, tmp_path, corp.url("/private/simple/"))
        until(client, uri, lambda: "newer-version" in client.codes(uri))
        client.process.kill()
    with start(tmp_path, public.url()) as client:
        before = len(public.requests)
        uri = opened(client, tmp_path, corp.url("/private/simple/"))
        until(client, uri, lambda: "newer-version" in client.codes(uri))
        asked = [each.path for each in public.requests[before:]]
        assert "/simple/flask/" not in asked, "it was in the store"
        assert not [line for line in client.reports if "damaged" in line]
        check(client, tmp_path)


# Nonsense


def test_an_index_that_is_none(corp: IndexServer, tmp_path: Path) -> None:
    with start(tmp_path, "file:///etc/") as client:
        uri = opened(client, tmp_path, corp.url("/private/simple/"))

        def is_told(what: str) -> bool:
            """Where somebody looks who misses something."""
            return what in hover(client, uri, "flask").replace("\\", "")

        until(client, uri, lambda: is_told("only http and https can be asked"))
        assert any("is no address of an index" in line for line in client.reports)
        for url, said in (
            ("http://169.254.169.254/", "has an address that is never asked"),
            (f"http://me:{SECRET}@[/", "it is no address"),
            ("ftp://x/simple/", "only http and https can be asked"),
        ):
            configure(client, index={"ranking": "", "url": url})
            until(client, uri, partial(is_told, said))
            assert "unknown-package" not in client.codes(uri)
        assert "Traceback" not in "".join(client.reports)
        check(client, tmp_path)
