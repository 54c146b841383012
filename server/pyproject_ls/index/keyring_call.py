"""Asking the keyring: a program of its own, with a time limit.

A keyring may load any plug-in, open a dialogue or hang; none of it happens in this process.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from importlib.util import find_spec

from pyproject_ls.index.config_folders import Machine
from pyproject_ls.index.login import Login
from pyproject_ls.named import NamedTuple

LIMIT = 5.0
"""Seconds for all questions of one 401 together."""

_BAD_USAGE = 2
"""How a keyring ends that does not know an option."""


class Entry(NamedTuple):
    """What is looked up: a service, and a user name if it is known."""

    service: str
    username: str = ""


def keyring_command(machine: Machine) -> tuple[str, ...]:
    """The program that knows the keyring: ``keyring`` on the path, else our own interpreter's.

    () where there is none. Only absolute folders of the path count: the current one may be a
    project's.
    """
    name = "keyring.exe" if machine.platform == "win32" else "keyring"
    for folder in machine.environ.get("PATH", "").split(os.pathsep):
        program = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(program) and os.access(program, os.X_OK):
            return (program,)
    if find_spec("keyring") is not None:
        return sys.executable, "-I", "-m", "keyring"
    return ()


async def ask_keyring(
    command: Sequence[str], entries: Sequence[Entry], limit: float = LIMIT
) -> tuple[Entry, Login] | None:
    """The first of `entries` that the keyring has, with what it has; None if it has none.

    After `limit` seconds the program is killed and the answer is None.
    """
    if not command:
        return None
    return await asyncio.to_thread(_ask, tuple(command), tuple(entries), limit)


def _ask(
    command: tuple[str, ...], entries: tuple[Entry, ...], limit: float
) -> tuple[Entry, Login] | None:
    end = time.monotonic() + limit
    for entry in entries:
        if entry.service.startswith("-") or entry.username.startswith("-"):
            continue  # it would be read as an option
        login = _credential(command, entry, end)
        if login is not None:
            return entry, login
    return None


def _credential(command: tuple[str, ...], entry: Entry, end: float) -> Login | None:
    words = [word for word in entry if word]
    status, output = _run([*command, "--mode", "creds", "--output", "json", "get", *words], end)
    if status == 0:
        with suppress(ValueError, TypeError, KeyError):
            found = json.loads(output)
            return Login(str(found["username"] or entry.username), str(found["password"]))
    if status == _BAD_USAGE and entry.username:  # a keyring before 25.2
        status, output = _run([*command, "get", *words], end)
        password = output.rstrip("\r\n")
        if status == 0 and password:
            return Login(entry.username, password)
    return None


def _run(command: list[str], end: float) -> tuple[int, str]:
    """Exit status and output of a program that is killed at the time `end`; -1 if it was."""
    left = end - time.monotonic()
    if left <= 0:
        return -1, ""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=os.path.dirname(command[0]) or None,
            start_new_session=sys.platform != "win32",
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, ValueError):
        return -1, ""
    try:
        output, _ = process.communicate(timeout=left)
        return process.returncode, output.decode("utf-8", "replace")
    except subprocess.TimeoutExpired:
        _kill(process)
        return -1, ""


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End `process` and what it started, which may hold its output open."""
    if sys.platform != "win32":
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    if process.stdout is not None:
        process.stdout.close()
