"""Which indexes are asked, with what the machine's configuration says."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyproject_ls.config import DEFAULT_INDEX, INDEX_SIMPLE, IndexSettings
from pyproject_ls.facts.packages import Unreachable
from pyproject_ls.index.addresses import AddressError, index_address, is_secret_safe, origin
from pyproject_ls.index.environment import Surroundings
from pyproject_ls.index.records import Index
from pyproject_ls.index.sources import PUBLIC, resolution, resolve, resolve_ref
from pyproject_ls.project.indexes import NOWHERE
from pyproject_ls.project.lookup import IndexRef, IndexTool, Lookup
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.toml import parse
from tests.index.machines import PLATFORMS, Disk

UNTRUSTED = IndexSettings(trusted=False)
CORP = "https://corp.example/simple/"


@pytest.fixture(params=PLATFORMS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return Disk(tmp_path, request.param)


def lookup(text: str, name: str = "") -> Lookup:
    """The default lookup of a file, or that of its dependency `name`."""
    manifest = Manifest(parse(text))
    for dependency in manifest.dependencies:
        if dependency.name == name:
            return manifest.lookups.of(dependency)
    return manifest.lookups.default


def asked(found: Lookup, surroundings: Surroundings) -> list[list[str]]:
    """The tiers by what people call their indexes."""
    return [[each.name for each in tier] for tier in resolve(found, surroundings)]


POETRY = lookup("[tool.poetry]\n")
POETRY_CORP = lookup(
    f'[[tool.poetry.source]]\nname = "corp"\nurl = "{CORP}"\npriority = "supplemental"\n'
)
UV = lookup("[tool.uv]\n")
UV_CORP = lookup(f'[[tool.uv.index]]\nname = "corp"\nurl = "{CORP}"\n')
UV_DEFAULT = lookup(f'[[tool.uv.index]]\nname = "corp"\nurl = "{CORP}"\ndefault = true\n')
PDM = lookup("[tool.pdm]\n")
PDM_CORP = lookup(f'[[tool.pdm.source]]\nname = "corp"\nurl = "{CORP}"\n')
PIP = lookup("[project]\n")
BOUND = lookup(
    f'[[tool.poetry.source]]\nname = "corp"\nurl = "{CORP}"\npriority = "explicit"\n'
    '[tool.poetry.dependencies]\na = {source = "corp"}\nb = {source = "pypi"}\n',
    "a",
)
BOUND_TO_PUBLIC = Lookup(((IndexRef("PyPI", "", "poetry"),),), is_bound=True)

PIP_FILE = "[global]\nindex-url = https://{0}.example/simple\n"
ALL = (POETRY, POETRY_CORP, UV, UV_CORP, UV_DEFAULT, PDM, PDM_CORP, PIP, BOUND, BOUND_TO_PUBLIC)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (POETRY, [["PyPI"]]),
        (POETRY_CORP, [["PyPI"], ["corp"]]),
        (UV_CORP, [["corp"], ["PyPI"]]),
        (UV_DEFAULT, [["corp"]]),
        (PDM_CORP, [["PyPI", "corp"]]),
        (PIP, [["PyPI"]]),
        (BOUND, [["corp"]]),
        (NOWHERE, []),
    ],
)
def test_a_machine_without_configuration(
    disk: Disk, found: Lookup, expected: list[list[str]]
) -> None:
    surroundings = disk.read()
    assert asked(found, surroundings) == expected
    assert surroundings.problems == ()


def test_an_index_as_it_is_asked(disk: Disk) -> None:
    ((public,), (corp,)) = resolve(POETRY_CORP, disk.read())
    assert public == PUBLIC == Index("PyPI", INDEX_SIMPLE, is_default=True)
    assert corp == Index("corp", CORP, credentials="poetry:corp")


# pip


@pytest.mark.parametrize("place", ["pip", "pip legacy", "pip system"])
def test_pip_files_of_all_levels(disk: Disk, place: str) -> None:
    disk.write(disk.place(place), PIP_FILE.format("mirror"))
    surroundings = disk.read()
    assert asked(PIP, surroundings) == [["mirror.example"]]
    assert asked(POETRY, surroundings) == [["PyPI"]]
    assert asked(UV, surroundings) == [["PyPI"]]


def test_pip_levels_go_over_each_other(disk: Disk) -> None:
    for place, name in (("pip system", "system"), ("pip legacy", "legacy"), ("pip", "user")):
        disk.write(disk.place(place), PIP_FILE.format(name))
        assert asked(PIP, disk.read()) == [[f"{name}.example"]]
    own = disk.write("own.conf", "[install]\nIndex_URL: https://own.example/simple\n")
    own_file = {"PIP_CONFIG_FILE": str(own)}
    assert asked(PIP, disk.read(**own_file)) == [["own.example"]]
    variable = {"PIP_INDEX_URL": "https://variable.example/simple"}
    assert asked(PIP, disk.read(**own_file, **variable)) == [["variable.example"]]
    assert asked(PIP, disk.read(PIP_CONFIG_FILE=os.devnull)) == [["PyPI"]]


def test_pip_extra_indexes_are_one_tier(disk: Disk) -> None:
    disk.write(
        disk.place("pip"),
        "[global]\nextra-index-url =\n    https://one.example/simple\n    https://two.example:8080\n",
    )
    surroundings = disk.read()
    assert asked(PIP, surroundings) == [["PyPI", "one.example", "two.example:8080"]]
    assert resolve(PIP, surroundings)[0][2].url == "https://two.example:8080/"
    over = disk.read(PIP_EXTRA_INDEX_URL="https://three.example/simple/ https://one.example/x")
    assert asked(PIP, over) == [["PyPI", "three.example", "one.example"]]


def test_pip_certificates(disk: Disk) -> None:
    file = disk.write("certificates.pem", "")
    disk.write(disk.place("pip"), PIP_FILE.format("mirror") + "trusted-host = other.example:8443\n")
    ((mirror, other, same),) = resolve(
        PIP,
        disk.read(
            PIP_CERT=str(file),
            PIP_EXTRA_INDEX_URL="https://other.example:8443/s https://other.example/s",
        ),
    )
    assert (mirror.verify, other.verify, same.verify) == (str(file), False, str(file))
    assert resolve(POETRY, disk.read(PIP_CERT=str(file))) == ((PUBLIC,),)


@pytest.mark.parametrize(
    ("environ", "tiers"),
    [
        ({"PIP_NO_INDEX": "1"}, []),
        ({"PIP_FIND_LINKS": "https://links.example/"}, [["PyPI"]]),
    ],
)
def test_pip_takes_packages_from_elsewhere(
    disk: Disk, environ: dict[str, str], tiers: list[list[str]]
) -> None:
    """Then a package that no index has may exist all the same."""
    surroundings = disk.read(**environ)
    assert asked(PIP, surroundings) == tiers
    assert resolution(PIP, surroundings).left_out
    assert not resolution(POETRY, surroundings).left_out


# uv


def test_uv_files_of_all_levels(disk: Disk) -> None:
    for place, name in (("uv system", "system"), ("uv", "user")):
        disk.write(
            f"{disk.place(place)}/uv.toml",
            f'extra-index-url = ["https://{name}-extra.example/"]\n'
            f'index-url = "https://{name}.example/"\n',
        )
    surroundings = disk.read()
    extra = [["user-extra.example"], ["system-extra.example"]]
    assert asked(UV, surroundings) == [*extra, ["user.example"]]
    assert asked(UV_CORP, surroundings) == [["corp"], *extra, ["user.example"]]
    assert asked(UV_DEFAULT, surroundings) == [*extra, ["corp"]]
    assert asked(PIP, surroundings) == [["PyPI"]]
    assert asked(UV_CORP, disk.read(UV_NO_CONFIG="1")) == [["corp"], ["PyPI"]]


def test_the_projects_uv_file_replaces_the_table(disk: Disk) -> None:
    disk.write(
        "work/uv.toml",
        '[[index]]\nname = "own"\nurl = "https://own.example/"\n'
        '[[index]]\nname = "hidden"\nurl = "https://hidden.example/"\nexplicit = true\n',
    )
    assert asked(UV_DEFAULT, disk.read()) == [["own"], ["PyPI"]]


def test_uv_environment(disk: Disk) -> None:
    surroundings = disk.read(
        UV_INDEX="first=https://first.example/ https://second.example/?q=x",
        UV_EXTRA_INDEX_URL="https://third.example/",
        UV_DEFAULT_INDEX="mirror=https://mirror.example/",
    )
    before = [["first"], ["second.example"], ["third.example"]]
    assert asked(UV_DEFAULT, surroundings) == [*before, ["mirror"]]
    assert asked(UV_CORP, surroundings) == [*before, ["corp"], ["mirror"]]
    old = disk.read(UV_INDEX_URL="https://old.example/")
    assert asked(UV, old) == [["old.example"]]
    chosen = disk.write("other.toml", 'index-url = "https://chosen.example/"\n')
    assert asked(UV, disk.read(UV_CONFIG_FILE=str(chosen))) == [["chosen.example"]]


def test_uv_index_for_some_environments(disk: Disk) -> None:
    """Elsewhere the usual indexes have the package, so both count."""
    text = f'[[tool.uv.index]]\nname = "corp"\nurl = "{CORP}"\nexplicit = true\n'
    text += '[tool.uv.sources]\na = {index = "corp", marker = "python_version > \'3\'"}\n'
    found = lookup(text + '[project]\ndependencies = ["a"]\n', "a")
    assert asked(found, disk.read()) == [["corp", "PyPI"]]


# PDM


def test_pdm_configuration(disk: Disk) -> None:
    disk.write(
        f"{disk.place('pdm')}/config.toml",
        '[pypi]\nurl = "https://mirror.example/simple"\n'
        '[pypi.extra]\nurl = "https://extra.example/simple"\nverify_ssl = false\n',
    )
    surroundings = disk.read()
    assert asked(PDM_CORP, surroundings) == [["pypi", "corp", "extra"]]
    assert [each.verify for each in resolve(PDM_CORP, surroundings)[0]] == [True, True, False]
    disk.write("work/pdm.toml", '[pypi]\nurl = "https://own.example/simple"\n')
    assert resolve(PDM, disk.read())[0][0].url == "https://own.example/simple/"
    variable = disk.read(PDM_PYPI_URL="https://v.example/", PDM_IGNORE_STORED_INDEX="1")
    assert [each.url for each in resolve(PDM, variable)[0]] == ["https://v.example/"]


def test_pdm_source_without_verification(disk: Disk) -> None:
    found = lookup(f'[[tool.pdm.source]]\nname = "c"\nurl = "{CORP}"\nverify_ssl = false\n')
    assert resolve(found, disk.read())[0][1].verify is False


# Poetry


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cert = false", False),
        ('cert = "{file}"', "{file}"),
        ("verify = false", False),
        ('cert = "missing.pem"', True),
        ("", True),
    ],
)
def test_poetry_certificates(disk: Disk, text: str, expected: bool | str) -> None:
    file = str(disk.write("ca.pem", "")).replace("\\", "/")
    disk.write(
        f"{disk.place('poetry')}/config.toml",
        "[certificates.corp]\n" + text.format(file=file) + "\n",
    )
    index = resolve(BOUND, disk.read())[0][0]
    assert index.verify == (expected.format(file=file) if isinstance(expected, str) else expected)
    assert resolve(POETRY_CORP, disk.read())[0][0].verify is True
    assert resolve(BOUND, disk.read(POETRY_CERTIFICATES_CORP_CERT="false"))[0][0].verify is False


def test_poetry_config_dir(disk: Disk) -> None:
    disk.write("elsewhere/config.toml", "certificates.corp.cert = false\n")
    surroundings = disk.read(POETRY_CONFIG_DIR=str(disk.root / "elsewhere"))
    assert resolve(BOUND, surroundings)[0][0].verify is False


def test_the_projects_poetry_file_goes_over_the_users(disk: Disk) -> None:
    disk.write(f"{disk.place('poetry')}/config.toml", "certificates.corp.cert = false\n")
    disk.write("work/poetry.toml", "[certificates]\ncorp.cert = true\n")
    assert resolve(BOUND, disk.read())[0][0].verify is True


# The setting


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (POETRY, [["set.example"]]),
        (POETRY_CORP, [["set.example"], ["corp"]]),
        (UV_CORP, [["set.example"], ["corp"]]),
        (UV_DEFAULT, [["set.example"], ["corp"]]),
        (PDM_CORP, [["set.example"], ["corp"]]),
        (PIP, [["set.example"]]),
        (BOUND, [["corp"]]),
        (BOUND_TO_PUBLIC, [["set.example"]]),
    ],
)
def test_the_setting_goes_first(disk: Disk, found: Lookup, expected: list[list[str]]) -> None:
    chosen = IndexSettings(url="https://set.example/simple")
    surroundings = disk.read(
        chosen, UV_INDEX="https://uv.example/", PIP_INDEX_URL="https://pip.example/"
    )
    assert asked(found, surroundings) == expected


def test_a_setting_that_is_no_address(disk: Disk) -> None:
    """The public index is not asked instead: that may be just what the user does not want."""
    surroundings = disk.read(IndexSettings(url="ftp://user:hunter2@set.example/"))
    assert resolve(PIP, surroundings) == ()
    assert "index.url" in resolution(PIP, surroundings).left_out
    assert "hunter2" not in str(surroundings.problems)
    assert len(surroundings.problems) == 1


# Trust


@pytest.mark.parametrize("found", ALL, ids=str)
def test_untrusted_workspaces(disk: Disk, found: Lookup) -> None:
    """The public index only, and nothing is read that a project or a tool configures."""
    disk.write("work/uv.toml", 'index-url = "https://uv.example/"\n')
    disk.write("work/poetry.toml", "certificates.corp.cert = false\n")
    disk.write("work/pdm.toml", '[pypi]\nurl = "https://pdm.example/"\nverify_ssl = false\n')
    disk.write(disk.place("pip"), PIP_FILE.format("pip"))
    surroundings = disk.read(UNTRUSTED, UV_INDEX="https://x.example/", PIP_CERT="/x")
    indexes = [each for tier in resolve(found, surroundings) for each in tier]
    assert indexes == ([] if found in (BOUND, UV_DEFAULT) else [PUBLIC])
    assert bool(resolution(found, surroundings).left_out) == ("corp" in str(found))


@pytest.mark.parametrize("found", ALL, ids=str)
def test_the_setting_in_an_untrusted_workspace(disk: Disk, found: Lookup) -> None:
    chosen = IndexSettings(url="https://me:hunter2@set.example/simple", trusted=False)
    surroundings = disk.read(chosen)
    expected = () if found == BOUND else ((Index("set.example", "https://set.example/simple/"),),)
    assert resolve(found, surroundings) == expected


# Addresses


@pytest.mark.parametrize(
    ("text", "url", "login"),
    [
        (" https://Corp.Example/simple ", "https://corp.example/simple/", None),
        ("https://corp.example:443", "https://corp.example/", None),
        ("http://corp.example:80/a/", "http://corp.example/a/", None),
        ("https://corp.example:8443/a?token=x#y", "https://corp.example:8443/a/", None),
        ("https://me:pa%3Ass@corp.example/", "https://corp.example/", ("me", "pa:ss")),
        ("https://a:b@c:d@corp.example/", "https://corp.example/", ("a", "b@c:d")),
        ("https://token@corp.example/", "https://corp.example/", ("token", "")),
        ("https://[::1]:8080/x", "https://[::1]:8080/x/", None),
        ("https://bücher.example/", "https://xn--bcher-kva.example/", None),
    ],
)
def test_addresses(text: str, url: str, login: tuple[str, str] | None) -> None:
    address = index_address(text)
    assert address.url == url
    assert (address.login.pair() if address.login else None) == login
    assert index_address(url).url == url


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"\A(https?:)?//?[a-zA-Z0-9.@:/\\\\#?%\[\]\t _\-é。]{0,30}\Z"))
def test_the_host_is_the_one_that_requests_go_to(text: str) -> None:
    """Whatever address is accepted, the client of requests reads the same host and port in it."""
    try:
        address = index_address(text)
    except AddressError:
        return
    sent = httpx.URL(address.url)
    assert not sent.userinfo
    assert origin(address.url) == origin(f"{sent.scheme}://{sent.netloc.decode('ascii')}")
    assert sent.raw_host.decode("ascii") == urlsplit(address.url).hostname


REFUSED = (
    "file:///etc/passwd",
    "ftp://corp.example/",
    "git+https://corp.example/",
    "corp.example/simple",
    "../simple",
    "C:\\simple",
    "https://",
    "https:///simple",
    "https://hunter2@",
    "https://corp.example:99999/hunter2",
    "https://corp.example:hunter2/",
    "https://[::1/hunter2",
    "https://corp.example\\@evil.example/",
    "https://corp.example /",
    "https://corp.ex\tample/",
    "https://corp.example%2f@evil%00.example/",
    "javascript:hunter2",
    "https://" + "a" * 3000,
)


@pytest.mark.parametrize("text", REFUSED)
def test_refused_addresses(tmp_path: Path, text: str) -> None:
    with pytest.raises(AddressError) as caught:
        index_address(text)
    assert "hunter2" not in str(caught.value)
    found = resolve_ref(IndexRef("corp", text, "poetry"), Disk(tmp_path).read())
    assert isinstance(found, Unreachable)
    assert found.is_lasting
    assert "hunter2" not in found.reason


@pytest.mark.parametrize("tool", ["poetry", "uv", "pdm"])
def test_a_refused_source_leaves_the_others(disk: Disk, tool: IndexTool) -> None:
    found = Lookup(((IndexRef("corp", "file:///x", tool), IndexRef("", "", tool)),))
    tiers, left_out = resolution(found, disk.read())
    assert tiers == ((PUBLIC,),)
    assert "`corp`" in left_out


PUBLIC_HOST = urlsplit(DEFAULT_INDEX).netloc


@pytest.mark.parametrize(
    "url", [f"https://{PUBLIC_HOST}/simple", f"http://me:x@{PUBLIC_HOST.upper()}:80/other/"]
)
def test_the_public_index_by_its_address(disk: Disk, url: str) -> None:
    assert resolve_ref(IndexRef("mine", url, "poetry"), disk.read()) == PUBLIC
    assert resolve_ref(IndexRef("mine", url, "poetry"), disk.read(UNTRUSTED)) == PUBLIC
    assert resolve(PIP, disk.read(PIP_INDEX_URL=url)) == ((PUBLIC,),)


def test_one_index_is_asked_once(disk: Disk) -> None:
    one, two = (
        IndexRef("a", "https://a.example/s", "uv"),
        IndexRef("b", "https://A.example/s/", "uv"),
    )
    public = IndexRef("", "", "uv")
    assert asked(Lookup(((one,), (two,), (public,))), disk.read()) == [["a"], ["PyPI"]]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://a.example/x", "https://A.EXAMPLE:443/y", True),
        ("https://a.example/", "http://a.example/", False),
        ("https://a.example/", "https://a.example:8443/", False),
        ("https://a.example/", "https://a.example./", False),
        ("https://me@a.example/", "https://a.example/", True),
    ],
)
def test_origins(one: str, other: str, same: bool) -> None:
    assert (origin(one) == origin(other)) is same


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://corp.example/", True),
        ("http://corp.example/", False),
        ("http://localhost:3141/", True),
        ("http://127.0.0.2/", True),
        ("http://[::1]/", True),
        ("http://localhost.example/", False),
        ("http://192.168.1.1/", False),
    ],
)
def test_what_nobody_can_read_on_the_way(url: str, safe: bool) -> None:
    assert is_secret_safe(url) is safe


# Broken files


@pytest.mark.parametrize(
    "content", [b"= [", b"\xff\xfe", b"[pypi\n", b"x" * (2 * 1024 * 1024)], ids=[0, 1, 2, 3]
)
def test_broken_files_are_ignored(disk: Disk, content: bytes) -> None:
    secret = b"password = hunter2\n"
    for place, name in (("poetry", "auth.toml"), ("uv", "uv.toml"), ("pdm", "config.toml")):
        disk.write(f"{disk.place(place)}/{name}", "").write_bytes(secret + content)
    disk.write(disk.place("pip"), "").write_bytes(secret + content)
    surroundings = disk.read()
    assert [asked(each, surroundings) for each in (POETRY, UV, PDM, PIP)] == [[["PyPI"]]] * 4
    assert len(surroundings.problems) == 4
    assert "hunter2" not in str(surroundings.problems)


def test_values_of_the_wrong_type(disk: Disk) -> None:
    for place, name in (("poetry", "config.toml"), ("poetry", "auth.toml"), ("uv", "uv.toml")):
        disk.write(
            f"{disk.place(place)}/{name}",
            "certificates = 1\nhttp-basic.corp = 3\nrepositories.corp = []\nkeyring = false\n"
            'index = [1, {url = 2}, {}]\nextra-index-url = "x"\nindex-url = []\n',
        )
    disk.write(f"{disk.place('pdm')}/config.toml", 'pypi = 3\n[[x]]\n"pypi.x" = 1\n')
    disk.write("work/pdm.toml", "pypi.url = 1\npypi.x = {url = 1}\npypi.verify_ssl = []\n")
    disk.write("work/poetry.toml", "certificates.corp.cert = []\n")
    surroundings = disk.read()
    assert [asked(each, surroundings) for each in (POETRY, UV, PDM, PIP)] == [[["PyPI"]]] * 4
    assert surroundings.login("poetry", "corp") is None


def test_a_default_that_cannot_be_asked(disk: Disk) -> None:
    """The public index does not take its place: who configures another wants none of it."""
    disk.write(disk.place("pip"), "[global]\nindex-url = //me:hunter2@corp.example\n")
    surroundings = disk.read(UV_DEFAULT_INDEX="corp=file:///hunter2", PDM_PYPI_URL="file:///x")
    for found in (PIP, UV, PDM):
        assert asked(found, surroundings) == []
        assert resolution(found, surroundings).left_out
    assert len(surroundings.problems) == 3
    assert "hunter2" not in str(surroundings.problems)


def test_a_folder_beside_the_public_index(disk: Disk) -> None:
    """Then a package that the public index does not have may exist all the same."""
    disk.write(f"{disk.place('uv')}/uv.toml", '[[index]]\nurl = "./wheels"\nformat = "flat"\n')
    disk.write("work/pdm.toml", '[pypi.local]\nurl = "file:///wheels"\n')
    surroundings = disk.read(PIP_EXTRA_INDEX_URL="file:///wheels")
    for found in (PIP, UV, PDM):
        assert asked(found, surroundings) == [["PyPI"]]
        assert resolution(found, surroundings).left_out
    assert not resolution(POETRY, surroundings).left_out


def test_a_device_is_no_configuration(tmp_path: Path) -> None:
    """Reading it might never end."""
    disk = Disk(tmp_path)
    os.mkfifo(disk.project / "poetry.toml")
    (disk.project / "uv.toml").mkdir()
    assert disk.read().problems == ()
