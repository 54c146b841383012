"""The worker: requests in, answers out, one after the other.

Requests: ``{"id", "method": "resolve", "folder", "text", "lock", "mode", "names", "budget"}``;
``"try"`` with ``texts`` in place of ``text`` and a budget for each; ``{"method": "cancel", "id"}``.
Answers: ``{"ready", ..}`` once, ``{"id", "step": {"done", "package"}}``, and at the end
``{"id", "result": {"kind", ..}, "memory"}`` with the resident memory in bytes.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import logging
import os
import queue
import shutil
import sys
import tempfile
import threading
import time
from typing import Any

from .lines import Channel
from .memory import resident

WATCH = 0.25
"""Seconds between two reports of progress, and two looks at the deadline and at the host."""

GRACE = 0.5
"""Seconds after the deadline in which the solver should have noticed by itself."""

COLLECT_AFTER = 100_000
"""New objects before Python looks for garbage: a resolve makes many, and nearly all live."""

QUIET = 0.1
"""Seconds without a request after which there is time to tidy up."""

SCRATCH_VARIABLE = "PYPROJECT_LS_SCRATCH"
"""An environment variable: the host's folder for temporary files, which goes with the worker."""

Message = dict[str, Any]


def main() -> int:
    """Answer until the host closes stdin."""
    channel = Channel()
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    os.chdir(tempfile.gettempdir())  # no folder of a project is held
    started = time.monotonic()
    try:
        ready = _prepare()
    except Exception as error:
        channel.send({"ready": False, "message": f"{type(error).__name__}: {error}"})
        return 1
    worker = Worker(channel)
    channel.send({"ready": True, "version": ready, "seconds": time.monotonic() - started})
    worker.answer_all()
    return 0


def _prepare() -> str:
    """Import Poetry and put the hooks in place; Poetry's version."""
    from . import hooks, project, shortcuts

    for name in ("poetry.factory", "poetry.installation.installer", "poetry.puzzle.solver"):
        importlib.import_module(name)
    hooks.install()
    shortcuts.install()
    project.read_texts_from_memory()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 100)
    version: str = importlib.import_module("poetry.__version__").__version__
    return version


class Worker:
    """The main thread solves; one thread reads, another looks at deadlines and at the host."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._requests: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        self._cancelled: dict[Any, threading.Event] = {}
        self._parent = os.getppid()
        threading.Thread(target=self._read, daemon=True).start()
        threading.Thread(target=self._watch, daemon=True).start()

    def answer_all(self) -> None:
        """Until the host is gone."""
        while True:
            message = self._next()
            if message is None:
                return
            number = message.get("id")
            result = self._answer(message, self._cancelled[number])
            self._cancelled.pop(number, None)
            self._channel.send({"id": number, "result": result, "memory": resident()})

    def _next(self) -> Message | None:
        """The next request; until it comes, what makes its answer come sooner is done."""
        from .project import prepare

        with contextlib.suppress(queue.Empty):
            return self._requests.get(timeout=QUIET)
        while self._requests.empty() and prepare():
            pass
        if self._requests.empty():
            gc.collect()
        return self._requests.get()

    # The two threads

    def _read(self) -> None:
        for message in self._channel.messages():
            number = message.get("id")
            if not isinstance(number, int):
                continue
            if message.get("method") == "cancel":
                event = self._cancelled.get(number)
                if event is not None:
                    event.set()
            else:
                self._cancelled[number] = threading.Event()
                self._requests.put(message)
        self._leave()

    def _watch(self) -> None:
        from .hooks import end_children
        from .runs import current

        while True:
            time.sleep(WATCH)
            if os.name == "posix" and os.getppid() != self._parent:
                self._leave()
            run = current()
            if run is None:
                continue
            run.tell()
            if run.cancelled.is_set() or run.left < -GRACE:
                end_children()  # what waits for a build goes on, and notices

    def _leave(self) -> None:
        """The host is gone: nobody needs anything any more."""
        from .hooks import end_children

        end_children()
        scratch = os.environ.get(SCRATCH_VARIABLE)
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)  # a host that was killed cannot
        os._exit(0)

    # The work

    def _answer(self, message: Message, cancelled: threading.Event) -> Message:
        from . import failures
        from .runs import Cancelled, OutOfBudget, Run, Unreachable, running

        def report(done: int, package: str) -> None:
            step = {"done": done, "package": package}
            self._channel.send({"id": message.get("id"), "step": step})

        try:
            run = Run(float(message.get("budget", 60.0)), cancelled, report)
            with running(run):
                return self._do(message, run)
        except Cancelled:
            return {"kind": "cancelled"}
        except OutOfBudget:
            if run.building:
                return {"kind": "building", "package": run.building}
            return {"kind": "budget", "package": run.package}
        except Unreachable as error:
            return failures.stopped(error)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return {"kind": "error", "message": f"malformed request: {error!r}"}
        except (Exception, SystemExit) as error:
            return {"kind": "error", "message": f"{type(error).__name__}: {error}"}

    def _do(self, message: Message, run: Any) -> Message:
        from . import solving
        from .runs import OutOfBudget

        if message.get("method") == "resolve":
            return solving.resolve(solving.Task(message), run)
        if message.get("method") != "try":
            return {"kind": "error", "message": "unknown method"}
        found: list[Message] = []
        for text in message["texts"]:
            task = solving.Task({**message, "text": text})
            try:
                with run.limited(float(message.get("budget", 5.0))):
                    found.append(solving.resolve(task, run, explain=False))
            except OutOfBudget:
                found.append({"kind": "budget"})
        return {"kind": "tried", "results": found}
