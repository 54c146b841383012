"""Real tools for the slow proofs: several Poetrys and uv, each in an environment of its own.

They are installed by pip at the first call, into ``.cache/tools`` of the checkout or
``$PYPROJECT_LS_CACHE/tools``, and stay there. By hand: ``python -m tests.resolver.tools``.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.shared import CACHE

REQUIREMENTS: Mapping[str, tuple[str, ...]] = {
    "poetry-1.8": ("poetry==1.8.5",),  # brings poetry-plugin-export with it
    "poetry-2.0": ("poetry==2.0.1",),
    "poetry-2.1": ("poetry==2.1.4",),
    "poetry-2.3": ("poetry==2.3.*",),
    "poetry-newest": ("poetry>=2.5",),
    "poetry-export": ("poetry>=2.5", "poetry-plugin-export>=1.9"),
    "uv": ("uv>=0.9",),
}
"""What is in each environment."""

POETRYS = tuple(name for name in REQUIREMENTS if name.startswith("poetry-") and name[7].isdigit())
"""The Poetrys of one version each, the oldest first."""

_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT", "SSL_CERT_FILE")
"""What a hermetic environment takes over from that of the tests."""


def tool(name: str) -> Path:
    """The executable of the tool `name`, one of `REQUIREMENTS`; installed at the first call."""
    home = _home(name)
    stamp = home / "installed"
    wanted = "\n".join(REQUIREMENTS[name])
    if not _says(stamp, wanted):
        with _locked(home.with_suffix(".lock")):
            if not _says(stamp, wanted):
                _install(name, home)
                stamp.write_text(wanted, "utf-8")
    return home / "bin" / ("uv" if name == "uv" else "poetry")


def tool_python(name: str) -> Path:
    """The interpreter under which the tool `name` runs."""
    return tool(name).parent / "python"


def tool_version(name: str) -> str:
    """The version of the tool `name` that is installed."""
    program = "import importlib.metadata, sys; print(importlib.metadata.version(sys.argv[1]))"
    package = "uv" if name == "uv" else "poetry"
    run = subprocess.run(
        [tool_python(name), "-I", "-c", program, package],
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


def poetry_environ(folder: Path, **more: str) -> dict[str, str]:
    """An environment in which Poetry and uv find nothing but what is below `folder`.

    No configuration, keyring or cache of the user, no question, no colour; environments are made
    below `folder`/environments. `more` goes over it.
    """
    home = folder / "home"
    home.mkdir(parents=True, exist_ok=True)
    environ = {name: os.environ[name] for name in _KEPT if name in os.environ}
    environ |= {
        "HOME": str(home),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "POETRY_CACHE_DIR": str(folder / "poetry-cache"),
        "POETRY_CONFIG_DIR": str(folder / "poetry-config"),
        "POETRY_DATA_DIR": str(folder / "poetry-data"),
        "POETRY_VIRTUALENVS_PATH": str(folder / "environments"),
        "POETRY_KEYRING_ENABLED": "false",
        "POETRY_NO_INTERACTION": "1",
        "UV_CACHE_DIR": str(folder / "uv-cache"),
        "XDG_CONFIG_HOME": str(home / ".config"),  # UV_NO_CONFIG would leave out the project's too
        "XDG_CONFIG_DIRS": str(home / "etc"),
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PYTHON": sys.executable,
        "NO_COLOR": "1",
        # what the pip inside of them would read
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_NO_INPUT": "1",
    }
    return environ | more


def _home(name: str) -> Path:
    cache = os.environ.get("PYPROJECT_LS_CACHE")
    return (Path(cache) if cache else CACHE) / "tools" / name


def _says(stamp: Path, wanted: str) -> bool:
    try:
        return stamp.read_text("utf-8") == wanted
    except OSError:
        return False


def _install(name: str, home: Path) -> None:
    venv.create(home, clear=True, with_pip=True)
    python = home / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-qq", *REQUIREMENTS[name]], check=True)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock at `path`; other processes wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    for each in sys.argv[1:] or REQUIREMENTS:
        print(tool(each), tool_version(each))
