"""Code actions: one fix, and all of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .client import PULL, Client, Json, applied, at, without

HEAD = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "demo"
version = "1.0"
"""
TEXT = (
    HEAD + 'keywords = ["é😀", "a", "a"]  # kept\nclassifiers = ["Private :: a", "Private :: a"]\n'
)
FIXED = HEAD + 'keywords = ["é😀", "a"]  # kept\nclassifiers = ["Private :: a"]\n'
SECOND_A = at(7, 24, 7, 27)
FIX_ALL = "source.fixAll.pyproject-ls"


def after(text: str, action: Json) -> str:
    """The text after an action."""
    (change,) = action["edit"]["documentChanges"]
    return applied(text, change["edits"])


def test_a_quick_fix(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        items = client.pull(uri)["items"]
        (action,) = client.actions(uri, SECOND_A, {"only": ["quickfix"]})
        assert action["title"] == "Remove the second keyword"
        assert action["kind"] == "quickfix"
        assert action["isPreferred"] is True
        assert action["diagnostics"] == items[:1]
        (change,) = action["edit"]["documentChanges"]
        assert change["textDocument"] == {"uri": uri, "version": 1}
        assert after(TEXT, action) == TEXT.replace(', "a"]', "]")


@pytest.mark.parametrize(
    ("range_", "count"),
    [
        (at(7, 24), 1),
        (at(7, 26), 1),
        (at(7, 27), 1),
        (at(7, 0), 0),
        (at(7, 0, 8, 0), 1),
        (at(0, 0, 99, 0), 2),
        (at(99, 99), 0),
    ],
)
def test_quick_fixes_at_a_range(range_: Json, count: int, tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        actions = client.actions(uri, range_, {"only": ["quickfix"]})
        assert len(actions) == count
        assert all(action.get("isPreferred", False) == (count == 1) for action in actions)


def test_a_quick_fix_for_a_diagnostic_elsewhere_on_the_line(tmp_path: Path) -> None:
    """Neovim sends the cursor's place, and the diagnostics of its line."""
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        diagnostics = client.pull(uri)["items"]
        context = {"diagnostics": diagnostics[:1], "only": ["quickfix"]}
        assert len(client.actions(uri, at(7, 0), context)) == 1
        stale = [{**diagnostics[0], "range": at(2, 0, 2, 1)}]
        context = {"diagnostics": stale, "only": ["quickfix"]}
        assert client.actions(uri, at(7, 0), context) == []


@pytest.mark.parametrize(
    ("context", "kinds"),
    [
        ({}, ["quickfix", "quickfix", FIX_ALL]),
        ({"triggerKind": 1}, ["quickfix", "quickfix", FIX_ALL]),
        ({"triggerKind": 2}, ["quickfix", "quickfix"]),
        ({"only": [""]}, ["quickfix", "quickfix", FIX_ALL]),
        ({"only": ["quickfix"]}, ["quickfix", "quickfix"]),
        ({"only": ["quickfix.other"]}, []),
        ({"only": ["source"]}, [FIX_ALL]),
        ({"only": ["source.fixAll"]}, [FIX_ALL]),
        ({"only": ["source.fixAll"], "triggerKind": 2}, [FIX_ALL]),
        ({"only": [FIX_ALL]}, [FIX_ALL]),
        ({"only": ["source.fixAll.ruff"]}, []),
        ({"only": ["source.organizeImports", "refactor"]}, []),
        ({"only": []}, []),
    ],
)
def test_only_kinds_that_are_asked_for(context: Any, kinds: list[str], tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        found = [action["kind"] for action in client.actions(uri, None, context)]
        assert [kind for kind in found if not kind.startswith("refactor")] == kinds


def test_fix_all(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        (action,) = client.actions(uri, at(0, 0), {"only": [FIX_ALL]})
        assert after(TEXT, action) == FIXED
        client.replace(uri, FIXED)
        assert client.codes(uri) == []
        assert client.actions(uri, at(0, 0), {"only": [FIX_ALL]}) == []


def test_the_edit_names_the_version_that_it_changes(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", HEAD)
        client.replace(uri, TEXT)
        for action in client.actions(uri):
            assert action["edit"]["documentChanges"][0]["textDocument"]["version"] == 2


def test_a_client_without_document_changes(tmp_path: Path) -> None:
    capabilities = without(PULL, "workspace", "workspaceEdit", "documentChanges")
    with Client(capabilities) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        for action in client.actions(uri):
            assert list(action["edit"]) == ["changes"]
            assert list(action["edit"]["changes"]) == [uri]


def test_a_client_that_knows_no_preferred_action(tmp_path: Path) -> None:
    with Client(without(PULL, "textDocument", "codeAction", "isPreferredSupport")) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        (action,) = client.actions(uri, SECOND_A, {"only": ["quickfix"]})
        assert "isPreferred" not in action
