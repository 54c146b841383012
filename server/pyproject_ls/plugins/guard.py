"""Calling code that may raise, hang, print or end the process: none of it gets out.

The code runs in a thread of its own, which is waited for until a deadline. What is not told apart
from our own work by a thread (native code that crashes or never lets go of the interpreter,
``os._exit``) is beyond this.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from pyproject_ls.plugins import quiet

T = TypeVar("T")

MAX_WORDS = 200
"""So many characters of what an exception says are repeated."""


_one_at_a_time = threading.Lock()
"""The descriptors and the current folder are the same for all threads."""


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What came of a call: a value, or the reason why there is none.

    `is_over` is False where the thread may still be running. `spent` are the seconds of processor
    time that it took, `waited` those that it was waited for.
    """

    value: T | None
    reason: str = ""
    is_over: bool = True
    spent: float = 0.0
    waited: float = 0.0


class Unusable(Exception):
    """What the code did is no use; the message is a clause about "it"."""


class Stopped(BaseException):
    """Raised in a thread whose time is over. Not an Exception, so that few catch it."""


def guarded(work: Callable[[], T], seconds: float) -> Outcome[T]:
    """What `work` comes to in at most so many seconds; KeyboardInterrupt still ends the wait."""
    found: list[Outcome[T]] = []

    def run() -> None:
        begin = time.thread_time()
        try:
            with quiet.silenced():
                outcome = Outcome(work())
        except BaseException as error:
            outcome = Outcome(None, _reason(error))
        found.append(replace(outcome, spent=time.thread_time() - begin))

    folder, begin = _current_folder(), time.monotonic()
    thread = threading.Thread(target=run, name="plugin", daemon=True)
    with _one_at_a_time, quiet.descriptors():
        thread.start()
        thread.join(seconds)
    waited = time.monotonic() - begin
    if folder and _current_folder() != folder:
        os.chdir(folder)
        found.append(Outcome(None, "it changed the current folder"))
    if thread.is_alive():
        _stop(thread)
        reason = f"it did not end within {seconds:g} seconds"
        return Outcome(None, reason, is_over=False, waited=waited)
    return replace(found[-1], waited=waited)


def _reason(error: BaseException) -> str:
    """What happened and where, in one line."""
    try:
        words = " ".join(str(error).split())
    except BaseException:  # a plugin's own exception may fail at this, too
        words = ""
    words = words if len(words) <= MAX_WORDS else f"{words[: MAX_WORDS - 1]}…"
    if isinstance(error, Unusable):
        return words
    if isinstance(error, SystemExit):
        return f"it wanted to end the process{_place(error)}"
    what = f"{type(error).__name__}: {words}" if words else type(error).__name__
    return f"it raised {what}{_place(error)}"


def _place(error: BaseException) -> str:
    """The innermost place that is not ours and not the import system's."""
    place, step = "", error.__traceback__
    while step is not None:
        path = step.tb_frame.f_code.co_filename
        if not path.startswith(("<", _OURS)):
            place = f" ({os.path.basename(path)}, line {step.tb_lineno})"
        step = step.tb_next
    return place


_OURS = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep


def _current_folder() -> str:
    try:
        return os.getcwd()
    except OSError:  # it is gone
        return ""


def _stop(thread: threading.Thread) -> None:
    """End a thread as far as Python can: at its next step, which one that waits never reaches."""
    if sys.implementation.name == "cpython" and thread.ident is not None:
        import ctypes

        ctypes.pythonapi.PyThreadState_SetAsyncExc(
            ctypes.c_ulong(thread.ident), ctypes.py_object(Stopped)
        )
