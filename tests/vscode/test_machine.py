"""The extension on a machine where it may write nothing, behind a proxy, in paths that are odd."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.vscode.editor import run

PROJECT = """\
[project]
name = "demo"
descripton = "A demo"
version = "1.0"
requires-python = ">=3.10,<4"
dependencies = ["lantern>=2"]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "local"
url = "http://packages.example.test/simple/"
"""


def test_machine(tmp_path: Path, extensions: Path) -> None:
    home = tmp_path / "a user's “ödd” place"
    folder = home / 'it"s a project'
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PROJECT, "utf-8")
    copied = Path(shutil.copytree(extensions, home / "extensions of mine"))
    (own,) = copied.glob("pyproject-ls.pyproject-ls-*")
    settings = {"pyproject-ls.index.ranking": "", "pyproject-ls.resolve": "off"}
    online = {"PYPROJECT_LS_OFFLINE": ""}
    with read_only(own):
        run("machine", folder, home, copied, settings=settings, environ=online)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """`folder` may not be written to. Root may all the same, so that nothing was is checked."""
    before, modes = snapshot(folder), {each: each.stat().st_mode for each in everything(folder)}
    for each, mode in modes.items():
        each.chmod(mode & 0o555)
    try:
        yield
    finally:
        for each, mode in modes.items():
            each.chmod(mode)
    assert snapshot(folder) == before


def snapshot(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of all that is in a folder."""
    found = {each: each.stat() for each in everything(folder)}
    return {str(each): (stat.st_size, stat.st_mtime_ns) for each, stat in found.items()}


def everything(folder: Path) -> list[Path]:
    """The folder, and all that is below it."""
    return [Path(root, name) for root, _, names in os.walk(folder) for name in ("", *names)]
