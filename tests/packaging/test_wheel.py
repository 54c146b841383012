"""The wheel and the sdist: what is in them, and that they work where nothing else is."""

from __future__ import annotations

import email.parser
import shutil
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from pyproject_ls import __version__
from tests.packaging.conftest import finds_the_fault, new_environment, run

Built = tuple[Path, Path]


@pytest.fixture(scope="session")
def built(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", folder, tree)
    (sdist,), (wheel,) = folder.glob("*.tar.gz"), folder.glob("*.whl")
    return sdist, wheel


def contents(wheel: Path) -> dict[str, bytes]:
    """The files in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_twine_finds_nothing_wrong(built: Built) -> None:
    said = run(sys.executable, "-m", "twine", "check", "--strict", *built)
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
    """Byte for byte, in another folder, with other permissions and dates."""
    other = tmp_path / "another place"
    shutil.copytree(tree, other)
    for each in other.rglob("*"):
        each.chmod(0o700 if each.is_dir() else 0o600)
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path, other)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.read_bytes() == built[1].read_bytes()


def test_the_metadata_are_complete(built: Built) -> None:
    """What package indexes show, and what starts the server."""
    found = contents(built[1])
    (name,) = (name for name in found if name.endswith(".dist-info/METADATA"))
    metadata = email.parser.BytesParser().parsebytes(found[name])
    assert metadata["Name"] == "pyproject-ls"
    assert metadata["Version"] == __version__
    assert metadata["License-Expression"] == "MIT"
    assert metadata["Requires-Python"] == ">=3.10"
    assert metadata["Description-Content-Type"] == "text/markdown"
    links = {each.partition(",")[0] for each in metadata.get_all("Project-URL", [])}
    assert links >= {"Changelog", "Homepage", "Issues", "Repository"}
    assert all("://" not in each for each in metadata.get_all("Requires-Dist", []))
    scripts = found[name.replace("METADATA", "entry_points.txt")].decode()
    assert scripts.strip() == "[console_scripts]\npyproject-ls=pyproject_ls.cli:entry"


def test_it_works_where_nothing_else_is(built: Built, project: Path, tmp_path: Path) -> None:
    """Install it, check a file, explain a rule, open a document in the server."""
    programs = new_environment(tmp_path / "venv")
    run(programs / "python", "-m", "pip", "install", "--quiet", built[1])
    program = programs / "pyproject-ls"
    assert run(program, "--version") == f"pyproject-ls {__version__}\n"
    assert "unknown-field" in run(program, "check", "--exit-zero", project)
    assert run(program, "explain", "unknown-field").startswith("# unknown-field")
    assert finds_the_fault(project, program, "serve")
