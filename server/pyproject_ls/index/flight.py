"""Work that several wait for, and work that nobody waits for any longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from typing import Any, TypeVar

T = TypeVar("T")


class Grounded(Exception):
    """The work was ended from outside while somebody waited for it."""


async def within(seconds: float, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`. Raises asyncio.TimeoutError if it is not there after `seconds`.

    When this ends, the work has ended too. (`asyncio.wait_for` does not ask a task that it cancels
    for its exception, and Python then complains that nobody did.)
    """
    task = asyncio.ensure_future(work)
    try:
        await asyncio.wait([task], timeout=seconds)
        if task.done():
            return task.result()
    finally:
        if not task.done():
            task.cancel()
            await asyncio.wait([task])
        if not task.cancelled():
            task.exception()
        # the traceback of its exception leads back here: a circle that would keep whole pages
        del task
    raise asyncio.TimeoutError


class _Run:
    __slots__ = ("callers", "task")

    def __init__(self, task: asyncio.Task[Any]) -> None:
        self.task = task
        self.callers = 0


class SingleFlight:
    """Runs one piece of work a key at a time.

    A caller who is cancelled leaves the others alone; when the last one goes, the work ends too.
    """

    def __init__(self) -> None:
        self._runs: dict[Hashable, _Run] = {}

    async def do(self, key: Hashable, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The result of `work`, or of the work for `key` that is under way already.

        All callers get the same value or exception; Grounded after `close`.
        """
        run = self._runs.get(key)
        if run is None:
            run = self._runs[key] = _Run(asyncio.ensure_future(work()))
            run.task.add_done_callback(lambda task: self._forget(key, task))
        run.callers += 1
        try:
            # waiting does not pass a cancellation on, and does not take one of the work for ours
            await asyncio.wait([run.task])
        finally:
            run.callers -= 1
            if not run.callers and not run.task.done():
                self._forget(key, run.task)
                run.task.cancel()
        if run.task.cancelled():
            raise Grounded
        result: T = run.task.result()
        return result

    async def close(self) -> None:
        """End all work."""
        tasks = [run.task for run in self._runs.values()]
        self._runs.clear()
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def __len__(self) -> int:
        return len(self._runs)

    def _forget(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        """Make room for the next flight; the work itself may still need a moment to end."""
        run = self._runs.get(key)
        if run is not None and run.task is task:
            del self._runs[key]
        if task.done() and not task.cancelled():
            task.exception()  # nobody may be left to hear of it
