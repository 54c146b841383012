"""Every feature, on the wire, at places of texts that are cut off, mutated or plainly odd."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any

import pytest

from pyproject_ls.text import LineIndex
from tests.shared import SHARED
from tests.toml_fuzz import mutations

from . import project
from .client import Client, Json, ServerError, applied, at
from .test_bad_input import LONG, patience

TEXTS = 60
PLACES = 4
REFUSED = -32803

ODD = (
    "",
    "\ufeff",
    "[project]\r\nname = 'a'\rversion = '1'\n",
    "[project",
    "project.dependencies = ['a[b",
    "[[project]]\n[[project]]\n",
    "[tool.poetry]\ndependencies = 1\ngroup = 2\nsource = 3\nscripts = 4\nextras = 5\n",
    "[project]\ndependencies = {a = 1}\nscripts = []\nname = 1\ndynamic = 'x'\n",
    "[dependency-groups]\na = [{include-group = 'b'}]\nb = [{include-group = 'a'}]\n",
    "[tool.poetry.group]\na.include-groups = ['b']\nb.include-groups = ['a']\n",
    "[project.scripts]\na = '..:..'\nb = 'loop:x'\nc = 'broken:x'\nd = '\U0001f600:\0'\n",
    "[project]\nreadme = '" + "../" * 500 + "x'\nlicense-files = ['**/**/**/*']\n",
    "\u2028[project]\x85name = 'x'\x0c\n",
    "{{ cookiecutter.name }} = [{% if x %}]",
    "[project]\nname = '\ud800'\n",
)


def everything(client: Client, uri: str, place: Json) -> dict[str, Any]:
    """All that can be asked about a place."""
    here = {"start": place, "end": place}
    about: Json = {"textDocument": {"uri": uri}}
    spot = {**about, "position": place}
    asked = {
        "textDocument/completion": spot,
        "textDocument/hover": spot,
        "textDocument/definition": spot,
        "textDocument/references": {**spot, "context": {"includeDeclaration": True}},
        "textDocument/documentHighlight": spot,
        "textDocument/prepareRename": spot,
        "textDocument/rename": {**spot, "newName": "a-new-name"},
        "textDocument/codeAction": {
            **about,
            "range": here,
            "context": {"diagnostics": [], "triggerKind": 1},
        },
        "textDocument/selectionRange": {**about, "positions": [place, place]},
        "textDocument/documentLink": about,
        "textDocument/documentSymbol": about,
        "textDocument/foldingRange": about,
        "textDocument/inlayHint": {**about, "range": at(0, 0, 10**6, 0)},
        "textDocument/semanticTokens/full": about,
        "workspace/symbol": {"query": "e"},
    }
    ids = {method: client.start_request(method, params) for method, params in asked.items()}
    results = {}
    for method, id_ in ids.items():
        try:
            results[method] = client.answer_to(id_)
        except ServerError as error:
            if error.code != REFUSED:
                raise AssertionError(f"{method}: {error}") from error
    return results


def check_edits(text: str, results: dict[str, Any]) -> None:
    """Edits lie in the text, and ranges are not turned round."""
    actions = results.get("textDocument/codeAction") or ()
    for edit in [results.get("textDocument/rename"), *(each.get("edit") for each in actions)]:
        for change in (edit or {}).get("documentChanges", ()):
            if "edits" in change and change["textDocument"]["version"] is not None:
                applied(text, change["edits"])
    lines = LineIndex(text)

    def check(value: Any) -> None:
        if isinstance(value, dict):
            if "start" in value and "end" in value and isinstance(value["start"], dict):
                start, end = (
                    (value[each]["line"], value[each]["character"]) for each in ("start", "end")
                )
                assert start <= end
                assert end[0] < lines.line_count
            for each in value.values():
                check(each)
        elif isinstance(value, list):
            for each in value:
                check(each)

    for method in set(results) - {"textDocument/definition", "workspace/symbol"}:
        check(results[method])


def texts() -> list[str]:
    """Odd texts, texts that are cut off, and mutated ones; the same every time."""
    chance = random.Random(3)
    corpus = sorted((SHARED / "corpus").rglob("*.toml"))
    sources = [project.TEXT]
    for path in chance.sample(corpus, min(TEXTS // 3, len(corpus))):
        sources.append(path.read_text("utf-8", errors="replace")[:6000])
    cut = [each[: chance.randrange(len(each) + 1)] for each in sources]
    mutated = [each for each, _ in mutations(sources, TEXTS, seed=3)]
    return [*ODD, *sources, *cut, *mutated]


def test_every_feature_answers(tmp_path: Path) -> None:
    path = project.make(tmp_path)
    (path.parent / "broken.py").write_text("def (:\n", encoding="utf-8")
    (path.parent / "loop.py").symlink_to(path.parent / "loop.py")
    chosen = random.Random(4)
    with Client(folders=(tmp_path,)) as client:
        uri = client.open(path, project.TEXT)
        for text in texts():
            client.replace(uri, text)
            lines = LineIndex(text)
            for _ in range(PLACES):
                line, column = lines.position(chosen.randrange(len(text) + 1), "utf-16")
                results = everything(client, uri, {"line": line, "character": column})
                assert client.log == [], json.dumps(text)
                check_edits(text, results)
        for place in at(10**6, 0, 0, 10**6).values():
            everything(client, uri, place)
        assert client.log == []
        assert client.shutdown() == 0


def test_a_huge_document(tmp_path: Path) -> None:
    """The features of a text that is analysed in a thread; another one is served meanwhile."""
    with Client() as client:
        small = client.open(tmp_path / "small" / "pyproject.toml", project.TEXT)
        big = client.open(tmp_path / "pyproject.toml", LONG)
        params = {"textDocument": {"uri": big}, "position": {"line": 1, "character": 2}}
        asked = client.start_request("textDocument/hover", params)
        client.ask("documentSymbol", small)
        began = time.monotonic()
        client.ask("foldingRange", small)
        assert time.monotonic() - began < patience()
        assert client.answer_to(asked)["contents"]["value"]
        results = everything(client, big, {"line": 1, "character": 2})
        assert results["textDocument/completion"]["items"]
        assert client.log == []


def test_a_text_that_is_too_long(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", LONG + LONG)
        results = everything(client, uri, {"line": 1, "character": 2})
        assert client.log == []
        assert not results["textDocument/documentSymbol"]


@pytest.mark.parametrize("params", [{}, {"textDocument": {"uri": 1}}, [], None])
def test_parameters_that_are_none(params: Any) -> None:
    with Client() as client:
        for method in "hover", "completion", "inlayHint", "rename":
            with pytest.raises(ServerError) as caught:
                client.request(f"textDocument/{method}", params)
            assert caught.value.code == -32602
