"""One queue a project: its jobs run one after the other, and equal ones that wait are one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class JobQueue:
    """The jobs that may write into one project. For the thread of one event loop."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting: dict[Hashable, asyncio.Task[Any]] = {}

    def submit(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T]:
        """Run `work` when all that came before has ended; cancelling the task takes it back.

        While a job with the same `key` waits for its turn, that one is returned, since it will do
        the same on the state of then. One that runs already has seen an older state.
        """
        waiting = self._waiting.get(key)
        if waiting is not None:
            return waiting
        task = asyncio.ensure_future(self._run(key, work))
        self._waiting[key] = task
        # also where it is cancelled before it has begun to run
        task.add_done_callback(lambda done: self._leave(key, done))
        return task

    async def _run(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        async with self._turn:
            self._waiting.pop(key, None)
            return await work()

    def _leave(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        if self._waiting.get(key) is task:
            del self._waiting[key]


class JobQueues:
    """The queue of each project, by its folder."""

    def __init__(self) -> None:
        self._queues: dict[Path, JobQueue] = {}

    def of(self, folder: Path) -> JobQueue:
        """The queue of the project in `folder`."""
        return self._queues.setdefault(folder, JobQueue())
