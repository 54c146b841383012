"""The worker when things go wrong: it says so, leaves nothing behind, and goes on working."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pyproject_ls.facts.resolution import Conflict
from pyproject_ls.resolver import poetry as poetry_module
from pyproject_ls.resolver.outcome import Failure, Locked, Step, Trouble
from tests.resolver.package_index import PackageIndex
from tests.resolver.real.projects import poetry
from tests.resolver.real.workers import POETRYS, found, resolve, worker
from tests.resolver.real.world import World, until
from tests.resolver.tools import tool_python

NEWEST = "poetry-newest"
WICK = poetry('"wick"')


async def comes(condition: Callable[[], bool], limit: float = 60.0) -> None:
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        await asyncio.sleep(0.02)


def failure(outcome: object, trouble: Trouble) -> Failure:
    assert isinstance(outcome, Failure), outcome
    assert outcome.trouble is trouble, outcome
    return outcome


@pytest.mark.parametrize("name", POETRYS)
def test_cancelled_while_an_index_is_silent(name: str, world: World) -> None:
    async def run() -> None:
        async with worker(name, world.environ) as backend:
            world.index.hold()
            asked = len(world.index.requests)
            task = asyncio.ensure_future(resolve(backend, world, poetry('"lantern"')))
            await comes(lambda: backend.pid is not None)
            await asyncio.sleep(1.0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            world.index.release()
            assert len(world.index.requests) >= asked
            assert isinstance(await resolve(backend, world, WICK), Locked)
        assert world.processes() == []

    with PackageIndex() as index:
        world.index = index
        asyncio.run(run())
    assert world.left_behind() == []


@pytest.mark.parametrize("name", POETRYS)
def test_cancelled_while_a_build_hangs(name: str, world: World) -> None:
    async def run() -> None:
        async with worker(name, world.environ) as backend:
            steps: list[Step] = []
            task = asyncio.ensure_future(
                resolve(backend, world, poetry('"endless-metadata"'), steps=steps)
            )
            await comes(lambda: any(each.package == "endless-metadata" for each in steps))
            await comes(lambda: any("in_process" in each for each in world.processes()))
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await comes(lambda: not any("in_process" in each for each in world.processes()))
            assert isinstance(await resolve(backend, world, WICK), Locked)
        assert world.processes() == []

    asyncio.run(run())
    assert world.left_behind() == []


@pytest.mark.parametrize("name", POETRYS)
def test_a_build_that_hangs_is_given_up(name: str, world: World) -> None:
    async def run() -> None:
        async with worker(name, world.environ) as backend:
            await resolve(backend, world, WICK)
            pid = backend.pid
            given = await resolve(backend, world, poetry('"endless-metadata"'), budget=4.0)
            told = failure(given, Trouble.BUILD)
            assert told.package == "endless-metadata"
            assert "`endless-metadata`" in told.message
            assert isinstance(await resolve(backend, world, WICK), Locked)
            assert backend.pid == pid, "the worker itself was not hurt"
            await comes(lambda: not any("in_process" in each for each in world.processes()))

    asyncio.run(run())
    assert world.left_behind() == []


@pytest.mark.parametrize("name", POETRYS)
def test_killed_in_the_middle(name: str, world: World) -> None:
    async def run() -> None:
        async with worker(name, world.environ) as backend:
            steps: list[Step] = []
            task = asyncio.ensure_future(
                resolve(backend, world, poetry('"endless-metadata"'), steps=steps)
            )
            await comes(lambda: any("in_process" in each for each in world.processes()))
            pid = backend.pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            told = failure(await task, Trouble.BROKEN)
            assert "SIGKILL" in told.message
            await comes(lambda: not any("in_process" in each for each in world.processes()))
            assert isinstance(await resolve(backend, world, WICK), Locked)
        assert world.processes() == []

    asyncio.run(run())
    assert world.left_behind() == []


def test_it_ends_with_a_server_that_is_killed(world: World) -> None:
    program = textwrap.dedent(
        """
        import asyncio, os, sys
        from pathlib import Path
        from pyproject_ls.resolver.locating import FoundPoetry
        from pyproject_ls.resolver.outcome import Request
        from pyproject_ls.resolver.poetry import PoetryWorker

        async def main():
            found = FoundPoetry(Path(sys.argv[1]), "2", Path(sys.argv[1]), True)
            worker = PoetryWorker(found, dict(os.environ))
            request = Request(Path(sys.argv[2]), sys.argv[3], None)
            await worker.resolve(request, lambda step: None)

        asyncio.run(main())
        """
    )
    text = world.text(poetry('"endless-metadata"'))
    arguments = [str(tool_python(NEWEST)), str(world.project), text]
    server = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=world.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    until(lambda: any("in_process" in each for each in world.processes()))
    server.kill()
    server.wait()
    until(lambda: world.processes() == [])
    assert world.left_behind() == []


def test_an_index_that_is_down(world: World) -> None:
    async def run() -> None:
        async with worker(NEWEST, world.environ) as backend:
            text = WICK.replace("INDEX", "http://127.0.0.1:9/simple/")
            told = failure(await resolve(backend, world, text), Trouble.UNREACHABLE)
            assert "`127.0.0.1`" in told.message
            assert isinstance(await resolve(backend, world, WICK), Locked)

    asyncio.run(run())


@pytest.mark.parametrize("name", POETRYS)
def test_an_index_that_asks_for_a_password(name: str, world: World) -> None:
    with PackageIndex(login="user:secret") as index:
        world.index = index

        async def run() -> None:
            async with worker(name, world.environ) as backend:
                told = failure(await resolve(backend, world, WICK), Trouble.UNREACHABLE)
                assert "password" in told.message
            known = {
                "POETRY_HTTP_BASIC_PACKAGES_USERNAME": "user",
                "POETRY_HTTP_BASIC_PACKAGES_PASSWORD": "secret",
            }
            async with worker(name, world.environ | known) as backend:
                assert isinstance(await resolve(backend, world, WICK), Locked)

        asyncio.run(run())


@pytest.mark.parametrize("name", POETRYS)
def test_files_that_poetry_refuses(name: str, world: World) -> None:
    cases = {
        "[project": "TOML",
        WICK.replace('name = "demo"', "name = 5"): "",
        '[project]\nname = "x"\n': "",
        WICK.replace('"wick"', '"wick ==="'): "",
        WICK.replace("[tool.poetry]", '[tool.poetry]\nrequires-poetry = ">=99"'): "99",
        WICK.replace(
            "= false", '= false\n[tool.poetry.dependencies]\nwick = { source = "no" }'
        ): "no",
        WICK.replace(
            "= false", '= false\n[tool.poetry.dependencies]\nwick = { path = "gone" }'
        ): "gone",
    }

    async def run() -> None:
        async with worker(name, world.environ) as backend:
            for text, word in cases.items():
                told = failure(await resolve(backend, world, text), Trouble.INVALID)
                assert word in told.message
                assert "Traceback" not in told.message
            told = failure(
                await resolve(backend, world, WICK, "this is no lock file"), Trouble.INVALID
            )
            assert "`poetry.lock`" in told.message
            given = await resolve(backend, world, WICK, "this is no lock file", "regenerate")
            assert isinstance(given, Locked)
            assert given.changed

    asyncio.run(run())


@pytest.mark.parametrize("name", POETRYS)
def test_the_configuration_of_one_project_is_not_that_of_the_next(name: str, world: World) -> None:
    """`poetry.toml` counts for its project only, and for each request as it is then."""
    aside = world.project.parents[1] / "aside"
    local = world.project / "poetry.toml"

    async def run() -> None:
        async with worker(name, world.environ) as backend:
            local.write_text(f'cache-dir = "{aside}"\n')
            # the variable would win over the file
            assert isinstance(await resolve(backend, world, WICK), Locked)
            assert aside.is_dir()
            local.unlink()
            for path in sorted(aside.rglob("*"), reverse=True):
                path.rmdir() if path.is_dir() else path.unlink()
            aside.rmdir()
            assert isinstance(await resolve(backend, world, poetry('"oath"')), Locked)
            assert not aside.exists()

    del world.environ["POETRY_CACHE_DIR"]
    asyncio.run(run())


def test_the_memory_is_told_and_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> None:
        async with worker(NEWEST, world.environ) as backend:
            await resolve(backend, world, WICK)
            pid = backend.pid
            assert pid is not None
            await resolve(backend, world, WICK)
            assert backend.pid == pid
            # it occupies more than this
            monkeypatch.setattr(poetry_module, "MOST_MEMORY", 10 * 2**20)
            await resolve(backend, world, WICK)
            await comes(lambda: backend.pid != pid)
            assert isinstance(await resolve(backend, world, WICK), Locked)

    asyncio.run(run())


def test_a_poetry_that_cannot_be_imported_any_more(world: World, tmp_path: Path) -> None:
    """Half upgraded: the interpreter is there, the modules are not."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)

    async def run() -> None:
        bare = found(NEWEST)._replace(python=tmp_path / "bare" / "bin" / "python")
        backend = poetry_module.PoetryWorker(bare, world.environ)
        told = failure(await resolve(backend, world, WICK), Trouble.BROKEN)
        assert "No module named" in told.message
        await backend.close()

    asyncio.run(run())
    assert world.left_behind() == []


def test_many_cancels_at_any_moment(world: World) -> None:
    async def run() -> None:
        async with worker(NEWEST, world.environ) as backend:
            await resolve(backend, world, WICK)
            for n in range(25):
                text = poetry('"lantern[async]", "framedata", "courier"')
                task = asyncio.ensure_future(resolve(backend, world, text, mode="regenerate"))
                await asyncio.sleep(0.004 * n)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            given = await resolve(backend, world, poetry('"oldgrid", "gridnum>=2"'))
            assert isinstance(given, Conflict)

    before = world.state()
    asyncio.run(run())
    assert world.state() == before
    assert world.processes() == []
    assert world.left_behind() == []


@pytest.mark.parametrize("variable", ["1", "0"])
def test_a_plugin_that_fails_is_left_out(world: World, tmp_path: Path, variable: str) -> None:
    """An environment that has all of the newest Poetry, and a plugin that is broken."""
    home = tmp_path / "plugged"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    (site,) = (home / "lib").glob("python*/site-packages")
    (original,) = tool_python(NEWEST).parents[1].glob("lib/python*/site-packages")
    (site / "poetry.pth").write_text(f"{original}\n")
    (site / "broken_plugin.py").write_text(
        "import sys\nclass Broken:\n    def activate(self, poetry, io):\n"
        "        print('noise on stdout')\n        sys.exit('the plugin fails')\n"
    )
    info = site / "broken_plugin-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: broken-plugin\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[poetry.plugin]\nbroken = broken_plugin:Broken\n")
    plugged = found(NEWEST)._replace(python=home / "bin" / "python")

    async def run() -> None:
        environ = world.environ | {"PYPROJECT_LS_POETRY_PLUGINS": variable}
        backend = poetry_module.PoetryWorker(plugged, environ)
        try:
            assert isinstance(await resolve(backend, world, WICK), Locked)
            assert ("the plugin fails" in backend.log) == (variable == "1")
        finally:
            await backend.close()

    asyncio.run(run())
