"""What the marketplace shows of the extension, and what auditors look at."""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Any

import pytest

from pyproject_ls import __version__


@pytest.fixture
def extension(tree: Path) -> Path:
    """The folder of the extension's sources."""
    return tree / "vscode-extension"


@pytest.fixture
def manifest(extension: Path) -> Any:
    """Its ``package.json``."""
    return json.loads((extension / "package.json").read_text("utf-8"))


@pytest.fixture
def readme(extension: Path) -> str:
    """Its page on the marketplace."""
    return (extension / "README.md").read_text("utf-8")


def test_the_manifest_has_what_the_marketplace_shows(manifest: Any, extension: Path) -> None:
    texts = json.loads((extension / "package.nls.json").read_text("utf-8"))
    for name in "displayName", "description":
        assert texts[manifest[name].strip("%")]
    assert manifest["publisher"]
    assert manifest["license"] == "MIT"
    assert manifest["repository"]["directory"] == "vscode-extension"
    assert manifest["bugs"]["url"].startswith("https://")
    assert manifest["categories"]
    assert 0 < len(manifest["keywords"]) <= 30
    icon = (extension / manifest["icon"]).read_bytes()
    assert icon.startswith(b"\x89PNG")
    assert min(struct.unpack(">II", icon[16:24])) >= 128


def test_the_licences_of_extension_and_server_are_the_same(tree: Path, extension: Path) -> None:
    assert (extension / "LICENSE").read_bytes() == (tree / "LICENSE").read_bytes()


def test_the_readme_leads_nowhere_that_the_marketplace_has_not(readme: str) -> None:
    """Links are absolute, or to a heading."""
    headings = {
        re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-")
        for each in re.findall(r"(?m)^#+ (.*)$", readme)
    }
    links = re.findall(r"\]\(([^)]+)\)", readme)
    assert links
    for link in links:
        assert link.startswith("https://") or link.removeprefix("#") in headings, link


def test_the_readme_names_what_there_is(readme: str, manifest: Any, extension: Path) -> None:
    """Every command in the palette is in its table, and every setting that it names exists."""
    texts = json.loads((extension / "package.nls.json").read_text("utf-8"))
    contributed = manifest["contributes"]
    hidden = [e["command"] for e in contributed["menus"]["commandPalette"] if e["when"] == "false"]
    for command in contributed["commands"]:
        if command["command"] not in hidden:
            assert command["category"] == "pyproject"
            assert texts[command["title"].strip("%")].removesuffix("...") in readme
    settings = {name for page in contributed["configuration"] for name in page["properties"]}
    named = set(re.findall(r"`(pyproject-ls\.[\w.]+)`", readme))
    assert named
    assert named <= settings


def test_the_changelog_tells_of_this_version(extension: Path) -> None:
    changelog = (extension / "CHANGELOG.md").read_text("utf-8")
    assert f"\n## {__version__}\n" in changelog


def test_what_is_bundled_is_pinned_without_addresses(extension: Path) -> None:
    """By version and hash: whoever builds it may use a mirror, and gets the same."""
    lock = json.loads((extension / "package-lock.json").read_text("utf-8"))
    packages = [entry for name, entry in lock["packages"].items() if name]
    assert all(each["integrity"] and "resolved" not in each for each in packages)
    requirements = (extension / "requirements.txt").read_text("utf-8")
    pins = re.sub(r"(?m)^#.*\n|\\\n", "", requirements).strip().splitlines()
    assert [
        each for each in pins if not re.fullmatch(r"[\w-]+==\S+ +--hash=sha256:\w{64}", each)
    ] == []


@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_nothing_vulnerable_is_bundled(extension: Path) -> None:
    """According to npm, where the registry can be asked."""
    done = subprocess.run(
        ["npm", "audit", "--omit=dev", "--package-lock-only", "--json"],
        cwd=extension,
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    if "vulnerabilities" not in report:
        pytest.skip(f"the registry does not audit: {report.get('message') or report}")
    assert report["vulnerabilities"] == {}
