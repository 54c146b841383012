"""Random deeds over three projects in one VS Code, for ``PYPROJECT_LS_SOAK`` seconds."""

from __future__ import annotations

import os
from pathlib import Path

from tests.resolver.package_index import PackageIndex
from tests.resolver.tools import tool
from tests.vscode.editor import run

STANDARD = """\
[project]
name = "standard"
version = "1.0"
requires-python = ">=3.10,<4"
dependencies = [
    "lantern>=2",  # a comment
    "courier>=2.28,<2.32",
]

[dependency-groups]
test = ["checkit>=7"]

[tool.poetry]
package-mode = false

[[tool.poetry.source]]
name = "local"
url = "{url}"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""

OLD = """\
[tool.poetry]
name = "old"
version = "1.2.3"
description = "An old project"
authors = ["Ann Author <ann@example.org>"]
package-mode = false

[tool.poetry.dependencies]
python = "^3.10"
clapper = {{ version = "^8.1", optional = true }}
lantern = "*"

[tool.poetry.group.test.dependencies]
checkit = "^7"

[[tool.poetry.source]]
name = "local"
url = "{url}"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""

WITH_UV = """\
[project]
name = "with-uv"
version = "0.1"
requires-python = ">=3.10"
dependencies = ["clapper>=8", "lantern"]

[tool.uv]
package = false

[[tool.uv.index]]
name = "local"
url = "{url}"
default = true
"""


def test_soak(tmp_path: Path, extensions: Path) -> None:
    seconds = float(os.environ.get("PYPROJECT_LS_SOAK", "120"))
    seed = int(os.environ.get("PYPROJECT_LS_SEED", "1"))
    projects = {"standard": STANDARD, "old": OLD, "with-uv": WITH_UV}
    folder = tmp_path / "three"
    with PackageIndex() as index:
        for name, text in projects.items():
            (folder / name).mkdir(parents=True)
            (folder / name / "pyproject.toml").write_text(text.format(url=index.url), "utf-8")
        settings = {
            "pyproject-ls.poetry.path": str(tool("poetry-newest")),
            "pyproject-ls.uv.path": str(tool("uv")),
            "pyproject-ls.index.ranking": "",
            "files.autoSave": "off",
        }
        run(
            "soak",
            folder,
            tmp_path,
            extensions,
            settings=settings,
            environ={"PYPROJECT_LS_OFFLINE": ""},
            trust=False,
            timeout=seconds + 300,
            projects=[*projects],
            seed=seed,
            seconds=seconds,
        )
