"""Commands and code lenses, on the wire; what needs an index, on a snapshot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pygls.exceptions import JsonRpcException

from pyproject_ls.config import Settings
from pyproject_ls.disk import answer
from pyproject_ls.facts import Facts
from pyproject_ls.features.code_lens import Lens, code_lenses
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp import features, tool_commands
from pyproject_ls.lsp.client import Client as Abilities
from pyproject_ls.lsp.commands import COMMANDS
from pyproject_ls.lsp.convert import APPLY_EDIT, View
from pyproject_ls.lsp.convert.lens import code_lens
from pyproject_ls.text import Span, apply_edits
from tests import fixture_index

from .client import PULL, Client, Json, ServerError, applied, push, without

ADD, BIND, UPDATE = (f"pyproject-ls.{name}" for name in ("addSource", "bindSource", "applyUpdates"))
EDITS: Json = {**PULL["workspace"], "applyEdit": True, "codeLens": {"refreshSupport": True}}
ABLE: Json = {**PULL, "workspace": EDITS}

TEXT = """\
[project]
name = "demo"
version = "1.0"
dependencies = ["torch>=2.5", "é"]

[tool.poetry]
packages = [{ include = "demo" }]
"""
SOURCE = """
[[tool.poetry.source]]
name = "pytorch"
url = "https://wheels.example/cu124"
priority = "explicit"
"""
PYTORCH = {"name": "pytorch", "url": "https://wheels.example/cu124"}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client(ABLE) as client:
        yield client


@pytest.fixture
def uri(client: Client, tmp_path: Path) -> Iterator[str]:
    uri = client.open(tmp_path / "pyproject.toml", TEXT)
    yield uri
    client.close(uri)


def run(client: Client, command: str, *arguments: Any) -> Json:
    """The edit that the server asks for."""
    count = sum(each["method"] == "workspace/applyEdit" for each in client.requests)
    params = {"command": command, "arguments": list(arguments)}
    assert client.request("workspace/executeCommand", params) is None
    edit: Json = client.wait_for_request("workspace/applyEdit", count + 1)
    return edit


def refusal(client: Client, command: str, *arguments: Any) -> str:
    params = {"command": command, "arguments": list(arguments)}
    with pytest.raises(ServerError) as caught:
        client.request("workspace/executeCommand", params)
    assert caught.value.code == -32803
    return str(caught.value)


def test_what_is_advertised(client: Client) -> None:
    advertised = set(client.capabilities["executeCommandProvider"]["commands"])
    assert advertised == COMMANDS.keys() | tool_commands.COMMANDS.keys()
    assert set(features.EDITS) == COMMANDS.keys() | {APPLY_EDIT}
    assert set(features.JOBS) == tool_commands.COMMANDS.keys()
    assert client.capabilities["codeLensProvider"] == {"resolveProvider": False}


def test_a_source_and_a_dependency_from_it(client: Client, uri: str) -> None:
    """The worked example of the README, step by step; a second step sees the first one."""
    change = run(client, ADD, uri, {**PYTORCH, "priority": "explicit"})
    assert change["label"] == "Add the source pytorch"
    (edit,) = change["edit"]["documentChanges"]
    assert edit["textDocument"] == {"uri": uri, "version": client.versions[uri]}
    text = applied(TEXT, edit["edits"])
    assert text == TEXT + SOURCE

    client.replace(uri, text)
    change = run(client, BIND, uri, "Torch", "PyTorch")
    (edit,) = change["edit"]["documentChanges"]
    assert edit["textDocument"]["version"] == client.versions[uri]
    bound = '\n[tool.poetry.dependencies]\ntorch = { source = "pytorch" }\n'
    text = applied(text, edit["edits"])
    assert text == TEXT + bound + SOURCE

    client.replace(uri, text)
    assert "already" in refusal(client, BIND, uri, "torch", "pytorch")
    assert "already" in refusal(client, ADD, uri, PYTORCH)
    assert "no source named corp" in refusal(client, BIND, uri, "torch", "corp")
    assert "no dependency named flask" in refusal(client, BIND, uri, "flask", "pytorch")


def test_line_ends_are_those_of_the_file(client: Client, uri: str) -> None:
    text = TEXT.replace("\n", "\r\n")
    client.replace(uri, text)
    (edit,) = run(client, ADD, uri, PYTORCH)["edit"]["documentChanges"]
    assert applied(text, edit["edits"]) == (TEXT + SOURCE).replace("\n", "\r\n")


def test_with_uv(client: Client, uri: str) -> None:
    text = '[project]\nname = "demo"\ndependencies = ["torch"]\n\n[tool.uv]\npackage = false\n'
    client.replace(uri, text)
    (edit,) = run(client, ADD, uri, {**PYTORCH, "priority": "primary"})["edit"]["documentChanges"]
    added = f'\n[[tool.uv.index]]\nname = "pytorch"\nurl = "{PYTORCH["url"]}"\ndefault = true\n'
    assert applied(text, edit["edits"]) == text + added


@pytest.mark.parametrize(
    ("command", "arguments", "message"),
    [
        (ADD, [], "is an object"),
        (ADD, ["pytorch"], "is an object"),
        (ADD, [PYTORCH, 1], "is an object"),
        (ADD, [{"url": PYTORCH["url"]}], "name of the source is missing"),
        (ADD, [{"name": "a\nb", "url": PYTORCH["url"]}], "do not show"),
        (ADD, [{"name": "a", "url": 1}], "address of the source is missing"),
        (ADD, [{"name": "a", "url": "file:///etc"}], "begins with https"),
        (ADD, [{"name": "a", "url": "https://"}], "begins with https"),
        (ADD, [{"name": "a", "url": "https://[x"}], "begins with https"),
        (ADD, [{"name": "a", "url": "https://me:secret@corp.example"}], "version control"),
        (ADD, [{**PYTORCH, "priority": "default"}], "priority of a source is one of"),
        (ADD, [{**PYTORCH, "priority": ["explicit"]}], "priority of a source is one of"),
        (BIND, ["torch"], "have to be given"),
        (BIND, ["torch", ""], "name of the source is missing"),
        (BIND, [None, "corp"], "name of the dependency is missing"),
        (UPDATE, [["project", "dependencies"]], "have to be given"),
        (UPDATE, ["project.dependencies", "all"], "list of keys"),
        (UPDATE, [[0], "all"], "list of keys"),
        (UPDATE, [[], "some"], "one of compatible, all"),
        (UPDATE, [[], ["all"]], "one of compatible, all"),
    ],
)
def test_wrong_arguments(
    command: str, arguments: list[Any], message: str, client: Client, uri: str
) -> None:
    refused = refusal(client, command, uri, *arguments)
    assert message in refused
    assert "secret" not in refused


def test_no_document_and_no_valid_file(client: Client, uri: str, tmp_path: Path) -> None:
    for command in COMMANDS:
        assert "URI of a document" in refusal(client, command)
        assert "URI of a document" in refusal(client, command, 1)
        assert "not open" in refusal(client, command, (tmp_path / "other.toml").as_uri())
    client.replace(uri, TEXT + "[tool.poetry\n")
    assert "not valid TOML" in refusal(client, ADD, uri, PYTORCH)
    client.replace(uri, '[project]\nname = "demo"\n')
    assert "neither Poetry nor uv" in refusal(client, ADD, uri, PYTORCH)
    client.replace(uri, "[tool.poetry]\nsource = []\n")
    assert "by hand" in refusal(client, ADD, uri, PYTORCH)


def test_an_edit_that_the_client_does_not_make(tmp_path: Path) -> None:
    class Unwilling(Client):
        def _answer(self, message: Json) -> Any:
            if message["method"] == "workspace/applyEdit":
                return {"applied": False, "failureReason": "busy"}
            return super()._answer(message)

    with Unwilling(ABLE) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        run(client, ADD, uri, PYTORCH)
        assert "try again" in client.wait_for("window/showMessage")["message"]


def test_lesser_clients(tmp_path: Path) -> None:
    with Client(push()) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert "does not let" in refusal(client, ADD, uri, PYTORCH)
    changes = without(ABLE, "workspace", "workspaceEdit", "documentChanges")
    with Client(changes) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        edit = run(client, ADD, uri, PYTORCH)["edit"]
        assert applied(TEXT, edit["changes"][uri]) == TEXT + SOURCE


def test_lenses_of_documents_that_are_not_there(client: Client, tmp_path: Path) -> None:
    assert client.ask("codeLens", (tmp_path / "pyproject.toml").as_uri()) is None


# With an index

UPDATABLE = """\
[project]
name = "demo"
requires-python = ">=3.10"
dependencies = ["flask>=2.2,<3"]

[dependency-groups]
test = ["pytest==8.2.0"]
"""


def known(text: str, folder: Path) -> Snapshot:
    """A snapshot that knows the fixture index."""
    facts = Facts()
    for _ in range(4):
        snapshot = Snapshot(text, facts, Settings(online=True))
        code_lenses(snapshot)
        wanted = snapshot.facts.wanted
        facts = snapshot.facts.with_answers(
            {**answer(folder, wanted), **fixture_index.answers(wanted)}
        )
    return snapshot


def test_apply_updates(tmp_path: Path) -> None:
    snapshot = known(UPDATABLE, tmp_path)
    run = COMMANDS[UPDATE]
    change = run([["dependency-groups", "test"], "all"], snapshot)
    after = UPDATABLE.replace("8.2.0", "8.3.4")
    assert apply_edits(UPDATABLE, change.edits) == after
    everything = run([[], "all"], snapshot)
    assert apply_edits(UPDATABLE, everything.edits) == after.replace(">=2.2,<3", ">=3.1,<4")
    for path, kind in (([], "compatible"), (["project"], "compatible"), (["tool"], "all")):
        with pytest.raises(JsonRpcException, match="nothing to update"):
            run([path, kind], snapshot)


def test_a_lens_on_the_wire(tmp_path: Path) -> None:
    snapshot = known(UPDATABLE, tmp_path)
    (first, _) = code_lenses(snapshot)
    view = View(snapshot, "file:///pyproject.toml", 1, None, Abilities(applies_edits=True))
    assert code_lens(first, view) == {
        "range": view.range(first.span),
        "command": {
            "title": "Update flask to 3.1.0",
            "command": UPDATE,
            "arguments": [view.uri, ("project", "dependencies"), "all"],
        },
    }
    poor = view._replace(client=Abilities())
    assert code_lens(first, poor)["command"] == {"title": first.title, "command": ""}
    text = code_lens(Lens(Span(0, 9), "up to date"), view)
    assert text["command"] == {"title": "up to date", "command": ""}
