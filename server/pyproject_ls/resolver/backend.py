"""What every tool can do, so that nothing above has to know which one it is."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, Protocol, Union

from pyproject_ls.named import NamedTuple
from pyproject_ls.resolver.outcome import Failure, OnLine, OnStep, Outcome, Request

ToolName = Literal["poetry", "uv"]
ExportFormat = Literal["requirements.txt", "pylock.toml"]


class InstallOptions(NamedTuple):
    """What to install: group and extra names as written. `only` leaves out all other groups."""

    groups: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


class Environment(NamedTuple):
    """The virtual environment of a project. `exists` is False where installing would create it.

    `origin` says in a few words for a person how it was chosen ("in the project", "active", ..).
    """

    path: Path
    origin: str
    exists: bool


class Backend(Protocol):
    """A tool that was found and asked for its version.

    Cancelling the task that awaits a method ends the work: nothing of it is left behind, and no
    file of the project has changed half. Methods raise nothing else.
    """

    @property
    def name(self) -> ToolName:
        """Which tool it is."""

    @property
    def version(self) -> str:
        """Its own version."""

    @property
    def limits(self) -> tuple[str, ...]:
        """What it cannot do, in sentences for a person (Poetry 1 explains no conflict, ..)."""

    async def resolve(self, request: Request, on_step: OnStep) -> Outcome:
        """Resolve; writes nothing into the project."""

    async def environment(self, folder: Path) -> Union[Environment, Failure]:
        """Where `install` would install."""

    async def install(
        self, folder: Path, options: InstallOptions, on_line: OnLine
    ) -> Union[Environment, Failure]:
        """Install what the lock file in `folder` says, with the tool's output line by line."""

    async def export(self, folder: Path, format: ExportFormat) -> Union[str, Failure]:
        """The lock file in `folder` in another format."""

    async def close(self) -> None:
        """End what runs in the background."""
