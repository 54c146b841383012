"""Logging: what happens in the server, in the client's log, at the level that the user chose.

A record becomes one line. Tracebacks are for developers: only the level "trace" shows them.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path

TRACE = 5
"""A level below DEBUG."""

_LEVELS = {
    "off": logging.CRITICAL + 10,
    "error": logging.ERROR,
    "warning": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
    "trace": TRACE,
}
_OWN = "pyproject_ls"


def where(error: BaseException) -> str:
    """An error and where it arose, in one line: ``ValueError: no (in name.py:12)``."""
    text = " ".join(f"{type(error).__name__}: {error}".split())
    if len(text) > 300:
        text = f"{text[:297]}..."
    frames = traceback.extract_tb(error.__traceback__, limit=-1)
    if not frames:
        return text
    return f"{text} (in {Path(frames[0].filename).name}:{frames[0].lineno})"


class ClientLog(logging.Handler):
    """Sends records to a client.

    `send` takes a type of message (LSP 3.17, `MessageType`: 1 error, 2 warning, 3 info, 4 log) and
    a text; it may be called from any thread.
    """

    def __init__(self, send: Callable[[int, str], None]) -> None:
        super().__init__()
        self._send = send
        self._details = False

    def install(self) -> None:
        """Become the one place where records go."""
        root = logging.getLogger()
        root.handlers[:] = [self]
        self.set_level("info")

    def set_level(self, level: str) -> None:
        """Show what is at least as grave as `level`, one of `settings.LOG_LEVELS`."""
        number = _LEVELS[level]
        self._details = number <= TRACE
        self.setLevel(number)
        logging.getLogger(_OWN).setLevel(number)
        logging.getLogger().setLevel(max(number, logging.WARNING))
        # pygls tells of every error that we answer, and of whole messages at INFO
        logging.getLogger("pygls").setLevel(
            logging.WARNING if self._details else logging.CRITICAL + 1
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record."""
        try:
            text = record.getMessage()
            if self._details and record.exc_info and record.exc_info[0] is not None:
                text += "\n" + "".join(traceback.format_exception(*record.exc_info)).rstrip()
            self._send(_message_type(record.levelno), text)
        except Exception:  # there is nowhere left to tell it
            return


def _message_type(level: int) -> int:
    if level >= logging.ERROR:
        return 1
    if level >= logging.WARNING:
        return 2
    return 3 if level >= logging.INFO else 4
