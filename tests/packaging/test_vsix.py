"""The VSIX: the same bytes from the same sources, all that it needs, and nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pyproject_ls import __version__
from tests.packaging.conftest import ROOT, finds_the_fault, new_environment, run

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MOST = 5_000_000
"""Bytes."""

PARTS = re.compile(
    r"package\.json|package\.nls\.json|readme\.md|changelog\.md|LICENSE\.txt|THIRD_PARTY_NOTICES"
    r"|icon\.png|language-configuration\.json|syntaxes/[\w.]+\.json|walkthrough/\w+\.md"
    r"|l10n/[\w.]+\.json|dist/extension\.js|bundled/serve\.py"
    r"|bundled/libs/[\w.-]+\.dist-info/(METADATA|licenses/LICENSE[\w.]*)"
    r"|bundled/libs/(?!.*/tests?/)\w+(/[\w.-]+)*\.(py|md|css|lark|pem|json|txt)"
    r"|bundled/libs/poetry/core/_vendor/\w+/LICENSE[\w.]*"
)
"""The files that may be in it."""

PLACES = [
    {"python_version": version, "python_full_version": f"{version}.0", "sys_platform": platform}
    for version in ("3.10", "3.11", "3.12", "3.13", "3.14")
    for platform in ("darwin", "linux", "win32")
]
"""Where the server may run."""

pytestmark = pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")


@pytest.fixture(scope="module")
def vsix(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, built in a copy of the sources."""
    return build(tree, tmp_path_factory.mktemp("one"))


@pytest.fixture(scope="module")
def unpacked(vsix: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the extension, as VS Code installs it."""
    folder = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(vsix) as archive:
        archive.extractall(folder)
    return folder / "extension"


@pytest.fixture(scope="module")
def bundled(unpacked: Path) -> dict[str, Distribution]:
    """The bundled distributions by their names."""
    found = distributions(path=[str(unpacked / "bundled" / "libs")])
    return {canonicalize_name(each.metadata["Name"]): each for each in found}


def build(tree: Path, folder: Path, **environment: str) -> Path:
    """Build the package in a copy of `tree` below `folder`."""
    extension = shutil.copytree(tree, folder / "tree") / "vscode-extension"
    environment = {"PYTHON": sys.executable, **environment}
    options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    run("npm", "ci", *options, folder=extension, **environment)
    run("node", "build.mjs", folder=extension, **environment)
    return extension / "pyproject-ls.vsix"


def parts(vsix: Path) -> list[str]:
    """The files of the extension in a package."""
    with zipfile.ZipFile(vsix) as archive:
        names = archive.namelist()
    return [each.partition("/")[2] for each in names if each.startswith("extension/")]


def test_two_builds_have_the_same_bytes(vsix: Path, tree: Path, tmp_path: Path) -> None:
    """In another folder, with other dates, permissions, time zone and language."""
    other = shutil.copytree(tree, tmp_path / "older")
    for each in other.rglob("*"):
        os.utime(each, (1_000_000_000, 1_000_000_000))
        each.chmod(0o700 if each.is_dir() else 0o600)
    before = os.umask(0o077)
    try:
        place = tmp_path / "ein Ort mit Umläuten"
        again = build(other, place, TZ="Asia/Tokyo", LC_ALL="cs_CZ.UTF-8")
    finally:
        os.umask(before)
    assert again.read_bytes() == vsix.read_bytes()


def test_it_tells_nothing_of_the_machine_that_built_it(vsix: Path) -> None:
    """Neither where it was built nor when."""
    places = [os.fsencode(each) for each in (vsix.parents[2], ROOT, sys.prefix)]
    with zipfile.ZipFile(vsix) as archive:
        assert len({each.date_time for each in archive.infolist()}) == 1
        for name in archive.namelist():
            assert not [each for each in places if each in archive.read(name)], name


def test_it_is_small_and_holds_nothing_superfluous(vsix: Path) -> None:
    assert vsix.stat().st_size < MOST
    assert [each for each in parts(vsix) if not PARTS.fullmatch(each)] == []


def test_vsce_lists_what_is_packaged(vsix: Path) -> None:
    """The packager renames three files."""
    program = Path("node_modules", "@vscode", "vsce", "vsce")
    listed = run("node", program, "ls", "--no-dependencies", folder=vsix.parent).splitlines()
    renamed = {
        "CHANGELOG.md": "changelog.md",
        "LICENSE": "LICENSE.txt",
        "README.md": "readme.md",
    }
    assert sorted(renamed.get(each, each) for each in listed) == sorted(parts(vsix))


def test_it_holds_the_server_of_this_version(unpacked: Path, files: list[str]) -> None:
    libs = unpacked / "bundled" / "libs"
    expected = {
        *(each.removeprefix("server/") for each in files if each.startswith("server/")),
        *(
            each.replace("fixtures/checks/", "pyproject_ls/pages/checks/")
            for each in files
            if each.startswith("fixtures/checks/")
        ),
    } - {"pyproject_ls/py.typed"}
    found = [each for each in (libs / "pyproject_ls").rglob("*") if each.is_file()]
    assert {each.relative_to(libs).as_posix() for each in found} == expected
    assert json.loads((unpacked / "package.json").read_text("utf-8"))["version"] == __version__


def test_a_version_of_its_own_is_refused(vsix: Path, tree: Path, tmp_path: Path) -> None:
    """The extension that says 9.9 does not hold a server that says something else."""
    extension = shutil.copytree(tree, tmp_path / "tree") / "vscode-extension"
    (extension / "node_modules").symlink_to(vsix.parent / "node_modules")
    manifest = extension / "package.json"
    text = manifest.read_text("utf-8")
    manifest.write_text(text.replace(f'"version": "{__version__}"', '"version": "9.9.9"'), "utf-8")
    with pytest.raises(AssertionError, match="the versions differ"):
        run("node", "build.mjs", folder=extension, PYTHON=sys.executable)


def test_what_is_bundled_is_what_the_server_needs(
    bundled: dict[str, Distribution], tree: Path
) -> None:
    """On every Python and platform; nothing is missing, too old or superfluous."""
    project = tomllib.loads((tree / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["schemas"]]
    waiting, seen = [Requirement(each) for each in wanted], set()
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        assert bundled[name].version in requirement.specifier, f"{requirement}"
        if name not in seen:
            seen.add(name)
            waiting += needed_by(bundled[name], requirement.extras)
    assert seen == set(bundled)


def needed_by(distribution: Distribution, extras: set[str]) -> Iterator[Requirement]:
    """What a distribution with these extras needs somewhere."""
    for requirement in map(Requirement, distribution.requires or ()):
        marker = requirement.marker
        if marker is None or any(
            marker.evaluate({**place, "extra": extra})
            for place in PLACES
            for extra in ("", *extras)
        ):
            yield requirement


def test_it_works_where_nothing_else_is(unpacked: Path, project: Path, tmp_path: Path) -> None:
    """The server as the extension starts it, in an environment without any package."""
    python = new_environment(tmp_path / "venv") / "python"
    assert finds_the_fault(project, python, "-IB", unpacked / "bundled" / "serve.py")


def test_the_licences_of_all_that_is_bundled_are_listed(
    unpacked: Path, bundled: dict[str, Distribution], tree: Path
) -> None:
    """Of each Python distribution, what it has vendored, and each npm package, with the text."""
    notices = (unpacked / "THIRD_PARTY_NOTICES").read_text("utf-8")
    python, npm = (
        dict(re.findall(rf"(?ms)^{line}\n(\S+) [^\n]*\n{line}\n(.*?)(?=^{line}$|\Z)", section))
        for line in ["-" * 80]
        for section in notices.split("npm packages in dist/extension.js")
    )
    assert bundled.keys() <= {canonicalize_name(each) for each in python}
    vendor = unpacked / "bundled" / "libs" / "poetry" / "core" / "_vendor"
    for package in (each.name for each in vendor.iterdir() if each.is_dir()):
        assert f"poetry/core/_vendor: {package}/LICENSE" in notices
    assert npm.keys() == audited(tree)
    assert [name for name, text in (python | npm).items() if len(text) < 300] == []


def audited(tree: Path) -> set[str]:
    """The npm packages that ``npm audit --omit=dev`` looks at."""
    lock = json.loads((tree / "vscode-extension" / "package-lock.json").read_text("utf-8"))
    found = [each for each, entry in lock["packages"].items() if each and not entry.get("dev")]
    return {each.rpartition("node_modules/")[2] for each in found}
