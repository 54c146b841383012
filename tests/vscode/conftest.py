"""What all stories need: the extension, built and installed once."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from tests.vscode.editor import build_vsix, installed
from tests.vscode.install import HOME, CannotInstallError


@pytest.fixture(scope="session")
def extensions() -> Path:
    """The folder of extensions."""
    HOME.mkdir(parents=True, exist_ok=True)
    try:
        with (HOME / "build.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return installed(build_vsix())
    except CannotInstallError as error:
        pytest.skip(str(error))
