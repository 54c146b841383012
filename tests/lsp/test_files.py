"""Files beside the document: they come, go and change, and the findings follow."""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

import pytest

from pyproject_ls.config import Settings
from pyproject_ls.lsp import answers
from pyproject_ls.lsp.documents import Change, Document

from .client import PULL, ROOT, Client, push, without

TEXT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "demo"
version = "1.0"
readme = "README.md"
license-files = ["LEGAL*"]
"""
MISSING = "readme-missing"


def changed(client: Client, path: Path, kind: int) -> None:
    """Tell the server that a file was created (1), changed (2) or deleted (3)."""
    client.notify(
        "workspace/didChangeWatchedFiles", {"changes": [{"uri": path.as_uri(), "type": kind}]}
    )


def test_a_readme_appears_and_disappears(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    (tmp_path / "LEGAL").write_text("")
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        first = client.pull(uri)
        assert [each["code"] for each in first["items"]] == [MISSING]
        readme.write_text("")
        changed(client, readme, 1)
        client.wait_for_request("workspace/diagnostic/refresh", 1)
        second = client.pull(uri, first["resultId"])
        assert second["items"] == []
        readme.unlink()
        changed(client, readme, 3)
        client.wait_for_request("workspace/diagnostic/refresh", 2)
        assert client.codes(uri) == [MISSING]


def test_a_glob_that_begins_to_match(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("")
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert len(client.codes(uri)) == 1
        (tmp_path / "LEGAL.txt").write_text("")
        changed(client, tmp_path / "LEGAL.txt", 1)
        client.wait_for_request("workspace/diagnostic/refresh")
        assert client.codes(uri) == []


def test_files_that_change_nothing_are_no_news(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        first = client.pull(uri)
        changed(client, tmp_path / "uv.lock", 1)
        changed(client, tmp_path / "uv.lock", 3)
        (tmp_path / "README.md").write_text("")
        changed(client, tmp_path / "README.md", 1)
        client.wait_for_request("workspace/diagnostic/refresh")
        assert client.pull(uri, first["resultId"])["kind"] == "full"
        client.sync()
        refreshes = [each for each in client.requests if "refresh" in each["method"]]
        assert len(refreshes) == 1


def test_a_lock_file_that_changes(tmp_path: Path) -> None:
    lock = tmp_path / "poetry.lock"
    lock.write_text('[metadata]\ncontent-hash = "0"\n')
    text = '[tool.poetry]\npackage-mode = false\n[project]\nname = "demo"\nversion = "1"\n'
    with Client(settings={"lock": True, "select": ["lock-*"]}) as client:
        uri = client.open(tmp_path / "pyproject.toml", text)
        outdated = client.codes(uri)
        assert outdated
        lock.unlink()
        changed(client, lock, 3)
        client.wait_for_request("workspace/diagnostic/refresh")
        assert client.codes(uri) == ["lock-missing"] != outdated


@pytest.mark.parametrize("saved", ["pyproject.toml", "other.toml"])
def test_saving_is_enough_where_files_are_not_watched(saved: str, tmp_path: Path) -> None:
    capabilities = without(PULL, "workspace", "didChangeWatchedFiles")
    (tmp_path / "LEGAL").write_text("")
    with Client(capabilities) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert client.codes(uri) == [MISSING]
        (tmp_path / "README.md").write_text("")
        client.notify(
            "textDocument/didSave", {"textDocument": {"uri": (tmp_path / saved).as_uri()}}
        )
        client.wait_for_request("workspace/diagnostic/refresh")
        assert client.codes(uri) == []


def test_diagnostics_are_sent_again(tmp_path: Path) -> None:
    (tmp_path / "LEGAL").write_text("")
    with Client(push()) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert [each["code"] for each in client.published(uri)] == [MISSING]
        (tmp_path / "README.md").write_text("")
        changed(client, tmp_path / "README.md", 1)
        client.wait_for("textDocument/publishDiagnostics", 2)
        assert client.published(uri) == []


def test_every_project_has_its_own_folder(tmp_path: Path) -> None:
    """Nested projects do not see each other's files."""
    inner = tmp_path / "packages" / "inner"
    inner.mkdir(parents=True)
    for folder in (tmp_path, inner):
        (folder / "LEGAL").write_text("")
    (tmp_path / "README.md").write_text("")
    with Client(folders=(tmp_path,)) as client:
        outer_uri = client.open(tmp_path / "pyproject.toml", TEXT)
        inner_uri = client.open(inner / "pyproject.toml", TEXT)
        assert client.codes(outer_uri) == []
        assert client.codes(inner_uri) == [MISSING]


def test_slow_answers_come_later(tmp_path: Path) -> None:
    """A glob over a slow disk holds up nothing; its findings follow."""
    program = f"""
import sys; sys.path.insert(0, {str(ROOT / "server")!r})
import threading, pyproject_ls.disk as disk
allowed = threading.Event()
matches = disk.matches
disk.matches = lambda root, pattern: allowed.wait(60) and matches(root, pattern)
import pyproject_ls.lsp.handlers as handlers
handlers.view_text = lambda ls, params: allowed.set()
from pyproject_ls.lsp.server import serve_stdio
raise SystemExit(serve_stdio())
"""
    (tmp_path / "README.md").write_text("")
    with Client(command=(sys.executable, "-c", program)) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert client.codes(uri) == []
        client.replace(uri, TEXT + "# typing on\n")
        assert client.codes(uri) == []
        client.request("pyproject-ls/viewText", {})
        client.wait_for_request("workspace/diagnostic/refresh")
        assert len(client.codes(uri)) == 1


def test_paths_are_looked_at_again_while_typing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For files that nobody watches: answers are believed for a while only."""
    document = Document(
        (tmp_path / "pyproject.toml").as_uri(), 1, TEXT, Settings(), count(1), lambda *_: None
    )
    assert MISSING in [finding.code for finding in document.state().findings]
    (tmp_path / "README.md").write_text("")
    document.apply([Change("# typed\n", (0, 0))], 2, "utf-16")
    assert MISSING in [finding.code for finding in document.state().findings]
    monkeypatch.setattr(answers, "GOOD_FOR", 0.0)
    document.apply([Change("# typed\n", (0, 0))], 3, "utf-16")
    assert MISSING not in [finding.code for finding in document.state().findings]


def test_answers_to_forgotten_questions_are_forgotten(tmp_path: Path) -> None:
    """A path that is typed letter by letter leaves nothing behind."""
    uri = (tmp_path / "pyproject.toml").as_uri()
    document = Document(uri, 1, TEXT, Settings(), count(1), lambda *_: None)
    for number in range(500):
        text = TEXT.replace("README.md", f"README{number}.md")
        document.apply([Change(text)], number, "utf-16")
        assert MISSING in [finding.code for finding in document.state().findings]
    assert len(document.answers.known) < 150


def test_imports_are_looked_for_in_the_background(tmp_path: Path) -> None:
    """They come late, and follow the files."""
    code = tmp_path / "demo.py"
    code.write_text("import yaml\nimport attr\n")
    text = '[project]\nname = "demo"\nversion = "1"\ndependencies = ["pyyaml", "requests"]\n'
    both = ["strict-undeclared-import", "strict-unused-dependency"]
    with Client(settings={"select": ["strict-un*"]}) as client:
        uri = client.open(tmp_path / "pyproject.toml", text)
        client.wait_until(lambda: sorted(client.codes(uri)) == both)
        code.write_text("import yaml\nimport requests.adapters\n")
        changed(client, code, 2)
        client.wait_until(lambda: client.codes(uri) == [])
