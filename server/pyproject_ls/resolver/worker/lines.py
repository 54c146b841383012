"""The protocol: one JSON object a line, on descriptors that nobody else can write to or read from.

Build code of source distributions and plugins print, and programs that they start inherit
descriptors 0 and 1. So the real ones are moved away first.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Iterator
from typing import Any


class Channel:
    """The host's end of stdin and stdout. Sending is safe from every thread."""

    def __init__(self) -> None:
        self._in = os.fdopen(_moved(0), "rb")
        self._out = os.fdopen(_moved(1), "wb")
        _redirect(os.open(os.devnull, os.O_RDONLY), 0)
        _redirect(os.dup(2), 1)
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
        sys.stdout = sys.stderr
        self._lock = threading.Lock()

    def send(self, message: dict[str, Any]) -> None:
        """Write one message; the host that is gone is noticed by its stdin."""
        data = json.dumps(message).encode("ascii") + b"\n"
        with self._lock:
            try:
                self._out.write(data)
                self._out.flush()
            except (OSError, ValueError):
                pass

    def messages(self) -> Iterator[dict[str, Any]]:
        """What the host sends, until it closes its end. What is no object is left out."""
        for line in self._in:
            try:
                message = json.loads(line)
            except ValueError:
                continue
            if isinstance(message, dict):
                yield message


def _moved(descriptor: int) -> int:
    """A duplicate of `descriptor` that programs do not inherit."""
    copy = os.dup(descriptor)
    os.set_inheritable(copy, False)
    return copy


def _redirect(source: int, target: int) -> None:
    os.dup2(source, target, inheritable=True)
    os.close(source)
