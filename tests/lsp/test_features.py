"""What editors ask about a document: navigation, outline, hover, hints, on the wire."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pyproject_ls.features.semantic_tokens import TYPES
from pyproject_ls.text import LineIndex

from . import project
from .client import PULL, Client, Json, Mark, at, push, without
from .project import LOCK, TEXT, marked

METHODS = (
    *("hover", "definition", "references", "documentHighlight", "completion"),
    *("documentLink", "documentSymbol", "foldingRange", "prepareRename", "codeAction"),
    *("inlayHint", "codeLens", "semanticTokens/full", "semanticTokens/range", "formatting"),
)
"""Every request about a document."""


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return project.make(tmp_path_factory.mktemp("workspace"))


@pytest.fixture(scope="module")
def client(path: Path) -> Iterator[Client]:
    with Client(folders=(path.parents[1],)) as client:
        client.open(path, TEXT)
        yield client


@pytest.fixture(scope="module")
def poor(path: Path) -> Iterator[Client]:
    """A client that can do nothing but what everybody can."""
    with Client(push(), folders=(path.parents[1],)) as client:
        client.open(path, TEXT)
        yield client


def under(range_: Json, text: str = TEXT) -> str:
    """The text under a range."""
    lines = LineIndex(text)
    start, end = (
        lines.offset(each["line"], each["character"], "utf-16")
        for each in (range_["start"], range_["end"])
    )
    return text[start:end]


# Where things are


@pytest.mark.parametrize(
    ("place", "target", "line", "name"),
    [
        ('include-group = "te▮st"', "pyproject.toml", 21, "test"),
        ('source = "co▮rp"', "pyproject.toml", 32, "corp"),
        ('demo = "demo.cli:m▮ain"', "demo/cli.py", 3, "main"),
        ('readme = "REA▮DME.md"', "README.md", 0, ""),
        ('path = "../n▮ear"', "../near/pyproject.toml", 0, ""),
        ('"pyt▮est>=8"', "poetry.lock", 5, "pytest"),
    ],
)
def test_definition(
    client: Client, poor: Client, path: Path, place: str, target: str, line: int, name: str
) -> None:
    mark = Mark.of(marked(place))
    (link,) = client.ask("definition", path.as_uri(), mark)
    wanted = (path.parent / target).resolve()
    assert link["targetUri"] == wanted.as_uri()
    assert link["targetSelectionRange"]["start"]["line"] == line
    text = wanted.read_text("utf-8")
    assert under(link["targetSelectionRange"], text).strip('"') in {name, ""}
    origin = link["originSelectionRange"]
    assert origin["start"]["line"] == origin["end"]["line"] == mark.position["line"]
    (location,) = poor.ask("definition", path.as_uri(), mark)
    assert location == {"uri": link["targetUri"], "range": link["targetSelectionRange"]}


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("te▮st = [", ["test", "test"]),
        ('name = "co▮rp"', ["corp", "corp"]),
        ('"re▮quests>=2.31', ["requests"] * 3),
        ("ver▮sion = ", []),
    ],
)
def test_references_and_highlights(
    client: Client, path: Path, place: str, names: list[str]
) -> None:
    uri, mark = path.as_uri(), Mark.of(marked(place))
    found = client.ask("references", uri, mark, context={"includeDeclaration": True})
    assert [under(each["range"]) for each in found] == names
    assert {each["uri"] for each in found} <= {uri}
    uses = client.ask("references", uri, mark, context={"includeDeclaration": False})
    assert len(uses) < len(found) or not found
    highlights = client.ask("documentHighlight", uri, mark)
    assert [each["range"] for each in highlights] == [each["range"] for each in found]
    assert {each["kind"] for each in highlights} <= {2, 3}


def test_document_links(client: Client, path: Path) -> None:
    links = client.ask("documentLink", path.as_uri())
    found = {under(each["range"]): each["target"] for each in links}
    assert found["README.md"] == (path.parent / "README.md").as_uri()
    assert found["https://corp.example/simple"] == "https://corp.example/simple"


# The shape of a document


def test_document_symbols(client: Client, path: Path) -> None:
    symbols = client.ask("documentSymbol", path.as_uri())
    assert [each["name"] for each in symbols][:2] == ["project", "dependency-groups"]
    names = {each["name"]: each for each in symbols[0]["children"]}
    assert names["dependencies"]["children"][0]["name"] == "requests"

    def check(symbol: Json) -> None:
        lines = [
            symbol[part][end]["line"]
            for part in ("range", "selectionRange")
            for end in ("start", "end")
        ]
        assert lines[0] <= lines[2] <= lines[3] <= lines[1]
        for child in symbol.get("children", ()):
            check(child)

    for symbol in symbols:
        check(symbol)


def test_document_symbols_as_a_list(poor: Client, path: Path) -> None:
    symbols = poor.ask("documentSymbol", path.as_uri())
    found = [(each["containerName"], each["name"]) for each in symbols]
    assert ("", "project") in found
    assert ("dependencies", "requests") in found
    assert all(each["kind"] <= 18 and each["location"]["uri"] for each in symbols)


def test_folding_ranges(client: Client, path: Path) -> None:
    folds = client.ask("foldingRange", path.as_uri())
    assert {"startLine": 0, "endLine": 1, "kind": "comment"} in folds
    assert {"startLine": 9, "endLine": 11} in folds


def test_selection_ranges(client: Client, path: Path) -> None:
    marks = [Mark.of(marked(place)) for place in ('"requ▮ests>=2.31', "ver▮sion = ")]
    positions = [mark.position for mark in marks]
    found = client.ask("selectionRange", path.as_uri(), positions=positions)
    for mark, innermost in zip(marks, found, strict=True):
        node, size = innermost, 0
        while True:
            text = under(node["range"])
            assert len(text) > size
            size = len(text)
            if "parent" not in node:
                break
            node = node["parent"]
        assert text == TEXT
        assert under(innermost["range"]) in {"requests", "version"}, mark


# Words about it


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ('"requ▮ests>=2.31', ["requests", "2.32.3"]),
        ("requires-py▮thon", ["Python"]),
        ('demo = "demo.cli:ma▮in"', ["main", "Greet somebody."]),
        ("de▮v = [", ["pytest", "ruff"]),
        ('license = "M▮IT"', ["MIT"]),
    ],
)
def test_hover(client: Client, poor: Client, path: Path, place: str, words: list[str]) -> None:
    mark = Mark.of(marked(place))
    for asked, kind in (client, "markdown"), (poor, "plaintext"):
        found = asked.ask("hover", path.as_uri(), mark)
        assert found["contents"]["kind"] == kind
        assert [word for word in words if word not in found["contents"]["value"]] == []
        assert found["range"]["start"]["line"] == mark.position["line"]
    assert "**" not in found["contents"]["value"]


def test_hover_over_nothing(client: Client, path: Path) -> None:
    assert client.ask("hover", path.as_uri(), Mark.of(marked("# A com▮ment"))) is None


EVERYWHERE = at(0, 0, 1000, 0)


def test_inlay_hints(client: Client, path: Path) -> None:
    hints = client.ask("inlayHint", path.as_uri(), range=EVERYWHERE)
    lines = TEXT.splitlines()
    found = {lines[each["position"]["line"]].strip(): each["label"] for each in hints}
    assert found['test = ["pytest>=8"]'] == "8.3.2"
    assert "2.32.3" in found.values()
    assert client.ask("inlayHint", path.as_uri(), range=at(0, 0, 3, 0)) == []


def test_inlay_hints_of_a_document_that_comes_after_the_request(path: Path) -> None:
    """Helix asks in this order, and only once."""
    with Client(push()) as client:
        params = {"textDocument": {"uri": path.as_uri()}, "range": EVERYWHERE}
        asked = client.start_request("textDocument/inlayHint", params)
        client.open(path, TEXT)
        assert client.answer_to(asked)


def test_inlay_hints_can_be_switched(tmp_path: Path) -> None:
    path = project.make(tmp_path)
    text = '[tool.poetry.dependencies]\nrequests = "^2.31"\n'
    both: Json = {"inlayHints": {"lockedVersion": False, "constraintRange": True}}
    flat: Json = {"inlayHints.lockedVersion": False, "inlayHints.constraintRange": True}
    for settings, labels in [
        (None, ["2.32.3"]),
        (both, [">=2.31,<3.0"]),
        (flat, [">=2.31,<3.0"]),
        ({"inlayHints": {"lockedVersion": False}}, []),
    ]:
        with Client(settings=settings) as client:
            uri = client.open(path, text)
            client.codes(uri)  # by now the settings are there
            hints = client.ask("inlayHint", uri, range=EVERYWHERE)
            assert [each["label"] for each in hints] == labels
            assert client.popups == []


def test_settings_of_hints_that_are_none(tmp_path: Path) -> None:
    settings = {"inlayHints": {"lockedVersion": "yes", "constraintRange": None, "other": 1}}
    with Client(settings=settings) as client:
        uri = client.open(project.make(tmp_path), TEXT)
        client.codes(uri)
        assert client.ask("inlayHint", uri, range=EVERYWHERE)
        (popup,) = client.popups
        assert '`pyproject-ls.inlayHints.lockedVersion` is "yes"; use true or false' in popup


def test_inlay_hints_are_refreshed(tmp_path: Path) -> None:
    path = project.make(tmp_path)
    with Client(settings=None) as client:
        uri = client.open(path, TEXT)
        assert client.ask("inlayHint", uri, range=EVERYWHERE)
        lock = path.parent / "poetry.lock"
        lock.write_text(LOCK.replace("2.32.3", "2.99.0"), encoding="utf-8")
        change = {"uri": lock.as_uri(), "type": 2}
        client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        for count in range(1, 9):  # there may be other news before
            client.wait_for_request("workspace/inlayHint/refresh", count)
            hints = client.ask("inlayHint", uri, range=EVERYWHERE)
            if "2.99.0" in [each["label"] for each in hints]:
                break
        else:
            pytest.fail(f"the hints are {hints}")


def test_semantic_tokens(client: Client, path: Path) -> None:
    data = client.ask("semanticTokens/full", path.as_uri())["data"]
    tokens = decoded(data)
    assert ("requests", "namespace") in tokens
    assert (">=", "operator") in tokens
    assert ("python_version", "variable") in tokens
    part = client.ask("semanticTokens/range", path.as_uri(), range=at(10, 0, 11, 0))["data"]
    assert [text for text, _ in decoded(part)][:4] == ["requests", ">=", "2.31", "python_version"]
    assert len(part) < len(data)


def decoded(data: list[int]) -> list[tuple[str, str]]:
    """The texts and types of encoded tokens."""
    found, line, column = [], 0, 0
    for index in range(0, len(data), 5):
        lines, columns, length, kind, _ = data[index : index + 5]
        line, column = line + lines, columns + (0 if lines else column)
        found.append((under(at(line, column, line, column + length)), TYPES[kind]))
    return found


# Facts


def test_a_file_that_changes_without_a_watcher(tmp_path: Path) -> None:
    """Files are looked at again after a while, whoever asks."""
    path = project.make(tmp_path)
    with Client(push()) as client:
        uri = client.open(path, TEXT)
        mark = Mark.of(marked('demo = "demo.cli:m▮ain"'))
        assert "Greet somebody." in client.ask("hover", uri, mark)["contents"]["value"]
        module = path.parent / "demo" / "cli.py"
        module.write_text('def main():\n    """Greet nobody."""\n', encoding="utf-8")
        eventually(lambda: "Greet nobody." in str(client.ask("hover", uri, mark)))


def eventually(is_so: Callable[[], bool]) -> None:
    """Ask until it is so: the server looks at files again after a while."""
    for _ in range(200):
        if is_so():
            return
        threading.Event().wait(0.05)
    pytest.fail("it never is so")


def test_a_python_file_that_changes(tmp_path: Path) -> None:
    path = project.make(tmp_path)
    with Client() as client:
        uri = client.open(path, TEXT)
        mark = Mark.of(marked('demo = "demo.cli:m▮ain"'))
        client.ask("hover", uri, mark)
        module = path.parent / "demo" / "cli.py"
        module.write_text('def main():\n    """Greet nobody."""\n', encoding="utf-8")
        change = {"uri": module.as_uri(), "type": 2}
        client.notify("workspace/didChangeWatchedFiles", {"changes": [change]})
        eventually(lambda: "Greet nobody." in str(client.ask("hover", uri, mark)))


# Documents that are not ours


@pytest.mark.parametrize("method", METHODS)
def test_a_document_that_is_not_ours(client: Client, method: str, tmp_path: Path) -> None:
    for uri in client.open(tmp_path / "Cargo.toml", TEXT), "untitled:Untitled-1", "file:///x":
        result = client.ask(
            method,
            uri,
            Mark.of(marked("ver▮sion = ")),
            range=EVERYWHERE,
            context={"includeDeclaration": True, "diagnostics": [], "triggerKind": 1},
            options={"tabSize": 4, "insertSpaces": True},
        )
        assert not result


def test_a_document_without_a_folder(client: Client) -> None:
    uri = client.open("untitled:pyproject.toml", TEXT)
    assert client.ask("hover", uri, Mark.of(marked('"requ▮ests>=2.31')))
    assert client.ask("definition", uri, Mark.of(marked('include-group = "te▮st"')))
    assert client.ask("definition", uri, Mark.of(marked('readme = "REA▮DME.md"'))) == []
    assert client.ask("inlayHint", uri, range=EVERYWHERE) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-32"])
def test_other_encodings(encoding: str, path: Path) -> None:
    capabilities = {**PULL, "general": {"positionEncodings": [encoding]}}
    with Client(capabilities) as client:
        uri = client.open(path, TEXT)
        line = TEXT.splitlines()[11]
        assert line == '    "é",'
        for method in "documentHighlight", "hover":
            found: Any = client.request(
                f"textDocument/{method}",
                {"textDocument": {"uri": uri}, "position": {"line": 11, "character": 5}},
            )
            place = (found[0] if isinstance(found, list) else found)["range"] if found else None
            if place is not None and method == "documentHighlight":
                assert place["end"]["character"] == (7 if encoding == "utf-8" else 6)


def test_without_links_and_refresh(path: Path) -> None:
    capabilities = without(PULL, "workspace", "inlayHint")
    with Client(capabilities) as client:
        uri = client.open(path, TEXT)
        assert client.ask("inlayHint", uri, range=EVERYWHERE)
        client.notify("workspace/didChangeWatchedFiles", {"changes": []})
        client.sync()
        assert "workspace/inlayHint/refresh" not in [each["method"] for each in client.requests]
