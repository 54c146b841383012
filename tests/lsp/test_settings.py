"""Settings of clients: every way in which they come, and wrong ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .client import PULL, SECTION, Client, push, without

TEXT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "demo"
version = "1.0"
keywords = ["a", "a"]
classifiers = ["Private :: a", "Private :: a"]
"""
KEYWORD, CLASSIFIER = "duplicate-keyword", "duplicate-classifier"
NO_PULL_OF_SETTINGS = without(PULL, "workspace", "configuration")


@pytest.mark.parametrize(
    ("settings", "codes"),
    [
        (None, [KEYWORD, CLASSIFIER]),
        ({}, [KEYWORD, CLASSIFIER]),
        ({"ignore": [KEYWORD]}, [CLASSIFIER]),
        ({"ignore": ["duplicate-*"]}, []),
        ({"select": [KEYWORD]}, [KEYWORD]),
        ({"select": [KEYWORD], "extendSelect": [CLASSIFIER]}, [KEYWORD, CLASSIFIER]),
        ({"profile": "poetry"}, []),
        ({"someoneElses": 1}, [KEYWORD, CLASSIFIER]),
    ],
)
def test_what_can_be_set(settings: Any, codes: list[str], tmp_path: Path) -> None:
    with Client(settings=settings) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert [code for code in client.codes(uri) if code.startswith("dup")] == codes
        assert client.popups == []


def test_severities(tmp_path: Path) -> None:
    with Client(settings={"severity": {KEYWORD: "error", "duplicate-cl*": "hint"}}) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        found = {each["code"]: each["severity"] for each in client.pull(uri)["items"]}
        assert found == {KEYWORD: 1, CLASSIFIER: 4}


def test_lock(tmp_path: Path) -> None:
    text = TEXT + "[tool.poetry]\npackage-mode = false\n"
    with Client(settings={"lock": True}) as client:
        uri = client.open(tmp_path / "pyproject.toml", text)
        assert "lock-missing" in client.codes(uri)


@pytest.mark.parametrize(
    "options",
    [{"ignore": [KEYWORD]}, {SECTION: {"ignore": [KEYWORD]}}],
)
def test_initialization_options(options: Any, tmp_path: Path) -> None:
    """They hold where a client cannot be asked, and where it has nothing to say."""
    for capabilities in (PULL, NO_PULL_OF_SETTINGS):
        with Client(capabilities, options=options) as client:
            uri = client.open(tmp_path / "pyproject.toml", TEXT)
            assert client.codes(uri) == [CLASSIFIER]


def test_what_a_client_answers_goes_before_its_options(tmp_path: Path) -> None:
    with Client(options={"ignore": [KEYWORD]}, settings={}) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert client.codes(uri) == [KEYWORD, CLASSIFIER]


def test_settings_that_change_and_are_asked_for(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        first = client.pull(uri)
        client.settings = {"ignore": [KEYWORD]}
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        client.wait_for_request("workspace/diagnostic/refresh")
        second = client.pull(uri, first["resultId"])
        assert [each["code"] for each in second["items"]] == [CLASSIFIER]
        # the same settings again are no news
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        client.wait_for_request("workspace/configuration", 3)
        assert client.pull(uri, second["resultId"])["kind"] == "unchanged"


@pytest.mark.parametrize("wrap", [True, False])
def test_settings_that_are_pushed(wrap: bool, tmp_path: Path) -> None:
    with Client(push()) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert len(client.published(uri)) == 2
        settings = {"ignore": [KEYWORD]}
        client.notify(
            "workspace/didChangeConfiguration",
            {"settings": {SECTION: settings} if wrap else settings},
        )
        client.wait_for("textDocument/publishDiagnostics", 2)
        assert [each["code"] for each in client.published(uri)] == [CLASSIFIER]


def test_settings_that_are_pushed_to_a_server_that_asks(tmp_path: Path) -> None:
    """Neovim does both: what it answers counts, and what it pushed where it answers null."""
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert len(client.codes(uri)) == 2
        settings = {SECTION: {"ignore": [KEYWORD]}}
        client.notify("workspace/didChangeConfiguration", {"settings": settings})
        client.wait_for_request("workspace/diagnostic/refresh")
        assert client.codes(uri) == [CLASSIFIER]


def test_registration(tmp_path: Path) -> None:
    with Client() as client:
        params = client.wait_for_request("client/registerCapability")
        methods = [each["method"] for each in params["registrations"]]
        assert methods == [
            "workspace/didChangeConfiguration",
            "workspace/didChangeWatchedFiles",
        ]


def test_nothing_is_registered_that_the_client_does_not_know() -> None:
    with Client(push()) as client:
        client.sync()
        assert client.requests == []


# Folders


def test_each_folder_has_its_settings(tmp_path: Path) -> None:
    """A nested folder's settings go before those of the folder around it."""
    outer, inner, other = tmp_path / "outer", tmp_path / "outer/inner", tmp_path / "outer-other"
    settings = {
        None: {},
        outer.as_uri(): {"ignore": [KEYWORD]},
        inner.as_uri(): {"ignore": [CLASSIFIER]},
    }
    with Client(folders=(outer, inner), settings=settings.get) as client:
        uris = [
            client.open(folder / "pyproject.toml", TEXT)
            for folder in (outer, outer / "below", inner, inner / "below", other)
        ]
        expected = [
            [CLASSIFIER],
            [CLASSIFIER],
            [KEYWORD],
            [KEYWORD],
            [KEYWORD, CLASSIFIER],
        ]
        assert [client.codes(uri) for uri in uris] == expected


def test_folders_come_and_go(tmp_path: Path) -> None:
    folder = {"uri": tmp_path.as_uri(), "name": "one"}
    settings = {tmp_path.as_uri(): {"ignore": [KEYWORD]}}

    def change(added: list[Any], removed: list[Any]) -> None:
        client.notify(
            "workspace/didChangeWorkspaceFolders",
            {"event": {"added": added, "removed": removed}},
        )

    with Client(settings=settings.get) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert client.codes(uri) == [KEYWORD, CLASSIFIER]
        change([folder], [])
        client.wait_for_request("workspace/diagnostic/refresh", 1)
        assert client.codes(uri) == [CLASSIFIER]
        change([], [folder])
        client.wait_for_request("workspace/diagnostic/refresh", 2)
        assert client.codes(uri) == [KEYWORD, CLASSIFIER]


# Wrong ones


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (3, "the settings under `pyproject-ls` are 3; use an object"),
        ({"profile": "pip"}, '`pyproject-ls.profile` is "pip"; use "all" or "poetry"'),
        ({"lock": "yes"}, '`pyproject-ls.lock` is "yes"; use true or false'),
        ({"ignore": "x"}, '`pyproject-ls.ignore` is "x"; use a list of rule codes'),
        ({"select": [1]}, "`pyproject-ls.select` is [1]; use a list of rule codes"),
        ({"ignore": ["nope-*"]}, '`pyproject-ls.ignore` has "nope-*", which is no rule'),
        (
            {"severity": {KEYWORD: "fatal"}},
            f'`pyproject-ls.severity.{KEYWORD}` is "fatal"; '
            'use "error" or "warning" or "information" or "hint"',
        ),
        (
            {"severity": ["error"]},
            '`pyproject-ls.severity` is ["error"]; use an object of rule codes and severities',
        ),
        ({"severity": {"nope": "error"}}, '`pyproject-ls.severity` has "nope", which is no rule'),
    ],
)
def test_a_wrong_setting_is_named_once(settings: Any, complaint: str, tmp_path: Path) -> None:
    """The others hold, and nobody is told twice."""
    if isinstance(settings, dict):
        settings = {"extendSelect": [KEYWORD], **settings}
    with Client(settings=settings) as client:
        params = client.wait_for("window/showMessage")
        assert params == {"type": 2, "message": f"pyproject-ls: {complaint}."}
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert KEYWORD in client.codes(uri)
        client.notify("workspace/didChangeConfiguration", {"settings": None})
        client.wait_for_request("workspace/configuration", 2)
        client.sync()
        assert len(client.popups) == 1


def test_several_wrong_settings_are_one_message() -> None:
    with Client(settings={"lock": 1, "profile": None, "logLevel": "loud"}) as client:
        params = client.wait_for("window/showMessage")
        assert params["message"] == (
            "pyproject-ls: `pyproject-ls.lock` is 1; use true or false; "
            '`pyproject-ls.logLevel` is "loud"; use "off" or "error" or "warning" or "info" '
            'or "debug" or "trace".'
        )


def test_a_client_that_does_not_answer(tmp_path: Path) -> None:
    """Diagnostics wait for the settings, but not for ever."""

    class Silent(Client):
        def _answer(self, message: Any) -> Any:
            return "no list at all"

    with Silent() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert client.codes(uri) == [KEYWORD, CLASSIFIER]
