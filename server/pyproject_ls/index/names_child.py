"""Processes that fetch names (`names_worker`), seen from the server that starts them."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyproject_ls

SECONDS = 120.0
"""Time limit of a process."""

_GIVEN_UP = SECONDS + 60
"""A lock that is older than this (seconds) was left by somebody who is gone."""

_MODULE = "pyproject_ls.index.names_worker"


class ChildError(Exception):
    """A process could not do its work; the message goes on where "the server" begins."""


class Children:
    """The processes of one server."""

    def __init__(self) -> None:
        self._running: set[tuple[asyncio.AbstractEventLoop, Process]] = set()

    async def ask(self, request: dict[str, Any], folder: Path) -> bool:
        """Let a process answer `request`, working in `folder`; whether there is something new.

        Raises ChildError, and OSError if no process can be started.
        """
        process = await asyncio.create_subprocess_exec(
            *_command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env=_environment(),
            creationflags=_flags(),
        )
        running = (asyncio.get_running_loop(), process)
        self._running.add(running)
        try:
            return await asyncio.wait_for(_answer(process, request), SECONDS)
        except asyncio.TimeoutError:
            raise ChildError("takes too long") from None
        finally:
            self._running.discard(running)
            await _end(process)

    def close(self) -> None:
        """End all processes; from any thread."""
        for loop, process in tuple(self._running):
            with contextlib.suppress(RuntimeError):  # the loop is closed: so is their input
                loop.call_soon_threadsafe(_kill, process)


@contextlib.contextmanager
def lock(path: Path) -> Iterator[bool]:
    """Whether this process may do what the file `path` stands for, which others may do as well.

    Locks of processes that have ended do not count. Raises OSError if there is no place for one.
    """
    if _is_abandoned(path):
        with contextlib.suppress(OSError):
            path.unlink()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        yield False
        return
    with open(descriptor, "w", encoding="ascii") as file:
        file.write(str(os.getpid()))
    try:
        yield True
    finally:
        with contextlib.suppress(OSError):
            path.unlink()


def _is_abandoned(path: Path) -> bool:
    try:
        if abs(time.time() - path.stat().st_mtime) > _GIVEN_UP:
            return True
        owner = int(path.read_text("ascii"))
        if os.name == "posix" and owner > 0:  # elsewhere the question would end the process
            os.kill(owner, 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError, OverflowError):
        return False  # there is none, it is being written, or the process is another user's
    return False


async def _answer(process: Process, request: dict[str, Any]) -> bool:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{json.dumps(request)}\n".encode())
    with contextlib.suppress(ConnectionError):
        await process.stdin.drain()
    try:
        answer = json.loads(await process.stdout.readline())
    except ValueError:
        raise ChildError("could not be asked: the process for that broke down") from None
    if "error" in answer:
        raise ChildError(str(answer["error"]))
    return bool(answer["is_new"])


async def _end(process: Process) -> None:
    _kill(process)
    await process.wait()
    if process.stdin is not None:
        process.stdin.close()


def _kill(process: Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if os.name == "posix":
            # `Process.kill` may collect the exit status before asyncio, which then warns of it
            os.kill(process.pid, signal.SIGKILL)
        else:
            process.kill()


def _command() -> list[str]:
    """Nothing is imported from the folder in which the process works, nor from a project."""
    safe = ["-P"] if sys.version_info >= (3, 11) else []
    return [sys.executable, *safe, *_compiled_files(), "-m", _MODULE]


def _compiled_files() -> list[str]:
    """Where this process keeps what it compiles, if it may: the other one does the same."""
    if sys.pycache_prefix is not None:
        return ["-X", f"pycache_prefix={sys.pycache_prefix}"]
    return ["-B"] if sys.dont_write_bytecode else []


def _environment() -> dict[str, str]:
    """Ours, with a path on which the process finds this package and the libraries that it uses.

    They may be in the bundle of an editor's extension, of which a new Python knows nothing.
    """
    folders = [Path(pyproject_ls.__file__).resolve().parents[1]]
    library = importlib.util.find_spec("httpx")
    if library is not None and library.origin is not None:
        folders.append(Path(library.origin).resolve().parents[1])
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, dict.fromkeys(folders)))}


def _flags() -> int:
    """On Windows: no window, and below the priority of what people work with."""
    if sys.platform != "win32":
        return 0
    return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
