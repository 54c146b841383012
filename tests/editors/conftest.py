"""What the tests of all editors need: a folder of their own, and the server on the path."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.editors.debian import CannotInstallError
from tests.editors.install import helix
from tests.index_server import IndexServer

ROOT = Path(__file__).parents[2]

FORMATTER = """\
import sys
text = sys.stdin.buffer.read().decode()
sys.stdout.buffer.write(b"# formatted\\n" + text.split("\\n", 1)[1].encode())
"""
"""Poses as pyproject-fmt."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with folders of its own, and with the programs that an editor may start.

    No package index is asked; `online` is the one where there is an index to ask.
    """
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "formatter.py").write_text(FORMATTER, encoding="utf-8")
    server = f'PYTHONPATH="{ROOT / "server"}" exec "{sys.executable}" -m pyproject_ls "$@"'
    formatter = f'exec "{sys.executable}" "{programs / "formatter.py"}" "$@"'
    for name, line in ("pyproject-ls", server), ("pyproject-fmt", formatter):
        program = programs / name
        program.write_text(f"#!/bin/sh\n{line}\n", encoding="utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
    homes = {
        f"XDG_{name}_HOME": str(tmp_path / name.lower())
        for name in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    return {
        **os.environ,
        **homes,
        "HOME": str(tmp_path),
        "PATH": os.pathsep.join([str(programs), os.environ["PATH"]]),
        "PIP_CONFIG_FILE": os.devnull,
        "PYPROJECT_LS_CACHE_DIR": str(tmp_path / "packages"),
        "PYPROJECT_LS_OFFLINE": "1",
    }


@pytest.fixture
def program() -> Path:
    """The program of Helix."""
    try:
        return helix()
    except CannotInstallError as error:
        pytest.skip(str(error))


@pytest.fixture
def index() -> Iterator[IndexServer]:
    """The index of ``fixtures/index`` on loopback, with made-up names around those of the files."""
    with IndexServer(names=2000) as server:
        yield server


@pytest.fixture
def online(environment: dict[str, str], index: IndexServer) -> dict[str, str]:
    """The same environment, in which a server asks `index`.

    The list of popular names has no variable: an editor's settings name it (`ranking` of `index`).
    """
    return {
        **environment,
        "PYPROJECT_LS_INDEX_URL": index.url("/simple/"),
        "PYPROJECT_LS_OFFLINE": "",
    }
