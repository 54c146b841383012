"""What is packaged: the files of the repository, as a fresh clone has them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def files() -> list[str]:
    """The files that belong to the repository."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [name for name in listed.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="session")
def tree(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of them."""
    return copy(files, tmp_path_factory.mktemp("tree"))


def copy(files: list[str], folder: Path) -> Path:
    """Copy `files` into `folder`."""
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    return folder
