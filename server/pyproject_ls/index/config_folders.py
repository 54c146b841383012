"""Where tools keep their configuration on Linux, macOS and Windows.

The system is a parameter, so that each of them can be had, and tested, on any. That is why
`platformdirs`, which Poetry, pip and PDM use, is followed here rather than asked: it knows only the
system that it runs on.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path


class Machine:
    """A system with the environment of one user.

    `platform` is what `sys.platform` says there, `environ` its environment variables (on Windows in
    upper case), `root` the folder that stands for ``/``. Nothing of it shows in its text form:
    environments hold secrets.
    """

    __slots__ = ("environ", "home", "platform", "root")

    def __init__(
        self, environ: Mapping[str, str], platform: str, root: str | os.PathLike[str] = "/"
    ) -> None:
        self.environ = environ
        self.platform = platform
        self.root = Path(root)
        home = environ.get("USERPROFILE" if platform == "win32" else "HOME")
        self.home = Path(home or os.path.expanduser("~"))

    def path(self, text: str) -> Path:
        """The path that somebody wrote; ``~`` is the user's home folder."""
        if text == "~" or text.startswith(("~/", "~\\")):
            return self.home / text[2:]
        return Path(text)

    def variable(self, name: str) -> str:
        """An environment variable, "" where it is not set."""
        return self.environ.get(name, "").strip()


def poetry_folder(machine: Machine) -> Path:
    """The folder of Poetry's ``config.toml`` and ``auth.toml`` (``poetry/locations.py``)."""
    chosen = machine.variable("POETRY_CONFIG_DIR")
    if chosen:
        return machine.path(chosen)
    if machine.platform == "win32":
        return _roaming(machine) / "pypoetry"
    return _own_folder(machine, "pypoetry")


def uv_user_file(machine: Machine) -> Path:
    """The configuration of uv for the user; on macOS where it is on Linux."""
    base = _roaming(machine) if machine.platform == "win32" else _xdg_home(machine)
    return base / "uv" / "uv.toml"


def uv_system_file(machine: Machine) -> Path | None:
    """The configuration of uv for the machine: the first that is there."""
    if machine.platform == "win32":
        found = [_program_data(machine) / "uv" / "uv.toml"]
    else:
        folders = (*_xdg_dirs(machine), machine.root / "etc")
        found = [folder / "uv" / "uv.toml" for folder in folders]
    return next((path for path in found if path.is_file()), None)


def pdm_files(machine: Machine) -> tuple[Path, ...]:
    """PDM's ``config.toml``, the machine's before the user's."""
    if machine.platform == "win32":
        local = machine.variable("LOCALAPPDATA")
        user = Path(local) if local else machine.home / "AppData" / "Local"
        folders = [_program_data(machine) / "pdm" / "pdm", user / "pdm" / "pdm"]
    elif machine.platform == "darwin":
        folders = [_library(machine.root) / "pdm", _own_folder(machine, "pdm")]
    else:
        folders = [*(each / "pdm" for each in _xdg_dirs(machine)), _own_folder(machine, "pdm")]
    return tuple(folder / "config.toml" for folder in folders)


def pip_files(machine: Machine) -> tuple[Path, ...]:
    """The configuration files of pip, the weakest first (``pip/_internal/configuration.py``).

    That of a virtual environment is left out: nobody knows which one is meant. A file named by
    ``PIP_CONFIG_FILE`` takes the place of the user's own; the null device that of all files.
    """
    chosen = machine.variable("PIP_CONFIG_FILE")
    if chosen and chosen.lower() in {"/dev/null", "nul", os.devnull}:
        return ()
    files = list(_pip_system_files(machine))
    if chosen and machine.path(chosen).exists():
        return (*files, machine.path(chosen))
    windows = machine.platform == "win32"
    files.append(machine.home / ("pip" if windows else ".pip") / _pip_name(machine))
    if windows:
        folder = _roaming(machine) / "pip"
    elif machine.platform == "darwin":
        folder = _library(machine.home) / "pip"
        if not folder.is_dir():
            folder = machine.home / ".config" / "pip"
    else:
        folder = _xdg_home(machine) / "pip"
    return (*files, folder / _pip_name(machine))


def netrc_files(machine: Machine) -> tuple[Path, ...]:
    """Where a netrc may be; the first that is there counts."""
    chosen = machine.variable("NETRC")
    if chosen:
        return (machine.path(chosen),)
    return machine.home / ".netrc", machine.home / "_netrc"


def _pip_system_files(machine: Machine) -> Iterator[Path]:
    if machine.platform == "win32":
        yield _program_data(machine) / "pip" / "pip.ini"
    elif machine.platform == "darwin":
        yield _library(machine.root) / "pip" / "pip.conf"
    else:
        for folder in _xdg_dirs(machine):
            yield folder / "pip" / "pip.conf"
        yield machine.root / "etc" / "pip.conf"


def _pip_name(machine: Machine) -> str:
    return "pip.ini" if machine.platform == "win32" else "pip.conf"


def _own_folder(machine: Machine, name: str) -> Path:
    """The user's configuration of the application `name`, as platformdirs has it since 4.6.

    On macOS ``XDG_CONFIG_HOME`` goes first there; older releases do not look at it.
    """
    if machine.platform != "darwin":
        return _xdg_home(machine) / name
    usual = _library(machine.home) / name
    if machine.variable("XDG_CONFIG_HOME") and not usual.is_dir():
        return _xdg_home(machine) / name
    return usual


def _library(base: Path) -> Path:
    return base / "Library" / "Application Support"


def _roaming(machine: Machine) -> Path:
    chosen = machine.variable("APPDATA")
    return Path(chosen) if chosen else machine.home / "AppData" / "Roaming"


def _program_data(machine: Machine) -> Path:
    chosen = machine.variable("PROGRAMDATA")
    return Path(chosen) if chosen else Path(machine.variable("SYSTEMDRIVE") or "C:", "/ProgramData")


def _xdg_home(machine: Machine) -> Path:
    chosen = machine.variable("XDG_CONFIG_HOME")
    return Path(chosen) if os.path.isabs(chosen) else machine.home / ".config"


def _xdg_dirs(machine: Machine) -> tuple[Path, ...]:
    chosen = machine.variable("XDG_CONFIG_DIRS").split(":")
    absolute = tuple(Path(each) for each in chosen if os.path.isabs(each))
    return absolute or (machine.root / "etc" / "xdg",)
