"""Lock files are those that the tools themselves write, and nothing else is written."""

from __future__ import annotations

import asyncio

import pytest

from pyproject_ls.facts.resolution import Conflict, Reason, ReasonKind
from pyproject_ls.resolver.backend import ToolName
from pyproject_ls.resolver.outcome import Failure, Locked, Trouble
from pyproject_ls.resolver.uv_workspace import workspace_root
from tests.resolver.package_index import PackageIndex
from tests.resolver.real import projects
from tests.resolver.real.projects import FIRST, SECOND, UV, Files
from tests.resolver.real.world import World

CASES = [
    *(("poetry-1.8", label, files) for label, files in FIRST.items()),
    *(("poetry-newest", label, files) for label, files in SECOND.items()),
    *(("uv", label, files) for label, files in UV.items()),
]
LOCK: dict[str, list[str]] = {
    "poetry-1.8": ["lock", "--no-update"],
    "poetry-newest": ["lock"],
    "uv": ["lock"],
}
REGENERATE: dict[str, list[str]] = {
    "poetry-1.8": ["lock"],
    "poetry-newest": ["lock", "--regenerate"],
    "uv": ["lock", "--upgrade"],
}


@pytest.mark.parametrize(
    ("name", "files"),
    [(name, files) for name, _, files in CASES],
    ids=[f"{name}-{label}" for name, label, _ in CASES],
)
def test_the_lock_is_that_of_the_tool(world: World, name: str, files: Files) -> None:
    """A first lock, one that keeps what an old one has, and one from scratch over it."""
    world.write(files)
    before = world.state()

    first = asyncio.run(world.resolve(name))
    assert isinstance(first, Locked), first
    assert first.text == world.by_hand(name, LOCK[name])
    assert first.changed

    again = asyncio.run(world.resolve(name, lock=first.text))
    assert isinstance(again, Locked), again
    assert again == first._replace(changed=False)
    assert again.text == world.by_hand(name, LOCK[name], first.text)

    anew = asyncio.run(world.resolve(name, lock=first.text, mode="regenerate"))
    assert isinstance(anew, Locked), anew
    assert anew.text == world.by_hand(name, REGENERATE[name], first.text)

    assert world.state() == before
    assert world.left_behind() == []


FEW: dict[str, str] = {
    "poetry-1.8": projects.poetry_first('lantern = "2.0.0"\ncourier = "*"'),
    "poetry-newest": projects.poetry('"lantern==2.0.0", "courier"'),
    "uv": projects.uv('"lantern==2.0.0", "courier"'),
}


@pytest.mark.parametrize("name", FEW)
def test_what_is_locked_is_kept_until_it_is_to_be_updated(world: World, name: str) -> None:
    pinned = FEW[name].replace('courier = "*"', 'courier = "2.31.0"\nparcel = "1.26.20"')
    pinned = pinned.replace('"courier"', '"courier==2.31.0", "parcel==1.26.20"')
    world.write({"pyproject.toml": FEW[name]})
    old = asyncio.run(world.resolve(name, pinned))
    assert isinstance(old, Locked), old
    kept = asyncio.run(world.resolve(name, lock=old.text))
    one = asyncio.run(world.resolve(name, lock=old.text, mode="update", names=("courier",)))
    every = asyncio.run(world.resolve(name, lock=old.text, mode="update"))
    assert [
        [dict(each.packages)[package] for package in ("courier", "parcel")]
        for each in (kept, one, every)
        if isinstance(each, Locked)
    ] == [["2.31.0", "1.26.20"], ["2.32.3", "1.26.20"], ["2.32.3", "2.2.3"]]


@pytest.mark.parametrize("name", FEW)
def test_the_text_counts_and_not_the_file(world: World, name: str) -> None:
    world.write({"pyproject.toml": "this is no TOML at all"})
    found = asyncio.run(world.resolve(name, FEW[name]))
    assert isinstance(found, Locked), found
    assert dict(found.packages)["lantern"] == "2.0.0"


def test_a_member_s_text_is_locked_in_its_workspace(world: World) -> None:
    world.write(UV["a workspace"])
    member = world.project / "packages" / "one"
    assert workspace_root(member) == world.project
    assert workspace_root(world.project / "packages" / "not") == world.project / "packages" / "not"
    text = (member / "pyproject.toml").read_text("utf-8").replace('"courier"', '"yin"')
    root, world.project = world.project, member
    found = asyncio.run(world.resolve("uv", text))
    world.project = root
    world.write({"packages/one/pyproject.toml": text})
    assert isinstance(found, Locked), found
    assert found.text == world.by_hand("uv", ["lock"])
    assert {"yang", "two", "outside", "oath"} <= dict(found.packages).keys()


def needs(package: str, other: str, constraint: str, versions: str = "") -> Reason:
    return Reason(ReasonKind.NEEDS, package, versions, other, constraint)


CONFLICTS: dict[str, tuple[str, set[str], list[Reason]]] = {
    "two majors": (
        '"harbor==1.1.0", "pier"',
        {"harbor", "pier"},
        [needs("pier", "wick", ">=3.1"), needs("harbor", "wick", ">=2.3,<3", "1.1.0")],
    ),
    "a pin": (
        '"courier==2.20.0", "parcel>=2"',
        {"courier", "parcel"},
        [needs("courier", "parcel", ">=1.21.1,<1.25", "2.20.0"), needs("", "parcel", ">=2")],
    ),
    "no such version": ('"oath>=9"', {"oath"}, [Reason(ReasonKind.NO_VERSION, "oath", ">=9")]),
    "python": (
        '"from-the-future"',
        {"from-the-future"},
        [Reason(ReasonKind.PYTHON, "from-the-future", "", ">=3.9", ">=3.99")],
    ),
    "transitive": (
        '"misses-one", "oath"',
        {"misses-one"},
        [needs("misses-one", "nowhere-to-be-found", ">=1")],
    ),
}


@pytest.mark.parametrize("name", ["poetry-1.8", "poetry-newest", "uv"])
@pytest.mark.parametrize("label", CONFLICTS)
def test_a_conflict_names_what_is_at_fault(world: World, name: str, label: str) -> None:
    dependencies, at_fault, expected = CONFLICTS[label]
    found = asyncio.run(world.resolve(name, project_of(name, dependencies)))
    assert isinstance(found, Conflict), found
    assert set(found.direct) == at_fault
    loose = [loosely(each) for each in found.reasons]
    assert [each for each in expected if loosely(each) not in loose] == []
    assert len(found.reasons) <= 5


def loosely(reason: Reason) -> Reason:
    """Without the versions, which uv widens to a range where that says the same."""
    return reason._replace(versions="" if reason.kind is not ReasonKind.NO_VERSION else ">=9")


def project_of(name: str, dependencies: str) -> str:
    if name == "uv":
        return projects.uv(dependencies)
    return projects.poetry(dependencies) if name == "poetry-newest" else in_tables(dependencies)


def in_tables(dependencies: str) -> str:
    """The requirements as Poetry 1 wants them."""
    lines = []
    for each in dependencies.split(", "):
        text = each.strip('"')
        end = next((i for i, char in enumerate(text) if char in "<>=!~"), len(text))
        lines.append(f'{text[:end]} = "{text[end:] or "*"}"')
    return projects.poetry_first("\n".join(lines))


@pytest.mark.parametrize("name", ["poetry-1.8", "poetry-newest", "uv"])
def test_an_index_that_wants_a_login_is_told_from_a_conflict(world: World, name: str) -> None:
    with PackageIndex(login="ann:a-secret") as private:
        text = project_of(name, '"oath"').replace("INDEX", private.url)
        found = asyncio.run(world.resolve(name, text))
        assert isinstance(found, Failure), found
        assert found.trouble is Trouble.UNREACHABLE
        assert "credentials" in found.message
        wrong = private.url.replace("//", "//ann:not-the-secret@")
        text = project_of(name, '"oath"').replace("INDEX", wrong)
        found = asyncio.run(world.resolve(name, text))
        assert isinstance(found, Failure), found
        assert found.trouble is Trouble.UNREACHABLE
        assert "not-the-secret" not in found.message + found.details


@pytest.mark.parametrize("name", ["poetry-1.8", "poetry-newest", "uv"])
def test_an_index_that_is_not_there(world: World, name: str) -> None:
    text = project_of(name, '"oath"').replace("INDEX", "http://127.0.0.1:9/simple/")
    found = asyncio.run(world.resolve(name, text))
    assert isinstance(found, Failure), found
    assert found.trouble is Trouble.UNREACHABLE
    assert "127.0.0.1" in found.message


@pytest.mark.parametrize("name", ["poetry-1.8", "poetry-newest", "uv"])
@pytest.mark.parametrize("text", ["[project", '[project]\nname = "x"\ndependencies = 3\n'])
def test_a_file_that_the_tool_does_not_accept(world: World, name: str, text: str) -> None:
    found = asyncio.run(world.resolve(name, text))
    assert isinstance(found, Failure), found
    assert found.trouble is Trouble.INVALID, found


def test_a_build_that_fails_while_locking(world: World) -> None:
    found = asyncio.run(world.resolve("uv", projects.uv('"broken-metadata"')))
    assert isinstance(found, Failure), found
    assert (found.trouble, found.package) == (Trouble.BUILD, "broken-metadata")
    assert "clay.h" in found.details


@pytest.mark.parametrize("name", ["poetry-1.8", "poetry-newest", "uv"])
def test_the_budget_ends_a_build_that_hangs(world: World, name: str) -> None:
    text = project_of(name, '"endless-metadata"')
    found = asyncio.run(world.resolve(name, text, budget=6.0))
    assert isinstance(found, Failure), found
    assert found.trouble is Trouble.BUDGET
    assert world.left_behind() == []
    assert world.processes() == []


def test_what_the_backends_say_of_themselves(world: World) -> None:
    names: list[ToolName] = ["poetry", "uv"]
    for tool_name, name in zip(("poetry-1.8", "uv"), names, strict=True):
        backend = world.backend(tool_name)
        assert backend.name == name
        assert backend.version
        assert all(limit.endswith(".") for limit in backend.limits)
        asyncio.run(backend.close())
