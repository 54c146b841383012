"""Neovim shows the findings while a person types, and can use every feature."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import teams
from tests.editors import story
from tests.editors.debian import CannotInstallError
from tests.editors.documented import PAGES, code
from tests.editors.install import NEOVIM, OTHER_NEOVIMS, neovim
from tests.lsp import project

SCRIPTS = Path(__file__).parent
TIMEOUT = 240

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


OLD = """\
[tool.poetry]
name = "old"  # kept
version = "0.1.0"
description = ""
authors = ["A B <a@example.com>"]

[tool.poetry.dependencies]
python = "^3.10"

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""


HEADINGS = {"0.7": "Neovim 0.7", "0.10": "Neovim 0.8 to 0.10"}
"""Where the page has the configuration of a version that is not the newest."""


def configure(environment: dict[str, str], version: str = NEOVIM) -> Path:
    """Put the files of the page where Neovim looks for them: its ``init.lua``."""
    folder = Path(environment["XDG_CONFIG_HOME"]) / "nvim"
    shutil.copytree(PAGES / "nvim", folder, dirs_exist_ok=True)
    init = folder / "init.lua"
    heading = HEADINGS.get(version, "Neovim 0.11 and newer")
    init.write_text(code("neovim", heading, "lua"), encoding="utf-8")
    return init


def run(arguments: list[str | Path], folder: Path, environment: dict[str, str]) -> None:
    """Run Neovim with a script whose last line says whether all was well."""
    done = subprocess.run(
        [neovim(), *arguments],
        cwd=folder,
        env={**environment, "NVIM_LOG_FILE": str(folder / "nvim.log")},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=TIMEOUT,
        check=False,
    )
    output = done.stdout.decode(errors="replace")
    assert done.returncode == 0, output
    assert output.rstrip().endswith("OK"), output


def test_findings(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(TEXT, encoding="utf-8")
    init, script = configure(environment), SCRIPTS / "neovim_test.lua"
    run(["--headless", "-n", "-i", "NONE", "-u", init, "-S", script], folder, environment)


def test_features(tmp_path: Path, environment: dict[str, str]) -> None:
    path = project.make(tmp_path)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "pyproject.toml").write_text(OLD, encoding="utf-8")
    init, script = configure(environment), SCRIPTS / "neovim_features.lua"
    run(["-n", "-i", "NONE", "-u", "NONE", "-l", script, init], path.parent, environment)


@pytest.mark.parametrize("version", [NEOVIM, *OTHER_NEOVIMS])
def test_story(version: str, tmp_path: Path, environment: dict[str, str]) -> None:
    try:
        program = neovim(version)
    except CannotInstallError as error:
        pytest.skip(str(error))
    init = configure(environment, version)
    if version not in HEADINGS:
        settings = code("neovim", "Settings", "lua")
        init.write_text(settings + init.read_text(encoding="utf-8"), encoding="utf-8")
    script = SCRIPTS / "neovim_story.lua"
    arguments: list[str | Path] = ["-n", "-i", "NONE", "-u", "NONE", "-l", script, program, init]
    run(arguments, story.make(tmp_path), environment)


def test_teams(tmp_path: Path, environment: dict[str, str]) -> None:
    folder, init = teams.copied(tmp_path), configure(environment)
    settings = "{ settings = { ['pyproject-ls'] = { resolve = 'off' } } }"
    line = f"vim.lsp.config('pyproject_ls', {settings})\n"
    init.write_text(line + init.read_text(encoding="utf-8"), encoding="utf-8")
    script = SCRIPTS / "neovim_teams.lua"
    arguments: list[str | Path] = ["-n", "-i", "NONE", "-u", "NONE", "-l", script, neovim(), init]
    run([*arguments, *teams.PROJECTS], folder, environment)
    files = {name: folder / name / "shown.json" for name in teams.PROJECTS}
    shown = {name: json.loads(file.read_bytes()) for name, file in files.items()}
    assert teams.of_editor(shown, folder, "utf-8").encode() == teams.SAID.read_bytes()
