"""Which credentials an index gets, and which ones it must not get."""

from __future__ import annotations

import asyncio
import os
import stat
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from pyproject_ls.config import DEFAULT_INDEX, IndexSettings
from pyproject_ls.facts.packages import Unreachable
from pyproject_ls.index.credentials import Credentials
from pyproject_ls.index.environment import Surroundings
from pyproject_ls.index.login import Login
from pyproject_ls.index.records import Index
from pyproject_ls.index.sources import PUBLIC, resolve, resolve_ref
from pyproject_ls.index.trust import Approvals
from pyproject_ls.project.lookup import IndexRef, IndexTool, Lookup
from tests.index.machines import PLATFORMS, Disk

HOME, EVIL = "https://corp.example/simple/", "https://evil.example/simple/"
Pair = tuple[str, str]
ME = ("me", "hunter2")
PUBLIC_HOST = urlsplit(DEFAULT_INDEX).netloc


@pytest.fixture(params=PLATFORMS)
def disk(request: pytest.FixtureRequest, tmp_path: Path) -> Disk:
    return Disk(tmp_path, request.param)


@pytest.fixture
def linux(tmp_path: Path) -> Disk:
    return Disk(tmp_path)


def index(surroundings: Surroundings, name: str, url: str, tool: IndexTool = "poetry") -> Index:
    found = resolve_ref(IndexRef(name, url, tool), surroundings)
    assert not isinstance(found, Unreachable)
    return found


def approvals(disk: Disk) -> Approvals:
    return Approvals(disk.root / "approvals.json")


def first(disk: Disk, surroundings: Surroundings, *indexes: Index) -> list[Pair | None]:
    """What each of `indexes` gets, one after the other, under the approvals of the machine."""

    async def ask() -> list[Pair | None]:
        credentials = Credentials(surroundings, approvals(disk))
        return [await credentials.first(each) for each in indexes]

    return asyncio.run(ask())


# Where they are found


@pytest.mark.parametrize(
    ("tool", "name", "environ"),
    [
        ("poetry", "corp", ("POETRY_HTTP_BASIC_CORP_USERNAME", "POETRY_HTTP_BASIC_CORP_PASSWORD")),
        (
            "poetry",
            "a-b.c",
            ("POETRY_HTTP_BASIC_A_B_C_USERNAME", "POETRY_HTTP_BASIC_A_B_C_PASSWORD"),
        ),
        ("uv", "corp", ("UV_INDEX_CORP_USERNAME", "UV_INDEX_CORP_PASSWORD")),
        ("uv", "a-b.c", ("UV_INDEX_A_B_C_USERNAME", "UV_INDEX_A_B_C_PASSWORD")),
        ("pdm", "pypi", ("PDM_PYPI_USERNAME", "PDM_PYPI_PASSWORD")),
    ],
)
def test_environment(linux: Disk, tool: IndexTool, name: str, environ: tuple[str, str]) -> None:
    surroundings = linux.read(**dict(zip(environ, ME, strict=True)))
    assert first(linux, surroundings, index(surroundings, name, HOME, tool)) == [ME]
    other: IndexTool = "uv" if tool == "poetry" else "poetry"
    assert first(linux, surroundings, index(surroundings, name, HOME, other)) == [None]


def test_poetry_auth_file(disk: Disk) -> None:
    disk.write(
        f"{disk.place('poetry')}/auth.toml",
        '[http-basic.corp]\nusername = "me"\npassword = "hunter2"\n[pypi-token]\ncorp = "x"\n',
    )
    surroundings = disk.read()
    corp, other = index(surroundings, "corp", HOME), index(surroundings, "other", HOME)
    assert first(disk, surroundings, corp, other) == [ME, None]
    over = disk.read(POETRY_HTTP_BASIC_CORP_PASSWORD="changed")
    assert first(disk, over, corp) == [("me", "changed")]


def test_pdm_file(disk: Disk) -> None:
    disk.write(
        f"{disk.place('pdm')}/config.toml",
        f'[pypi.corp]\nurl = "{HOME}"\nusername = "me"\npassword = "hunter2"\n',
    )
    surroundings = disk.read()
    ((_, corp),) = resolve(Lookup(((IndexRef("pypi", "", "pdm"),),)), surroundings)
    assert first(disk, surroundings, corp) == [ME]


@pytest.mark.parametrize("name", [".netrc", "_netrc"])
def test_netrc(disk: Disk, name: str) -> None:
    disk.write(
        f"home/{name}",
        "machine corp.example login me password hunter2\ndefault login me password all\n",
    )
    surroundings = disk.read()
    corp = index(surroundings, "corp", "https://CORP.example:8443/x")
    other = index(surroundings, "other", EVIL)
    assert first(disk, surroundings, corp, other) == [ME, None]
    elsewhere = disk.write("n", "machine corp.example login you password x\n")
    assert first(disk, disk.read(NETRC=str(elsewhere)), corp) == [("you", "x")]


@pytest.mark.parametrize("content", ["machine", "machine corp.example login", "\0", "macdef x\n"])
def test_a_broken_netrc(linux: Disk, content: str) -> None:
    linux.write("home/.netrc", content)
    surroundings = linux.read()
    assert first(linux, surroundings, index(surroundings, "corp", HOME)) == [None]


def test_in_the_address(linux: Disk) -> None:
    surroundings = linux.read(
        PIP_INDEX_URL="https://me:hunter2@corp.example/simple",
        PIP_EXTRA_INDEX_URL="https://corp.example/other https://evil.example/",
    )
    ((corp, same, other),) = resolve(Lookup(), surroundings)
    assert corp.url == HOME
    assert first(linux, surroundings, corp, same, other) == [ME, ME, None]
    token = index(surroundings, "token", "https://secret@token.example/", "uv")
    assert first(linux, surroundings, token) == [("secret", "")]


def test_each_address_keeps_its_own_login(linux: Disk) -> None:
    surroundings = linux.read()
    one = index(surroundings, "one", "https://one:1@corp.example/simple")
    two = index(surroundings, "two", "https://two:2@corp.example/simple")
    again = index(surroundings, "one", "https://one:1@corp.example/simple")
    assert one == again != two
    assert first(linux, surroundings, one, two) == [("one", "1"), ("two", "2")]


def test_the_order(linux: Disk) -> None:
    """The environment, the auth file, the address, netrc; a name alone comes last."""
    url = "https://me:address@corp.example/simple"
    linux.write("home/.netrc", "machine corp.example login me password netrc\n")
    bare = linux.read(POETRY_HTTP_BASIC_CORP_USERNAME="me")
    assert first(linux, bare, index(bare, "corp", HOME)) == [("me", "netrc")]
    assert first(linux, bare, index(bare, "corp", url)) == [("me", "address")]
    linux.write(
        ".config/x/auth.toml", '[http-basic]\ncorp = {username = "me", password = "file"}\n'
    )
    filed = linux.read(POETRY_CONFIG_DIR=str(linux.root / ".config/x"))
    assert first(linux, filed, index(filed, "corp", url)) == [("me", "file")]
    (linux.root / "home/.netrc").unlink()
    alone = linux.read(POETRY_HTTP_BASIC_CORP_USERNAME="me")
    assert first(linux, alone, index(alone, "corp", HOME)) == [("me", "")]


def test_the_setting_may_hold_credentials(linux: Disk) -> None:
    surroundings = linux.read(IndexSettings(url="https://me:hunter2@corp.example/simple"))
    ((corp,),) = resolve(Lookup(), surroundings)
    assert first(linux, surroundings, corp) == [ME]


# Who must not get them

CORP = {"POETRY_HTTP_BASIC_CORP_USERNAME": "me", "POETRY_HTTP_BASIC_CORP_PASSWORD": "hunter2"}


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("corp", EVIL),
        ("CORP", EVIL),
        ("corp", "http://corp.example/simple/"),
        ("corp", "https://corp.example:8443/simple/"),
        ("corp", "https://corp.example.evil.example/simple/"),
        ("corp", "https://corp.example@evil.example/simple/"),
    ],
)
def test_a_project_that_moves_a_known_name(linux: Disk, name: str, url: str) -> None:
    surroundings = linux.read(**CORP)
    assert first(linux, surroundings, index(surroundings, "corp", HOME)) == [ME]
    (got,) = first(linux, surroundings, index(surroundings, name, url))
    assert got is None or ME[1] not in got
    assert first(linux, surroundings, index(surroundings, "corp", HOME + "other/")) == [ME]


@pytest.mark.parametrize(
    ("one", "other"), [("a-b", "a.b"), ("a-b", "A_B"), ("a.b", "a_b")], ids=str
)
def test_spellings_of_one_variable_are_one_name(linux: Disk, one: str, other: str) -> None:
    environ = {"POETRY_HTTP_BASIC_A_B_USERNAME": "me", "POETRY_HTTP_BASIC_A_B_PASSWORD": "hunter2"}
    surroundings = linux.read(**environ)
    good, evil = index(surroundings, one, HOME), index(surroundings, other, EVIL)
    assert first(linux, surroundings, good, evil) == [ME, None]


def test_an_approved_move(linux: Disk) -> None:
    async def yes(name: str, old: str, new: str) -> bool:
        asked.append((name, old, new))
        return True

    async def move() -> Pair | None:
        credentials = Credentials(surroundings, Approvals(linux.root / "a.json", yes))
        await credentials.first(index(surroundings, "corp", HOME))
        return await credentials.first(index(surroundings, "corp", EVIL))

    asked: list[tuple[str, str, str]] = []
    surroundings = linux.read(**CORP)
    assert asyncio.run(move()) == ME
    assert asked == [("poetry:corp", "https://corp.example", "https://evil.example")]


def test_an_untrusted_workspace_gets_nothing(linux: Disk) -> None:
    linux.write("home/.netrc", "machine corp.example login me password hunter2\n")
    settings = IndexSettings(url="https://me:hunter2@corp.example/simple", trusted=False)
    surroundings = linux.read(settings, **CORP)
    forged = Index("corp", HOME, credentials="0@poetry:corp")
    ((setting,),) = resolve(Lookup(), surroundings)
    assert first(linux, surroundings, forged, setting, PUBLIC) == [None, None, None]


def test_the_public_index_gets_nothing(linux: Disk) -> None:
    linux.write("home/.netrc", f"machine {PUBLIC_HOST} login me password hunter2\n")
    surroundings = linux.read(**CORP)
    corp = index(surroundings, "corp", f"https://me:hunter2@{PUBLIC_HOST}/simple")
    assert first(linux, surroundings, corp) == [None]


def test_marks_cannot_be_forged(linux: Disk) -> None:
    """A name that looks like the mark of another index's login opens nothing."""
    surroundings = linux.read()
    index(surroundings, "corp", "https://me:hunter2@corp.example/")
    evil = index(surroundings, "0@poetry:x", EVIL)
    forged = Index("evil", EVIL, credentials="0@poetry:x")
    assert first(linux, surroundings, evil, forged) == [None, None]


def test_netrc_without_encryption(linux: Disk) -> None:
    """What has gone through https does not go in the clear; nor does anything, unasked."""
    linux.write(
        "home/.netrc",
        "machine corp.example login me password hunter2\n"
        "machine plain.example login me password hunter2\n"
        "machine localhost login me password hunter2\n",
    )
    surroundings = linux.read()
    urls = (HOME, "http://corp.example/", "http://plain.example/", "http://localhost:3141/")
    indexes = [index(surroundings, "x", url) for url in urls]
    assert first(linux, surroundings, *indexes) == [ME, None, None, ME]


def test_a_repository_of_the_user_holds_its_name(linux: Disk) -> None:
    """Poetry's own rule: credentials belong to the address that the user gave to the name."""
    linux.write(
        f"{linux.place('poetry')}/config.toml",
        '[repositories]\ncorp = {url = "https://corp.example/upload/"}\n',
    )
    linux.write("work/poetry.toml", f'[repositories]\ncorp = {{url = "{EVIL}"}}\n')
    surroundings = linux.read(**CORP)
    evil, other = index(surroundings, "corp", EVIL), index(surroundings, "renamed", HOME)
    assert first(linux, surroundings, evil, other) == [None, ME]


def test_variables_in_the_address_of_a_pdm_source(linux: Disk) -> None:
    surroundings = linux.read(USER_NAME="me", SECRET="hunter2", OTHER="x")
    corp = index(surroundings, "corp", "https://${USER_NAME}:${SECRET}@corp.example/s", "pdm")
    assert corp.url == "https://corp.example/s/"
    evil = index(surroundings, "evil", "https://x:${SECRET}@evil.example/${OTHER}", "pdm")
    assert evil.url == "https://evil.example/${OTHER}/"
    poetry = index(surroundings, "corp", "https://${USER_NAME}:${SECRET}@poetry.example/s")
    got = first(linux, surroundings, corp, evil, poetry)
    assert got == [ME, None, ("${USER_NAME}", "${SECRET}")]


# The keyring

SCRIPT = """#!{python}
import json, sys, time
words = sys.argv[1:]
open({log!r}, "a").write(" ".join(words) + "\\n")
known = {known!r}
time.sleep({delay})
if "--mode" in words and {old}:
    sys.exit(2)
service, *user = words[words.index("get") + 1:]
if service not in known or (user and user[0] != known[service][0]):
    sys.exit(1)
name, password = known[service]
print(password if {old} else json.dumps({{"username": name, "password": password}}))
"""


def keyring(
    disk: Disk, known: dict[str, Pair], *, old: bool = False, delay: float = 0
) -> dict[str, str]:
    """A keyring on the path that writes down what it is asked."""
    log = str(disk.root / "keyring.log")
    text = SCRIPT.format(python=sys.executable, log=log, known=known, old=old, delay=delay)
    program = disk.write("bin/keyring", text)
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return {"PATH": f"bin{os.pathsep}{program.parent}"}


def questions(disk: Disk) -> list[str]:
    log = disk.root / "keyring.log"
    return log.read_text("utf-8").splitlines() if log.exists() else []


def after_401(disk: Disk, surroundings: Surroundings, *indexes: Index) -> list[Pair | None]:
    async def ask() -> list[Pair | None]:
        credentials = Credentials(surroundings, approvals(disk), limit=20)
        return [await credentials.after_401(each) for each in indexes]

    return asyncio.run(ask())


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize(
    ("tool", "service"),
    [
        ("poetry", "poetry-repository-corp"),
        ("pdm", "pdm-pypi-corp"),
        ("poetry", HOME),
        ("uv", HOME),
        ("pip", "corp.example"),
    ],
)
def test_the_keyring(linux: Disk, tool: IndexTool, service: str, old: bool) -> None:
    surroundings = linux.read(**keyring(linux, {service: ME}, old=old))
    corp = index(surroundings, "corp", "https://me@corp.example/simple", tool)
    assert after_401(linux, surroundings, corp, corp) == [ME, ME]
    assert not any("hunter2" in line for line in questions(linux))


def test_the_keyring_of_poetry_knows_the_user(linux: Disk) -> None:
    environ = keyring(linux, {"poetry-repository-corp": ME})
    surroundings = linux.read(**environ, POETRY_HTTP_BASIC_CORP_USERNAME="me")
    corp = index(surroundings, "corp", HOME)
    assert after_401(linux, surroundings, corp) == [ME]
    assert questions(linux) == ["--mode creds --output json get poetry-repository-corp me"]


def test_what_the_keyring_has_under_a_name_stays_there(linux: Disk) -> None:
    surroundings = linux.read(**keyring(linux, {"poetry-repository-corp": ME}))
    corp, evil = index(surroundings, "corp", HOME), index(surroundings, "corp", EVIL)
    assert after_401(linux, surroundings, corp, evil) == [ME, None]


def test_an_empty_keyring_is_not_asked_all_the_time(linux: Disk) -> None:
    async def ask() -> None:
        credentials = Credentials(surroundings, approvals(linux), clock=lambda: now[0], limit=20)
        for now[0] in (0.0, 1.0, 299.0):
            assert await credentials.after_401(corp) is None
        asked = len(questions(linux))
        now[0] = 1000.0
        await asyncio.gather(*(credentials.after_401(corp) for _ in range(5)))
        assert len(questions(linux)) == 2 * asked

    now = [0.0]
    surroundings = linux.read(**keyring(linux, {}))
    corp = index(surroundings, "corp", HOME)
    asyncio.run(ask())


def test_a_keyring_that_hangs_is_killed(linux: Disk) -> None:
    async def ask() -> Pair | None:
        return await Credentials(surroundings, approvals(linux), limit=0.3).after_401(corp)

    surroundings = linux.read(**keyring(linux, {HOME: ME}, delay=60))
    corp = index(surroundings, "corp", HOME)
    start = time.monotonic()
    assert asyncio.run(ask()) is None
    assert time.monotonic() - start < 10


@pytest.mark.parametrize(
    "environ", [{"POETRY_KEYRING_ENABLED": "false"}, {"PATH": ""}, {"PATH": "bin"}], ids=str
)
def test_no_keyring(linux: Disk, environ: dict[str, str]) -> None:
    surroundings = linux.read(**{**keyring(linux, {HOME: ME}), **environ})
    assert after_401(linux, surroundings, index(surroundings, "corp", HOME)) == [None]
    assert questions(linux) == []


def test_the_keyring_is_not_asked_for_the_public_index(linux: Disk) -> None:
    surroundings = linux.read(**keyring(linux, {PUBLIC.url: ME, PUBLIC_HOST: ME}))
    assert after_401(linux, surroundings, PUBLIC) == [None]
    untrusted = linux.read(IndexSettings(trusted=False), **keyring(linux, {HOME: ME}))
    assert after_401(linux, untrusted, Index("x", HOME, credentials="poetry:x")) == [None]
    assert questions(linux) == []


# Nothing shows


def test_no_secret_in_any_text(linux: Disk) -> None:
    linux.write("home/.netrc", "machine corp.example login me password hunter2\n")
    linux.write(
        f"{linux.place('poetry')}/auth.toml",
        '[http-basic.corp]\nusername="me"\npassword="hunter2"\n',
    )
    surroundings = linux.read(
        **CORP, PIP_INDEX_URL="https://me:hunter2@corp.example/", UV_INDEX="c=https://me:hunter2@[/"
    )
    credentials = Credentials(surroundings, approvals(linux))
    corp = index(surroundings, "corp", "https://me:hunter2@corp.example/")
    asyncio.run(credentials.first(corp))
    seen = [surroundings, credentials, corp, Login(*ME), surroundings.problems]
    seen += [each for value in seen for each in vars_of(value)]
    assert not any("hunter2" in repr(each) + str(each) for each in seen)
    written = (linux.root / "approvals.json").read_text("utf-8")
    assert "hunter2" not in written


def vars_of(value: object) -> list[object]:
    """What a debugger or a crash report would show of an object's fields."""
    return [each for name, each in getattr(value, "__dict__", {}).items() if name != "environ"]


@pytest.mark.parametrize("spelling", ["secret", "Secret", "SECRET", "\u017fecret"])
def test_another_spelling_of_a_name_is_no_new_name(linux: Disk, spelling: str) -> None:
    """The variable is found by the upper case, where the long s is an S."""
    login = {
        "POETRY_HTTP_BASIC_SECRET_USERNAME": "me",
        "POETRY_HTTP_BASIC_SECRET_PASSWORD": "hunter2",
    }
    surroundings = linux.read(**login)
    indexes = [index(surroundings, "secret", HOME), index(surroundings, spelling, EVIL)]
    assert first(linux, surroundings, *indexes) == [ME, None]
