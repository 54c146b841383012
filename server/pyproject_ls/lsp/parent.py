"""Ending with the editor: a server whose parent has died has nobody to serve."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable

INTERVAL = 2.0
"""Seconds between two looks."""

GRACE = 5.0
"""Seconds after which the process ends even though its event loop does not."""


def watch_parent(process_id: int, on_death: Callable[[], None]) -> None:
    """Call `on_death`, in a thread of its own, once the process is no more."""
    is_own_parent = os.getppid() == process_id

    def is_alive() -> bool:
        if is_own_parent and sys.platform != "win32":
            return os.getppid() == process_id  # an orphan gets another one
        return _exists(process_id)

    def watch() -> None:
        while is_alive():
            time.sleep(INTERVAL)
        on_death()
        time.sleep(GRACE)
        os._exit(1)

    threading.Thread(target=watch, name="parent", daemon=True).start()


def _exists(process_id: int) -> bool:
    if sys.platform == "win32":
        return _exists_on_windows(process_id)
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):  # not ours, or a number that says nothing
        return True
    return True


if sys.platform == "win32":

    def _exists_on_windows(process_id: int) -> bool:
        import ctypes

        synchronize, timed_out = 0x00100000, 0x102
        kernel = ctypes.windll.kernel32
        handle = kernel.OpenProcess(synchronize, False, process_id)
        if not handle:
            return False
        try:
            return bool(kernel.WaitForSingleObject(handle, 0) == timed_out)
        finally:
            kernel.CloseHandle(handle)
