"""Completion on the wire: what editors of different abilities are sent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from . import project
from .client import PULL, Client, Json, Mark, applied, push, without

TAIL = '\n[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n'


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project.make(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def client(path: Path) -> Iterator[Client]:
    with Client() as client:
        yield client


@pytest.fixture(scope="module")
def poor(path: Path) -> Iterator[Client]:
    with Client(push()) as client:
        yield client


def complete(client: Client, path: Path, mark: Mark, **context: Any) -> Json:
    """The list at a mark, each item as it is once defaults are applied."""
    uri = client.open(path, mark.text)
    context = {"triggerKind": 1, **context}
    found = client.ask("completion", uri, mark, context=context)
    default = (found or {}).get("itemDefaults", {}).get("editRange")
    for item in (found or {}).get("items", ()):
        if "textEdit" not in item:
            new = item.get("textEditText", item["label"])
            item["textEdit"] = {"range": default, "newText": new}
    return found or {"items": []}


@pytest.mark.parametrize(
    ("text", "label", "result"),
    [
        ("[project]\nna▮\n", "name", '[project]\nname = "$1"\n'),
        ("[project]\n▮\n", "dependencies", '[project]\ndependencies = ["$1"]\n'),
        ("[proj▮]\n", "project", "[project]\n"),
        ('[project]\nlicense = "MI▮"\n', "MIT", '[project]\nlicense = "MIT"\n'),
        ("[project]\nlicense = MI▮\n", "MIT", '[project]\nlicense = "MIT"\n'),
        ('[project]\nreadme = "▮"\n', "README.md", '[project]\nreadme = "README.md"\n'),
        (
            '[project]\nkeywords = ["é😀"]\nversi▮\n',
            "version",
            '[project]\nkeywords = ["é😀"]\nversion = "$1"\n',
        ),
    ],
)
def test_what_is_inserted(
    client: Client, poor: Client, path: Path, text: str, label: str, result: str
) -> None:
    for asked in client, poor:
        mark = Mark.of(text)
        items = complete(asked, path, mark)["items"]
        (item,) = [each for each in items if each["label"] == label]
        assert item["textEdit"]["range"]["start"]["line"] == mark.position["line"]
        edits = [item["textEdit"], *item.get("additionalTextEdits", ())]
        got = applied(mark.text, edits)
        if item.get("insertTextFormat") != 2:
            assert asked is poor or "$" not in result
            assert "$" not in got
            result = result.replace("$1", "")
        assert got == result


def test_at_most_a_hundred(client: Client, path: Path) -> None:
    found = complete(client, path, Mark.of('[project]\nclassifiers = ["▮"]\n'))
    assert 0 < len(found["items"]) <= 100


def test_what_is_said_for_all_items(client: Client, poor: Client, path: Path) -> None:
    mark = Mark.of("[project]\nna▮\n")
    uri = client.open(path, mark.text)
    found = client.ask("completion", uri, mark)
    assert found["itemDefaults"]["editRange"]["start"] == {"line": 1, "character": 0}
    assert all("textEdit" not in item for item in found["items"])
    poor.open(path, mark.text)
    found = poor.ask("completion", uri, mark)
    assert "itemDefaults" not in found
    for item in found["items"]:
        assert item["kind"] <= 18
        assert not item.keys() & {"tags", "deprecated", "commitCharacters", "labelDetails"}
        assert not item.keys() & {"insertTextFormat", "command"}


def test_documentation_comes_later(client: Client, poor: Client, path: Path) -> None:
    for asked, kind in (client, "markdown"), (poor, "plaintext"):
        items = complete(asked, path, Mark.of("[project]\nna▮\n"))["items"]
        (item,) = [each for each in items if each["label"] == "name"]
        assert "documentation" not in item
        resolved = asked.request("completionItem/resolve", item)
        assert resolved["documentation"]["kind"] == kind
        assert len(resolved["documentation"]["value"]) > 20
        del resolved["documentation"]
        assert resolved == item


@pytest.mark.parametrize(
    "data", [None, {}, [], 1, {"uri": 1}, {"uri": "file:///x", "kind": "?", "data": []}]
)
def test_items_that_are_not_ours(client: Client, data: Any) -> None:
    item = {"label": "name", "data": data}
    resolved = client.request("completionItem/resolve", item)
    assert resolved["label"] == "name"
    assert "documentation" not in resolved


def test_deprecated_keys(client: Client, path: Path) -> None:
    text = "[tool.poetry]\n▮\n" + TAIL
    items = complete(client, path, Mark.of(text))["items"]
    struck = [each["label"] for each in items if each.get("tags") == [1]]
    assert struck
    old = without(PULL, "textDocument", "completion", "completionItem", "tagSupport")
    with Client(old) as other:
        items = complete(other, path, Mark.of(text))["items"]
        assert [each["label"] for each in items if each.get("deprecated")] == struck


def test_a_blank_that_indents(client: Client, path: Path) -> None:
    mark = Mark.of("[project]\n ▮\n")
    typed = {"triggerKind": 2, "triggerCharacter": " "}
    assert complete(client, path, mark, **typed)["items"] == []
    assert complete(client, path, mark)["items"]
    behind = Mark.of("[project]\nlicense = ▮\n")
    assert complete(client, path, behind, **typed)["items"]


def test_asking_again(path: Path) -> None:
    """Only a client that says so is told to ask again after an item that is a part."""
    mark = Mark.of('[project]\nclassifiers = ["Top▮"]\n')
    command = "editor.action.triggerSuggest"
    able = {**PULL, "experimental": {"commands": {"commands": [command]}}}
    for capabilities, commands in (able, {command}), (PULL, set()):
        with Client(capabilities) as client:
            items = complete(client, path, mark)["items"]
            assert items
            assert {each["command"]["command"] for each in items if "command" in each} == commands
