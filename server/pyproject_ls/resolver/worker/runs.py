"""One piece of work: its flag, its deadline, how far it has come, and what the network said."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Stop(BaseException):
    """The work has to end. No Exception, so that nobody between here and there takes it for one."""


class Cancelled(Stop):
    """The host does not want the answer any more."""


class OutOfBudget(Stop):
    """The time is up."""


class Unreachable(Stop):
    """An index does not answer: its host, and why in a few words."""

    def __init__(self, host: str, why: str) -> None:
        super().__init__(host, why)
        self.host = host
        self.why = why


class Run:
    """What one request knows of itself.

    `budget` is in seconds. `report` gets the number of packages that were looked at and the name
    of the present one, whenever `tell` is called and they have changed.
    """

    def __init__(
        self, budget: float, cancelled: threading.Event, report: Callable[[int, str], None]
    ) -> None:
        self.cancelled = cancelled
        self.deadline = time.monotonic() + budget
        self.package = ""
        """The package that is looked at."""
        self.building = ""
        """The one whose metadata is being built, "" while nothing is built."""
        self.effort: Counter[str] = Counter()
        """How often a package was tried, or asked for by one that was: who makes trouble."""
        self.failures: Counter[str] = Counter()
        """Failed requests, by host."""
        self.refused: dict[str, str] = {}
        """Addresses that asked for credentials, with their host."""
        self._report = report
        self._told = (0, "")
        self._seen: set[str] = set()

    @property
    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    @property
    def is_over(self) -> bool:
        """Nobody waits for it any more, or its time is up."""
        return self.cancelled.is_set() or self.left <= 0

    def check(self) -> None:
        """Raises `Stop` where the work has to end."""
        if self.cancelled.is_set():
            raise Cancelled
        if self.left <= 0:
            raise OutOfBudget

    def at(self, package: str) -> None:
        """Note that `package` is looked at now."""
        self.check()
        self.package = package
        self.effort[package] += 1
        self._seen.add(package)

    def tell(self) -> None:
        """Report how far it has come; from another thread, which may see a package long built."""
        now = (len(self._seen), self.package)
        if now != self._told and now[1]:
            self._told = now
            self._report(*now)

    @contextmanager
    def limited(self, seconds: float) -> Iterator[None]:
        """Another deadline for a while: `seconds` from now, whatever the one around it is."""
        outer = self.deadline
        self.deadline = time.monotonic() + seconds
        try:
            yield
        finally:
            self.deadline = outer

    def sleep(self, seconds: float) -> None:
        """Sleep, but not beyond the end."""
        self.cancelled.wait(max(0.0, min(seconds, self.left)))
        self.check()


class _Present:
    run: Run | None = None


def current() -> Run | None:
    """The run that the main thread is at, None where it is idle."""
    return _Present.run


@contextmanager
def running(run: Run) -> Iterator[Run]:
    """Make `run` the current one."""
    _Present.run = run
    try:
        yield run
    finally:
        _Present.run = None


def checked(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, which raises `Stop` first where the current run has to end."""

    def call(*arguments: Any, **named: Any) -> Any:
        run = _Present.run
        if run is not None:
            run.check()
        return function(*arguments, **named)

    return call
