"""A child process: started when needed, watched, and gone when it is not wanted any more."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from pyproject_ls.resolver.child import BACK_OFF, Child, ChildError

FAKE = Path(__file__).with_name("fake_worker.py")

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="looks at processes of POSIX")


@contextlib.asynccontextmanager
async def child(folder: Path, start: str = "", **options: Any) -> AsyncIterator[Child]:
    """A child that does what it is told."""
    it = Child([sys.executable, FAKE, start], folder, dict(os.environ), **options)
    try:
        yield it
    finally:
        await it.close()


async def ask(it: Child, what: str, limit: float = 30.0, **more: Any) -> Any:
    answer = await it.call({"method": "do", "what": what, **more}, lambda step: None, limit)
    return answer["result"]


def group(leader: int) -> list[int]:
    """The processes of the group that still run."""
    found = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if entry.name.isdigit() and int(fields[2]) == leader and fields[0] != "Z":
                found.append(int(entry.name))
    return found


async def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it does not come true"
        await asyncio.sleep(0.01)


def test_it_starts_when_it_is_needed_and_stays(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path) as it:
            assert it.pid is None
            assert await ask(it, "echo", value="\u2028 ü") == "\u2028 ü"
            pid = it.pid
            assert pid is not None
            assert it.greeting == {"ready": True, "version": "1"}
            assert [await ask(it, "echo", value=n) for n in range(3)] == [0, 1, 2]
            assert it.pid == pid
        assert group(pid) == []

    asyncio.run(run())


def test_progress_comes_before_the_result(tmp_path: Path) -> None:
    async def run() -> None:
        seen: list[Any] = []
        async with child(tmp_path) as it:
            await it.call({"method": "do", "what": "step"}, seen.append, 30)
        assert [each["step"]["done"] for each in seen] == [0, 1, 2]

    asyncio.run(run())


def test_garbage_and_answers_to_others_are_left_out(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path) as it:
            assert await ask(it, "garbage") == "mine"

    asyncio.run(run())


def test_the_log_is_bounded_and_masked(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path) as it:
            await ask(it, "talk")
            await until(lambda: it.log.endswith("the last line"))
            assert len(it.log) < 500_000

    asyncio.run(run())


def test_a_line_that_is_too_long_is_refused(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path, max_line=100_000) as it:
            with pytest.raises(ChildError, match="too long"):
                await ask(it, "flood", bytes=1_000_000)
            assert it.pid is None
            assert await ask(it, "echo", value=1) == 1

    asyncio.run(run())


def test_death_is_told_and_the_next_call_works(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path) as it:
            with pytest.raises(ChildError, match="status 7"):
                await ask(it, "die")
            assert await ask(it, "echo", value=1) == 1

    asyncio.run(run())


def test_a_kill_from_outside_is_told(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path) as it:
            seen: list[Any] = []
            call = asyncio.ensure_future(it.call({"method": "do", "what": "hang"}, seen.append, 60))
            await until(lambda: bool(seen))
            pid = it.pid
            assert pid is not None
            os.kill(pid, 9)
            with pytest.raises(ChildError, match="SIGKILL"):
                await call
            await until(lambda: group(pid) == [])
            assert await ask(it, "echo", value=1) == 1

    asyncio.run(run())


def test_one_that_dies_at_once_is_not_started_for_ever(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path, "dies", back_off=(0.0, 0.0, 0.2, 60.0)) as it:
            for _ in range(2):
                with pytest.raises(ChildError, match="status 3"):
                    await ask(it, "echo")
            assert "I am dying" in it.log
            # with 0.2 s to wait, where at most back_off[1] is waited for
            with pytest.raises(ChildError, match="2 times in a row"):
                await ask(it, "echo")

    asyncio.run(run())
    assert BACK_OFF == (0.0, 1.0, 5.0, 30.0)


def test_one_that_says_why_it_cannot_start(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path, "refuses") as it:
            with pytest.raises(ChildError, match="half upgraded"):
                await ask(it, "echo")

    asyncio.run(run())


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    async def run() -> None:
        it = Child([tmp_path / "nowhere"], tmp_path, {})
        with pytest.raises(ChildError, match="cannot be started: No such file"):
            await ask(it, "echo")
        await it.close()

    asyncio.run(run())


def test_cancelling_asks_first(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path) as it:
            seen: list[Any] = []
            call = asyncio.ensure_future(it.call({"method": "do", "what": "wait"}, seen.append, 60))
            await until(lambda: bool(seen))
            pid = it.pid
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            assert await ask(it, "echo", value=1) == 1
            assert it.pid == pid, "it has answered, so it stays"

    asyncio.run(run())


@pytest.mark.parametrize("how", ["cancel", "limit", "close"])
def test_one_that_does_not_listen_is_killed_with_all_that_it_started(
    tmp_path: Path, how: str
) -> None:
    async def run() -> None:
        async with child(tmp_path) as it:
            seen: list[Any] = []
            limit = 0.5 if how == "limit" else 60
            call = asyncio.ensure_future(
                it.call({"method": "do", "what": "hang"}, seen.append, limit)
            )
            await until(lambda: bool(seen) or call.done())
            pid = it.pid
            if how == "cancel":
                call.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await call
            elif how == "close":
                await it.close()
                with pytest.raises(ChildError):
                    await call
            else:
                with pytest.raises(TimeoutError):
                    await call
            if pid is not None:
                await until(lambda: group(pid) == [])
            if how != "close":
                assert await ask(it, "echo", value=1) == 1

    asyncio.run(run())


def test_after_closing_nothing_is_started(tmp_path: Path) -> None:
    async def run() -> None:
        async with child(tmp_path) as it:
            await ask(it, "echo")
            await it.close()
            with pytest.raises(ChildError):
                await ask(it, "echo")
            assert it.pid is None

    asyncio.run(run())
