"""A terminal without a screen: a program runs in it, and what it shows can be read."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from tests.editors.install import terminal

Self = TypeVar("Self", bound="Terminal")

ROWS, COLUMNS = 36, 120
TIMEOUT = 30.0
QUIET = 0.15
"""Seconds without output after which a screen is taken for complete."""

CAPTURES = os.environ.get("CAPTURES")
"""A folder to put what the screen shows into, for people to look at."""


class Terminal:
    """A program in a terminal of `ROWS` by `COLUMNS`. Use it in a ``with`` statement."""

    def __init__(self, command: list[str], folder: Path, environment: Mapping[str, str]) -> None:
        sys.path.append(str(terminal()))
        try:
            pyte: Any = import_module("pyte")
        finally:
            sys.path.pop()
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._process, self._file = pty.fork()
        if self._process == 0:
            os.chdir(folder)
            os.execvpe(command[0], command, {**environment, "TERM": "xterm-256color"})
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)
        os.close(self._file)

    @property
    def lines(self) -> list[str]:
        """What is shown now."""
        return [line.rstrip() for line in self._screen.display]

    def __str__(self) -> str:
        """What is shown now, in a frame."""
        edge = "+" + "-" * COLUMNS + "+"
        return "\n".join([edge, *(f"|{line:{COLUMNS}}|" for line in self.lines), edge])

    def press(self, keys: str) -> None:
        """Type `keys`, and wait until the program has nothing more to draw."""
        os.write(self._file, keys.encode())
        self._read(QUIET)

    def type(self, text: str) -> None:
        """Type `text` letter by letter.

        Helix 25.01 tells a server of letters that come at once in any order.
        """
        for letter in text:
            self.press(letter)

    def shows(self, name: str, *texts: str) -> None:
        """Wait until `texts` are shown, and keep the screen under `name`."""
        self.wait_for(*texts)
        if CAPTURES:
            Path(CAPTURES).mkdir(parents=True, exist_ok=True)
            Path(CAPTURES, f"{name}.txt").write_text(f"{self}\n", encoding="utf-8")

    def wait_for(self, *texts: str) -> None:
        """Wait until all `texts` are shown. Raises TimeoutError."""
        self.wait_until(
            lambda: all(any(text in line for line in self.lines) for text in texts), repr(texts)
        )

    def wait_until(self, done: Callable[[], bool], what: str) -> None:
        """Wait until `done`. Raises TimeoutError."""
        end = time.monotonic() + TIMEOUT
        while not done():
            if time.monotonic() > end:
                raise TimeoutError(f"waited in vain for {what}\n{self}")
            self._read(0.05)
        self._read(QUIET)

    def _read(self, quiet: float) -> None:
        """Take what the program writes until it has been silent for so many seconds."""
        while select.select([self._file], [], [], quiet)[0]:
            try:
                self._stream.feed(os.read(self._file, 1 << 16))
            except OSError:  # it has ended
                return
