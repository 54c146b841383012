"""A child process that speaks JSON lines, kept alive: started when needed, ended with its host.

It is the leader of a process group of its own, so that the programs that it has started end with
it. What it writes to stderr is kept for the log, the last lines of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyproject_ls.resolver.masking import Mask, plain
from pyproject_ls.resolver.process_group import OWN_GROUP, kill_all
from pyproject_ls.resolver.running import to_the_end

BACK_OFF = (0.0, 1.0, 5.0, 30.0)
"""Seconds before the next start, after so many deaths in a row."""

MAX_LINE = 64 * 2**20
"""Bytes of a line; a longer one is refused, and the child with it."""

MAX_LOG = 200
"""Lines of stderr that are kept, of `MAX_LOG_LINE` bytes each."""
MAX_LOG_LINE = 2000

START = 60.0
"""Seconds for the first line: the child imports much, perhaps from a cold disk."""

CANCEL = 2.0
"""Seconds between asking for the end of a request and ending the child."""

CLOSE = 1.5
"""Seconds between closing stdin and ending the child."""

LAST_WORDS = 0.5
"""Seconds for reading what a child has sent before it died."""

Message = dict[str, Any]
OnMessage = Callable[[Message], None]


class ChildError(Exception):
    """There is no answer: the child has died, or cannot be started. The message says why."""


class Child:
    """One child process and its successors. For the thread of one event loop; one call at a time.

    `command` is run in `folder` with the variables `environ`. Its first line is an object with
    ``ready`` (and ``message`` where that is false). A call is ``{"id", ..}``; what comes back with
    the same ``id`` is progress, up to the line with ``result``. ``{"method": "cancel", "id"}`` asks
    for an early end. The child ends when its stdin does.
    """

    def __init__(
        self,
        command: Sequence[str | Path],
        folder: Path,
        environ: Mapping[str, str],
        *,
        back_off: Sequence[float] = BACK_OFF,
        max_line: int = MAX_LINE,
    ) -> None:
        self.command = [os.fspath(part) for part in command]
        self.greeting: Message = {}
        """The first line of the present child."""
        self._folder = folder
        self._environ = dict(environ)
        self._back_off = back_off
        self._max_line = max_line
        self._mask = Mask(environ)
        self._process: asyncio.subprocess.Process | None = None
        self._log: deque[str] = deque(maxlen=MAX_LOG)
        self._drain: asyncio.Task[None] | None = None
        self._turn = asyncio.Lock()
        self._number = 0
        self._deaths = 0
        self._died = 0.0
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The process that runs now, None where there is none."""
        process = self._process
        return process.pid if process is not None and process.returncode is None else None

    @property
    def log(self) -> str:
        """The last lines that it has written to stderr, without secrets and escape sequences."""
        return "\n".join(self._log)

    async def call(self, request: Message, on_message: OnMessage, limit: float) -> Message:
        """The last line of the answer to `request`, for which there are `limit` seconds.

        `on_message` gets the lines before it. Raises ChildError, and TimeoutError where the time
        was up (the child is ended). Cancelling ends the request, with the child if need be.
        """
        async with self._turn:
            process = await self._running()
            self._number += 1
            number = self._number
            try:
                await self._send(process, {**request, "id": number})
                answer = await asyncio.wait_for(
                    self._while_it_lives(process, self._answer(process, number, on_message)), limit
                )
            except (asyncio.TimeoutError, TimeoutError):
                await to_the_end(self._end(process))
                raise TimeoutError from None
            except asyncio.CancelledError:
                await to_the_end(self._take_back(process, number))
                raise
            except ChildError:
                await to_the_end(self._end(process))
                self._deaths += 1
                self._died = time.monotonic()
                raise
            self._deaths = 0
            return answer

    async def restart(self) -> None:
        """End the present child, if no call needs it; the next call starts another one."""
        async with self._turn:
            if self._process is not None:
                await to_the_end(self._end(self._process))

    async def close(self) -> None:
        """End it for good, in less than two seconds."""
        self._closed = True
        process = self._process
        if process is not None:
            await to_the_end(self._end(process, CLOSE))

    # Starting and ending

    async def _running(self) -> asyncio.subprocess.Process:
        if self._closed:
            raise ChildError("It has been ended.")
        if self._process is not None and self._process.returncode is None:
            return self._process
        wait = self._back_off[min(self._deaths, len(self._back_off) - 1)] if self._deaths else 0.0
        left = self._died + wait - time.monotonic()
        if self._deaths and left > 0:
            if left > self._back_off[min(1, len(self._back_off) - 1)]:
                raise ChildError(
                    f"It has died {self._deaths} times in a row and is started again in"
                    f" {left:.0f} seconds."
                )
            await asyncio.sleep(left)
        try:
            return await self._start()
        except ChildError:
            self._deaths += 1
            self._died = time.monotonic()
            raise

    async def _start(self) -> asyncio.subprocess.Process:
        self._log.clear()
        self.greeting = {}
        try:
            process = await asyncio.create_subprocess_exec(
                *self.command,
                cwd=self._folder,
                env=self._environ,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                limit=self._max_line,
                **OWN_GROUP,
            )
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ChildError(f"`{self.command[0]}` cannot be started: {why}.") from error
        self._process = process
        self._drain = asyncio.ensure_future(self._keep_log(process))
        try:
            greeting = await asyncio.wait_for(
                self._while_it_lives(process, self._message(process)), START
            )
        except (asyncio.TimeoutError, TimeoutError):
            await to_the_end(self._end(process))
            raise ChildError(f"It was not ready after {START:.0f} seconds.") from None
        except BaseException:
            await to_the_end(self._end(process))
            raise
        if greeting.get("ready") is not True:
            await to_the_end(self._end(process))
            raise ChildError(str(greeting.get("message", "It did not say that it is ready.")))
        self.greeting = greeting
        return process

    async def _end(self, process: asyncio.subprocess.Process, patience: float = 0.0) -> None:
        """End `process` and all that it has started; nothing of it runs afterwards."""
        if self._process is process:
            self._process = None
        if process.stdin is not None:
            process.stdin.close()
        if patience:
            with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
                await asyncio.wait_for(_left(process), patience)
        kill_all(process.pid)
        with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
            await asyncio.wait_for(_left(process), CANCEL)
        # what has left the group may hold the pipes open; there is no public way to close them
        transport = getattr(process, "_transport", None)
        if transport is not None:
            transport.close()
        if self._drain is not None:
            self._drain.cancel()
            await asyncio.gather(self._drain, return_exceptions=True)
            self._drain = None

    # Talking

    async def _take_back(self, process: asyncio.subprocess.Process, number: int) -> None:
        try:
            await self._send(process, {"method": "cancel", "id": number})
            await asyncio.wait_for(self._answer(process, number, lambda _: None), CANCEL)
        except (ChildError, asyncio.TimeoutError, TimeoutError):
            await self._end(process)

    async def _send(self, process: asyncio.subprocess.Process, message: Message) -> None:
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(message).encode("ascii") + b"\n")
            await process.stdin.drain()
        except (OSError, RuntimeError) as error:
            raise ChildError(await self._obituary(process)) from error

    async def _while_it_lives(
        self, process: asyncio.subprocess.Process, work: Coroutine[Any, Any, Message]
    ) -> Message:
        """What `work` gives; ends with the process, whose pipes others may hold open."""
        answer = asyncio.ensure_future(work)
        death = asyncio.ensure_future(_left(process))
        try:
            await asyncio.wait({answer, death}, return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                await asyncio.wait({answer}, timeout=LAST_WORDS)
            if not answer.done():
                raise ChildError(await self._obituary(process))
            return answer.result()
        finally:
            answer.cancel()
            death.cancel()
            await asyncio.gather(answer, death, return_exceptions=True)

    async def _answer(
        self, process: asyncio.subprocess.Process, number: int, on_message: OnMessage
    ) -> Message:
        while True:
            message = await self._message(process)
            if message.get("id") != number:
                continue
            if "result" in message:
                return message
            on_message(message)

    async def _message(self, process: asyncio.subprocess.Process) -> Message:
        """The next line that is an object; other lines are left out."""
        assert process.stdout is not None
        while True:
            try:
                line = await process.stdout.readuntil(b"\n")
            except asyncio.LimitOverrunError as error:
                raise ChildError("It has sent a line that is too long.") from error
            except (asyncio.IncompleteReadError, OSError) as error:
                raise ChildError(await self._obituary(process)) from error
            with contextlib.suppress(ValueError, RecursionError):
                message = json.loads(line)
                if isinstance(message, dict):
                    return message

    async def _obituary(self, process: asyncio.subprocess.Process) -> str:
        with contextlib.suppress(asyncio.TimeoutError, TimeoutError):
            await asyncio.wait_for(_left(process), CANCEL)
        status = process.returncode
        if status is None:
            return "It has stopped answering."
        if status < 0:
            with contextlib.suppress(ValueError):
                return f"It was killed by {signal.Signals(-status).name}."
        return f"It has ended with status {status}."

    async def _keep_log(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        rest = b""
        while data := await process.stderr.read(65536):
            *lines, rest = (rest + data).split(b"\n")
            rest = rest[:MAX_LOG_LINE]
            for line in lines:
                self._note(line)
        self._note(rest)

    def _note(self, line: bytes) -> None:
        text = plain(line[:MAX_LOG_LINE].decode("utf-8", "replace")).rstrip()
        if text:
            self._log.append(self._mask(text))


async def _left(process: asyncio.subprocess.Process) -> None:
    """Wait for the end of `process` itself; its pipes may be held open by what it has started."""
    while process.returncode is None:
        await asyncio.sleep(0.02)
