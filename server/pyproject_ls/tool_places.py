"""Where Poetry and uv are installed: environments, PATH, and the folders of their installers."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

_WINDOWS = sys.platform == "win32"


def poetry_places(folder: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """The scripts of the Poetrys that the project in `folder` may mean, the likeliest first."""
    for place in _environments(folder, environ):
        yield from programs_in(place, "poetry")
    yield from _on_path("poetry", environ)
    home = home_folder(environ)
    for tools in _tool_folders(home, environ):
        for place in script_folders(tools / "poetry"):
            yield from programs_in(place, "poetry")
    for installed in _poetry_homes(home, environ):
        for place in (*script_folders(installed / "venv"), *script_folders(installed)):
            yield from programs_in(place, "poetry")
    if home is not None:
        yield from programs_in(home / ".local" / "bin", "poetry")


def uv_places(folder: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """The programs of the uvs that the project in `folder` may mean, the likeliest first."""
    for place in _environments(folder, environ):
        yield from programs_in(place, "uv")
    yield from _on_path("uv", environ)
    home = home_folder(environ)
    if "XDG_BIN_HOME" in environ:
        yield from programs_in(Path(environ["XDG_BIN_HOME"]), "uv")
    if home is not None:
        yield from programs_in(home / ".local" / "bin", "uv")
    cargo = environ.get("CARGO_HOME") or (home and home / ".cargo")
    if cargo:
        yield from programs_in(Path(cargo) / "bin", "uv")
    for tools in _tool_folders(home, environ):
        for place in script_folders(tools / "uv"):
            yield from programs_in(place, "uv")


def _environments(folder: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """The folders with scripts of the project's environment and of the active one."""
    yield from script_folders(folder / ".venv")
    active = environ.get("VIRTUAL_ENV")
    if active:
        yield from script_folders(Path(active))


def script_folders(environment: Path) -> tuple[Path, ...]:
    """Where an environment has its programs, on Windows and elsewhere."""
    return (environment / "Scripts", environment / "bin")


def _on_path(name: str, environ: Mapping[str, str]) -> Iterator[Path]:
    for entry in environ.get("PATH", "").split(os.pathsep):
        if entry and os.path.isabs(entry):  # the working folder is not to be trusted
            yield from programs_in(Path(entry), name)


def _tool_folders(home: Path | None, environ: Mapping[str, str]) -> Iterator[Path]:
    """Where pipx and uv make an environment for each tool."""
    if environ.get("PIPX_HOME"):
        yield Path(environ["PIPX_HOME"]) / "venvs"
    if environ.get("UV_TOOL_DIR"):
        yield Path(environ["UV_TOOL_DIR"])
    if environ.get("XDG_DATA_HOME"):
        yield Path(environ["XDG_DATA_HOME"]) / "pipx" / "venvs"
        yield Path(environ["XDG_DATA_HOME"]) / "uv" / "tools"
    if home is not None:
        yield home / ".local" / "share" / "pipx" / "venvs"
        yield home / ".local" / "pipx" / "venvs"
        yield home / "pipx" / "venvs"
        yield home / "Library" / "Application Support" / "pipx" / "venvs"
        yield home / ".local" / "share" / "uv" / "tools"
    if environ.get("LOCALAPPDATA"):
        yield Path(environ["LOCALAPPDATA"]) / "pipx" / "pipx" / "venvs"
    if environ.get("APPDATA"):
        yield Path(environ["APPDATA"]) / "uv" / "tools"
        yield Path(environ["APPDATA"]) / "uv" / "data" / "tools"


def _poetry_homes(home: Path | None, environ: Mapping[str, str]) -> Iterator[Path]:
    """Where the official installer puts Poetry (``install-poetry.py``)."""
    if environ.get("POETRY_HOME"):
        yield Path(environ["POETRY_HOME"])
    if environ.get("XDG_DATA_HOME"):
        yield Path(environ["XDG_DATA_HOME"]) / "pypoetry"
    if home is not None:
        yield home / ".local" / "share" / "pypoetry"
        yield home / "Library" / "Application Support" / "pypoetry"
        yield home / ".poetry"
    if environ.get("APPDATA"):
        yield Path(environ["APPDATA"]) / "pypoetry"
        yield Path(environ["APPDATA"]) / "Python"


def home_folder(environ: Mapping[str, str]) -> Path | None:
    """The home folder of the user, None if the variables do not tell."""
    value = environ.get("USERPROFILE" if _WINDOWS else "HOME") or environ.get("HOME")
    return Path(value) if value and os.path.isabs(value) else None


def programs_in(folder: Path, name: str) -> Iterator[Path]:
    """The program `name` in `folder`, if it is there and can be run."""
    for suffix in (".exe", ".cmd", ".bat") if _WINDOWS else ("",):
        path = folder / f"{name}{suffix}"
        if path.is_file() and os.access(path, os.X_OK):
            yield path
