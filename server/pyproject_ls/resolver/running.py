"""Running a tool: its output line by line, a time limit, and an end of all that it has started.

Each command is the leader of a process group of its own, so that a build that it has started ends
with it. A process that leaves the group (a daemon) is not followed.
"""

from __future__ import annotations

import asyncio
import codecs
import contextlib
import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyproject_ls.named import NamedTuple
from pyproject_ls.resolver.masking import Mask, plain
from pyproject_ls.resolver.outcome import OnLine

MAX_LINE = 2000
"""Characters of a line; the rest of it is left out."""
MAX_LINES = 5000
"""Lines that are kept of each of stdout and stderr: the last ones."""

GRACE = 2.0
"""Seconds between asking a command to end and ending it."""


class Ran(NamedTuple):
    """A command that has ended: its exit status, None where the time was up; what it has written.

    Lines are without line ends, escape sequences and secrets.
    """

    status: int | None
    out: tuple[str, ...]
    err: tuple[str, ...]

    @property
    def is_good(self) -> bool:
        """It has ended by itself and without an error."""
        return self.status == 0

    @property
    def text(self) -> str:
        """All that it has written: stdout, then stderr."""
        return "\n".join((*self.out, *self.err))


async def run(
    command: Sequence[str | Path],
    folder: Path,
    environ: Mapping[str, str],
    *,
    limit: float | None = None,
    on_line: OnLine | None = None,
) -> Ran:
    """Run `command` in `folder` with the variables `environ`, for at most `limit` seconds.

    `on_line` gets each line as it comes, of both streams. Cancelling the task ends the command and
    all that it has started before the task itself ends. Raises OSError if it cannot be started.
    """
    mask = Mask(environ)
    transport, running = await asyncio.get_running_loop().subprocess_exec(
        lambda: _Running(_Lines(mask, on_line), _Lines(mask, on_line)),
        *(os.fspath(each) for each in command),
        cwd=folder,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **_OWN_GROUP,
    )
    status: int | None = None
    try:
        await asyncio.wait_for(running.end(), limit)
        status = transport.get_returncode()
    except (asyncio.TimeoutError, TimeoutError):
        await to_the_end(_end(transport.get_pid(), running))
    except BaseException:
        await to_the_end(_end(transport.get_pid(), running))
        raise
    finally:
        transport.close()
    return Ran(status, tuple(running.out.lines), tuple(running.err.lines))


_OWN_GROUP: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if sys.platform == "win32"
    else {"start_new_session": True}
)


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Await `work` however often this task is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)


async def _end(leader: int, running: _Running) -> None:
    """End the process `leader` and its group; returns when there is none of them."""
    _signal(leader, "TERM")
    await asyncio.wait([running.exited], timeout=GRACE)
    _signal(leader, "KILL")
    await asyncio.wait([running.exited])
    for _ in range(100):
        if not _group_lives(leader):
            break
        await asyncio.sleep(0.01)


class _Running(asyncio.SubprocessProtocol):
    """A command that runs, and its two streams.

    asyncio's own `Process.wait` waits for the pipes as well, which a daemon may hold for ever.
    """

    def __init__(self, out: _Lines, err: _Lines) -> None:
        loop = asyncio.get_running_loop()
        self.out, self.err = out, err
        self.exited: asyncio.Future[None] = loop.create_future()
        self._closed: dict[int, asyncio.Future[None]] = {
            1: loop.create_future(),
            2: loop.create_future(),
        }

    async def end(self) -> None:
        """Wait for its end, and a moment for the end of its output."""
        await asyncio.wait([self.exited])
        await asyncio.wait(self._closed.values(), timeout=GRACE)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Some bytes of a stream have come."""
        (self.out if fd == 1 else self.err).take(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """A stream has ended."""
        if fd in self._closed:
            (self.out if fd == 1 else self.err).finish()
            if not self._closed[fd].done():
                self._closed[fd].set_result(None)

    def process_exited(self) -> None:
        """The process has ended; what it has started may not have."""
        if not self.exited.done():
            self.exited.set_result(None)


if sys.platform == "win32":

    def _signal(leader: int, name: str) -> None:
        # there are no groups that can be ended as one: the tree of processes is
        force = ["/F"] if name == "KILL" else []
        subprocess.run(
            ["taskkill", "/T", *force, "/PID", str(leader)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )

    def _group_lives(leader: int) -> bool:
        return False

else:

    def _signal(leader: int, name: str) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.Signals[f"SIG{name}"])

    def _group_lives(leader: int) -> bool:
        try:
            os.killpg(leader, 0)
        except (ProcessLookupError, PermissionError):
            return False
        return True


class _Lines:
    """The lines of one stream, bounded."""

    def __init__(self, mask: Mask, on_line: OnLine | None) -> None:
        self.lines: deque[str] = deque(maxlen=MAX_LINES)
        self._mask = mask
        self._on_line = on_line
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def take(self, data: bytes) -> None:
        """Take what has come; progress bars are lines that end with a carriage return."""
        text = self._rest + self._decoder.decode(data)
        *whole, rest = text.replace("\r", "\n").split("\n")
        for line in whole:
            self._add(line)
        self._rest = rest[: 4 * MAX_LINE]

    def finish(self) -> None:
        """No more will come."""
        self._add(self._rest + self._decoder.decode(b"", final=True))
        self._rest = ""

    def _add(self, line: str) -> None:
        # cut first: a line may be as long as all that was written
        line = self._mask(plain(line[: 4 * MAX_LINE])).rstrip()[:MAX_LINE]
        if line:
            self.lines.append(line)
            if self._on_line is not None:
                self._on_line(line)
