"""Runs stories (``stories/*.mjs``) in the real VS Code with the extension from its VSIX."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.resolver.tools import poetry_environ
from tests.shared import REPO
from tests.vscode.install import HOME, browser, code_server, driver, node_environ, node_home

EXTENSION = REPO / "vscode-extension"
HERE = Path(__file__).parent
A_DAY = 86_400
SHOTS = HOME / "shots"
"""Where the pictures of all stories are kept."""


def build_vsix() -> Path:
    """The VSIX of the present sources. Raises CalledProcessError."""
    environ = {**node_environ(), "PYTHON": sys.executable}
    stamp = EXTENSION / "node_modules" / ".package-lock.json"
    lock = EXTENSION / "package-lock.json"
    if not stamp.exists() or stamp.stat().st_mtime < lock.stat().st_mtime:
        npm = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run(npm, cwd=EXTENSION, env=environ, check=True)
        stamp.touch()
    subprocess.run(("npm", "run", "check"), cwd=EXTENSION, env=environ, check=True)
    subprocess.run(("node", "build.mjs"), cwd=EXTENSION, env=environ, check=True)
    return EXTENSION / "pyproject-ls.vsix"


def installed(vsix: Path, others: Sequence[str] = ()) -> Path:
    """A folder of extensions with that of `vsix`, the bridge, and stand-ins for `others`.

    code-server itself installs them, once for each content.
    """
    sources = [HERE / "bridge", *(HERE / "others" / each for each in others)]
    files = [each for folder in sources for each in sorted(folder.iterdir())]
    content = b"".join(each.read_bytes() for each in (vsix, *files))
    name = "-".join(("extensions", *others))
    folder = HOME / f"{name}-{hashlib.sha256(content).hexdigest()[:12]}"
    if not (folder / "installed").exists():
        for old in HOME.glob(f"{name}-{'[0-9a-f]' * 12}"):
            if old.stat().st_mtime < time.time() - A_DAY:  # a long test may be using the others
                shutil.rmtree(old, ignore_errors=True)
        folder.mkdir(parents=True)
        packed = [_packed(each, folder / f"{each.name}.vsix") for each in sources]
        install: list[str | Path] = [
            *(node_home() / "bin" / "node", code_server(), "--extensions-dir", folder),
            *("--user-data-dir", folder / "user", "--force"),
            *(argument for each in (vsix, *packed) for argument in ("--install-extension", each)),
        ]
        subprocess.run(install, check=True, capture_output=True)
        (folder / "installed").touch()
    return folder


def _packed(source: Path, vsix: Path) -> Path:
    """The extension in the folder `source`, as the file `vsix`."""
    with zipfile.ZipFile(vsix, "w") as archive:
        for each in sorted(source.iterdir()):
            archive.write(each, f"extension/{each.name}")
    return vsix


def run(
    story: str,
    folder: Path,
    tmp_path: Path,
    extensions: Path,
    *,
    settings: Mapping[str, Any] | None = None,
    environ: Mapping[str, str] | None = None,
    trust: bool = True,
    kind: str = "stories",
    timeout: float = 420,
    **more: Any,
) -> str:
    """What the story ``<kind>/<story>.mjs`` prints, in a VS Code with `folder` as its workspace.

    Whatever VS Code, the server and the tools keep is below `tmp_path`. `more` is for the story.
    Raises AssertionError with what was printed if it fails.
    """
    state = tmp_path / "vscode"
    state.mkdir(exist_ok=True)
    config = {
        "story": str(HERE / kind / f"{story}.mjs"),
        "state": str(state),
        "tools": str(tmp_path / "tools"),
        "cache": str(tmp_path / "packages"),
        "folder": str(folder),
        "extensions": str(extensions),
        "settings": dict(settings or {}),
        "trust": trust,
        "shots": str(SHOTS / story),
        "codeServer": str(code_server()),
        "driver": str(driver()),
        "browser": str(browser()),
        "node": str(node_home() / "bin" / "node"),
        **more,
    }
    shutil.rmtree(SHOTS / story, ignore_errors=True)
    file = state / "story.json"
    file.write_text(json.dumps(config), "utf-8")
    command = (config["node"], HERE / "driver" / "editor.mjs", file)
    told = state / "story.log"  # a long story can be followed there
    with told.open("w") as log:
        done = subprocess.run(
            command,
            env=hermetic(tmp_path, **(environ or {})),
            stdout=log,
            stderr=subprocess.STDOUT,
            timeout=timeout,
            check=False,
        )
    said = told.read_text("utf-8")
    print(said)
    assert done.returncode == 0, f"{said}\n{_ends_of_logs(state)}"
    return said


def hermetic(tmp_path: Path, **more: str) -> dict[str, str]:
    """An environment with folders of its own, offline if `more` does not say otherwise."""
    tools = poetry_environ(tmp_path / "tools")
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/bin", "/bin"])
    return {
        **tools,
        "PATH": path,
        "PYPROJECT_LS_CACHE_DIR": str(tmp_path / "packages"),
        "PYPROJECT_LS_OFFLINE": "1",
        "VSCODE_CLI": "1",  # else VS Code asks a login shell for the environment
        **more,
    }


def _ends_of_logs(state: Path) -> str:
    logs = sorted(state.glob("user/logs/**/*pyproject.toml*.log"))
    return "\n".join(f"{each.name}: ...{each.read_text('utf-8')[-3000:]}" for each in logs)
