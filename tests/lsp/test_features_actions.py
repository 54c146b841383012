"""Rewrites, the migration, and formatting, on the wire."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from pyproject_ls.toml import parse

from . import project
from .client import ENVIRONMENT, PULL, Client, Json, Mark, ServerError, applied, push, without

OLD = """\
[tool.poetry]
name = "demo"  # kept
version = "0.1.0"
description = "A demo"
authors = ["A B <a@example.com>"]

[tool.poetry.dependencies]
python = "^3.10"
requests = "^2.31"

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""
WHOLE = "Migrate this file to [project]"


def titled(actions: list[Json], start: str) -> Json:
    """The one action whose title begins so."""
    (found,) = [each for each in actions if each["title"].startswith(start)]
    return found


def at_mark(client: Client, path: Path, mark: Mark, **context: object) -> list[Json]:
    return client.actions(client.open(path, mark.text), mark.range, dict(context))


def test_a_rewrite(tmp_path: Path) -> None:
    path = project.make(tmp_path)
    mark = Mark.of(OLD.replace("^2.31", "^2▮.31"))
    with Client() as client:
        action = titled(at_mark(client, path, mark, only=["refactor"]), "Pin `requests`")
        assert action["kind"] == "refactor.rewrite"
        (change,) = action["edit"]["documentChanges"]
        assert applied(OLD, change["edits"]) == OLD.replace("^2.31", "2.32.3")
        assert at_mark(client, path, mark, only=["refactor.extract"]) == []


def test_a_file_is_made_where_the_client_can(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    mark = Mark.of('[project]\nname = "demo"\nversion = "1"\nreadme = "docs/R▮EADME.md"\n')
    with Client() as client:
        made = [
            each
            for each in at_mark(client, path, mark, only=["refactor"])
            if any("kind" in part for part in each["edit"]["documentChanges"])
        ]
        (action,) = made
        create, text = action["edit"]["documentChanges"]
        assert create["kind"] == "create"
        assert create["uri"] == (tmp_path / "docs" / "README.md").as_uri()
        assert create["options"] == {"ignoreIfExists": True}
        assert text["textDocument"] == {"uri": create["uri"], "version": None}
        title = action["title"]
    for capabilities in (
        without(PULL, "workspace", "workspaceEdit", "resourceOperations"),
        without(PULL, "workspace", "workspaceEdit", "documentChanges"),
    ):
        with Client(capabilities) as client:
            found = at_mark(client, path, mark, only=["refactor"])
            assert title not in [each["title"] for each in found]


def test_the_migration_of_a_file(tmp_path: Path) -> None:
    """Whole when somebody asks, a promise while an editor looks whether to show a light bulb."""
    path = tmp_path / "pyproject.toml"
    mark = Mark.of(f"▮{OLD}")
    with Client() as client:
        asked = titled(at_mark(client, path, mark, only=["refactor"], triggerKind=1), WHOLE)
        late = titled(at_mark(client, path, mark, triggerKind=2), WHOLE)
        assert "edit" not in late
        resolved = client.request("codeAction/resolve", late)
        assert resolved["edit"] == asked["edit"]
        assert resolved["title"] == WHOLE
        (annotation,) = asked["edit"]["changeAnnotations"].values()
        assert annotation["needsConfirmation"] is True
        (change,) = asked["edit"]["documentChanges"]
        assert all(each["annotationId"] for each in change["edits"])
        new = applied(OLD, change["edits"])
        assert parse(new).problems == []
        assert "[project]" in new
        assert "# kept" in new

        client.replace(late["data"]["uri"], "[tool.poetry\n")
        with pytest.raises(ServerError, match="cannot be migrated") as caught:
            client.request("codeAction/resolve", late)
        assert caught.value.code == -32803
        client.close(late["data"]["uri"])
        assert client.request("codeAction/resolve", late).get("edit") is None


def test_the_migration_for_lesser_clients(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    literal: Json = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}}
    poor = push()
    poor["textDocument"]["codeAction"] = literal
    mark = Mark.of(OLD.replace("authors", "auth▮ors"))
    with Client(poor) as client:
        for trigger in 1, 2:
            found = at_mark(client, path, mark, triggerKind=trigger)
            for start in WHOLE, "Migrate `authors`":
                edit = titled(found, start)["edit"]
                assert list(edit) == ["changes"]
                assert "annotationId" not in str(edit)
                new = applied(OLD, edit["changes"][path.as_uri()])
                assert "A B" in new
                assert parse(new).problems == []


@pytest.mark.parametrize(
    "text",
    ["", "[project]\nname = 'x'\n", "[tool.poetry]\npackages = []\n", "[tool.poetry\n", "tool = 1"],
)
def test_nothing_to_migrate(text: str, tmp_path: Path) -> None:
    with Client() as client:
        found = at_mark(client, tmp_path / "pyproject.toml", Mark.of(f"{text}▮"), triggerKind=1)
        assert not [each for each in found if each["title"].startswith("Migrate")]


# Formatting

FORMATTER = """\
import sys
text = sys.stdin.buffer.read().decode()
if "broken" in text:
    sys.exit("cannot")
sys.stdout.buffer.write(text.replace("=", " = ").replace("  ", " ").encode())
sys.exit(1)
"""
MESSY = '[project]\r\nname="é😀"\r\nversion = "1"\r\n'


def with_formatter(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program that poses as pyproject-fmt on the path."""
    (folder / "fmt.py").write_text(FORMATTER, encoding="utf-8")
    program = folder / "pyproject-fmt"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{folder / "fmt.py"}" "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    monkeypatch.setitem(ENVIRONMENT, "PATH", path)


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
def test_formatting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_formatter(tmp_path, monkeypatch)
    options = {"tabSize": 4, "insertSpaces": True}
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", MESSY)
        (edit,) = client.ask("formatting", uri, options=options)
        assert applied(MESSY, [edit]) == MESSY.replace("name=", "name = ")
        client.replace(uri, "broken")
        assert client.ask("formatting", uri, options=options) is None
        assert [line for line in client.log if "cannot" in line]


@pytest.mark.skipif(os.name == "nt", reason="the program is a shell script")
@pytest.mark.parametrize(("options", "runs"), [(None, True), ({"trusted": False}, False)])
def test_programs_of_a_project_that_is_not_trusted(
    options: Json | None, runs: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_formatter(tmp_path, monkeypatch)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "pyproject-fmt").rename(tmp_path / ".venv" / "bin" / "pyproject-fmt")
    with Client(options=options) as client:
        uri = client.open(tmp_path / "pyproject.toml", MESSY)
        edits = client.ask("formatting", uri, options={"tabSize": 4, "insertSpaces": True})
        assert bool(edits) == runs


def test_formatting_without_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENVIRONMENT, "PATH", str(tmp_path))
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", MESSY)
        assert client.ask("formatting", uri, options={"tabSize": 4, "insertSpaces": True}) is None
        assert client.popups == []
