"""pypiserver with a password: HTML as PEP 503 has it, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pyproject_ls.facts.packages import Missing, Package, Unreachable
from tests.index_server import IndexServer
from tests.indexes import servers
from tests.indexes.asking import Asking, poetry_project
from tests.indexes.guard import Guard
from tests.indexes.servers import PASSWORD, USER

Ask = Callable[..., Asking]


@pytest.fixture
def ask(pypiserver: str, tmp_path: Path) -> Ask:
    """A project whose one source is pypiserver, or what is given instead."""
    return lambda url=pypiserver: Asking(poetry_project(url), tmp_path)


@pytest.fixture
def logged_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Credentials for the source in the environment, as Poetry reads them."""
    monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_USERNAME", USER)
    monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_PASSWORD", PASSWORD)


@pytest.mark.usefixtures("logged_in")
def test_releases(ask: Ask) -> None:
    with ask() as asking:
        package = asking.package("acme-counter")
        assert [each.version for each in package.releases] == ["2.0rc1", "1.1", "1.0"]
        assert [each.is_prerelease for each in package.releases] == [True, False, False]
        assert package.found_on == "corp"
        assert {each.requires_python for each in package.releases} == {""}, "it does not say"
        assert asking.releases("no-such-package") == Missing(("corp",))


@pytest.mark.usefixtures("logged_in")
def test_details_are_what_the_page_tells(ask: Ask) -> None:
    with ask() as asking:
        details = asking.details("acme-counter")
        assert (details.version, details.summary, details.extras) == ("1.1", "", ())


@pytest.mark.usefixtures("logged_in")
def test_names(ask: Ask) -> None:
    with ask() as asking:
        assert asking.names("acm") == (["acme-counter", "acme-paint"], True)


@pytest.mark.usefixtures("logged_in")
def test_it_is_reachable(ask: Ask) -> None:
    with ask() as asking:
        assert asking.problem() == ""


def test_without_credentials(ask: Ask) -> None:
    with ask() as asking:
        assert asking.releases("acme-counter") == Unreachable(
            "`corp` wants a user name and a password (401)"
        )
        assert asking.problem() == (
            "it wants a user name and a password (401); run `poetry config http-basic.corp <user>"
            " <password>`, or set `POETRY_HTTP_BASIC_CORP_USERNAME` and"
            " `POETRY_HTTP_BASIC_CORP_PASSWORD`"
        )


def test_a_wrong_password(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_USERNAME", USER)
    monkeypatch.setenv("POETRY_HTTP_BASIC_CORP_PASSWORD", "wr0ng")
    with ask() as asking:
        assert asking.releases("acme-counter") == Unreachable(
            "`corp` refuses access with this user name and password (403)"
        )
        assert asking.problem() == (
            "it refuses access with this user name and password (403); check the credentials for"
            " it, or ask its owner for access"
        )


def test_credentials_in_the_address(ask: Ask, pypiserver: str) -> None:
    with ask(pypiserver.replace("://", f"://{USER}:{PASSWORD}@")) as asking:
        assert asking.package("acme-counter").found_on == "corp"


def test_credentials_in_netrc(ask: Ask, home: Path) -> None:
    (home / ".netrc").write_text(f"machine 127.0.0.1 login {USER} password {PASSWORD}\n", "utf-8")
    (home / ".netrc").chmod(0o600)
    with ask() as asking:
        assert asking.package("acme-counter").found_on == "corp"


def test_credentials_of_poetry(ask: Ask, home: Path) -> None:
    folder = home / ".config" / "pypoetry"
    folder.mkdir(parents=True)
    entry = f'[http-basic.corp]\nusername = "{USER}"\npassword = "{PASSWORD}"\n'
    (folder / "auth.toml").write_text(entry, "utf-8")
    with ask() as asking:
        assert asking.package("acme-counter").found_on == "corp"


@pytest.mark.usefixtures("logged_in")
def test_what_it_does_not_have_may_be_elsewhere(tmp_path: Path, fixture_index: IndexServer) -> None:
    """It redirects to another index, which gets to know nobody's password."""
    before = len(fixture_index.requests)
    with (
        servers.pypiserver(tmp_path / "server", fixture_index.url("/simple/")) as url,
        Asking(poetry_project(url), tmp_path) as asking,
    ):
        assert asking.package("flask").releases[0].version == "3.2.0rc1"
        assert asking.package("acme-paint").releases[0].version == "0.5"
        assert isinstance(asking.releases("no-such-package"), Missing)
    seen = fixture_index.requests[before:]
    assert {each.path for each in seen} == {"/simple/flask/", "/simple/no-such-package/"}
    assert not [each for each in seen if each.authorization]


@pytest.mark.usefixtures("logged_in")
def test_credentials_are_sent_with_the_first_request(ask: Ask, pypiserver: str) -> None:
    with Guard(pypiserver) as guard, ask(guard.url("/simple/")) as asking:
        asking.package("acme-counter")
        assert [(each.path, each.status) for each in guard.log] == [("/simple/acme-counter/", 200)]


@pytest.mark.usefixtures("logged_in")
def test_what_was_fetched_is_kept(ask: Ask, pypiserver: str) -> None:
    with Guard(pypiserver) as guard:
        url = guard.url("/simple/")
        with ask(url) as asking:
            first = asking.package("acme-counter")
            asking.package("acme-counter")
        with ask(url) as asking:
            second = asking.package("acme-counter")
        assert isinstance(second, Package)
        assert second.releases == first.releases
        assert len(guard.log) == 1
