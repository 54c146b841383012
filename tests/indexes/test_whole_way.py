"""The language server and the command line, as processes, against pypiserver."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.indexes.asking import poetry_project
from tests.indexes.servers import PASSWORD, USER
from tests.lsp.client import ROOT, TIMEOUT, Client, Json, Mark

SECRETS = {
    "POETRY_HTTP_BASIC_CORP_USERNAME": USER,
    "POETRY_HTTP_BASIC_CORP_PASSWORD": PASSWORD,
}
WRONG = ("acme-counter>=3", "acme-contour>=1")
"""A version that is not there, and a name that is not."""

NOWHERE = "http://127.0.0.1:9/simple/"
"""Nobody listens there."""


# In an editor


@pytest.fixture
def client(home: Path, tmp_path: Path) -> Iterator[Client]:
    """A language server that may ask indexes, and has the password for one."""
    environment = {
        **SECRETS,
        "HOME": str(home),
        "PYPROJECT_LS_OFFLINE": "",
        "PYPROJECT_LS_CACHE_DIR": str(tmp_path / "cache"),
    }
    options = {"index": {"ranking": ""}}
    with Client(options=options, environment=environment) as client:
        yield client


def completed(client: Client, path: Path, marked: str, label: str) -> list[Json]:
    """What is offered at the cursor of `marked` once `label` is offered."""
    mark = Mark.of(marked)
    path.write_text(mark.text, "utf-8")
    uri = client.open(path, mark.text)
    end = time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        found: Json = client.ask("completion", uri, mark)
        if label in [each["label"] for each in found["items"]]:
            items: list[Json] = found["items"]
            return items
        client.pull(uri)
    raise AssertionError(f"{label} is not offered, only {found['items']}")


def test_versions_are_completed(client: Client, pypiserver: str, tmp_path: Path) -> None:
    text = poetry_project(pypiserver, "acme-counter>=▮")
    items = completed(client, tmp_path / "pyproject.toml", text, "1.1")
    assert [each["label"] for each in items] == ["1.1", "1.0", "2.0rc1"]
    assert PASSWORD not in "".join(client.log) + "".join(client.popups)


def test_names_are_completed(client: Client, devpi: str, tmp_path: Path) -> None:
    text = poetry_project(f"{devpi}me/dev/+simple/", "acme-p▮")
    items = completed(client, tmp_path / "pyproject.toml", text, "acme-paint")
    assert items[0]["label"] == "acme-paint"


# On the command line


class Checked:
    """What ``pyproject-ls check --online --format json`` says of a text."""

    def __init__(self, folder: Path, text: str, *options: str, **variables: str) -> None:
        (folder / "pyproject.toml").write_text(text, "utf-8")
        done = subprocess.run(
            [sys.executable, "-m", "pyproject_ls", "check", "--format", "json", *options],
            cwd=folder,
            env={**_environment(folder), **variables},
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        self.status = done.returncode
        self.errors = done.stderr
        self.report: dict[str, Any] = json.loads(done.stdout)

    @property
    def findings(self) -> list[tuple[str, str]]:
        """The code and the message of each finding."""
        (file,) = self.report["files"]
        return [(each["code"], each["message"]) for each in file["findings"]]


def _environment(folder: Path) -> Mapping[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT / "server"),
        "PYPROJECT_LS_CACHE_DIR": str(folder / "cache"),
    }


def test_findings(pypiserver: str, tmp_path: Path) -> None:
    text = poetry_project(pypiserver, *WRONG)
    found = Checked(tmp_path, text, "--online", **SECRETS)
    messages = dict(found.findings)
    assert messages["unknown-package"] == (
        "`project.dependencies`: `corp` has no package `acme-contour`; correct the name, or declare"
        " the index that has it."
    )
    assert "1.1" in messages["no-matching-version"]
    assert (found.status, found.errors) == (1, "")


def test_nothing_to_find(pypiserver: str, tmp_path: Path) -> None:
    text = poetry_project(pypiserver, "acme-counter>=1.1", "acme-paint")
    found = Checked(tmp_path, text, "--online", "--strict", **SECRETS)
    assert (found.status, found.errors, found.findings) == (0, "", [])


@pytest.mark.parametrize("options", [(), ("--offline",)])
def test_without_online_nothing_is_found(
    pypiserver: str, tmp_path: Path, options: tuple[str, ...]
) -> None:
    text = poetry_project(pypiserver, *WRONG)
    found = Checked(tmp_path, text, *options, **SECRETS)
    assert (found.status, found.errors, found.findings) == (0, "", [])


def test_offline_by_the_environment(pypiserver: str, tmp_path: Path) -> None:
    """What was fetched earlier is used; what was not is no failure of the index."""
    text = poetry_project(pypiserver, WRONG[0])
    Checked(tmp_path, text, "--online", **SECRETS)
    found = Checked(tmp_path, text, "--online", PYPROJECT_LS_OFFLINE="1", **SECRETS)
    assert [code for code, _ in found.findings] == ["no-matching-version"]
    assert found.status == 1


def test_without_a_password(pypiserver: str, tmp_path: Path) -> None:
    found = Checked(tmp_path, poetry_project(pypiserver, *WRONG), "--online")
    assert found.status == 2
    assert found.errors == (
        "pyproject-ls: package indexes: `corp` wants a user name and a password (401)\n"
    )
    assert found.findings == []


def test_nobody_is_there(tmp_path: Path) -> None:
    found = Checked(tmp_path, poetry_project(NOWHERE, *WRONG), "--online")
    assert found.status == 2
    assert found.errors == (
        "pyproject-ls: package indexes: `corp` cannot be reached: it refuses connections\n"
    )
    assert found.findings == []
    assert found.report["summary"]["unreadable"] == [
        {
            "path": "package indexes",
            "message": "`corp` cannot be reached: it refuses connections",
        }
    ]
