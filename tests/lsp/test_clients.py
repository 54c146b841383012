"""Clients that lack an ability, all, or say odd things: each is served, and sent what it can take.

The rule is one: what a client has not announced is not used. `USES` says for each ability how its
use is seen in what the server sends during a `tour`; the full client shows that it would be.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from pyproject_ls.text import Encoding, LineIndex

from .client import PULL, Client, Json, ServerError, applied, at, without
from .tour import TEXT, Tourist, announced, text_of

AGAIN = "editor.action.triggerSuggest"


def _full() -> Json:
    full = copy.deepcopy(PULL)
    full["workspace"] |= {"applyEdit": True, "codeLens": {"refreshSupport": True}}
    full["window"] = {"workDoneProgress": True, "showDocument": {"support": True}}
    full["textDocument"]["documentLink"] = {"tooltipSupport": True}
    full["experimental"] = {"commands": {"commands": [AGAIN]}}
    return full


FULL = _full()


class Seen(NamedTuple):
    """What there is to look at after a tour."""

    client: Tourist
    found: Json

    def asked(self, method: str, words: str = "") -> bool:
        """Whether the server has sent such a request."""
        sent = [each for each in self.client.requests if each["method"] == method]
        return any(words in text_of(each) for each in sent)

    def has(self, part: str, words: str) -> bool:
        """Whether words are in the answers to one kind of questions, as JSON."""
        return words in text_of({k: v for k, v in self.found.items() if k.startswith(part)})

    @property
    def items(self) -> list[Json]:
        """All completions."""
        return [each for found in self.found["completions"] for each in found["items"]]


DIAGNOSTICS = ("textDocument", "publishDiagnostics")
ACTION = ("textDocument", "codeAction")
ITEM = ("textDocument", "completion", "completionItem")
EDIT = ("workspace", "workspaceEdit")

USES: dict[tuple[str, ...], Callable[[Seen], bool]] = {
    ("textDocument", "diagnostic"): lambda seen: "diagnosticProvider" in seen.client.capabilities,
    (*DIAGNOSTICS, "relatedInformation"): lambda seen: seen.has("diag", '"relatedInformation"'),
    (*DIAGNOSTICS, "codeDescriptionSupport"): lambda seen: seen.has("diag", '"codeDescription"'),
    (*DIAGNOSTICS, "dataSupport"): lambda seen: seen.has("diag", '"data"'),
    (*DIAGNOSTICS, "tagSupport"): lambda seen: seen.has("diag", '"tags"'),
    ("workspace", "configuration"): lambda seen: seen.asked("workspace/configuration"),
    ("workspace", "didChangeConfiguration", "dynamicRegistration"): lambda seen: seen.asked(
        "client/registerCapability", "workspace/didChangeConfiguration"
    ),
    ("workspace", "didChangeWatchedFiles", "dynamicRegistration"): lambda seen: seen.asked(
        "client/registerCapability", "workspace/didChangeWatchedFiles"
    ),
    ("workspace", "applyEdit"): lambda seen: seen.asked("workspace/applyEdit"),
    ("workspace", "codeLens", "refreshSupport"): lambda seen: seen.asked(
        "workspace/codeLens/refresh"
    ),
    (*EDIT, "documentChanges"): lambda seen: (
        seen.has("", '"documentChanges"') or seen.asked("workspace/applyEdit", '"documentChanges"')
    ),
    (*EDIT, "resourceOperations"): lambda seen: seen.has("actions", '"kind": "create"'),
    (*EDIT, "changeAnnotationSupport"): lambda seen: seen.has("actions", '"changeAnnotations"'),
    ("window", "workDoneProgress"): lambda seen: seen.asked("window/workDoneProgress/create"),
    ("window", "showDocument", "support"): lambda seen: seen.asked("window/showDocument"),
    (*ACTION, "codeActionLiteralSupport"): lambda seen: any(
        "kind" in each for each in seen.found["actions"]
    ),
    (*ACTION, "isPreferredSupport"): lambda seen: seen.has("actions", '"isPreferred"'),
    (*ACTION, "dataSupport"): lambda seen: seen.has("actions", '"migrate"'),
    (*ACTION, "resolveSupport"): lambda seen: seen.has("actions", '"migrate"'),
    (*ITEM, "snippetSupport"): lambda seen: any(
        "insertTextFormat" in each or "$" in text_of(each) for each in seen.items
    ),
    (*ITEM, "tagSupport"): lambda seen: any("tags" in each for each in seen.items),
    (*ITEM, "labelDetailsSupport"): lambda seen: any("labelDetails" in each for each in seen.items),
    (*ITEM, "documentationFormat"): lambda seen: seen.has("item", '"markdown"'),
    ("textDocument", "completion", "completionItemKind"): lambda seen: any(
        each["kind"] > 18 for each in seen.items
    ),
    ("textDocument", "completion", "completionList"): lambda seen: seen.has(
        "completions", '"itemDefaults"'
    ),
    ("experimental",): lambda seen: any("command" in each for each in seen.items),
    ("textDocument", "hover"): lambda seen: seen.has("hover", '"markdown"'),
    ("textDocument", "definition"): lambda seen: seen.has("definition", '"targetUri"'),
    ("textDocument", "documentLink"): lambda seen: seen.has("documentLink", '"tooltip"'),
    (
        "textDocument",
        "documentSymbol",
        "hierarchicalDocumentSymbolSupport",
    ): lambda seen: seen.has("documentSymbol", '"children"'),
    ("textDocument", "documentSymbol", "symbolKind"): lambda seen: any(
        each["kind"] > 18 for each in seen.found["documentSymbol"]
    ),
    ("textDocument", "rename", "prepareSupport"): lambda seen: (
        seen.client.capabilities["renameProvider"] is not True
    ),
}
"""By ability: whether something that was sent makes use of it."""

ODD: dict[str, Any] = {
    "null": None,
    "nulls": {"textDocument": None, "workspace": None, "window": None, "general": None},
    "lists": {"textDocument": [], "workspace": True, "window": 1, "general": "utf-8"},
    "kinds of tomorrow": {
        "textDocument": {
            "completion": {"completionItemKind": {"valueSet": [1000, -1, "x", None]}},
            "documentSymbol": {"symbolKind": {"valueSet": [13, 99]}},
            "publishDiagnostics": {"tagSupport": {"valueSet": [1, 9]}},
            "hover": {"contentFormat": ["html"]},
            "codeAction": {
                "resolveSupport": {},
                "codeActionLiteralSupport": {"codeActionKind": {}},
            },
            "semanticTokens": {"tokenTypes": ["colour"], "formats": ["absolute"]},
        },
        "workspace": {"workspaceEdit": {"resourceOperations": ["explode"]}},
        "window": {"showMessage": {"messageActionItem": {}}, "showDocument": {}},
        "general": {"positionEncodings": ["utf-7"], "staleRequestSupport": True},
    },
}


def check(client: Tourist, path: Path) -> Seen:
    """Go on the tour, and see that all work is done and nothing used that is not there."""
    seen = Seen(client, client.tour(path))
    assert [each["code"] for each in seen.found["diagnostics"]].count("duplicate-keyword") == 1
    for each in seen.found["hover [pro▮ject]"], seen.found["item"]:
        assert "Deprecated" in text_of(each) or "project" in text_of(each)
    for part in "rename", "documentSymbol", "codeLens", "foldingRange", "semanticTokens/full":
        assert seen.has(part, "{"), part
    check_completions(seen)
    check_commands(seen)
    used = [path for path, is_used in USES.items() if is_used(seen)]
    assert [path for path in used if not _offered(client.abilities, path)] == []
    assert [line for line in client.log if "failed" in line or "unexpected" in line] == []
    return seen


def _offered(abilities: Any, path: tuple[str, ...]) -> bool:
    return announced(abilities, path) is not None


def check_completions(seen: Seen) -> None:
    """What is inserted is what stands in the list, wherever its range is told."""
    for found in seen.found["completions"]:
        assert found["items"]
        default = found.get("itemDefaults", {}).get("editRange")
        for item in found["items"]:
            edit = item.get("textEdit") or {"range": default, "newText": item.get("textEditText")}
            new = edit["newText"] or item["label"]
            text = applied(found["text"], [{**edit, "newText": new}])
            assert "$" not in text or item["insertTextFormat"] == 2


def check_commands(seen: Seen) -> None:
    """A command that edits has edited, or says what to write."""
    bumped, text = seen.found["bumped"], seen.client.texts[seen.found["bumped"]["uri"]]
    if seen.asked("workspace/applyEdit"):
        assert seen.found["edited"] == ""
        assert 'name = "corp"' in text
        assert 'version = "1.3.0"' in text
        assert bumped["ok"]
    else:
        assert text == TEXT
        assert 'name = "corp"' in seen.found["edited"]
        assert not bumped["ok"]
        assert 'line 3 becomes `version = "1.3.0"`' in bumped["message"]
    assert seen.found["shown"]["ok"]
    assert bumped["message"] in seen.client.popups
    if not seen.asked("window/showDocument"):
        assert any("dependency-tree.md" in each for each in seen.client.popups)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "pyproject.toml"
    path.write_text(TEXT, "utf-8")
    return path


def test_a_client_with_all_abilities(path: Path) -> None:
    with Tourist(FULL, path.parent) as client:
        seen = check(client, path)
        assert [each for each, is_used in USES.items() if not is_used(seen)] == []
        client.wait_for_request("workspace/diagnostic/refresh")
        assert client.shutdown() == 0


@pytest.mark.parametrize("missing", USES, ids=lambda path: path[-1])
def test_a_client_without_one(missing: tuple[str, ...], path: Path) -> None:
    with Tourist(without(FULL, *missing), path.parent) as client:
        check(client, path)
        assert client.shutdown() == 0


@pytest.mark.parametrize("abilities", [{}, *ODD.values()], ids=["empty", *ODD])
def test_a_client_that_says_little_or_nonsense(abilities: Any, path: Path) -> None:
    with Tourist(abilities, path.parent) as client:
        check(client, path)
        assert client.shutdown() == 0


# How columns are counted


@pytest.mark.parametrize(
    ("encodings", "agreed"),
    [
        (["utf-8"], "utf-8"),
        (["utf-16"], "utf-16"),
        (["utf-32"], "utf-32"),
        (["utf-32", "utf-8", "utf-16"], "utf-32"),
        (["utf-7", "utf-8"], "utf-8"),
        (["utf-7"], "utf-16"),
        ([], "utf-16"),
        (None, "utf-16"),
    ],
)
def test_encodings(encodings: list[str] | None, agreed: Encoding, path: Path) -> None:
    with Tourist({"general": {"positionEncodings": encodings}}, path.parent) as client:
        assert client.capabilities["positionEncoding"] == agreed
        uri = client.open(path, TEXT)
        found = client.wait_for("textDocument/publishDiagnostics")["diagnostics"]
        (twice,) = [each["range"] for each in found if each["code"] == "duplicate-keyword"]
        lines = LineIndex(TEXT)
        start, end = (
            lines.offset(each["line"], each["character"], agreed)
            for each in (twice["start"], twice["end"])
        )
        assert TEXT[start - 2 : end] == ', "a"'
        tokens = client.ask("semanticTokens/full", uri)["data"]
        assert len(tokens) % 5 == 0
        assert min(tokens) >= 0


# Which folder is open


@pytest.mark.parametrize(
    "told",
    [
        lambda folder: {"workspaceFolders": [{"uri": folder.as_uri(), "name": "a"}]},
        lambda folder: {"workspaceFolders": None, "rootUri": folder.as_uri()},
        lambda folder: {"workspaceFolders": [], "rootUri": folder.as_uri()},
        lambda folder: {"workspaceFolders": 1, "rootUri": folder.as_uri()},
        lambda folder: {"rootUri": None, "rootPath": str(folder)},
    ],
    ids=["folders", "rootUri", "no folders", "nonsense", "rootPath"],
)
def test_the_folder(told: Callable[[Path], Json], path: Path) -> None:
    with Client(**{"workspaceFolders": None, **told(path.parent)}) as client:
        found = client.request("pyproject-ls/projects", {})["projects"]
        assert [each["uri"] for each in found] == [path.as_uri()]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"rootUri": "", "rootPath": "relative"},
        {"rootUri": 5, "rootPath": 5},
        {"workspaceFolders": [{"uri": "file:///x"}], "processId": "one", "trace": "loud"},
        {"clientInfo": {}, "locale": 5, "initializationOptions": 5},
    ],
    ids=str,
)
def test_no_folder(told: Json, path: Path) -> None:
    with Client(**{"workspaceFolders": None, **told}) as client:
        assert client.request("pyproject-ls/projects", {}) == {"projects": []}
        assert "duplicate-keyword" in client.codes(client.open(path, TEXT))


# Code actions for clients that know commands only


def test_actions_as_commands(path: Path) -> None:
    old = without(FULL, *ACTION, "codeActionLiteralSupport")
    with Tourist(old, path.parent) as client:
        assert client.capabilities["codeActionProvider"] is True
        uri = client.open(path, TEXT)
        everywhere = at(0, 0, 99, 0)
        offered = client.actions(uri, everywhere, {"triggerKind": 1})
        assert all(each.keys() == {"title", "command", "arguments"} for each in offered)
        (fix,) = [each for each in offered if each["title"] == "Fix all that pyproject-ls can fix"]
        assert fix["command"] in client.capabilities["executeCommandProvider"]["commands"]
        run = {"command": fix["command"], "arguments": fix["arguments"]}
        client.request("workspace/executeCommand", run)
        client.wait_for_request("workspace/applyEdit")
        assert '["é😀", "a"]' in client.texts[uri]
        with pytest.raises(ServerError, match="has changed in the meantime"):
            client.request("workspace/executeCommand", run)
        for wrong in [], [1], [1, "title", []], [None, None, None]:
            run["arguments"] = [uri, *wrong]
            with pytest.raises(ServerError, match="as they offer it"):
                client.request("workspace/executeCommand", run)


def test_no_actions_where_nothing_can_be_done(path: Path) -> None:
    with Tourist({"textDocument": {"codeAction": {}}}, path.parent) as client:
        assert client.actions(client.open(path, TEXT)) == []
