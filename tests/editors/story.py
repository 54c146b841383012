"""What is done in every editor: look at faults, complete, ask, mend, and have the server work."""

from __future__ import annotations

from pathlib import Path

TEXT = """\
[project]
name = "demo"
version = "1.0.0"
requires-python = ">=3.10"
keywords = ["parcels", "parcels"]  # kept

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""

MENDED = 'keywords = ["parcels"]  # kept'
BUMPED = 'version = "1.1.0"'


def make(folder: Path) -> Path:
    """A project with a fault in its ``pyproject.toml``: the folder of it."""
    project = folder / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(TEXT, encoding="utf-8")
    return project
