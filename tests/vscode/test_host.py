"""The extension inside the extension host of the real VS Code."""

from __future__ import annotations

from pathlib import Path

from tests.vscode.editor import run

WRONG = """\
[project]
name = "demo"
descripton = "A demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = []
license = { text = "MIT" }

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""


def test_editing(tmp_path: Path, extensions: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(WRONG, "utf-8")
    run("editing", folder, tmp_path, extensions)
