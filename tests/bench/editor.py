"""A client of our server that behaves as an editor does while facts about packages arrive."""

from __future__ import annotations

import string
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench.client import Client

PATIENCE = 20.0
"""Seconds after which hints that are not there will not come."""

PAUSE = 0.01
"""Seconds between two keystrokes: faster than anybody types."""

REPOSITORY = Path(__file__).parents[2]

ALPHABET = string.ascii_lowercase

Place = tuple[int, int]
"""Line and column, from 0."""

_HINTS = "textDocument/inlayHint"
_LENSES = "textDocument/codeLens"
_REFRESHES = {
    "workspace/diagnostic/refresh": "textDocument/diagnostic",
    "workspace/inlayHint/refresh": _HINTS,
    "workspace/codeLens/refresh": _LENSES,
}


class Keystroke(NamedTuple):
    """When it was, and how many milliseconds later its diagnostics were there."""

    when: float
    milliseconds: float


class Editor(Client):
    """A client that asks again when it is told to, as editors do.

    The server keeps what it knows in `cache`, and notes there how long each keystroke takes it.
    """

    def __init__(self, path: Path, cache: Path, url: str, *, offline: bool = False) -> None:
        self._notes = cache / "keystrokes"
        index = {"url": url, "ranking": ""}
        settings = {"index": index, "offline": offline, "inlayHints": {"newestVersion": "all"}}
        super().__init__(
            (sys.executable, "-m", "tests.bench.inside", str(self._notes)),
            path.parent,
            settings={"pyproject-ls": settings},
            environment={
                "PYPROJECT_LS_CACHE_DIR": str(cache),
                "PYPROJECT_LS_OFFLINE": "",
                "PIP_CONFIG_FILE": "/dev/null",
                "HOME": str(cache),
                "XDG_CONFIG_HOME": str(cache),
                "PYTHONPATH": str(REPOSITORY),
            },
        )
        self.path = path
        self.opened = 0.0
        self.refreshes: set[str] = set()
        self.asked_again = 0
        self.initialize()

    def __enter__(self) -> Editor:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def _answer(self, method: str, params: dict[str, Any]) -> Any:
        if method in _REFRESHES:
            self.refreshes.add(_REFRESHES[method])
            self.asked_again += 1
        return super()._answer(method, params)

    @property
    def memory(self) -> tuple[float, float]:
        """What the server has for itself and what it has in memory at all, in MB."""
        return memory(self._process.pid)

    def show(self) -> float:
        """Open the file; seconds until its first diagnostics."""
        self.opened = time.perf_counter()
        return self.open(self.path, quiet=0).seconds

    def hints(self) -> int:
        """Ask for hints: how many there are."""
        end = {"line": 1_000_000, "character": 0}
        params = {
            "textDocument": {"uri": self._uri},
            "range": {"start": {"line": 0, "character": 0}, "end": end},
        }
        return len(self.request(_HINTS, params)[1] or ())

    def until_hints(self, count: int) -> float:
        """Ask until there are `count` hints: when that was."""
        document = {"textDocument": {"uri": self._uri}}
        deadline = time.perf_counter() + PATIENCE
        found = self.hints()
        self.request(_LENSES, document)
        while found < count:
            if not self.refreshes and self._take(deadline) is None:
                raise TimeoutError(f"only {found} hints of {count}")
            asked, self.refreshes = self.refreshes, set()
            if _HINTS in asked:
                found = self.hints()
                arrived = time.perf_counter()
            for method in sorted(asked - {_HINTS}):
                self.request(method, document)
        return arrived

    def type(self, place: Place, count: int = len(ALPHABET)) -> list[Keystroke]:
        """Type `count` letters and delete them again."""
        line, column = place
        strokes: list[Keystroke] = []
        for at in range(2 * count):
            started = time.perf_counter()
            if at < count:
                letter = ALPHABET[at % len(ALPHABET)]
                seconds = self.edit(line, column + at, insert=letter, quiet=0).seconds
            else:  # from the front, so that no text is there twice
                seconds = self.edit(line, column, delete=1, quiet=0).seconds
            strokes.append(Keystroke(started, seconds * 1e3))
            self.settle(PAUSE)
        return strokes

    def inside(self) -> list[Keystroke]:
        """The keystrokes so far, as long as they took in the server alone."""
        lines = self._notes.read_text("utf-8").splitlines()
        return [Keystroke(*map(float, line.split())) for line in lines]

    def asking(self, method: str, place: Place, count: int = 20) -> list[float]:
        """Milliseconds of `count` requests, without the first."""
        return [self.at(method, *place)[0] * 1e3 for _ in range(count + 1)][1:]


def memory(process: int) -> tuple[float, float]:
    """Private and resident memory of a process, in MB; zeros where the system does not say."""
    path = Path("/proc", str(process), "smaps_rollup")
    found: dict[str, float] = {}
    for line in path.read_text().splitlines() if path.exists() else ():
        key, _, rest = line.partition(":")
        if rest.endswith("kB"):
            found[key] = int(rest.split()[0]) / 1024
    private = found.get("Private_Dirty", 0.0) + found.get("Private_Clean", 0.0)
    return private, found.get("Rss", 0.0)
