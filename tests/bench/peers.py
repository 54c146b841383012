"""The peers: installed once into a cache folder of their own, then described as servers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from . import taplo
from .session import Server

PYTHON_PACKAGES = ("tombi==1.9.6", "validate-pyproject[all]==0.27", "poetry==2.5.1")
NODE_PACKAGES = ("@taplo/lsp@0.8.0",)
CACHE_VARIABLE = "PYPROJECT_LS_CACHE"


class InstallError(Exception):
    """A peer could not be installed."""


@dataclass(frozen=True)
class Peers:
    """Where the peers are, what they may read, and what has to be said about them."""

    scripts: Path
    node_modules: Path | None
    schemas: Path | None
    """A private copy of the shared schema cache, in the layout of tombi."""
    work: Path
    notes: list[str] = field(default_factory=list)

    def script(self, name: str) -> str:
        """The path of a console script of the peers' environment."""
        return str(self.scripts / (f"{name}.exe" if os.name == "nt" else name))

    @property
    def environment(self) -> dict[str, str]:
        """For every peer process: the schema cache, no colours, no questions."""
        cache = self.schemas or self.work / "no-schemas"
        return {"TOMBI_CACHE_HOME": str(cache), "NO_COLOR": "1", "POETRY_NO_INTERACTION": "1"}

    def servers(self) -> list[Server]:
        """The language servers that can run here."""
        tombi = (self.script("tombi"), "lsp", "--offline")
        servers = [Server("tombi", tombi, environment=self.environment)]
        if self.node_modules is not None:
            servers.append(taplo.server(self.node_modules, self.schemas, self.work / "taplo"))
        return servers


def cache_folder(repository: Path) -> Path:
    """``$PYPROJECT_LS_CACHE/bench``, or ``.cache/bench`` of the repository, which git ignores."""
    named = os.environ.get(CACHE_VARIABLE)
    return (Path(named).resolve() if named else repository / ".cache") / "bench"


def prepare(cache: Path, shared: Path, work: Path) -> Peers:
    """Install what is missing in `cache`; say in the notes what cannot be had."""
    notes: list[str] = []
    scripts = _install_python(cache / "python")
    node_modules = None
    try:
        node_modules = _install_node(cache / "node")
    except InstallError as error:
        notes.append(f"taplo is left out: {error}")
    schemas = None
    shared_schemas = shared / "bench" / "schema-cache"
    if shared_schemas.is_dir():
        schemas = work / "schemas"
        shutil.copytree(shared_schemas, schemas)
    else:
        notes.append("no schema cache: tombi and taplo have less to do, so tombi is no target")
    return Peers(scripts, node_modules, schemas, work, notes)


def _install_python(folder: Path) -> Path:
    """A virtual environment with the Python peers; its folder of scripts."""
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    version = ".".join(map(str, sys.version_info[:3]))

    def install() -> None:
        _run([sys.executable, "-m", "venv", "--clear", str(folder)])
        python = str(scripts / "python")
        _run([python, "-m", "pip", "install", "--quiet", *PYTHON_PACKAGES])

    _once(folder, (version, *PYTHON_PACKAGES), install)
    return scripts


def _install_node(folder: Path) -> Path:
    """A folder with the Node peers; its ``node_modules``."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        raise InstallError("node and npm are not on the PATH")

    def install() -> None:
        folder.mkdir(parents=True, exist_ok=True)
        options = ["--no-audit", "--no-fund", "--loglevel=error"]
        _run([npm, "install", "--prefix", str(folder), *options, *NODE_PACKAGES])

    _once(folder, NODE_PACKAGES, install)
    return folder / "node_modules"


def _once(folder: Path, wanted: Sequence[str], install: Callable[[], None]) -> None:
    """Run `install` unless a stamp in `folder` says that exactly `wanted` is there already."""
    stamp, content = folder / "installed.txt", "\n".join(wanted) + "\n"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == content:
        return
    print(f"installing {' '.join(wanted)} ...", file=sys.stderr, flush=True)
    stamp.unlink(missing_ok=True)
    install()
    stamp.write_text(content, encoding="utf-8")


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=600)
    except subprocess.CalledProcessError as error:
        last = (error.stderr or error.stdout or "").strip()[-600:]
        raise InstallError(f"{Path(command[0]).name} failed: {last}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise InstallError(str(error)) from error
