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
from typing import Any, NamedTuple

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
    process = await asyncio.create_subprocess_exec(
        *(os.fspath(each) for each in command),
        cwd=folder,
        env=dict(environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **_OWN_GROUP,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = _Lines(mask, on_line), _Lines(mask, on_line)
    readers = [
        asyncio.ensure_future(lines.read(stream))
        for lines, stream in ((out, process.stdout), (err, process.stderr))
    ]
    try:
        status = await asyncio.wait_for(_status(process, readers), limit)
    except (asyncio.TimeoutError, TimeoutError):
        status = None
        await to_the_end(_end(process, readers))
    except BaseException:
        await to_the_end(_end(process, readers))
        raise
    return Ran(status, tuple(out.lines), tuple(err.lines))


_OWN_GROUP: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if sys.platform == "win32"
    else {"start_new_session": True}
)


async def _status(
    process: asyncio.subprocess.Process, readers: Sequence[asyncio.Future[None]]
) -> int:
    status = await process.wait()
    # something in the background may hold the pipes open for ever
    await asyncio.wait(readers, timeout=GRACE)
    _drop(readers)
    return status


def _drop(readers: Sequence[asyncio.Future[None]]) -> None:
    for reader in readers:
        reader.cancel()


async def to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """Await `work` however often this task is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    while not task.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.shield(task)


async def _end(
    process: asyncio.subprocess.Process, readers: Sequence[asyncio.Future[None]]
) -> None:
    """End the process and its group; returns when there is none of them."""
    _signal(process, "TERM")
    with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
        await asyncio.wait_for(process.wait(), GRACE)
    _signal(process, "KILL")
    await process.wait()
    for _ in range(100):
        if not _group_lives(process.pid):
            break
        await asyncio.sleep(0.01)
    _drop(readers)
    await asyncio.gather(*readers, return_exceptions=True)


if sys.platform == "win32":

    def _signal(process: asyncio.subprocess.Process, name: str) -> None:
        # there are no groups that can be ended as one: the tree of processes is
        force = ["/F"] if name == "KILL" else []
        subprocess.run(
            ["taskkill", "/T", *force, "/PID", str(process.pid)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )

    def _group_lives(leader: int) -> bool:
        return False

else:

    def _signal(process: asyncio.subprocess.Process, name: str) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.Signals[f"SIG{name}"])

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

    async def read(self, stream: asyncio.StreamReader) -> None:
        """Take all that comes; progress bars are lines that end with a carriage return."""
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        rest = ""
        while data := await stream.read(65536):
            *whole, rest = (rest + decoder.decode(data)).replace("\r", "\n").split("\n")
            for line in whole:
                self._take(line)
            rest = rest[: 4 * MAX_LINE]
        self._take(rest)

    def _take(self, line: str) -> None:
        line = self._mask(plain(line)).rstrip()[:MAX_LINE]
        if line:
            self.lines.append(line)
            if self._on_line is not None:
                self._on_line(line)
