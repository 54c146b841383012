"""The public index, as this machine reaches it: pip's address of it, or the usual one.

Only a few pages are asked for. The list of all names, 38 MB, is left to `tests.bench`.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from pyproject_ls.config import INDEX_SIMPLE, IndexSettings
from pyproject_ls.facts.packages import Missing
from pyproject_ls.index.client import Client, Kept
from pyproject_ls.index.logins import Pair
from pyproject_ls.index.pages import FRESH
from pyproject_ls.index.records import Index
from pyproject_ls.index.simple import ACCEPT
from pyproject_ls.index.sources import Surroundings
from pyproject_ls.index.store import Store
from pyproject_ls.index.transport import Fetch, Reply, Transport
from tests.index.faults import Clock
from tests.indexes.asking import Asking

PIP = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
"""How pip is configured; tests run without that."""

MISSING = "pyproject-ls-has-no-such-package"
TEXT = '[project]\nname = "demo"\nversion = "1.0"\nrequires-python = ">=3.10"\n'


class Public(NamedTuple):
    """The public index as it answers here; what stands in for it may know less than it does."""

    url: str
    has_json: bool
    has_tags: bool


@pytest.fixture(scope="module")
def public() -> Public:
    """The public index for this machine. Skips where nobody answers."""
    environment = {**os.environ, **PIP}
    pip = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    asked = subprocess.run(pip, env=environment, capture_output=True, encoding="utf-8")
    url = PIP.get("PIP_INDEX_URL") or asked.stdout.strip() or INDEX_SIMPLE
    try:
        headers = {"Accept": ACCEPT}
        reply = httpx.get(f"{url.rstrip('/')}/pip/", headers=headers, follow_redirects=True)
        reply.raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL):
        pytest.skip("the public index cannot be reached from this machine")
    has_tags = "etag" in reply.headers or "last-modified" in reply.headers
    return Public(url, "json" in reply.headers.get("content-type", ""), has_tags)


@pytest.fixture
def asking(public: Public, tmp_path: Path) -> Asking:
    """A project without any tool, and the public index as the setting has it."""
    return Asking(TEXT, tmp_path, url=public.url)


def test_releases(asking: Asking) -> None:
    with asking:
        releases = {each.version: each for each in asking.package("requests").releases}
        assert len(releases) > 150
        assert next(iter(releases)) > "2.32", "the newest comes first"
        assert releases["2.31.0"].requires_python == ">=3.7"
        assert releases["2.31.0"].yanked is None
        assert "CVE-2024-35195" in (releases["2.32.0"].yanked or "")
        assert isinstance(asking.releases(MISSING), Missing)
        assert asking.details("requests", "2.31.0").requires_python == ">=3.7"


def test_what_only_its_json_says(public: Public, asking: Asking) -> None:
    if not public.has_json:
        pytest.skip("what stands in for the public index here speaks no JSON")
    with asking:
        releases = {each.version: each for each in asking.package("requests").releases}
        assert releases["2.31.0"].uploaded == "2023-05-22"
        # of an older version not every stand-in for the public index has the details
        details = asking.details("requests", "")
        assert details.summary == "Python HTTP for Humans."
        assert "socks" in details.extras


def test_a_page_that_has_not_changed_is_not_sent_again(public: Public, tmp_path: Path) -> None:
    if not public.has_tags:
        pytest.skip("what stands in for the public index here sends no ETag")
    clock = Clock(1_700_000_000.0)
    transport = _Counting()

    async def twice() -> None:
        store = Store(tmp_path)
        client = Client(transport, store, _Nobody(), IndexSettings(), clock)
        index = _index(public.url)
        first = await client.project(index, "packaging")
        clock.now += FRESH + 1
        second = await client.project(index, "packaging")
        await client.close()
        await transport.close()
        store.close()
        assert isinstance(first, Kept)
        assert isinstance(second, Kept)
        assert first.value is second.value

    asyncio.run(twice())
    assert transport.statuses == [200, 304]


def _index(url: str) -> Index:
    surroundings = Surroundings.read(None, IndexSettings(url=url), {})
    assert surroundings.setting is not None
    return Index("public", surroundings.setting.url)


class _Nobody:
    """No credentials."""

    async def first(self, index: Index) -> Pair | None:
        return None

    async def after_401(self, index: Index) -> Pair | None:
        return None


class _Counting(Transport):
    """Notes the status of each page of the Simple API."""

    def __init__(self) -> None:
        super().__init__()
        self.statuses: list[int] = []

    async def fetch(self, request: Fetch) -> Reply:
        reply = await super().fetch(request)
        if request.accept == ACCEPT:
            self.statuses.append(reply.status)
        return reply
