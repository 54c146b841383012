"""What the tests of all editors need: a folder of their own, and the server on the path."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FORMATTER = """\
import sys
text = sys.stdin.buffer.read().decode()
sys.stdout.buffer.write(b"# formatted\\n" + text.split("\\n", 1)[1].encode())
"""
"""Poses as pyproject-fmt."""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment with folders of its own, and with the programs that an editor may start."""
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
    return {**os.environ, **homes, "PATH": os.pathsep.join([str(programs), os.environ["PATH"]])}
