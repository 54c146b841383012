"""The VSIX: the same bytes from the same sources, and nothing in it that need not be."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from pyproject_ls import __version__
from tests.packaging.conftest import ROOT, copy

MOST = 5_000_000
"""Bytes."""

PARTS = re.compile(
    r"package\.json|package\.nls\.json|readme\.md|changelog\.md|LICENSE\.txt|THIRD_PARTY_NOTICES"
    r"|icon\.png|language-configuration\.json|syntaxes/[\w.]+\.json|walkthrough/\w+\.md"
    r"|l10n/[\w.]+\.json|dist/extension\.js|bundled/serve\.py|bundled/libs/.+"
)

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


@pytest.fixture(scope="module")
def vsix(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built in a fresh copy of the sources."""
    return build(files, tmp_path_factory.mktemp("one"))


def build(files: list[str], folder: Path) -> Path:
    """Build the package in a copy of the sources."""
    extension = copy(files, folder) / "vscode-extension"
    for command in (
        ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
        ("node", "build.mjs"),
    ):
        environment = {**os.environ, "PYTHON": sys.executable}
        done = subprocess.run(
            command, cwd=extension, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    return extension / "pyproject-ls.vsix"


def parts(vsix: Path) -> Iterator[str]:
    """The files of the extension in a package."""
    with zipfile.ZipFile(vsix) as archive:
        for name in archive.namelist():
            if name.startswith("extension/"):
                yield name.removeprefix("extension/")


def read(vsix: Path, name: str) -> str:
    """A file of the extension."""
    with zipfile.ZipFile(vsix) as archive:
        return archive.read(f"extension/{name}").decode()


def test_two_builds_have_the_same_bytes(vsix: Path, files: list[str], tmp_path: Path) -> None:
    """In another folder, at another time, with other permissions."""
    before = os.umask(0o077)
    try:
        other = build(files, tmp_path / "a place with blanks")
    finally:
        os.umask(before)
    assert other.read_bytes() == vsix.read_bytes()


def test_it_is_small_and_holds_nothing_superfluous(vsix: Path) -> None:
    found = list(parts(vsix))
    assert vsix.stat().st_size < MOST
    assert [name for name in found if not PARTS.fullmatch(name)] == []
    assert [
        name for name in found if re.search(r"\.(pyc|pyi|so|pyd|dll|exe)$|/tests?/", name)
    ] == []


def test_it_holds_the_server_of_this_version(vsix: Path) -> None:
    found = set(parts(vsix))
    assert json.loads(read(vsix, "package.json"))["version"] == __version__
    assert "bundled/libs/pyproject_ls/report/html/style.css" in found
    assert "bundled/libs/pyproject_ls/pages/checks/unknown-field.md" in found


def test_the_licences_of_all_that_is_bundled_are_listed(vsix: Path) -> None:
    """Of each Python distribution, and of what is in the JavaScript."""
    notices = read(vsix, "THIRD_PARTY_NOTICES").replace("_", "-")
    requirements = (ROOT / "vscode-extension" / "requirements.txt").read_text("utf-8")
    names = re.findall(r"(?m)^([\w-]+)==", requirements)
    assert len(names) > 15
    for name in (*names, "vscode-languageclient", "vscode-languageserver-protocol"):
        assert name in notices


def test_no_lock_file_records_where_it_was_downloaded(files: list[str]) -> None:
    lock = json.loads((ROOT / "vscode-extension" / "package-lock.json").read_text("utf-8"))
    assert not any("resolved" in package for package in lock["packages"].values())
