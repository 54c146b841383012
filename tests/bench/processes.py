"""Whole processes: how long a command line takes from spawn to exit."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

TIMEOUT_SECONDS = 120
RAN = (0, 1)
"""The exit statuses of a check that ran: nothing found, something found."""


class CommandError(Exception):
    """A command could not do its work."""


@dataclass(frozen=True)
class Command:
    """A command line of `name` that is run in `folder`."""

    name: str
    arguments: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    tracebacks: bool = False
    """Whether it shows findings in several files as a traceback, as validate-pyproject does."""

    def run(self) -> float:
        """Run it once; milliseconds."""
        environment = {**os.environ, **self.environment}
        start = time.perf_counter()
        try:
            done = subprocess.run(
                self.arguments,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
                timeout=TIMEOUT_SECONDS,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CommandError(f"{self.name}: {error}") from error
        elapsed = (time.perf_counter() - start) * 1e3
        errors = done.stderr.decode(errors="replace")
        crashed = not self.tracebacks and ("Traceback (most" in errors or "No module" in errors)
        if done.returncode not in RAN or crashed:
            raise CommandError(
                f"{self.name}: exit status {done.returncode}: {errors.strip()[-300:]}"
            )
        return elapsed


def time_commands(commands: list[Command], rounds: int) -> tuple[dict[str, list[float]], list[str]]:
    """Milliseconds of each command, taken in turn, after one run each to warm the disk cache.

    A command that fails is named in the second part of the answer and left out from then on.
    """
    times: dict[str, list[float]] = {command.name: [] for command in commands}
    failures: list[str] = []
    running = list(commands)
    for number in range(rounds + 1):
        for command in rotated(running, number):
            try:
                elapsed = command.run()
            except CommandError as error:
                failures.append(str(error))
                running.remove(command)
                continue
            if number:
                times[command.name].append(elapsed)
    return times, failures


def rotated(items: list[T], number: int) -> list[T]:
    """`items` beginning at another one every round, so that none always follows the same one."""
    start = number % len(items) if items else 0
    return items[start:] + items[:start]
