"""People first: threads that compute in the background stand still while an answer is being made.

Python's threads take turns by a lock that knows no priorities: a page that is read beside a
keystroke makes it take twice as long. So whoever reads pages calls `give_way` often. There is one
lock in a process, and so there is one of this.
"""

from __future__ import annotations

import asyncio
import selectors
import sys
import threading

LONGEST = 0.02
"""Seconds after which an answer is not waited for any more; most take a few milliseconds."""

_nobody_waits = threading.Event()
_nobody_waits.set()


def somebody_waits() -> None:
    """A message has come: somebody may be waiting for what we make of it."""
    _nobody_waits.clear()


def nobody_waits() -> None:
    """The answer has been given."""
    _nobody_waits.set()


def give_way() -> None:
    """Wait while somebody waits for an answer. Not for the thread that makes the answers."""
    if not _nobody_waits.wait(LONGEST):
        _nobody_waits.set()


def new_event_loop() -> asyncio.AbstractEventLoop:
    """An event loop for the background, which gives way before each of its rounds.

    On Windows it is an ordinary one: loops that can start processes have no selector there.
    """
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    return asyncio.SelectorEventLoop(_GivingWay())


class _GivingWay(selectors.DefaultSelector):
    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(timeout)
        give_way()
        return ready
