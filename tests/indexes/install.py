"""An environment with index servers, made in ``.cache/indexes`` of the checkout, once."""

from __future__ import annotations

import os
import shutil
import subprocess
import venv
from pathlib import Path

from tests.shared import CACHE

SERVERS = ("pypiserver==2.4.2", "passlib==1.7.4", "devpi-server==6.20.3")
"""The servers; `passlib` reads the file of passwords for the first."""


def programs() -> Path:
    """The folder of the programs ``pypi-server``, ``devpi-init`` and ``devpi-server``.

    Made at the first call. Raises CalledProcessError.
    """
    home = CACHE / "indexes" / "-".join(SERVERS)
    if not (home / "done").exists():
        shutil.rmtree(home, ignore_errors=True)
        venv.create(home, with_pip=True)
        pip = [str(home / "bin" / "python"), "-m", "pip", "install", "-qq", *SERVERS]
        subprocess.run(pip, check=True, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"})
        (home / "done").touch()
    return home / "bin"
