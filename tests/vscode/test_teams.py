"""VS Code shows of a team's projects what the command line says of them."""

from __future__ import annotations

import json
from pathlib import Path

from tests import teams
from tests.vscode.editor import run


def test_teams(tmp_path: Path, extensions: Path) -> None:
    folder, shown = teams.copied(tmp_path), tmp_path / "shown.json"
    settings = {"pyproject-ls.resolve": "off"}
    run(
        "teams",
        folder,
        tmp_path,
        extensions,
        settings=settings,
        projects=teams.PROJECTS,
        shown=str(shown),
    )
    found = json.loads(shown.read_bytes())
    assert teams.of_editor(found, folder).encode() == teams.SAID.read_bytes()
