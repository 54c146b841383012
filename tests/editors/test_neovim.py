"""Neovim 0.11 shows the findings while a person types, and can use every feature."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from tests.editors.install import neovim
from tests.lsp import project

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "fixtures" / "editors" / "neovim.lua"
FINDINGS = Path(__file__).parent / "neovim_test.lua"
FEATURES = Path(__file__).parent / "neovim_features.lua"
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
    init = shutil.copy(CONFIGURATION, tmp_path / "init.lua")
    run(["--headless", "-n", "-i", "NONE", "-u", init, "-S", FINDINGS], folder, environment)


def test_features(tmp_path: Path, environment: dict[str, str]) -> None:
    path = project.make(tmp_path)
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "pyproject.toml").write_text(OLD, encoding="utf-8")
    init = shutil.copy(CONFIGURATION, tmp_path / "init.lua")
    run(["-n", "-i", "NONE", "-u", "NONE", "-l", FEATURES, init], path.parent, environment)


def test_the_readme_shows_the_configuration() -> None:
    readme = ROOT / "README.md"
    quoted = f"```lua\n{CONFIGURATION.read_text(encoding='utf-8')}```\n"
    assert quoted in readme.read_text(encoding="utf-8")
