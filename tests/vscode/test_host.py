"""The extension inside the extension host of the real VS Code."""

from __future__ import annotations

from pathlib import Path

from tests.resolver.package_index import PackageIndex
from tests.resolver.tools import tool
from tests.vscode.editor import run

WRONG = """\
[project]
name = "demo"
descripton = "A demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = []
license = { text = "MIT" }

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""


def test_editing(tmp_path: Path, extensions: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(WRONG, "utf-8")
    run("editing", folder, tmp_path, extensions)


PROJECT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.10,<4"
dependencies = [
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


def test_resolver(tmp_path: Path, extensions: Path) -> None:
    folder = tmp_path / "a project, “quoted” and ö"
    folder.mkdir()
    with PackageIndex() as index:
        (folder / "pyproject.toml").write_text(PROJECT.format(url=index.url), "utf-8")
        settings = {
            "pyproject-ls.poetry.path": str(tool("poetry-newest")),
            "pyproject-ls.index.ranking": "",
        }
        online = {"PYPROJECT_LS_OFFLINE": ""}
        run("resolver", folder, tmp_path, extensions, settings=settings, environ=online)
