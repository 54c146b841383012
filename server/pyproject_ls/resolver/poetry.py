"""The user's Poetry (2.0 and newer) as a warm worker: resolving without writing, in milliseconds.

`worker/` is what runs inside of it. Installing and exporting are left to its command line.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyproject_ls.facts.resolution import Conflict, Reason, ReasonKind
from pyproject_ls.named import NamedTuple
from pyproject_ls.resolver.backend import Environment, ExportFormat, InstallOptions, ToolName
from pyproject_ls.resolver.child import Child, ChildError
from pyproject_ls.resolver.masking import Mask, plain
from pyproject_ls.resolver.outcome import (
    Failure,
    Locked,
    OnLine,
    OnStep,
    Outcome,
    Request,
    Step,
    Trouble,
)

if TYPE_CHECKING:
    from pyproject_ls.resolver.locating import FoundPoetry
    from pyproject_ls.resolver.poetry_cli import PoetryCommand

WORKER = Path(__file__).parent / "worker"
"""What the user's interpreter runs."""

MOST_MEMORY = 600 * 2**20
"""Bytes; a worker that occupies more is started anew when it has nothing to do."""

EXPLAINING = 15.0
"""Seconds beyond the budget of a request, for finding out whose fault it is."""
PATIENCE = 5.0
"""Seconds beyond that, after which the worker is taken for dead."""

_TROUBLES = {
    "invalid": Trouble.INVALID,
    "lock": Trouble.INVALID,
    "unreachable": Trouble.UNREACHABLE,
    "build": Trouble.BUILD,
    "building": Trouble.BUILD,
    "budget": Trouble.BUDGET,
    "cancelled": Trouble.CANCELLED,
}


class Attempt(NamedTuple):
    """Whether a text resolves, and to which versions (by normalised name, sorted)."""

    resolves: bool
    packages: tuple[tuple[str, str], ...] = ()


class PoetryWorker:
    """A `Backend` (`pyproject_ls.resolver.backend`): one worker, one request at a time.

    For the thread of one event loop. `environ` are the variables that it runs with.
    """

    name: ToolName = "poetry"
    limits: tuple[str, ...] = (
        "Plugins in `tool.poetry.requires-plugins` and plugins that add commands are not loaded "
        "for locking.",
    )

    def __init__(self, found: FoundPoetry, environ: Mapping[str, str]) -> None:
        self.version = found.version
        self._found = found
        self._environ = dict(environ)
        self._mask = Mask(environ)
        self._scratch: Path | None = None
        self._child: Child | None = None
        self._command: PoetryCommand | None = None
        self._restarting: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The worker that runs now, None where there is none."""
        return self._child.pid if self._child is not None else None

    @property
    def log(self) -> str:
        """What it has written last to its stderr."""
        return self._child.log if self._child is not None else ""

    async def resolve(self, request: Request, on_step: OnStep) -> Outcome:
        """Resolve; writes nothing into the project. Cancelling the task ends the work."""
        message = {
            "method": "resolve",
            "folder": os.path.abspath(request.folder),
            "text": request.text,
            "lock": request.lock,
            "mode": request.mode,
            "names": request.names,
            "budget": request.budget,
        }
        answer = await self._ask(message, request.budget + EXPLAINING, on_step)
        return answer if isinstance(answer, Failure) else self._outcome(answer)

    async def attempt(
        self, request: Request, texts: Sequence[str], budget: float
    ) -> tuple[Attempt, ...] | Failure:
        """Which of `texts`, in place of that of `request`, resolve within `budget` seconds each.

        To verify remedies; one after the other, and with the lock file of `request`.
        """
        message = {
            "method": "try",
            "folder": os.path.abspath(request.folder),
            "text": "",
            "texts": list(texts),
            "lock": request.lock,
            "mode": request.mode,
            "names": request.names,
            "budget": budget,
        }
        answer = await self._ask(message, (budget + 1.0) * max(1, len(texts)), lambda step: None)
        if isinstance(answer, Failure):
            return answer
        results = answer.get("results")
        if not isinstance(results, list) or len(results) != len(texts):
            return self._failure(answer)
        return tuple(_attempt(each) for each in results)

    async def environment(self, folder: Path) -> Environment | Failure:
        """Where `install` would install."""
        return await self._commands().environment(folder)

    async def install(
        self, folder: Path, options: InstallOptions, on_line: OnLine
    ) -> Environment | Failure:
        """Install what the lock file in `folder` says."""
        return await self._commands().install(folder, options, on_line)

    async def export(self, folder: Path, format: ExportFormat) -> str | Failure:
        """The lock file in `folder` in another format."""
        return await self._commands().export(folder, format)

    async def close(self) -> None:
        """End the worker, and take away what it has written to its temporary folder."""
        restarting, self._restarting = self._restarting, None
        if restarting is not None:
            restarting.cancel()
            await asyncio.gather(restarting, return_exceptions=True)
        child, self._child = self._child, None
        if child is not None:
            await child.close()
        scratch, self._scratch = self._scratch, None
        if scratch is not None:
            await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)
        command, self._command = self._command, None
        if command is not None:
            await command.close()

    def _commands(self) -> PoetryCommand:
        if self._command is None:
            from pyproject_ls.resolver.poetry_cli import PoetryCommand

            self._command = PoetryCommand(self._found, self._environ)
        return self._command

    # The worker

    def _worker(self) -> Child:
        if self._child is None:
            # clones and unpacked archives: a worker that is killed cannot tidy up
            self._scratch = Path(tempfile.mkdtemp(prefix="pyproject-ls-worker-"))
            names = ("TMPDIR", "TEMP", "TMP", "PYPROJECT_LS_SCRATCH")
            scratch = dict.fromkeys(names, str(self._scratch))
            # nothing is written beside our own sources: another Python may not, and need not
            command = (self._found.python, "-I", "-B", WORKER)
            self._child = Child(command, self._scratch, self._environ | scratch)
        elif self._scratch is not None:  # somebody may have tidied up the temporary folder
            self._scratch.mkdir(mode=0o700, exist_ok=True)
        return self._child

    async def _ask(
        self, message: dict[str, Any], limit: float, on_step: OnStep
    ) -> dict[str, Any] | Failure:
        """The result of `message`, or why there is none."""
        at = ""

        def report(progress: dict[str, Any]) -> None:
            nonlocal at
            step = progress.get("step")
            if isinstance(step, dict) and isinstance(step.get("done"), int):
                at = str(step.get("package", ""))
                on_step(Step(step["done"], at))

        try:
            child = self._worker()
        except OSError as error:
            why = (error.strerror or type(error).__name__).lower()
            return Failure(Trouble.BROKEN, f"No temporary folder can be made to lock in: {why}.")
        try:
            answer = await child.call(message, report, limit + PATIENCE)
        except ChildError as error:
            why = self._mask(plain(str(error)))
            return Failure(Trouble.BROKEN, f"Poetry's resolver has failed. {why}", "", child.log)
        except TimeoutError:
            return self._failure({"kind": "budget", "package": at})
        memory = answer.get("memory")
        if isinstance(memory, int) and memory > MOST_MEMORY:
            self._restarting = asyncio.ensure_future(child.restart())
        result = answer["result"]
        return result if isinstance(result, dict) else self._failure({})

    # Its answers

    def _outcome(self, answer: Mapping[str, Any]) -> Outcome:
        with contextlib.suppress(KeyError, TypeError, ValueError):
            if answer["kind"] == "locked":
                return Locked(
                    str(answer["text"]), _packages(answer["packages"]), bool(answer["changed"])
                )
            if answer["kind"] == "conflict":
                return Conflict(
                    tuple(str(name) for name in answer["direct"]),
                    tuple(_reason(each) for each in answer["reasons"]),
                )
        return self._failure(answer)

    def _failure(self, answer: Mapping[str, Any]) -> Failure:
        kind = str(answer.get("kind", ""))
        package = str(answer.get("package", ""))
        details = self._mask(plain(str(answer.get("details", ""))))
        message = self._mask(plain(str(answer.get("message", ""))))
        if kind == "budget":
            where = f"; it was at `{package}`" if package else ""
            message = f"Resolving takes too long and was given up{where}."
        elif kind == "building":
            message = f"Building `{package}` to see what it needs takes too long; it was given up."
        elif kind == "cancelled":
            message = "Resolving was cancelled."
        elif kind == "lock":
            message = f"`poetry.lock` cannot be read; lock again from scratch. ({message})"
        elif kind == "unusable":
            message = f"No file of `{package}` can be used: {message}."
        elif kind not in _TROUBLES:
            message = f"Poetry has failed: {message}" if message else "Poetry has failed."
        return Failure(_TROUBLES.get(kind, Trouble.BROKEN), message, package, details or self.log)


def _packages(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple((str(name), str(version)) for name, version in value)


def _attempt(answer: Mapping[str, Any]) -> Attempt:
    if answer.get("kind") != "locked":
        return Attempt(False)
    return Attempt(True, _packages(answer["packages"]))


def _reason(told: Mapping[str, Any]) -> Reason:
    return Reason(
        ReasonKind(told["kind"]),
        str(told["package"]),
        str(told["versions"]),
        str(told["other"]),
        str(told["constraint"]),
        int(told["count"]),
    )
