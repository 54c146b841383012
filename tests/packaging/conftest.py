"""What is packaged: the files of the repository, as a fresh clone has them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lsp.client import Client

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the files that belong to the repository. Copy it if you write into it.

    It is made once, so that all tests see the same, whatever is edited meanwhile.
    """
    folder = tmp_path_factory.mktemp("tree")
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        try:
            shutil.copyfile(ROOT / name, folder / name)
        except FileNotFoundError:
            continue  # deleted, not yet committed
    return folder


@pytest.fixture(scope="session")
def files(tree: Path) -> list[str]:
    """The names of the files of `tree`."""
    return sorted(each.relative_to(tree).as_posix() for each in tree.rglob("*") if each.is_file())


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A ``pyproject.toml`` with an ``unknown-field``."""
    file = tmp_path / "project" / "pyproject.toml"
    file.parent.mkdir()
    file.write_text('[project]\nname = "demo"\nversion = "1.0"\ndescripton = "x"\n', "utf-8")
    return file


def new_environment(folder: Path) -> Path:
    """Make an environment that has pip and nothing else: the folder of its programs."""
    run(sys.executable, "-m", "venv", folder)
    return folder / ("Scripts" if os.name == "nt" else "bin")


def finds_the_fault(project: Path, *command: str | Path) -> bool:
    """Whether the server that `command` starts finds the fault of `project`.

    It imports nothing from this repository.
    """
    with Client(command=tuple(map(str, command)), environment={"PYTHONPATH": ""}) as client:
        uri = client.open(project, project.read_text("utf-8"))
        return "unknown-field" in {each["code"] for each in client.pull(uri)["items"]}


def run(*command: str | Path, folder: Path | None = None, **more: str) -> str:
    """Run a program that must succeed, with `more` in its environment: its output."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
