"""The worker's lock files are those that ``poetry lock`` and ``poetry update --lock`` write."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pyproject_ls.resolver.outcome import Locked
from pyproject_ls.resolver.poetry import PoetryWorker
from tests.resolver.package_files import files_of
from tests.resolver.package_index import PackageIndex
from tests.resolver.package_pages import all_packages, by_name
from tests.resolver.real.worker_projects import CASES, Case
from tests.resolver.real.workers import POETRYS, git_repository, resolve, worker
from tests.resolver.real.world import World
from tests.resolver.tools import tool_version


@pytest.mark.parametrize("name", POETRYS)
def test_the_lock_is_that_of_poetry(name: str, tmp_path: Path, index: PackageIndex) -> None:
    """One worker for all projects: what it keeps of one does not reach another."""
    version = tuple(int(part) for part in tool_version(name).split(".")[:2])
    cases = {label: case for label, case in CASES.items() if case.since <= version}
    assert len(cases) >= 10
    first = World(tmp_path / "first", index)
    address = git_repository(tmp_path / "repository")

    async def compare_all() -> dict[str, list[str]]:
        async with worker(name, first.environ) as backend:
            found = {}
            for label, case in cases.items():
                world = World(tmp_path / label.replace(" ", "-"), index)
                world.environ = first.environ | {"TMPDIR": str(world.temporary)}
                differences = await _differences(name, backend, world, case, address)
                if differences:
                    found[label] = differences
            return found

    assert asyncio.run(compare_all()) == {}
    assert first.left_behind() == []


async def _differences(
    name: str, backend: PoetryWorker, world: World, case: Case, address: str
) -> list[str]:
    """What differs, in words."""
    oath = by_name(all_packages())["oath"]
    wheel = next(
        each.name for each in files_of(oath, oath.releases[-1]) if each.name.endswith(".whl")
    )
    files = {
        path: world.text(text)
        .replace("FILES", world.index.url.replace("/simple/", "/files"))
        .replace("OATH", wheel)
        .replace("GIT", address)
        for path, text in case.files.items()
    }
    world.write(files)
    before = world.state()
    old = files["pyproject.toml"]
    new = old.replace(*case.change)
    assert new != old
    found = []

    def compare(what: str, given: object, arguments: list[str], lock: str | None) -> str:
        expected = world.by_hand(name, arguments, lock)
        if not isinstance(given, Locked):
            found.append(f"{what}: {given}")
        elif given.text != expected:
            found.append(f"{what}: {given.text}\n--- but Poetry: ---\n{expected}")
        elif given.changed != (expected != lock):
            found.append(f"{what}: changed is {given.changed}")
        return expected

    first = compare("first", await resolve(backend, world, old), ["lock"], None)
    compare("again", await resolve(backend, world, old, first), ["lock"], first)

    # the new text is in no file yet where the worker looks
    given = await resolve(backend, world, new, first)
    if world.state() != before:
        found.append("something was written")
    world.write({"pyproject.toml": new})
    kept = compare("changed", given, ["lock"], first)
    windows = first.replace("\n", "\r\n")
    given = await resolve(backend, world, new, windows)
    compare("line ends", given, ["lock"], windows)
    given = await resolve(backend, world, new, kept, "update", case.names)
    compare("update", given, ["update", "--lock", *case.names], kept)
    given = await resolve(backend, world, new, first, "regenerate")
    compare("regenerate", given, ["lock", "--regenerate"], first)
    return found
