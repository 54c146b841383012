"""Jobs: long work that a person asked for, with progress, a way to cancel it, and an outcome.

A command is answered when its job has been accepted. How it ends is told as a message for people
and as the notification `FINISHED` for programs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Hashable
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from pyproject_ls.lsp.logs import where
from pyproject_ls.named import NamedTuple
from pyproject_ls.resolver.jobs import JobQueues
from pyproject_ls.resolver.outcome import Step

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

FINISHED = "pyproject-ls/jobFinished"
"""Our notification ``{"command", "uri", "ok", "message", "changed"}``, once for each command."""

OUTPUT = "pyproject-ls/output"
"""Our notification ``{"uri", "line"}``, for clients that asked for it: a line of a tool."""

PAUSE = 0.2
"""Seconds between two reports of progress."""

logger = logging.getLogger(__name__)


class JobError(Exception):
    """The job has come to nothing, and nothing has changed. The message is for a person."""


class Done(NamedTuple):
    """How a job ended: a sentence for a person, and whether a file or the environment changed."""

    message: str
    changed: bool = False


class Job(NamedTuple):
    """What somebody asked for: the command, the document, what editors show, and for the queue.

    A job that waits does the work of another one with an equal `key`. One without, which changes
    nothing, waits for nobody.
    """

    command: str
    uri: str
    folder: Path
    title: str
    key: Hashable | None


class Report:
    """What a job tells while it runs. For the event loop's thread."""

    def __init__(self, session: Session, job: Job, token: str) -> None:
        self._session = session
        self._job = job
        self._token = token
        self._is_shown = False
        self._last = ""
        self._told = 0.0

    def create(self) -> None:
        """Have the editor show the job, if it can."""
        if self._session.client.shows_progress:
            params = {"token": self._token}
            self._session.ask(types.WINDOW_WORK_DONE_PROGRESS_CREATE, params, self._begin)

    def _begin(self, _: Any) -> None:
        if self._token:
            self._is_shown = True
            self._tell("begin", title=self._job.title, message=self._last, cancellable=True)

    def say(self, message: str) -> None:
        """What is going on now, in a few words."""
        self._last = message
        if self._is_shown:
            self._tell("report", message=message)

    def step(self, step: Step) -> None:
        """How far the resolver has come."""
        now = self._session.loop.time()
        if now - self._told >= PAUSE:
            self._told = now
            self.say(f"{step.done} packages, now {step.package}" if step.package else "resolving")

    def line(self, line: str) -> None:
        """A line of the tool's own output."""
        if self._session.wants_output:
            self._session.tell(OUTPUT, {"uri": self._job.uri, "line": line})
        else:
            logger.info("%s", line)

    def end(self) -> None:
        """Have the editor forget the job."""
        if self._is_shown:
            self._is_shown = False
            self._tell("end")
        self._token = ""

    def _tell(self, kind: str, **values: object) -> None:
        params = {"token": self._token, "value": {"kind": kind, **values}}
        self._session.tell(types.PROGRESS, params)


class Jobs:
    """The jobs of one session. For the event loop's thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._queues = JobQueues()
        self._numbers = count(1)
        self._running: dict[str, asyncio.Task[Done]] = {}

    def start(self, job: Job, work: Callable[[Report], Coroutine[Any, Any, Done]]) -> None:
        """Do `work` when it is its turn. It raises JobError where it comes to nothing."""
        token = f"pyproject-ls/jobs/{next(self._numbers)}"
        report = Report(self._session, job, token)
        if job.key is None:
            task = self._session.loop.create_task(work(report))
        else:
            run = partial(self._run, job, work, report)
            task = self._queues.of(job.folder).submit(job.key, run)
        if task not in self._running.values():
            self._running[token] = task
            report.create()
        task.add_done_callback(partial(self._ended, job, token, report))

    async def _run(
        self, job: Job, work: Callable[[Report], Coroutine[Any, Any, Done]], report: Report
    ) -> Done:
        """Do the work, while lenses say so."""
        self._session.tools.doing(job.uri, job.title[:1].lower() + job.title[1:])
        try:
            return await work(report)
        finally:
            self._session.tools.doing(job.uri, "")

    def refuse(self, command: str, uri: str, message: str, *, is_error: bool = True) -> None:
        """Tell that an accepted command has come to nothing before there was a job."""
        self._tell(Job(command, uri, Path(), "", None), False, message, False, 1 if is_error else 3)

    def cancel(self, token: object) -> None:
        """End the job that the editor shows under `token`."""
        task = self._running.get(token) if isinstance(token, str) else None
        if task is not None:
            task.cancel()

    async def close(self) -> None:
        """End all jobs, and wait until they have cleaned up."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=5)

    def _ended(self, job: Job, token: str, report: Report, task: asyncio.Task[Done]) -> None:
        self._running.pop(token, None)
        report.end()
        if task.cancelled():
            self._tell(job, False, f"{job.title}: cancelled; nothing has changed.", False, 3)
            return
        error = task.exception()
        if error is None:
            done = task.result()
            self._tell(job, True, done.message, done.changed, 3)
        elif isinstance(error, (JobError, JsonRpcException)):
            self._tell(job, False, str(error), False, 1)
        else:
            logger.error("%s failed: %s", job.command, where(error), exc_info=error)
            message = f"{job.title} failed; the log of the language server says where."
            self._tell(job, False, message, False, 1)

    def _tell(self, job: Job, ok: bool, message: str, changed: bool, kind: int) -> None:
        session = self._session
        session.tell(types.WINDOW_SHOW_MESSAGE, {"type": kind, "message": message})
        finished = {"command": job.command, "uri": job.uri, "ok": ok, "message": message}
        session.tell(FINISHED, {**finished, "changed": changed})
