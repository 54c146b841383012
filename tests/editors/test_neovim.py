"""Neovim 0.11 shows the findings while a person types, and applies fixes."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from tests.editors.install import neovim

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "fixtures" / "editors" / "neovim.lua"
SCRIPT = Path(__file__).parent / "neovim_test.lua"
TIMEOUT = 120

TEXT = """\
[project]
name = "demo"
version = "1.0"
readme = "README.md"
keywords = ["é😀", "a", "a"]  # kept

[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment of its own for Neovim, with a `pyproject-ls` on the path."""
    programs = tmp_path / "bin"
    programs.mkdir()
    command = programs / "pyproject-ls"
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT / "server"}" exec "{sys.executable}" -m pyproject_ls "$@"\n'
    )
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    homes = {
        f"XDG_{name}_HOME": str(tmp_path / name.lower())
        for name in ("CONFIG", "DATA", "STATE", "CACHE")
    }
    path = os.pathsep.join([str(programs), os.environ["PATH"]])
    return {**os.environ, **homes, "PATH": path, "NVIM_LOG_FILE": str(tmp_path / "nvim.log")}


def test_neovim(tmp_path: Path, environment: dict[str, str]) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "pyproject.toml").write_text(TEXT, encoding="utf-8")
    shutil.copy(CONFIGURATION, tmp_path / "init.lua")
    run = subprocess.run(
        [neovim(), "--headless", "-n", "-i", "NONE", "-u", tmp_path / "init.lua", "-S", SCRIPT],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT,
        check=False,
    )
    output = run.stdout.decode(errors="replace")
    assert run.returncode == 0, output
    assert output.rstrip().endswith("OK"), output


def test_the_readme_shows_the_configuration() -> None:
    readme = ROOT / "README.md"
    if not readme.exists():
        pytest.skip("there is no README yet")
    quoted = f"```lua\n{CONFIGURATION.read_text(encoding='utf-8')}```\n"
    assert quoted in readme.read_text(encoding="utf-8")
