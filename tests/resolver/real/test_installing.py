"""Installing, exporting, and the environment that it happens in, with the real tools."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pyproject_ls.resolver.backend import Environment, ExportFormat, InstallOptions
from pyproject_ls.resolver.environments import python_in
from pyproject_ls.resolver.outcome import Failure, Trouble
from tests.resolver.real import projects
from tests.resolver.real.world import World, until

NAMES = ["poetry-1.8", "poetry-2.0", "poetry-newest", "uv"]

GROUPS = {
    "poetry-1.8": projects.poetry_first(
        'oath = "*"\nclapper = {version = "<8.2", optional = true}',
        '[tool.poetry.extras]\nline = ["clapper"]\n'
        "[tool.poetry.group.docs]\noptional = true\n"
        '[tool.poetry.group.docs.dependencies]\nsafemark = "2.1.1"\n',
    ),
    "uv": projects.uv(
        '"oath"',
        '[project.optional-dependencies]\nline = ["clapper<8.2"]\n'
        '[dependency-groups]\ndocs = ["safemark==2.1.1"]\n',
    ),
}


def project_of(name: str, dependencies: str) -> str:
    if name == "uv":
        return projects.uv(dependencies)
    if name == "poetry-1.8":
        return projects.poetry_first(f'{dependencies.strip(chr(34))} = "*"')
    return projects.poetry(dependencies)


async def install(world: World, name: str, options: InstallOptions) -> Environment | Failure:
    return await world.backend(name).install(world.project, options, lambda line: None)


def installed(world: World, environment: Path) -> set[str]:
    """The distributions in `environment`."""
    program = (
        "import importlib.metadata as m; print(*(d.metadata['Name'] for d in m.distributions()))"
    )
    run = subprocess.run(
        [python_in(environment), "-c", program], capture_output=True, text=True, check=True
    )
    return set(run.stdout.split()) - {"pip", "setuptools", "wheel"}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_locked_is_installed(world: World, name: str) -> None:
    """It can be imported, the tool's own lines arrived, and the environment is as foretold."""
    world.write({"pyproject.toml": project_of(name, '"lantern"')})
    asyncio.run(world.locked(name))
    backend = world.backend(name)
    before = asyncio.run(backend.environment(world.project))
    assert isinstance(before, Environment), before
    assert not before.exists
    lines: list[str] = []
    found = asyncio.run(backend.install(world.project, InstallOptions(), lines.append))
    assert found == before._replace(exists=True)
    assert found == asyncio.run(backend.environment(world.project))
    assert world.import_in(found.path, "lantern") == "3.1.0"
    assert any("lantern" in line for line in lines)
    assert not any("\x1b" in line for line in lines)
    assert world.left_behind() == [each for each in (found.path.name,) if each != ".venv"]


@pytest.mark.parametrize("name", GROUPS)
def test_groups_and_extras(world: World, name: str) -> None:
    world.write({"pyproject.toml": GROUPS[name]})
    asyncio.run(world.locked(name))
    only = asyncio.run(install(world, name, InstallOptions(only=("docs",))))
    assert isinstance(only, Environment), only
    assert installed(world, only.path) == {"safemark"}
    more = asyncio.run(install(world, name, InstallOptions(groups=("docs",), extras=("line",))))
    assert isinstance(more, Environment), more
    assert installed(world, more.path) == {"safemark", "oath", "clapper"}


@pytest.mark.parametrize("name", NAMES)
def test_a_group_that_is_not_there(world: World, name: str) -> None:
    world.write({"pyproject.toml": project_of(name, '"oath"')})
    asyncio.run(world.locked(name))
    found = asyncio.run(install(world, name, InstallOptions(groups=("nope",))))
    assert isinstance(found, Failure), found
    assert found.trouble is Trouble.INVALID
    assert "`nope`" in found.message


@pytest.mark.parametrize("name", NAMES)
def test_a_build_that_fails_is_put_down_to_its_package(world: World, name: str) -> None:
    world.write({"pyproject.toml": project_of(name, '"leans-on-broken"')})
    asyncio.run(world.locked(name))
    found = asyncio.run(install(world, name, InstallOptions()))
    assert isinstance(found, Failure), found
    assert (found.trouble, found.package) == (Trouble.BUILD, "broken-build")
    assert "`broken-build` 1.0.0" in found.message
    assert "clay.h is missing" in found.details


@pytest.mark.parametrize("name", ["poetry-1.8", "poetry-newest", "uv"])
def test_cancelling_leaves_no_process_and_no_file(world: World, name: str) -> None:
    """While a build hangs, which is three processes below."""
    world.write({"pyproject.toml": project_of(name, '"endless-build"')})
    asyncio.run(world.locked(name))
    before = world.state()

    async def cancelled() -> None:
        task = asyncio.create_task(install(world, name, InstallOptions()))
        await asyncio.to_thread(
            until,
            lambda: any(
                "_in_process" in each or "build_wheel" in each or " -c " in each
                for each in world.processes()
            ),
        )
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancelled())
    assert world.processes() == []
    after = {path: data for path, data in world.state().items() if ".venv" not in path}
    assert after == before
    assert not any(each.startswith("pyproject-ls-") for each in world.left_behind())


@pytest.mark.parametrize("name", ["poetry-1.8", "poetry-newest", "uv"])
def test_cancelling_a_lock_leaves_nothing(world: World, name: str) -> None:
    world.write({"pyproject.toml": project_of(name, '"endless-metadata"')})
    before = world.state()

    async def cancelled() -> None:
        task = asyncio.create_task(world.resolve(name))
        await asyncio.to_thread(until, lambda: "/simple/endless-metadata/" in world.index.paths())
        await asyncio.to_thread(until, lambda: len(world.processes()) > 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    world.index.requests.clear()
    asyncio.run(cancelled())
    assert world.processes() == []
    assert world.state() == before
    assert world.left_behind() == []


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_installed_without_a_lock_file(world: World, name: str) -> None:
    world.write({"pyproject.toml": project_of(name, '"oath"')})
    before = world.state()
    found = asyncio.run(install(world, name, InstallOptions()))
    assert isinstance(found, Failure), found
    assert "lock first" in found.message
    assert world.state() == before


@pytest.mark.parametrize("name", NAMES)
def test_a_stale_lock_file_is_not_installed(world: World, name: str) -> None:
    world.write({"pyproject.toml": project_of(name, '"oath"')})
    asyncio.run(world.locked(name))
    world.write({"pyproject.toml": project_of(name, '"clapper"')})
    before = world.state()
    found = asyncio.run(install(world, name, InstallOptions()))
    assert isinstance(found, Failure), found
    assert found.trouble is Trouble.INVALID
    assert "lock first" in found.message
    after = {path: data for path, data in world.state().items() if ".venv" not in path}
    assert after == before


EXPORTS: list[tuple[str, ExportFormat]] = [
    ("poetry-1.8", "requirements.txt"),
    ("poetry-export", "requirements.txt"),
    ("poetry-export", "pylock.toml"),
    ("uv", "requirements.txt"),
    ("uv", "pylock.toml"),
]


@pytest.mark.parametrize(("name", "format"), EXPORTS)
def test_the_lock_is_exported(world: World, name: str, format: ExportFormat) -> None:
    world.write({"pyproject.toml": project_of(name, '"lantern"')})
    asyncio.run(world.locked(name))
    before = world.state()
    found = asyncio.run(world.backend(name).export(world.project, format))
    assert isinstance(found, str), found
    assert ("lantern==3.1.0" if format == "requirements.txt" else 'name = "lantern"') in found
    assert "wick" in found
    assert "sha256" in found
    assert "pyproject-ls-" not in found  # where it was written on its way
    assert world.state() == before
    assert world.left_behind() == []


@pytest.mark.parametrize(
    ("name", "format", "remedy"),
    [
        ("poetry-newest", "requirements.txt", "poetry self add poetry-plugin-export"),
        ("poetry-1.8", "pylock.toml", "upgrade"),
    ],
)
def test_an_export_that_this_poetry_cannot_do(
    world: World, name: str, format: ExportFormat, remedy: str
) -> None:
    world.write({"pyproject.toml": project_of(name, '"oath"')})
    asyncio.run(world.locked(name))
    found = asyncio.run(world.backend(name).export(world.project, format))
    assert isinstance(found, Failure), found
    assert remedy in found.message


@pytest.mark.parametrize("name", NAMES)
def test_an_environment_that_has_vanished_is_made_again(world: World, name: str) -> None:
    """Its folder, or only the interpreter that it leads to."""
    world.write({"pyproject.toml": project_of(name, '"oath"')})
    asyncio.run(world.locked(name))
    first = asyncio.run(install(world, name, InstallOptions()))
    assert isinstance(first, Environment), first
    shutil.rmtree(first.path)
    gone = asyncio.run(world.backend(name).environment(world.project))
    assert gone == first._replace(exists=False)
    assert asyncio.run(install(world, name, InstallOptions())) == first
    for python in first.path.glob("bin/python*"):
        python.unlink()
        python.symlink_to("/nowhere/python")
    broken = asyncio.run(world.backend(name).environment(world.project))
    assert broken == first._replace(exists=False)
    assert asyncio.run(install(world, name, InstallOptions())) == first
    assert world.import_in(first.path, "oath") == "2.2.0"


@pytest.mark.parametrize("name", NAMES)
def test_an_active_environment(world: World, name: str) -> None:
    """Poetry takes it; uv keeps to its own; one that has vanished is nobody's."""
    active = world.project.parents[1] / "active"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", active], check=True)
    world.write({"pyproject.toml": project_of(name, '"oath"')})
    asyncio.run(world.locked(name))
    world.environ["VIRTUAL_ENV"] = str(active)
    found = asyncio.run(install(world, name, InstallOptions()))
    assert isinstance(found, Environment), found
    assert (found.path == active) is (name != "uv")
    assert (found.origin == "active") is (name != "uv")
    assert world.import_in(found.path, "oath") == "2.2.0"
    shutil.rmtree(active)
    other = asyncio.run(install(world, name, InstallOptions()))
    assert isinstance(other, Environment), other
    assert other.path != active


@pytest.mark.parametrize("name", ["poetry-1.8", "poetry-newest"])
def test_where_poetry_s_settings_put_the_environment(world: World, name: str) -> None:
    world.write(
        {
            "pyproject.toml": project_of(name, '"oath"'),
            "poetry.toml": "[virtualenvs]\nin-project = true\n",
        }
    )
    asyncio.run(world.locked(name))
    before = asyncio.run(world.backend(name).environment(world.project))
    assert before == Environment(world.project / ".venv", "in the project", False)
    found = asyncio.run(install(world, name, InstallOptions()))
    assert found == before._replace(exists=True)


def test_where_uv_is_told_to_put_it(world: World) -> None:
    world.environ["UV_PROJECT_ENVIRONMENT"] = "elsewhere"
    world.write({"pyproject.toml": project_of("uv", '"oath"')})
    asyncio.run(world.locked("uv"))
    found = asyncio.run(install(world, "uv", InstallOptions()))
    expected = Environment(world.project / "elsewhere", "by `UV_PROJECT_ENVIRONMENT`", True)
    assert found == expected
