"""devpi: JSON (PEP 691) and metadata beside the wheels (PEP 658), also behind a password."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts.packages import Missing, Package, Release, Unreachable
from pyproject_ls.index.client import FRESH_METADATA, Client
from pyproject_ls.index.credentials import Credentials
from pyproject_ls.index.records import Index, Project
from pyproject_ls.index.simple import parse_project
from pyproject_ls.index.sources import Surroundings
from pyproject_ls.index.store import Store
from pyproject_ls.index.transport import Transport
from pyproject_ls.index.trust import Approvals
from tests.index.faults import Clock
from tests.indexes.asking import Asking, poetry_project
from tests.indexes.guard import Guard
from tests.indexes.packages import SUMMARY
from tests.indexes.servers import LOGIN, PASSWORD, USER

DEV = "/me/dev/+simple/"
MIRROR = "/me/mirror/+simple/"

Ask = Callable[[str], Asking]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """A project whose one source has the address that is given."""
    return lambda url: Asking(poetry_project(url), tmp_path)


@pytest.fixture
def dev(devpi: str) -> str:
    """The address of the index that has what was uploaded."""
    return devpi.rstrip("/") + DEV


@pytest.fixture
def mirror(devpi: str) -> str:
    """The address of the index that mirrors ``fixtures/index``."""
    return devpi.rstrip("/") + MIRROR


def test_releases(ask: Ask, dev: str) -> None:
    with ask(dev) as asking:
        package = asking.package("acme-counter")
        assert package.releases == (
            Release("2.0rc1", requires_python=">=3.12", is_prerelease=True),
            Release("1.1", requires_python=">=3.9"),
            Release("1.0", requires_python=">=3.8"),
        )
        assert asking.package("acme-paint").releases == (Release("0.5"),)
        assert asking.releases("no-such-package") == Missing(("corp",))


def test_it_speaks_json_and_html_and_both_say_the_same(dev: str) -> None:
    def page(accept: str) -> tuple[str, Project]:
        url = f"{dev}acme-counter/"
        reply = httpx.get(url, headers={"Accept": accept}, trust_env=False)
        content_type = reply.headers["content-type"]
        return content_type.partition(";")[0], parse_project(reply.content, content_type, url)

    (json, one), (html, other) = page("application/vnd.pypi.simple.v1+json"), page("text/html")
    assert (json, html) == ("application/vnd.pypi.simple.v1+json", "text/html")
    assert one == other


def test_details_are_those_of_the_wheel(ask: Ask, dev: str) -> None:
    with ask(dev) as asking:
        details = asking.details("acme-counter")
        assert (details.name, details.version, details.summary) == ("Acme.Counter", "1.1", SUMMARY)
        assert (details.extras, details.requires_python) == (("fast", "Tables"), ">=3.9")
        assert asking.details("acme-counter", "2.0rc1").extras == ("fast",)
        assert asking.details("acme-counter", "1.0").extras == ()


def test_names(ask: Ask, dev: str) -> None:
    with ask(dev) as asking:
        assert asking.names("acm") == (["acme-counter", "acme-paint"], True)


def test_a_mirror_says_what_was_yanked(ask: Ask, mirror: str) -> None:
    with ask(mirror) as asking:
        found = {each.version: each.yanked for each in asking.package("withdrawn").releases}
        assert found == {"1.1": "", "1.0": "breaks everything"}
        assert asking.package("flask").releases[1] == Release("3.1.0", requires_python=">=3.9")
        names, is_complete = asking.names("werkzeu")
        assert ({"werkzeug", "werkzeuk"} <= set(names), is_complete) == (True, True)


def test_a_mirror_passes_metadata_on(ask: Ask, mirror: str) -> None:
    with ask(mirror) as asking:
        assert asking.details("flask").extras == ("async", "dotenv")


def test_it_is_reachable(ask: Ask, dev: str) -> None:
    with ask(dev) as asking:
        assert asking.problem() == ""


def test_an_index_that_it_does_not_have(ask: Ask, devpi: str) -> None:
    with ask(f"{devpi}me/nothing/+simple/") as asking:
        assert asking.releases("acme-counter") == Missing(("corp",))


# Behind a password


def test_behind_a_password(ask: Ask, dev: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Guard(dev, LOGIN) as guard:
        with ask(guard.url(DEV)) as asking:
            assert asking.releases("acme-counter") == Unreachable(
                "`corp` wants a user name and a password (401)"
            )
        monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_USERNAME", USER)
        monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_PASSWORD", PASSWORD)
        del guard.log[:]
        with ask(guard.url(DEV)) as asking:
            assert asking.package("acme-counter").releases[0].version == "2.0rc1"
            assert asking.details("acme-counter").summary == SUMMARY
            assert asking.names("acme-p")[0] == ["acme-paint"]
            assert asking.problem() == ""
        assert {each.status for each in guard.log} <= {200, 404}, "sent unasked, to files too"


def test_behind_a_password_that_is_wrong(
    ask: Ask, dev: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_USERNAME", USER)
    monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_PASSWORD", "wr0ng")
    with Guard(dev, LOGIN) as guard, ask(guard.url(DEV)) as asking:
        for name in ("acme-counter", "acme-paint"):
            assert asking.releases(name) == Unreachable(
                "`corp` does not accept the user name and password (401)"
            )
        assert asking.problem().startswith(
            "it does not accept the user name and password (401); run `poetry config http-basic"
        )
        assert len(guard.log) == 1, "a wrong password is not sent again and again"


def test_credentials_for_one_place_stay_there(
    ask: Ask, dev: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The name of the source is the same, its address is another: nobody has approved that."""
    monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_USERNAME", USER)
    monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_PASSWORD", PASSWORD)
    with Guard(dev, LOGIN) as first, Guard(dev, LOGIN) as second:
        with ask(first.url(DEV)) as asking:
            assert isinstance(asking.releases("acme-counter"), Package)
        with ask(second.url(DEV)) as asking:
            assert isinstance(asking.releases("acme-counter"), Unreachable)
        assert not [each for each in second.log if each.authorization]
    kept = [each for each in (tmp_path / "cache").rglob("*") if each.is_file()]
    assert kept
    assert not [each for each in kept if PASSWORD.encode() in each.read_bytes()]


# Asked again


def test_what_is_old_is_asked_for_again_and_stays_the_same(dev: str, tmp_path: Path) -> None:
    """Devpi says when a file was modified, but sends it again all the same."""
    clock = Clock(1_700_000_000.0)

    async def twice(index: Index) -> None:
        transport, store = Transport(), Store(tmp_path)
        settings = IndexSettings()
        surroundings = Surroundings.read(None, settings, {})
        credentials = Credentials(surroundings, Approvals(tmp_path / "approvals.json"))
        client = Client(transport, store, credentials, settings, clock)
        first = await client.details(index, "acme-counter")
        clock.now += FRESH_METADATA + 1
        second = await client.details(index, "acme-counter")
        assert first is second
        await client.close()
        await transport.close()
        store.close()

    with Guard(dev) as guard:
        asyncio.run(twice(Index("corp", guard.url(DEV))))
        page, metadata, page_again, metadata_again = guard.log
    assert page.path == page_again.path == f"{DEV}acme-counter/"
    assert (page.status, page_again.status, page_again.condition) == (200, 200, "")
    assert metadata.path == metadata_again.path
    assert metadata.path.endswith(".whl.metadata")
    assert (metadata.condition, bool(metadata_again.condition)) == ("", True)
    assert metadata_again.status == 200, "if that is 304, devpi has learnt something"
