"""The hooks of ``.pre-commit-hooks.yaml``, run by the real pre-commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WRONG = """\
[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"

[project]
name = "demo"
version = "1.0"
description = 1

[tool.poetry]
package-mode = false

[tool.poetry.dev-dependencies]
pytest = "^8"
"""

CONFIGURATION = """\
repos:
  - repo: {repository}
    rev: v0.0.1
    hooks:
      - id: pyproject-ls-fix
      - id: pyproject-ls
        args: [--strict]
"""


def git(folder: Path, *arguments: str) -> None:
    """Run git, whatever the user has set up."""
    nobody = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    subprocess.run(["git", "-C", str(folder), *nobody, *arguments], check=True, capture_output=True)


def commit_all(folder: Path) -> None:
    """Make a repository of a folder."""
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "everything")


@pytest.fixture(scope="module")
def repository(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The repository of this project, with a tag."""
    folder = tmp_path_factory.mktemp("repository") / "pyproject-ls"
    shutil.copytree(tree, folder)
    commit_all(folder)
    git(folder, "tag", "v0.0.1")
    return folder


def test_hooks(repository: Path, tmp_path: Path) -> None:
    """They fix what can be fixed, report the rest, and pass when nothing is wrong."""
    project = tmp_path / "project"
    (project / "a").mkdir(parents=True)
    file = project / "a" / "pyproject.toml"
    file.write_text(WRONG, "utf-8")
    configuration = CONFIGURATION.format(repository=repository.as_posix())
    (project / ".pre-commit-config.yaml").write_text(configuration, "utf-8")
    commit_all(project)

    def hooks() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"]
        environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "hooks")}
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, check=False
        )

    first = hooks()
    assert first.returncode == 1
    assert "files were modified by this hook" in first.stdout
    assert "a/pyproject.toml:8:15: error[wrong-type]" in first.stdout.replace("\\", "/")
    assert "[tool.poetry.group.dev.dependencies]" in file.read_text("utf-8")
    file.write_text(file.read_text("utf-8").replace("description = 1", 'description = "1"'))
    git(project, "add", "--all")
    second = hooks()
    assert second.returncode == 0, second.stdout
