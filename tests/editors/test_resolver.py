"""The whole loop of a dependency in Neovim: real Poetry, real wheels, a real environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.editors.test_neovim import configure, run
from tests.resolver.package_index import PackageIndex
from tests.resolver.tools import poetry_environ, tool

STORY = Path(__file__).parent / "neovim_resolver.lua"

TEXT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10,<4"
dependencies = [
    "parcel>=2",  # kept
]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "local"
url = "{url}"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""


def test_from_declaring_to_importing(tmp_path: Path, environment: dict[str, str]) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    environ = {
        **environment,
        **poetry_environ(tmp_path / "tools"),
        "HOME": environment["HOME"],
        "PATH": environment["PATH"],
        "PYPROJECT_LS_OFFLINE": "",
        "PYPROJECT_LS_POETRY": str(tool("poetry-newest")),
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
    }
    init = configure(environ)
    with PackageIndex() as index:
        text = TEXT.format(url=index.url)
        (folder / "pyproject.toml").write_text(text, encoding="utf-8")
        run(["--headless", "-n", "-i", "NONE", "-u", init, "-S", STORY], folder, environ)
    written = (folder / "pyproject.toml").read_text(encoding="utf-8")
    assert '"parcel>=2",  # kept' in written
    assert 'name = "courier"' in (folder / "poetry.lock").read_text(encoding="utf-8")
    python = folder / ".venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    program = "import lantern, courier, parcel; print(lantern.__version__, parcel.__version__)"
    done = subprocess.run([python, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3.1.0", "2.2.3"]
