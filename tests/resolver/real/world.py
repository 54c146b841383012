"""A temporary folder with projects, and tools that know nothing of the rest of the machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from pyproject_ls.resolver.backend import Backend
from pyproject_ls.resolver.locating import FoundPoetry, FoundUv
from pyproject_ls.resolver.outcome import Locked, Mode, Outcome, Request
from pyproject_ls.resolver.poetry_cli import PoetryCommand
from pyproject_ls.resolver.uv import UvCommand
from tests.resolver.package_index import PackageIndex
from tests.resolver.tools import poetry_environ, tool, tool_python, tool_version

Files = Mapping[str, str]


class World:
    """A folder `root` with a project in ``root/work/project`` that may have neighbours."""

    def __init__(self, root: Path, index: PackageIndex) -> None:
        self.index = index
        self.project = root / "work" / "project"
        self.project.mkdir(parents=True)
        self.environ = poetry_environ(root)
        # so that a test sees whatever is left behind
        self.temporary = root / "tmp"
        self.temporary.mkdir()
        self.environ["TMPDIR"] = str(self.temporary)

    def write(self, files: Files) -> None:
        """Write `files` by their paths from the project; ``INDEX`` in them is the index."""
        for path, text in files.items():
            target = self.project / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(self.text(text), "utf-8")

    def text(self, text: str) -> str:
        """`text` with the address of the index for ``INDEX``."""
        return text.replace("INDEX", self.index.url)

    def backend(self, name: str) -> Backend:
        """The command-line backend of the tool `name`."""
        if name == "uv":
            return UvCommand(
                FoundUv(executable=tool(name), version=tool_version(name)), self.environ
            )
        found = FoundPoetry(
            python=tool_python(name),
            version=tool_version(name),
            executable=tool(name),
            can_import=False,
        )
        return PoetryCommand(found, self.environ)

    async def resolve(
        self,
        name: str,
        text: str | None = None,
        lock: str | None = None,
        mode: Mode = "keep",
        names: tuple[str, ...] = (),
        budget: float = 120.0,
    ) -> Outcome:
        """Resolve the project with `text` (else with that of its file)."""
        if text is None:
            text = (self.project / "pyproject.toml").read_text("utf-8")
        request = Request(self.project, self.text(text), lock, mode, names, budget)
        return await self.backend(name).resolve(request, lambda step: None)

    async def locked(self, name: str) -> Locked:
        """Resolve the project, which has to be possible, and write its lock file."""
        found = await self.resolve(name)
        assert isinstance(found, Locked), found
        lock = self.project / ("uv.lock" if name == "uv" else "poetry.lock")
        lock.write_bytes(found.text.encode())
        return found

    def by_hand(self, name: str, arguments: list[str], lock: str | None = None) -> str:
        """The lock file after running the tool `name` in a copy of all of ``work``."""
        copy = self.project.parents[1] / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.project.parent, copy, symlinks=True)
        path = copy / "project" / ("uv.lock" if name == "uv" else "poetry.lock")
        path.unlink(missing_ok=True)
        if lock is not None:
            path.write_bytes(lock.encode())
        subprocess.run(
            [tool(name), *arguments],
            cwd=copy / "project",
            env=self.environ | {"POETRY_VIRTUALENVS_PATH": str(copy / "environments")},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        return path.read_bytes().decode()

    def import_in(self, environment: Path, module: str) -> str:
        """The version of `module`, imported by the interpreter of `environment`."""
        run = subprocess.run(
            [environment / "bin" / "python", "-c", f"import {module} as it; print(it.__version__)"],
            capture_output=True,
            text=True,
            check=True,
        )
        return run.stdout.strip()

    def state(self) -> dict[str, bytes | None]:
        """All files around the project, and what is in them."""
        root = self.project.parent
        return {
            str(path.relative_to(root)): path.read_bytes() if path.is_file() else None
            for path in sorted(root.rglob("*"))
        }

    def processes(self) -> list[str]:
        """The commands of all processes that have this world's folder in their variables."""
        mark = f"HOME={self.environ['HOME']}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0"):
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:  # it has ended, or is not ours
                continue
        return found

    def left_behind(self) -> list[str]:
        """What is in the temporary folder, and which environments there are."""
        environments = Path(self.environ["POETRY_VIRTUALENVS_PATH"])
        return [
            *sorted(os.listdir(self.temporary)),
            *(sorted(os.listdir(environments)) if environments.is_dir() else []),
        ]


def until(condition: Callable[[], bool], limit: float = 60.0) -> None:
    """Wait for `condition`; fails if it does not come true in time."""
    deadline = time.monotonic() + limit
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        time.sleep(0.02)
