"""Work in the background, in threads that never keep the process alive.

The pools of `concurrent.futures` are joined when Python ends; a server that has been told to exit
must not wait for the analysis of a huge file.
"""

from __future__ import annotations

import threading
from asyncio import wrap_future
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def in_thread(work: Callable[[], T]) -> Future[T]:
    """Start `work` in a daemon thread: its result or its error, later."""
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()  # from here on it cannot be cancelled

    def run() -> None:
        try:
            result = work()
        except BaseException as error:  # whatever it is, it belongs to the caller
            future.set_exception(error)
        else:
            future.set_result(result)

    threading.Thread(target=run, name="worker", daemon=True).start()
    return future


async def in_background(work: Callable[[], T]) -> T:
    """The result of `work`, which a daemon thread does."""
    return await wrap_future(in_thread(work))
