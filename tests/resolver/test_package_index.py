"""The index of real packages: what it serves can be installed, and is the same everywhere."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.metadata import Metadata
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import parse_sdist_filename, parse_wheel_filename
from packaging.version import Version

from tests.resolver import package_files
from tests.resolver.package_files import File, files_of
from tests.resolver.package_index import JSON, PackageIndex
from tests.resolver.package_pages import Package, Release, all_packages, by_name

EVERY = [(package, release) for package in all_packages() for release in package.releases]


@pytest.fixture(scope="module")
def index() -> Iterator[PackageIndex]:
    with PackageIndex() as index:
        yield index


def fetch(url: str, accept: str = "text/html", login: str = "") -> bytes:
    headers = {"Accept": accept}
    if login:
        headers["Authorization"] = "Basic " + base64.b64encode(login.encode()).decode()
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:
        body: bytes = answer.read()
    return body


def test_there_is_enough_to_choose_from() -> None:
    names = by_name(all_packages())
    assert len(names) >= 25
    assert sum(len(package.releases) > 1 for package in names.values()) >= 25


@pytest.mark.parametrize(
    ("package", "release"), EVERY, ids=[f"{p.name}-{r.version}" for p, r in EVERY]
)
def test_what_a_page_says_is_valid(package: Package, release: Release) -> None:
    """A mistake in a page would make a test of the resolver lie."""
    assert str(Version(release.version)) == release.version
    SpecifierSet(release.requires_python)
    known = by_name(all_packages())
    needed = [*release.requires, *(each for extra in release.extras.values() for each in extra)]
    for each in needed:
        name = Requirement(each).name
        assert name in known or name == "nowhere-to-be-found", f"no page for {name}"
    Metadata.from_email(package_files.metadata_of(package, release))


def test_every_file_is_what_its_name_says() -> None:
    for package, release in EVERY:
        for file in files_of(package, release):
            if file.name.endswith(".whl"):
                name, version, _, _ = parse_wheel_filename(file.name)
            else:
                name, version = parse_sdist_filename(file.name)
            assert (name, str(version)) == (package.normalized, release.version)


def test_a_wheel_records_all_that_is_in_it() -> None:
    for package, release in EVERY:
        for file in files_of(package, release):
            if file.name.endswith(".whl"):
                assert_recorded(file)


def assert_recorded(file: File) -> None:
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        (record,) = (name for name in archive.namelist() if name.endswith("/RECORD"))
        lines = [line.rsplit(",", 2) for line in archive.read(record).decode().splitlines()]
        assert [path for path, _, _ in lines] == archive.namelist()
        for path, digest, size in lines[:-1]:
            data = archive.read(path)
            found = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            assert (digest, size) == (f"sha256={found}", str(len(data)))


def test_files_have_the_same_bytes_in_another_process() -> None:
    """A lock file of yesterday fits the index of today."""
    program = (
        "from tests.resolver.test_package_index import all_hashes; print(all_hashes(), end='')"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        env={"PYTHONHASHSEED": "7", "TZ": "Asia/Kolkata", "PYTHONPATH": "server:."},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout == all_hashes()


def all_hashes() -> str:
    return "".join(
        f"{file.name} {file.sha256}\n"
        for package, release in EVERY
        for file in files_of(package, release)
    )


def test_both_formats_say_the_same(index: PackageIndex) -> None:
    page = json.loads(fetch(f"{index.url}clapper/", JSON))
    text = fetch(f"{index.url}clapper/").decode()
    assert re.findall(r">([^<]+)</a>", text) == [each["filename"] for each in page["files"]]
    hashes = re.findall(r"#sha256=(\w+)", text)
    assert hashes == [each["hashes"]["sha256"] for each in page["files"]]
    yanked = {each["filename"] for each in page["files"] if each["yanked"]}
    assert yanked == {"clapper-8.1.8-py3-none-any.whl", "clapper-8.1.8.tar.gz"}
    assert text.count('data-yanked="reads its own output"') == 2
    assert 'data-requires-python="&gt;=3.10"' in text


def test_files_and_metadata_have_the_hashes_that_are_promised(index: PackageIndex) -> None:
    page = json.loads(fetch(f"{index.url}lantern/", JSON))
    base = index.url.removesuffix("/simple/")
    for each in page["files"]:
        data = fetch(base + each["url"])
        assert hashlib.sha256(data).hexdigest() == each["hashes"]["sha256"]
        assert len(data) == each["size"]
        if "core-metadata" in each:
            metadata = fetch(f"{base}{each['url']}.metadata")
            assert hashlib.sha256(metadata).hexdigest() == each["core-metadata"]["sha256"]
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                (name,) = (each for each in archive.namelist() if each.endswith("/METADATA"))
                assert archive.read(name) == metadata


def test_a_login_is_asked_for(index: PackageIndex) -> None:
    with PackageIndex(login="ann:secret") as private:
        with pytest.raises(urllib.error.HTTPError, match="401"):
            fetch(f"{private.url}oath/")
        assert b"oath-2.2.0" in fetch(f"{private.url}oath/", login="ann:secret")
        assert [each.status for each in private.requests] == [401, 200]
        assert "ann:secret@" in private.url_with_login


def test_packages_can_be_added_and_pages_can_fail() -> None:
    made = Package("made-up", (Release("1.0", ("oath",)),), "Made up")
    with PackageIndex([made]) as index:
        assert b"made_up-1.0" in fetch(f"{index.url}made-up/")
        index.add(made._replace(releases=(Release("2.0"),)))
        assert b"made_up-2.0" in fetch(f"{index.url}made-up/")
        index.failing["/simple/made-up/"] = 503
        with pytest.raises(urllib.error.HTTPError, match="503"):
            fetch(f"{index.url}made-up/")


def sdist(name: str, folder: Path) -> Path:
    """The sdist of the newest release of `name`, unpacked."""
    package = by_name(all_packages())[name]
    file = files_of(package, package.releases[-1])[-1]
    with tarfile.open(fileobj=io.BytesIO(file.data)) as archive:
        for entry in archive.getmembers():
            archive.extract(entry, folder)
    (found,) = folder.iterdir()
    return found


def build(folder: Path, limit: float) -> subprocess.CompletedProcess[str]:
    program = "import in_tree_backend as it; print(it.build_wheel('.'))"
    return subprocess.run(
        [sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, timeout=limit
    )


def test_an_sdist_builds_to_the_wheel_of_its_release(tmp_path: Path) -> None:
    folder = sdist("oath", tmp_path)
    run = build(folder, 60)
    assert run.stdout == "oath-2.2.0-py3-none-any.whl\n"
    package = by_name(all_packages())["oath"]
    (wheel, _) = files_of(package, package.releases[-1])
    with (
        zipfile.ZipFile(io.BytesIO(wheel.data)) as served,
        zipfile.ZipFile(folder / "oath-2.2.0-py3-none-any.whl") as built,
    ):
        assert {name: built.read(name) for name in built.namelist()} == {
            name: served.read(name) for name in served.namelist()
        }


def test_sdists_that_misbehave_do_so(tmp_path: Path) -> None:
    talking = build(sdist("talkative", tmp_path / "talks"), 60)
    assert talking.returncode == 0
    assert '"id": 1' in talking.stdout
    failing = build(sdist("broken-build", tmp_path / "fails"), 60)
    assert failing.returncode == 1
    assert "clay.h is missing" in failing.stderr
    with pytest.raises(subprocess.TimeoutExpired):
        build(sdist("endless-build", tmp_path / "hangs"), 2)
