"""What all stories need: the extension, built and installed once."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from tests.vscode.editor import build_vsix, installed
from tests.vscode.install import HOME, CannotInstallError


@pytest.fixture(scope="session")
def vsix() -> Path:
    """The extension, built from the present sources."""
    HOME.mkdir(parents=True, exist_ok=True)
    try:
        with (HOME / "build.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return build_vsix()
    except CannotInstallError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def extensions(vsix: Path) -> Path:
    """The folder of extensions, in which ours is the only one that knows of TOML or Python."""
    return _installed(vsix)


@pytest.fixture(scope="session")
def extensions_with_others(vsix: Path) -> Path:
    """The same, with stand-ins for another extension for TOML, and for the Python extension."""
    return _installed(vsix, "toml", "python")


def _installed(vsix: Path, *others: str) -> Path:
    try:
        with (HOME / "build.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return installed(vsix, others)
    except CannotInstallError as error:
        pytest.skip(str(error))
