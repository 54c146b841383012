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

LONGEST = 0.1
"""Seconds after which an answer is not waited for any more; most take a few milliseconds."""

_counting = threading.Lock()
_served = threading.Event()
_served.set()
_waiting = 0


def somebody_waits() -> None:
    """A message has come, or what one waited for: somebody may wait for what we make of it."""
    global _waiting  # there is one of it in a process
    with _counting:
        _waiting += 1
        _served.clear()


def somebody_is_served() -> None:
    """One of those for whom `somebody_waits` was called waits no more, or for something else."""
    global _waiting
    with _counting:
        _waiting = max(_waiting - 1, 0)
        if not _waiting:
            _served.set()


def give_way() -> None:
    """Wait while somebody waits for an answer. Not for the thread that makes the answers."""
    if not _served.wait(LONGEST):
        _served.set()


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
