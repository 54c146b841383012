"""Diagnostics: what they hold, when they are given, and when they are sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from .client import PULL, Client, Json, at, push, without

CLEAN = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"

[project]
name = "demo"
version = "1.0"
"""
FAULTY = CLEAN + 'keywords = [\n  "é😀", "a", "a",\n]\n'
DUPLICATE = "duplicate-keyword"


def by_code(items: list[Json], code: str) -> Json:
    """The one diagnostic with this code."""
    (found,) = [each for each in items if each["code"] == code]
    return found


# What they hold


def test_a_diagnostic(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", FAULTY)
        found = by_code(client.pull(uri)["items"], DUPLICATE)
        assert found.pop("message").startswith('"a" is listed twice')
        href = found.pop("codeDescription")["href"]
        assert href.startswith("https://")
        assert href.endswith(f"/{DUPLICATE}.md")
        related = found.pop("relatedInformation")
        assert found == {
            "range": at(8, 14, 8, 17),
            "severity": 2,
            "code": DUPLICATE,
            "source": "pyproject-ls",
            "tags": [1],
            "data": {
                "path": ["project", "keywords", 2],
                "fix": "Remove the second keyword",
            },
        }
        assert related == [
            {
                "location": {"uri": uri, "range": at(8, 9, 8, 12)},
                "message": "first listed here",
            }
        ]


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 17), ("utf-16", 14), ("utf-32", 13)])
def test_columns_in_the_clients_encoding(encoding: str, column: int, tmp_path: Path) -> None:
    with Client({**PULL, "general": {"positionEncodings": [encoding]}}) as client:
        uri = client.open(tmp_path / "pyproject.toml", FAULTY)
        found = by_code(client.pull(uri)["items"], DUPLICATE)
        assert found["range"] == at(8, column, 8, column + 3)


def test_a_client_that_shows_little(tmp_path: Path) -> None:
    """Other places go into the message; what the client does not know is left out."""
    with Client(push()) as client:
        uri = client.open(tmp_path / "pyproject.toml", FAULTY)
        found = by_code(client.published(uri), DUPLICATE)
        assert found.pop("message").endswith("\nLine 9: first listed here")
        assert found == {
            "range": at(8, 14, 8, 17),
            "severity": 2,
            "code": DUPLICATE,
            "source": "pyproject-ls",
        }


def test_only_tags_that_the_client_knows(tmp_path: Path) -> None:
    capabilities = without(PULL, "textDocument", "publishDiagnostics", "tagSupport")
    capabilities["textDocument"]["diagnostic"]["tagSupport"] = {"valueSet": [2]}
    with Client(capabilities) as client:
        uri = client.open(tmp_path / "pyproject.toml", FAULTY)
        assert "tags" not in by_code(client.pull(uri)["items"], DUPLICATE)


# Whose documents


@pytest.mark.parametrize(
    "name",
    ["Pyproject.toml", "PYPROJECT.TOML", "pyproject.toml.orig", "my-pyproject.toml", "uv.lock", ""],
)
def test_other_documents_get_nothing(name: str, tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(f"{tmp_path.as_uri()}/{name}", "x = ")
        assert client.pull(uri) == {"kind": "full", "items": []}
        assert client.actions(uri) is None
        client.replace(uri, "y = ")
        assert client.pull(uri) == {"kind": "full", "items": []}
        client.close(uri)
        assert client.shutdown() == 0


def test_other_documents_are_sent_nothing(tmp_path: Path) -> None:
    with Client(push()) as client:
        other = client.open(tmp_path / "other.toml", "x = ")
        client.replace(other, "y = ")
        client.close(other)
        client.published(client.open(tmp_path / "pyproject.toml", "x = "))
        assert [each["uri"] for each in client.seen("textDocument/publishDiagnostics")] == [
            (tmp_path / "pyproject.toml").as_uri()
        ]


@pytest.mark.parametrize(
    "uri",
    [
        "untitled:pyproject.toml",
        "untitled:/a/pyproject.toml",
        "vscode-notebook-cell:/a/pyproject.toml#W0s",
        "vscode-remote://host/a/pyproject.toml",
        "http://[/pyproject.toml",
        "file:///a%00b/pyproject.toml",
    ],
)
def test_documents_that_are_no_files(uri: str) -> None:
    """They are analysed, without what lies beside them."""
    with Client() as client:
        client.open(uri, CLEAN + 'readme = "none.md"\nkeywords = ["a", "a"]\n')
        expected = [] if "[/" in uri else [DUPLICATE]
        assert client.codes(uri) == expected


def test_a_file_with_a_curious_name(tmp_path: Path) -> None:
    folder = tmp_path / "a;b #c%20 é😀"
    folder.mkdir()
    (folder / "README.md").write_text("")
    with Client() as client:
        uri = client.open(folder / "pyproject.toml", CLEAN + 'readme = "README.md"\n')
        assert client.codes(uri) == []


# Pull


def test_results_that_have_not_changed(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", FAULTY)
        first = client.pull(uri)
        assert first["kind"] == "full"
        known = first["resultId"]
        assert client.pull(uri, known) == {"kind": "unchanged", "resultId": known}
        assert client.pull(uri, "other")["kind"] == "full"
        client.replace(uri, CLEAN)
        second = client.pull(uri, known)
        assert second["kind"] == "full"
        assert second["items"] == []
        client.replace(uri, FAULTY)  # the old text, but a client may have moved its marks
        assert client.pull(uri, second["resultId"])["kind"] == "full"
        client.close(uri)
        assert client.pull(uri, known)["kind"] == "full"
        client.open(uri, CLEAN)
        assert client.pull(uri, known)["items"] == []


def test_nothing_is_sent_to_a_client_that_asks(tmp_path: Path) -> None:
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", FAULTY)
        client.pull(uri)
        client.replace(uri, CLEAN)
        client.close(uri)
        client.sync()
        assert client.seen("textDocument/publishDiagnostics") == []


# Push


def test_diagnostics_are_sent_with_the_version(tmp_path: Path) -> None:
    with Client(push()) as client:
        uri = client.open(tmp_path / "pyproject.toml", FAULTY)
        assert by_code(client.published(uri, 1), DUPLICATE)
        client.replace(uri, CLEAN)
        assert client.published(uri, 2) == []
        client.close(uri)
        client.sync()
        assert client.seen("textDocument/publishDiagnostics")[-1] == {"uri": uri, "diagnostics": []}


def test_a_client_that_asks_but_cannot_be_told_to_ask_again(tmp_path: Path) -> None:
    """It would not hear of files that appear, so it is sent diagnostics; it may ask, too."""
    with Client(without(PULL, "workspace", "diagnostics")) as client:
        assert "diagnosticProvider" not in client.capabilities
        uri = client.open(tmp_path / "pyproject.toml", FAULTY)
        assert client.published(uri) == client.pull(uri)["items"]


def test_a_client_that_knows_no_versions(tmp_path: Path) -> None:
    with Client({"textDocument": {"publishDiagnostics": {}}}) as client:
        uri = client.open(tmp_path / "pyproject.toml", CLEAN)
        params = client.wait_for("textDocument/publishDiagnostics")
        assert params == {"uri": uri, "diagnostics": []}


def test_edits_that_come_together_are_analysed_once(tmp_path: Path) -> None:
    with Client(push()) as client:
        uri = client.open(tmp_path / "pyproject.toml", CLEAN)
        client.published(uri)
        for number in range(200):
            client.replace(uri, f"{CLEAN}# {number}\n")
        assert client.published(uri, 201) == []
        assert len(client.seen("textDocument/publishDiagnostics")) < 150


def test_a_document_that_is_opened_twice_is_taken_as_new(tmp_path: Path) -> None:
    with Client() as client:
        path = tmp_path / "pyproject.toml"
        client.open(path, FAULTY)
        uri = client.open(path, CLEAN)
        assert client.codes(uri) == []


def test_more_findings_than_anyone_wants(tmp_path: Path) -> None:
    """The gravest are kept, in the order of the text, and the last diagnostic counts the others."""
    many = ", ".join(['"a"'] * 1500)
    with Client() as client:
        uri = client.open(tmp_path / "pyproject.toml", f"{CLEAN}keywords = [{many}]\nx = \n")
        items = client.pull(uri)["items"]
        assert len(items) == 1000
        assert sum(each.get("code") == "toml-syntax" for each in items) == 1
        assert items[-1]["message"].endswith("more findings are not shown.")
        assert items[-1]["severity"] == 3
