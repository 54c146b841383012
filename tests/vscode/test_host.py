"""The extension inside the extension host of the real VS Code."""

from __future__ import annotations

import json
import sys
import venv
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


def test_trust(tmp_path: Path, extensions: Path) -> None:
    folder = tmp_path / "project"
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\ntouch "{folder}/ran"\nexec "{sys.executable}" "$@"\n', "utf-8")
    python.chmod(0o755)
    (folder / ".vscode").mkdir()
    (folder / ".vscode" / "settings.json").write_text('{"pyproject-ls.uv.path": "/bin/false"}')
    with PackageIndex() as index:
        text = PROJECT.format(url=index.url).replace(
            "version =", 'descripton = "A demo"\nversion ='
        )
        (folder / "pyproject.toml").write_text(text, "utf-8")
        settings = {
            "pyproject-ls.poetry.path": str(tool("poetry-newest")),
            "pyproject-ls.index.ranking": "",
            "pyproject-ls.index.url": index.url,
        }
        online = {"PYPROJECT_LS_OFFLINE": ""}
        run("trust", folder, tmp_path, extensions, settings=settings, environ=online, trust=False)


def test_trouble(tmp_path: Path, extensions: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(WRONG, "utf-8")
    old, odd = tmp_path / "old" / "python3", tmp_path / "it's an “ödd” place" / "python 3"
    answer = "echo '[[3, 8, 1], \"/old/python3\", false]'"
    for program, script in (old, answer), (odd, f'exec "{sys.executable}" "$@"'):
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
        program.chmod(0o755)
    run("trouble", folder, tmp_path, extensions, environ={"PATH": str(old.parent)}, odd=str(odd))


NAMED = """\
[project]
name = "{name}"
{key} = "A demo"
version = "1.0"
requires-python = ">=3.10"
dependencies = ["clapper>=8"]
"""


def test_window(tmp_path: Path, extensions: Path) -> None:
    texts = {
        "one": NAMED.format(name="one", key="descripton") + "\n[tool.poetry]\n",
        "one/packages/inner": NAMED.format(name="inner", key="descripton") + "\n[tool.poetry]\n",
        "two": NAMED.format(name="two", key="descripton") + "\n[tool.uv]\npackage = false\n",
    }
    for name, text in texts.items():
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "pyproject.toml").write_text(text, "utf-8")
    (tmp_path / "two" / ".vscode").mkdir()
    own = {"pyproject-ls.ignore": ["unknown-field"]}
    (tmp_path / "two" / ".vscode" / "settings.json").write_text(json.dumps(own), "utf-8")
    workspace = tmp_path / "all.code-workspace"
    workspace.write_text(json.dumps({"folders": [{"path": "one"}, {"path": "two"}]}), "utf-8")
    settings = {
        "pyproject-ls.poetry.path": str(tool("poetry-newest")),
        "pyproject-ls.uv.path": str(tool("uv")),
    }
    run("window", workspace, tmp_path, extensions, settings=settings)


def test_others(tmp_path: Path, extensions_with_others: Path) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "pyproject.toml").write_text(WRONG, "utf-8")
    venv.create(tmp_path / "bare")
    run(
        "others",
        folder,
        tmp_path,
        extensions_with_others,
        environ={"PYPROJECT_LS_TEST_PYTHON": sys.executable},
        python=sys.executable,
        bare=str(tmp_path / "bare" / "bin" / "python"),
    )


def test_large(tmp_path: Path, extensions: Path) -> None:
    folder = tmp_path / "many"
    for number in range(300):
        project = folder / f"p{number:03}"
        project.mkdir(parents=True)
        text = NAMED.format(name=f"project-{number:03}", key="descripton")
        if number == 299:
            text += "\n[tool.own]\n" + "".join(f"key-{each} = {each}\n" for each in range(520_000))
        (project / "pyproject.toml").write_text(text, "utf-8")
    run("large", folder, tmp_path, extensions)
