"""Machines for tests: a folder that stands for the whole disk of a Linux, macOS or Windows."""

from __future__ import annotations

from pathlib import Path

from pyproject_ls.config import IndexSettings
from pyproject_ls.index.environment import Surroundings

PLATFORMS = ("linux", "darwin", "win32")

PLACES = {
    "linux": {
        "poetry": "home/.config/pypoetry",
        "uv": "home/.config/uv",
        "uv system": "etc/uv",
        "pdm": "home/.config/pdm",
        "pip": "home/.config/pip/pip.conf",
        "pip legacy": "home/.pip/pip.conf",
        "pip system": "etc/pip.conf",
    },
    "darwin": {
        "poetry": "home/Library/Application Support/pypoetry",
        "uv": "home/.config/uv",
        "uv system": "etc/uv",
        "pdm": "home/Library/Application Support/pdm",
        "pip": "home/Library/Application Support/pip/pip.conf",
        "pip legacy": "home/.pip/pip.conf",
        "pip system": "Library/Application Support/pip/pip.conf",
    },
    "win32": {
        "poetry": "home/AppData/Roaming/pypoetry",
        "uv": "home/AppData/Roaming/uv",
        "uv system": "ProgramData/uv",
        "pdm": "home/AppData/Local/pdm/pdm",
        "pip": "home/AppData/Roaming/pip/pip.ini",
        "pip legacy": "home/pip/pip.ini",
        "pip system": "ProgramData/pip/pip.ini",
    },
}
"""Where each tool keeps its configuration, below the root."""


class Disk:
    """The disk of a machine below `root`, with a project in ``work``."""

    def __init__(self, root: Path, platform: str = "linux") -> None:
        self.root = root
        self.platform = platform
        self.environ = (
            {"USERPROFILE": str(root / "home"), "PROGRAMDATA": str(root / "ProgramData")}
            if platform == "win32"
            else {"HOME": str(root / "home")}
        )
        self.project = root / "work"
        self.project.mkdir(parents=True, exist_ok=True)

    def write(self, path: str, text: str) -> Path:
        """Write a file below the root."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
        return file

    def place(self, what: str) -> str:
        """Where a tool keeps its configuration on this platform."""
        return PLACES[self.platform][what]

    def read(self, settings: IndexSettings | None = None, /, **environ: str) -> Surroundings:
        """The surroundings of the project, with more environment variables."""
        return Surroundings.read(
            self.project,
            settings or IndexSettings(),
            {**self.environ, **environ},
            self.platform,
            self.root,
        )
