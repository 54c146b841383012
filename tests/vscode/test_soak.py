"""Two minutes (``PYPROJECT_LS_SOAK`` seconds) of random deeds over three projects in one VS Code."""

from __future__ import annotations

import json
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
    with PackageIndex() as index:
        for name, text in {"standard": STANDARD, "old": OLD, "with-uv": WITH_UV}.items():
            (tmp_path / name).mkdir()
            (tmp_path / name / "pyproject.toml").write_text(text.format(url=index.url), "utf-8")
        workspace = tmp_path / "three.code-workspace"
        folders = [{"path": each} for each in ("standard", "old", "with-uv")]
        workspace.write_text(json.dumps({"folders": folders, "settings": {}}), "utf-8")
        settings = {
            "pyproject-ls.poetry.path": str(tool("poetry-newest")),
            "pyproject-ls.uv.path": str(tool("uv")),
            "pyproject-ls.index.ranking": "",
            "files.autoSave": "off",
        }
        run(
            "soak",
            workspace,
            tmp_path,
            extensions,
            settings=settings,
            environ={"PYPROJECT_LS_OFFLINE": ""},
            trust=False,
            timeout=seconds + 300,
            seed=seed,
            seconds=seconds,
        )
