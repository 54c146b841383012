"""What concerns several projects: symbols of the workspace, and renames."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pyproject_ls.lsp import projects

from . import project
from .client import Client, Json, Mark, ServerError, applied
from .project import FILES, NEAR, TEXT, marked


def names(client: Client, query: str) -> set[tuple[str, str]]:
    """The names of all symbols that fit, with their folders."""
    found = client.request("workspace/symbol", {"query": query})
    return {(each["name"], Path(each["location"]["uri"]).parent.name) for each in found}


def test_workspace_symbols(tmp_path: Path) -> None:
    project.make(tmp_path)
    with Client(folders=(tmp_path,)) as client:
        assert names(client, "near") >= {("near", "near")}
        assert names(client, "requests") == {("requests", "demo")}
        assert names(client, "nosuchname") == set()
        # what is open counts, not what is on the disk
        near = client.open(tmp_path / "near" / "pyproject.toml", NEAR.replace('"ruff"', '"black"'))
        assert names(client, "black") == {("black", "near")}
        client.close(near)
        assert names(client, "black") == set()
        # files that change, come and go
        (tmp_path / "near" / "pyproject.toml").write_text("[dependency-groups]\nblack = []\n")
        assert names(client, "black") == {("black", "near")}
        new = tmp_path / "new" / "pyproject.toml"
        new.parent.mkdir()
        new.write_text('[project]\nname = "brand-new"\n')
        client.notify(
            "workspace/didChangeWatchedFiles", {"changes": [{"uri": new.as_uri(), "type": 1}]}
        )
        assert names(client, "brand") == {("brand-new", "new")}
        new.unlink()
        assert names(client, "brand") == set()


def test_folders_that_come_and_go(tmp_path: Path) -> None:
    project.make(tmp_path)
    folder = {"uri": (tmp_path / "near").as_uri(), "name": "near"}
    with Client(folders=(tmp_path / "demo",)) as client:
        assert ("near", "near") not in names(client, "near")
        event: Json = {"added": [folder], "removed": []}
        client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
        assert ("near", "near") in names(client, "near")


def test_without_folders(tmp_path: Path) -> None:
    with Client() as client:
        assert names(client, "") == set()
        client.open("untitled:pyproject.toml", '[project]\nname = "demo"\n')
        (found,) = client.request("workspace/symbol", {"query": "demo"})
        assert found["location"]["uri"] == "untitled:pyproject.toml"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "a" / "pyproject.toml").mkdir(parents=True)
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "pyproject.toml").write_bytes(b"\xff\xfe")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "pyproject.toml").write_text("[project\nname = 'c'\n")
    if hasattr(os, "symlink"):
        os.symlink(tmp_path, tmp_path / "c" / "loop")
    with Client(folders=(tmp_path, tmp_path / "nowhere")) as client:
        assert names(client, "") <= {("c", "c")}
        assert client.log == []


def test_the_bounds_of_the_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        folder = tmp_path / f"{number:02}" / "below"
        folder.mkdir(parents=True)
        (folder / "pyproject.toml").touch()
    assert len(list(projects.find([tmp_path, tmp_path / "00"]))) == 20
    monkeypatch.setattr(projects, "MAX_PROJECTS", 5)
    assert len(list(projects.find([tmp_path]))) == 5
    monkeypatch.setattr(projects, "MAX_FOLDERS", 24)
    assert len(list(projects.find([tmp_path]))) <= 4


# Rename


def changed(edit: Json) -> dict[str, str]:
    """The texts after a rename, by path in the project's folder."""
    texts = {}
    for change in edit["documentChanges"]:
        path = Path(change["textDocument"]["uri"])
        name = f"{path.parent.name}/{path.name}"
        texts[name] = applied(FILES[name], change["edits"])
    return texts


def rename(client: Client, path: Path, text: str, mark: Mark, new_name: str) -> Json:
    uri = client.open(path, text)
    edit: Json = client.ask("rename", uri, mark, newName=new_name)
    return edit


def test_rename_in_one_file(tmp_path: Path) -> None:
    path = project.make(tmp_path)
    mark = Mark.of(marked('include-group = "te▮st"'))
    with Client(folders=(tmp_path,)) as client:
        edit = rename(client, path, TEXT, mark, "tests")
        new = TEXT.replace("test = [", "tests = [").replace('= "test"', '= "tests"')
        assert changed(edit) == {"demo/pyproject.toml": new}
        prepared = client.ask("prepareRename", path.as_uri(), mark)
        assert prepared["placeholder"] == "test"
        (change,) = edit["documentChanges"]
        assert prepared["range"] in [each["range"] for each in change["edits"]]
        assert change["textDocument"] == {"uri": path.as_uri(), "version": 1}


def test_rename_in_other_projects(tmp_path: Path) -> None:
    """An extra that a project which depends on this one by path asks for."""
    path = project.make(tmp_path)
    mark = Mark.of(NEAR.replace("fast =", "fa▮st ="))
    with Client(folders=(tmp_path,)) as client:
        edit = rename(client, tmp_path / "near" / "pyproject.toml", NEAR, mark, "quick")
        assert changed(edit) == {
            "near/pyproject.toml": NEAR.replace("fast", "quick"),
            "demo/pyproject.toml": TEXT.replace('["fast"]', '["quick"]'),
        }
        versions = [each["textDocument"]["version"] for each in edit["documentChanges"]]
        assert versions == [1, None]
        client.open(path, TEXT)
        edit = client.ask(
            "rename", (tmp_path / "near" / "pyproject.toml").as_uri(), mark, newName="quick"
        )
        assert [each["textDocument"]["version"] for each in edit["documentChanges"]] == [1, 1]


def test_a_project_of_the_same_name(tmp_path: Path) -> None:
    """A path that leads to another project of this name is left alone."""
    project.make(tmp_path)
    mark = Mark.of(NEAR.replace("fast =", "fa▮st ="))
    with Client(folders=(tmp_path,)) as client:
        edit = rename(client, tmp_path / "twin" / "pyproject.toml", NEAR, mark, "quick")
        assert len(edit["documentChanges"]) == 1


@pytest.mark.parametrize(
    ("place", "new_name", "message"),
    [
        ('include-group = "te▮st"', "dev", "already"),
        ('include-group = "te▮st"', "no name!", "no valid name"),
        ('include-group = "te▮st"', "", "empty"),
        ('extras = ["fa▮st"]', "quick", "defined by the package `near`"),
    ],
)
def test_renames_that_are_refused(place: str, new_name: str, message: str, tmp_path: Path) -> None:
    path = project.make(tmp_path)
    with Client(folders=(tmp_path,)) as client:
        with pytest.raises(ServerError, match=message) as caught:
            rename(client, path, TEXT, Mark.of(marked(place)), new_name)
        assert caught.value.code == -32803
        assert client.log == []


def test_nothing_to_rename(tmp_path: Path) -> None:
    path = project.make(tmp_path)
    mark = Mark.of(marked("requires-py▮thon"))
    with Client() as client:
        assert rename(client, path, TEXT, mark, "x") is None
        assert client.ask("prepareRename", path.as_uri(), mark) is None
