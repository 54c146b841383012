"""An environment with the real Poetry, for the slow proofs."""

from __future__ import annotations

import subprocess
import venv
from pathlib import Path

from tests.shared import CACHE

POETRY = "poetry==2.5.1"


def poetry_python() -> Path:
    """The interpreter of an environment with Poetry, made at the first call."""
    home = CACHE / "parity" / POETRY
    python = home / "bin" / "python"
    if not (home / "done").exists():
        venv.create(home, clear=True, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", POETRY], check=True)
        (home / "done").touch()
    return python
