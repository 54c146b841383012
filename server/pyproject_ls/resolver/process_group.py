"""A child process and all that it starts, as one thing that can be ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from typing import Any

OWN_GROUP: dict[str, Any] = (
    {"creationflags": getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)}
    if sys.platform == "win32"
    else {"start_new_session": True}
)
"""The arguments with which a process is started that is to be the leader."""

if sys.platform == "win32":

    def kill_all(leader: int) -> None:
        """End the process `leader` and all below it."""
        subprocess.run(
            ["taskkill", "/T", "/F", "/PID", str(leader)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )

else:

    def kill_all(leader: int) -> None:
        """End the process group of `leader`, which outlives its leader while it has members."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(leader, signal.SIGKILL)
