"""The queue of a project: one job after the other, equal ones that wait are one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from pyproject_ls.resolver.jobs import JobQueue, JobQueues


class Recorder:
    """Jobs that note when they begin and end, and end when they are let."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    def job(self, name: str) -> Callable[[], Coroutine[Any, Any, str]]:
        """A job with this name."""
        gate = self.gates[name] = asyncio.Event()

        async def work() -> str:
            self.events.append(f"{name} begins")
            try:
                await gate.wait()
            finally:
                self.events.append(f"{name} ends")
            return name

        return work

    def open(self) -> None:
        """Let all of them end."""
        for gate in self.gates.values():
            gate.set()


def test_jobs_run_one_after_the_other() -> None:
    async def run() -> None:
        recorder, queue = Recorder(), JobQueue()
        tasks = [queue.submit(name, recorder.job(name)) for name in "abc"]
        recorder.open()
        assert await asyncio.gather(*tasks) == ["a", "b", "c"]
        assert recorder.events == [
            f"{name} {what}" for name in "abc" for what in ("begins", "ends")
        ]

    asyncio.run(run())


def test_equal_jobs_that_wait_are_one_and_the_running_one_is_another() -> None:
    async def run() -> None:
        recorder, queue = Recorder(), JobQueue()
        first = queue.submit("lock", recorder.job("first"))
        while not recorder.events:
            await asyncio.sleep(0)
        second = queue.submit("lock", recorder.job("second"))
        third = queue.submit("lock", recorder.job("third"))
        assert third is second is not first
        recorder.open()
        assert [await first, await second] == ["first", "second"]

    asyncio.run(run())


@pytest.mark.parametrize("victim", [0, 1])
def test_a_cancelled_job_lets_the_next_one_go_on(victim: int) -> None:
    async def run() -> None:
        recorder, queue = Recorder(), JobQueue()
        tasks = [queue.submit(name, recorder.job(name)) for name in "abc"]
        await asyncio.sleep(0)
        tasks[victim].cancel()
        recorder.open()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        assert isinstance(results[victim], asyncio.CancelledError)
        assert [each for each in results if isinstance(each, str)] == [
            name for at, name in enumerate("abc") if at != victim
        ]
        # what was taken back is not waited for any more
        again = queue.submit("abc"[victim], recorder.job("again"))
        recorder.open()
        assert await again == "again"

    asyncio.run(run())


def test_a_job_that_fails_does_not_stop_the_queue() -> None:
    async def fail() -> None:
        raise ValueError("no")

    async def run() -> None:
        recorder, queue = Recorder(), JobQueue()
        failing = queue.submit("fail", fail)
        other = queue.submit("a", recorder.job("a"))
        recorder.open()
        assert await other == "a"
        with pytest.raises(ValueError, match="no"):
            await failing

    asyncio.run(run())


def test_projects_do_not_wait_for_each_other(tmp_path: Path) -> None:
    async def run() -> None:
        recorder, queues = Recorder(), JobQueues()
        one = queues.of(tmp_path / "one").submit("lock", recorder.job("one"))
        other = queues.of(tmp_path / "other").submit("lock", recorder.job("other"))
        recorder.gates["other"].set()
        assert await other == "other"
        recorder.open()
        assert await one == "one"
        assert queues.of(tmp_path / "one") is queues.of(tmp_path / "one")

    asyncio.run(run())
