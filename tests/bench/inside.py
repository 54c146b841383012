"""``python -m tests.bench.inside FILE``: our server, which notes how long its keystrokes take.

From the moment at which it has read an edit until it has written the diagnostics: what a client
adds (its own work, and waking up two processes) is left out. FILE gets a line for each: when the
edit came (seconds of ``time.perf_counter``, which all processes share on Linux), and milliseconds.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from pyproject_ls.lsp.channel import StdioChannel
from pyproject_ls.lsp.server import serve


class TimedChannel(StdioChannel):
    """Standard input and output, with an eye on what goes through."""

    def __init__(self, notes: Path) -> None:
        super().__init__()
        self._notes = notes.open("a", buffering=1, encoding="utf-8")
        self._edited: float | None = None

    def read(self) -> bytes:
        """Some bytes from the client."""
        data = super().read()
        if b'"textDocument/didChange"' in data:
            self._edited = time.perf_counter()
        return data

    def write(self, data: bytes) -> None:
        """Send `data` to the client."""
        super().write(data)
        if self._edited is not None and b'"kind":"full"' in data[:120]:
            now = time.perf_counter()
            self._notes.write(f"{self._edited} {(now - self._edited) * 1e3}\n")
            self._edited = None


if __name__ == "__main__":
    sys.exit(serve(TimedChannel(Path(sys.argv[1]))))
