"""Makes the pictures of VS Code that the README shows anew: ``make screenshots-vscode``.

All pictures of the person's way stay in ``.cache/vscode/shots/person``.
"""

from __future__ import annotations

import shutil
import sys

import pytest

from tests.shared import REPO
from tests.vscode.editor import SHOTS

IMAGES = REPO / "docs" / "images"

PICTURES = {
    "fixes": "vscode-problems",
    "add-name": "vscode-add",
    "conflict-hover": "vscode-conflict",
    "tree": "vscode-tree",
}
"""Which steps the README shows, and under which names."""


def main() -> int:
    """Go the person's way and keep four of its pictures; the exit status of pytest."""
    status = pytest.main(["-q", str(REPO / "tests" / "vscode" / "test_ui.py")])
    if status == pytest.ExitCode.OK:
        for step, name in PICTURES.items():
            (picture,) = (SHOTS / "person").glob(f"[0-9][0-9]-{step}.png")
            shutil.copyfile(picture, IMAGES / f"{name}.png")
    return int(status)


if __name__ == "__main__":
    sys.exit(main())
