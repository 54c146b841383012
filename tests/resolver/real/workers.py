"""Workers inside the real Poetrys."""

from __future__ import annotations

import subprocess
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from pyproject_ls.resolver.locating import FoundPoetry
from pyproject_ls.resolver.outcome import Mode, Outcome, Request, Step
from pyproject_ls.resolver.poetry import PoetryWorker
from tests.resolver.real.world import World
from tests.resolver.tools import tool, tool_python, tool_version

POETRYS = ("poetry-2.0", "poetry-2.1", "poetry-2.3", "poetry-newest")


def found(name: str) -> FoundPoetry:
    """The Poetry `name` of `tests.resolver.tools`."""
    return FoundPoetry(tool_python(name), tool_version(name), tool(name), True)


@asynccontextmanager
async def worker(name: str, environ: Mapping[str, str]) -> AsyncIterator[PoetryWorker]:
    """A worker inside the Poetry `name`, closed at the end."""
    backend = PoetryWorker(found(name), environ)
    try:
        yield backend
    finally:
        await backend.close()


async def resolve(
    backend: PoetryWorker,
    world: World,
    text: str,
    lock: str | None = None,
    mode: Mode = "keep",
    names: tuple[str, ...] = (),
    budget: float = 60.0,
    steps: list[Step] | None = None,
) -> Outcome:
    """Resolve the project of `world` with `text`."""
    request = Request(world.project, world.text(text), lock, mode, names, budget)
    return await backend.resolve(request, ([] if steps is None else steps).append)


def git_repository(folder: Path) -> str:
    """The address of a new git repository with a package ``fromgit`` that needs ``oath``."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text(
        '[project]\nname = "fromgit"\nversion = "0.4"\nrequires-python = ">=3.8"\n'
        'dependencies = ["oath>=2"]\n[build-system]\nrequires = ["poetry-core>=2"]\n'
        'build-backend = "poetry.core.masonry.api"\n'
    )
    (folder / "fromgit.py").touch()
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in (["init", "-q", "-b", "main"], ["add", "."], [*who, "commit", "-q", "-m", "x"]):
        subprocess.run(["git", *command], cwd=folder, check=True)
    return folder.as_uri()
