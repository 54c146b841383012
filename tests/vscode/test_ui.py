"""A person's way through the extension: only mouse, keyboard and what the page of VS Code shows."""

from __future__ import annotations

from pathlib import Path

from tests.resolver.package_index import PackageIndex
from tests.resolver.package_pages import Package, Release
from tests.resolver.tools import tool
from tests.vscode.editor import run

WEATHER = """\
[project]
name = "weather"
version = "1.4.0"
descripton = "The weather, in your terminal"
requires-python = ">=3.10,<4"
license = { text = "MIT" }
dependencies = [
    "clapper>=8",
    "courier>=2.28,<2.32",
]

[dependency-groups]
test = ["checkit>=7,<8"]

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"

[[tool.poetry.source]]
name = "local"
url = "%s"
"""

OLD = """\
[tool.poetry]
name = "old-weather"
version = "0.9.0"
description = "The weather, as it was"
authors = ["Ada Lovelace <ada@example.com>"]
license = "MIT"

[tool.poetry.dependencies]
python = "^3.10"
clapper = "^8.1"  # the command line

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"

[[tool.poetry.source]]
name = "local"
url = "%s"
"""

BACKEND = Package("poetry-core", (Release("2.1.0", requires_python=">=3.9"),))
"""The index has only packages that are made up, and this one, for builds."""


def test_person(tmp_path: Path, extensions: Path) -> None:
    folder = tmp_path / "weather"
    for package in "weather", "old/old_weather":
        (folder / package).mkdir(parents=True)
        (folder / package / "__init__.py").touch()
    with PackageIndex([BACKEND]) as index:
        (folder / "pyproject.toml").write_text(WEATHER % index.url, "utf-8")
        (folder / "old" / "pyproject.toml").write_text(OLD % index.url, "utf-8")
        settings = {
            "pyproject-ls.poetry.path": str(tool("poetry-newest")),
            "pyproject-ls.index.ranking": "",
            "files.autoSave": "off",  # as it is on a desktop
        }
        online = {"PYPROJECT_LS_OFFLINE": ""}
        run("person", folder, tmp_path, extensions, kind="ui", settings=settings, environ=online)
