"""Resolving: the lock file that Poetry would write, or why there is none."""

from __future__ import annotations

import importlib
import os
import tempfile
from pathlib import Path
from typing import Any

from . import blaming, explaining, failures
from .project import open_project, repositories
from .recent import Recent, may_be_kept, question_of
from .runs import OutOfBudget, Run

Answer = dict[str, Any]

recent = Recent()


class Task:
    """What a request asks for; KeyError, TypeError or ValueError for one that is malformed."""

    def __init__(self, request: dict[str, Any]) -> None:
        self.folder = Path(request["folder"])
        self.text = str(request["text"])
        self.lock: str | None = request.get("lock")
        self.mode = str(request.get("mode", "keep"))
        self.names = [str(name) for name in request.get("names", ())]
        if not self.folder.is_absolute():
            raise ValueError("folder")


def resolve(task: Task, run: Run, explain: bool = True) -> Answer:
    """The answer to `task`, for the host: an object with its ``kind``. Raises `Stop`."""
    present = os.getcwd()
    try:
        os.chdir(task.folder)  # where the command would run
        return _resolve(task, run, explain)
    except Exception as error:
        return failures.answer_for(error, run)
    finally:
        os.chdir(present)


def _resolve(task: Task, run: Run, explain: bool) -> Answer:
    poetry, locker = open_project(task.folder, task.text, task.lock)
    unsolvable = importlib.import_module("poetry.puzzle.exceptions").SolverProblemError
    incompatible = getattr(
        importlib.import_module("poetry.puzzle.provider"), "IncompatibleConstraintsError", ()
    )
    question = question_of(
        *(repositories.generation, str(task.folder), task.text, task.lock, task.mode, task.names),
        *(poetry.config.raw(), sorted(os.environ.items())),
    )
    known = recent.get(question)
    if known is not None:
        return known
    try:
        _install_nothing(poetry, locker, task)
    except unsolvable as error:
        refused = failures.refused(run)
        if refused is not None:
            return refused
        if not explain:
            return {"kind": "conflict"}
        return explaining.of_solver(error, poetry, run)
    except incompatible as error:
        return explaining.of_declarations(error, poetry, run) if explain else {"kind": "conflict"}
    except OutOfBudget:
        if run.cancelled.is_set() or run.building or not explain:
            raise
        return blaming.by_dropping(poetry, run)
    packages = sorted((str(each.name), str(each.version)) for each in locker.solved)
    text = task.lock if locker.written is None else locker.written
    answer: Answer = {
        "kind": "locked",
        "text": text or "",
        "packages": packages,
        "changed": locker.written is not None and locker.written != task.lock,
    }
    if may_be_kept(locker.solved):
        recent.keep(question, answer)
    return answer


def _install_nothing(poetry: Any, locker: Any, task: Task) -> None:
    """What ``poetry lock`` and ``poetry update --lock`` do (``poetry/console/commands``)."""
    installer = importlib.import_module("poetry.installation.installer").Installer(
        importlib.import_module("cleo.io.null_io").NullIO(),
        _Nowhere(),
        poetry.package,
        locker,
        poetry.pool,
        poetry.config,
        installed=importlib.import_module("poetry.repositories").Repository("installed"),
        executor=_NoExecutor(),
    )
    if task.mode == "update":
        installer.whitelist(task.names)
        installer.execute_operations(False)
        installer.update(True)
    else:
        installer.lock(update=task.mode == "regenerate")
    installer.run()


class _Nowhere:
    """The environment of the project, of which locking needs a folder for clones only.

    In the command that is inside the virtual environment; here it goes with the worker.
    """

    path = Path(tempfile.gettempdir()) / "environment"


class _NoExecutor:
    """Poetry's `Executor` of what is to be installed: nothing."""

    enabled = True

    def disable(self) -> None:
        self.enabled = False

    def dry_run(self, dry_run: bool = True) -> None:
        """Nothing is run anyway."""

    def verbose(self, verbose: bool = True) -> None:
        """Nothing is said."""
