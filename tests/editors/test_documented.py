"""What the pages of editors that are not run here tell people to paste, given to the server."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pytest

if sys.platform == "win32":
    pytest.skip("the programs of the environment are shell scripts", allow_module_level=True)

from tests.editors import story
from tests.editors.documented import PAGES, ROOT, code
from tests.lsp.client import PULL, Client
from tests.shared import REPO

NAMED = ("index", "offline", "trusted", "resolve", "tool", "poetry", "ignore", "severity")
"""What a page has to name among the settings."""


class Setup(NamedTuple):
    """What an editor does with the configuration of its page."""

    command: list[str]
    options: Any = None
    """The initialization options."""

    settings: Any = None
    """What it answers when it is asked for the section ``pyproject-ls``."""


def sublime_text() -> Setup:
    client = json.loads(code("sublime-text", "", "json"))["clients"]["pyproject-ls"]
    assert set(client) == {"enabled", "command", "selector", "settings"}
    assert client["enabled"] is True
    assert client["selector"] == "source.toml"
    return Setup(client["command"], settings=client["settings"]["pyproject-ls"])


def kate() -> Setup:
    server = json.loads(code("kate", "", "json"))["servers"]["toml"]
    assert set(server) == {
        *("command", "rootIndicationFileNames", "highlightingModeRegex", "initializationOptions"),
    }
    return Setup(server["command"], options=server["initializationOptions"])


def pycharm() -> Setup:
    template = json.loads((PAGES / "lsp4ij" / "template.json").read_text("utf-8"))
    assert set(template) == {"id", "name", "programArgs", "fileTypeMappings"}
    (mapping,) = template["fileTypeMappings"]
    assert mapping == {"fileType": {"patterns": ["pyproject.toml"]}, "languageId": "toml"}
    command = template["programArgs"]["default"]
    assert f"`{command}`" in (PAGES / "pycharm.md").read_text("utf-8")
    shown = code("pycharm", "", "json")
    assert shown == (PAGES / "lsp4ij" / "initializationOptions.json").read_text("utf-8")
    return Setup(command.split(), options=json.loads(shown))


def zed() -> Setup:
    settings = json.loads(code("zed", "", "json"))
    (name, *others) = settings["languages"]["TOML"]["language_servers"]
    assert others == ["..."]
    extension = (PAGES / "zed" / "extension.toml").read_text("utf-8")
    assert f"[language_servers.{name}]" in extension
    source = (PAGES / "zed" / "src" / "lib.rs").read_text("utf-8")
    assert f'.which("{name}")' in source
    assert 'args: vec!["serve".into()]' in source
    return Setup([name, "serve"], options=settings["lsp"][name]["initialization_options"])


@pytest.mark.parametrize("editor", [sublime_text, kate, pycharm, zed])
def test_the_server_takes_it(editor: Any, tmp_path: Path, environment: dict[str, str]) -> None:
    setup: Setup = editor()
    assert set(setup.options or setup.settings) == set(NAMED)
    program, *arguments = setup.command
    command = (str(tmp_path / "bin" / program), *arguments)
    assert os.access(command[0], os.X_OK)
    capabilities = {**PULL, "workspace": {"configuration": True}} if setup.settings else PULL
    folder = story.make(tmp_path)
    with Client(
        capabilities,
        folders=(folder,),
        options=setup.options,
        settings=setup.settings,
        command=command,
        environment=environment,
    ) as client:
        uri = client.open(folder / "pyproject.toml", story.TEXT)
        client.sync()
        (fault,) = client.pull(uri)["items"]
        assert (fault["code"], fault["severity"]) == ("duplicate-keyword", 1)
        assert client.popups == []
        assert client.shutdown() == 0


def test_commands_of_sublime_text() -> None:
    entries = json.loads(code("sublime-text", "Commands", "json"))
    with Client() as client:
        known = set(client.capabilities["executeCommandProvider"]["commands"])
        client.shutdown()
    for entry in entries:
        assert entry["command"] == "lsp_execute"
        assert entry["args"]["session_name"] == "pyproject-ls"
        assert entry["args"]["command_name"] in known


def test_every_page_is_in_the_readme() -> None:
    readme = (REPO / "README.md").read_text("utf-8")
    for page in sorted(PAGES.glob("*.md")):
        assert f"({page.relative_to(ROOT).as_posix()})" in readme, page.name
