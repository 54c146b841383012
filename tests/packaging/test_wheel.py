"""The wheel and the sdist: what is in them, and that they work where nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from pyproject_ls import __version__
from tests.lsp.client import Client

Built = tuple[Path, Path]


@pytest.fixture(scope="session")
def built(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", str(folder), str(tree))
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


def run(*command: str) -> str:
    """Run a program that must succeed: its output."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contents(wheel: Path) -> dict[str, bytes]:
    """The files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_twine_finds_nothing_wrong(built: Built) -> None:
    said = run(sys.executable, "-m", "twine", "check", "--strict", *map(str, built))
    assert said.count("PASSED") == 2


def test_the_wheel_holds_the_server_and_its_pages_only(built: Built, files: list[str]) -> None:
    found = contents(built[1])
    server = {name.removeprefix("server/") for name in files if name.startswith("server/")}
    pages = {name.rpartition("/")[2] for name in files if name.startswith("fixtures/checks/")}
    expected = server | {f"pyproject_ls/pages/checks/{name}" for name in pages}
    assert {name for name in found if ".dist-info/" not in name} == expected
    assert "pyproject_ls/py.typed" in found
    assert any(name.endswith("licenses/LICENSE") for name in found)


def test_the_sdist_holds_what_it_takes_to_build(built: Built, files: list[str]) -> None:
    with tarfile.open(built[0]) as archive:
        found = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {name for name in files if name.startswith(("server/", "fixtures/checks/"))} | {
        "LICENSE",
        "README.md",
        "pyproject.toml",
    }
    assert found == wanted | {"PKG-INFO"}


def test_tree_and_sdist_give_the_same_wheel(built: Built, tree: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", str(tmp_path), str(tree))
    (wheel,) = tmp_path.glob("*.whl")
    assert contents(wheel) == contents(built[1])


def test_it_works_where_nothing_else_is(built: Built, tmp_path: Path) -> None:
    """Install it, check a file, explain a rule, open a document in the server."""
    run(sys.executable, "-m", "venv", str(tmp_path / "venv"))
    programs = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = programs / "python"
    run(str(python), "-m", "pip", "install", "--quiet", str(built[1]))
    program = str(programs / "pyproject-ls")
    project = tmp_path / "project"
    project.mkdir()
    text = '[project]\nname = "demo"\nversion = "1.0"\ndescripton = "x"\n'
    (project / "pyproject.toml").write_text(text, "utf-8")
    assert run(program, "--version") == f"pyproject-ls {__version__}\n"
    assert "unknown-field" in run(program, "check", "--exit-zero", str(project))
    assert run(program, "explain", "unknown-field").startswith("# unknown-field")
    with Client(command=(program, "serve")) as client:
        uri = client.open(project / "pyproject.toml", text)
        assert any(each["code"] == "unknown-field" for each in client.pull(uri)["items"])
