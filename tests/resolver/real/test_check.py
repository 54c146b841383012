"""``pyproject-ls check --resolve`` with the real tools."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lsp.client import Json
from tests.resolver.package_index import PackageIndex
from tests.resolver.real.test_commands import COMMON, SOURCES
from tests.resolver.tools import poetry_environ, tool

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def index() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        yield index


def check(folder: Path, *options: str, **more: str) -> tuple[int, Json]:
    """The exit status and the report in JSON."""
    environ = {
        **poetry_environ(folder.parent / "tools"),
        "PYTHONPATH": str(ROOT / "server"),
        "PYPROJECT_LS_POETRY": str(tool("poetry-newest")),
        "PYPROJECT_LS_UV": str(tool("uv")),
        "PYPROJECT_LS_CACHE_DIR": str(folder.parent / "cache"),
        **more,
    }
    command = [sys.executable, "-m", "pyproject_ls", "check", "--format", "json", *options]
    done = subprocess.run(
        [*command, str(folder)], env=environ, capture_output=True, text=True, timeout=120
    )
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


def codes(report: Json) -> list[str]:
    return [each["code"] for file in report["files"] for each in file["findings"]]


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_conflict_fails_the_check(name: str, tmp_path: Path, index: PackageIndex) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    path = folder / "pyproject.toml"
    text = COMMON + SOURCES[name].format(url=index.url)
    path.write_text(text, encoding="utf-8")
    select = ("--select", "resolution-*")
    assert check(folder, "--resolve", *select) == (0, check(folder, *select)[1])

    clashing = text.replace("parcel>=1.26,<2", "parcel>=2").replace(">=2.28", "==2.28.2")
    path.write_text(clashing, encoding="utf-8")
    before = sorted(os.listdir(folder))
    assert check(folder, *select)[0] == 0, "it has not been asked to resolve"
    status, report = check(folder, "--resolve", *select)
    assert status == 1
    assert codes(report) == ["resolution-conflict"] * 2
    assert sorted(os.listdir(folder)) == before

    status, report = check(folder, "--resolve", "--fix", "--unsafe-fixes", *select)
    assert (status, codes(report)) == (0, []), path.read_text(encoding="utf-8")


def test_what_cannot_be_found_out_is_a_failure(tmp_path: Path, index: PackageIndex) -> None:
    folder = tmp_path / "project"
    folder.mkdir()
    text = COMMON + SOURCES["poetry"].format(url=index.url)
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    status, report = check(folder, "--resolve", PYPROJECT_LS_POETRY=str(tmp_path / "none"))
    assert status == 2
    (failure,) = report["summary"]["unreadable"]
    assert failure["path"] == "resolver"
    assert "PYPROJECT_LS_POETRY" in failure["message"]


def test_offline_and_resolving_exclude_each_other(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pyproject_ls", "check", "--offline", "--resolve"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": "server"},
    )
    assert done.returncode == 2
    assert "--offline" in done.stderr
