"""The team of ``fixtures/teams`` is told the same by the command line and by the server.

The editors' tests compare what they show with the same file.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pyproject_ls.cli import main
from tests import teams
from tests.lsp.client import Client


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = teams.copied(tmp_path)
    assert main(["check", "--format", "json", str(folder)]) == 1
    said = teams.of_command_line(capsys.readouterr().out)
    if os.environ.get("UPDATE_FIXTURES"):
        teams.SAID.write_text(said, "utf-8")
    assert said.encode() == teams.SAID.read_bytes(), "UPDATE_FIXTURES=1 rewrites what is expected"


def test_every_project_is_told_something_of_its_own() -> None:
    found = [json.loads(line) for line in teams.SAID.read_text("utf-8").splitlines()]
    codes = {name: {x["code"] for x in found if x["project"] == name} for name in teams.PROJECTS}
    assert "team-forbidden-package" in codes["parcels"]
    assert "override-forbidden" in codes["billing"]
    assert "deprecated-field" not in codes["legacy"]


def test_server(tmp_path: Path) -> None:
    folder = teams.copied(tmp_path)
    shown = {}
    with Client(settings={"resolve": "off"}) as client:
        for name in teams.PROJECTS:
            path = folder / name / "pyproject.toml"
            uri = client.open(path, path.read_text("utf-8"))
            shown[name] = client.pull(uri)["items"]
        client.shutdown()
    assert teams.of_editor(shown, folder).encode() == teams.SAID.read_bytes()
