"""The suite on the oldest and the newest Python that the machine has: on the path, or of pyenv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nox

VERSIONS = ("3.10", "3.13")
"""What is between them has nothing that both lack, and CI has ninety minutes."""


def interpreter(version: str) -> str | None:
    """A working interpreter of `version`, or None."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    installed = sorted(pyenv.glob(f"versions/{version}.*/bin/python"), reverse=True)
    for candidate in (shutil.which(f"python{version}"), *map(str, installed)):
        if candidate and _says(candidate) == version:
            return candidate
    return None


def _says(candidate: str) -> str:
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    run = subprocess.run([candidate, "-c", program], capture_output=True, text=True, check=False)
    return run.stdout.strip()


OTHERS = [each for each in VERSIONS if each != "{}.{}".format(*sys.version_info)]
"""`make test` has run it on the one that runs this."""

FOUND = [path for path in map(interpreter, OTHERS) if path]


@nox.session(python=FOUND, venv_backend="venv")
def tests(session: nox.Session) -> None:
    """Install the project and run its tests."""
    session.install("--quiet", "--upgrade", "pip>=25.1")
    session.install("--quiet", "--editable", ".", "--group", "test")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)
