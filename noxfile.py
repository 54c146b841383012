"""The suite on the other Pythons that the machine has: on the path, and those of pyenv."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nox

VERSIONS = ("3.10", "3.11", "3.12", "3.13")


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


SLOW = ("tests/lsp", "tests/index")
"""What starts processes all the time; it runs on the oldest and on the newest Python."""


@nox.session(python=FOUND, venv_backend="venv")
def tests(session: nox.Session) -> None:
    """Install the project and run its tests."""
    said: str = session.run("python", "--version", silent=True) or ""
    session.log(said.strip())
    is_between = not any(f" {each}." in said for each in (VERSIONS[0], VERSIONS[-1]))
    left_out = [f"--ignore={each}" for each in SLOW] if is_between else []
    session.install("--quiet", "--upgrade", "pip>=25.1")
    session.install("--quiet", "--editable", ".", "--group", "test")
    session.run("python", "-m", "pytest", "-n", "auto", *left_out, *session.posargs)
