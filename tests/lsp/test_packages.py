"""Package indexes in the server: what arrives late, what is asked, and what is not."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.index_server import IndexServer
from tests.lsp.client import PULL, TIMEOUT, Client, Json, Mark

TEXT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = [
    "flask>=2,<3",
    "no-such-package>=1",
]

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""

PROGRESS: Json = {**PULL, "window": {"workDoneProgress": True}}


@pytest.fixture
def index() -> Iterator[IndexServer]:
    with IndexServer() as server:
        yield server


def start(
    index: IndexServer,
    folder: Path,
    *,
    options: Json | None = None,
    more: Mapping[str, str] | None = None,
) -> Client:
    """A server with an empty cache that asks `index` for everything."""
    url = index.url("/simple/")
    options = {"index": {"url": url, "ranking": index.url("/ranking.json")}, **(options or {})}
    environment = {
        "PYPROJECT_LS_OFFLINE": "",
        "PYPROJECT_LS_CACHE_DIR": str(folder / "cache"),
        "HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
        **(more or {}),
    }
    return Client(PROGRESS, options=options, environment=environment)


def project(folder: Path, text: str) -> Path:
    path = folder / "project" / "pyproject.toml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return path


def until_codes(client: Client, uri: str, *wanted: str) -> list[str]:
    """The codes of the diagnostics once all of `wanted` are among them."""
    count = 0
    while True:
        codes = client.codes(uri)
        if set(wanted) <= set(codes):
            return codes
        count += 1
        client.wait_for_request("workspace/diagnostic/refresh", count)


def test_findings_arrive(index: IndexServer, tmp_path: Path) -> None:
    with start(index, tmp_path) as client:
        uri = client.open(project(tmp_path, TEXT), TEXT)
        codes = until_codes(client, uri, "unknown-package", "newer-version")
        assert codes.count("unknown-package") == 1
        paths = {each.path for each in index.requests}
        assert {"/simple/flask/", "/simple/no-such-package/"} <= paths


def test_a_warm_start_asks_once_more_and_says_the_same(index: IndexServer, tmp_path: Path) -> None:
    path = project(tmp_path, TEXT)
    with start(index, tmp_path) as client:
        until_codes(client, client.open(path, TEXT), "unknown-package", "newer-version")
    with start(index, tmp_path, options={"offline": True}) as client:
        before = len(index.requests)
        codes = until_codes(client, client.open(path, TEXT), "newer-version")
        assert "unknown-package" not in codes, "offline, nobody says that it does not exist"
        assert len(index.requests) == before


def test_completion_of_names_and_versions(index: IndexServer, tmp_path: Path) -> None:
    with start(index, tmp_path) as client:
        path = project(tmp_path, TEXT)
        uri = client.open(path, TEXT)
        until_codes(client, uri, "newer-version")
        assert "3.1.0" in labels(client, uri, TEXT.replace("flask>=2,<3", "flask>=▮"))
        marked = TEXT.replace("no-such-package>=1", "werkz▮")
        assert "Werkzeug" in eventually(client, uri, marked, "Werkzeug")


def test_what_is_looked_at_is_explained(index: IndexServer, tmp_path: Path) -> None:
    with start(index, tmp_path) as client:
        uri = client.open(project(tmp_path, TEXT), TEXT)
        until_codes(client, uri, "newer-version")
        mark = Mark.of(TEXT.replace("no-such-package>=1", "djang▮"))
        client.replace(uri, mark.text)
        found = complete(client, uri, mark)
        item = next(each for each in found["items"] if each["label"].lower() == "django")
        for _ in range(20):
            resolved = client.request("completionItem/resolve", item)
            if "documentation" in resolved:
                break
        assert "high-level Python" in resolved["documentation"]["value"]
        hover = Mark.of(TEXT.replace("flask>=2", "fla▮sk>=2"))
        client.replace(uri, TEXT)
        for _ in range(50):
            answer = client.request(
                "textDocument/hover",
                {"textDocument": {"uri": uri}, "position": hover.position},
            )
            if "complex web applications" in answer["contents"]["value"]:
                break
        else:
            pytest.fail(answer["contents"]["value"])


def test_an_untrusted_workspace_asks_no_index_of_its_own(tmp_path: Path) -> None:
    with IndexServer() as public, IndexServer() as private:
        text = TEXT + (
            "[[tool.poetry.source]]\n"
            f'name = "corp"\nurl = "{private.url("/private/simple/")}"\npriority = "primary"\n'
        )
        secrets = {
            "POETRY_HTTP_BASIC_CORP_USERNAME": "me",
            "POETRY_HTTP_BASIC_CORP_PASSWORD": "s3cret",
        }
        with start(public, tmp_path, options={"trusted": False}, more=secrets) as client:
            until_codes(client, client.open(project(tmp_path, text), text), "newer-version")
            client.sync()
        assert not private.requests
        assert not [each for each in public.requests if each.authorization]


def test_credentials_go_to_their_index_only(tmp_path: Path) -> None:
    with (
        IndexServer() as public,
        IndexServer(password="me:s3cret", protected="/private/") as private,
    ):
        text = TEXT.replace("no-such-package", "acme-core") + (
            "[[tool.poetry.source]]\n"
            f'name = "corp"\nurl = "{private.url("/private/simple/")}"\npriority = "primary"\n'
        )
        secrets = {
            "POETRY_HTTP_BASIC_CORP_USERNAME": "me",
            "POETRY_HTTP_BASIC_CORP_PASSWORD": "s3cret",
        }
        with start(public, tmp_path, more=secrets) as client:
            uri = client.open(project(tmp_path, text), text)
            assert "1.4.0" in eventually(client, uri, text.replace("core>=1", "core>=▮"), "1.4.0")
            everything = "".join(client.log) + "".join(client.popups)
        assert [each for each in private.requests if each.authorization]
        assert not [each for each in public.requests if each.authorization]
        assert "s3cret" not in everything
        kept = [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
        assert not [path for path in kept if b"s3cret" in path.read_bytes()]


def test_an_index_that_hangs_delays_nobody(index: IndexServer, tmp_path: Path) -> None:
    index.hold()
    with start(index, tmp_path) as client:
        uri = client.open(project(tmp_path, TEXT), TEXT)
        assert "unknown-package" not in client.codes(uri)
        assert index.wait_for(1)
        mark = Mark.of(TEXT.replace("no-such-package>=1", "werk▮"))
        client.replace(uri, mark.text)
        assert "unknown-package" not in client.codes(uri)
        complete(client, uri, mark)
        client.replace(uri, TEXT)
        index.release()
        until_codes(client, uri, "unknown-package")


def test_progress_is_shown_and_ends(index: IndexServer, tmp_path: Path) -> None:
    index.hold()
    with start(index, tmp_path) as client:
        uri = client.open(project(tmp_path, TEXT), TEXT)
        client.pull(uri)
        client.wait_for_request("window/workDoneProgress/create")
        client.wait_for("$/progress")
        index.release()
        client.wait_until(lambda: client.seen("$/progress")[-1]["value"]["kind"] == "end")
        assert client.seen("$/progress")[0]["value"]["title"] == "Asking package indexes"


def test_wrong_settings_are_named(index: IndexServer, tmp_path: Path) -> None:
    options = {"offline": "yes", "trusted": 1}
    with start(index, tmp_path, options=options) as client:
        client.wait_for("window/showMessage")
        assert "`pyproject-ls.offline`" in client.popups[0]
        assert "`pyproject-ls.trusted`" in client.popups[0]


def complete(client: Client, uri: str, mark: Mark) -> Json:
    params = {"textDocument": {"uri": uri}, "position": mark.position}
    found: Json = client.request("textDocument/completion", params)
    return found


def labels(client: Client, uri: str, marked: str) -> list[Any]:
    mark = Mark.of(marked)
    client.replace(uri, mark.text)
    return [each["label"] for each in complete(client, uri, mark)["items"]]


def eventually(client: Client, uri: str, marked: str, label: str) -> list[Any]:
    """The labels once `label` is among them; each answer may still be of what is known."""
    mark = Mark.of(marked)
    client.replace(uri, mark.text)
    client.pull(uri)
    end = time.monotonic() + TIMEOUT
    found: list[Any] = []
    while label not in found and time.monotonic() < end:
        found = [each["label"] for each in complete(client, uri, mark)["items"]]
        client.codes(uri)
    return found
