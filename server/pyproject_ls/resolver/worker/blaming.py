"""Who is at fault, found by leaving out: for conflicts whose explanation takes too long."""

from __future__ import annotations

import importlib
import time
from typing import Any

from . import subsets
from .runs import OutOfBudget, Run

LIMIT = 12.0
"""Seconds for all attempts after the budget has run out."""
EACH = 3.0
"""Seconds for one of them."""

CORE_LIMIT = 3.0
CORE_EACH = 1.0
"""The same where there is an explanation already, which would only become shorter."""


def by_dropping(poetry: Any, run: Run) -> dict[str, Any]:
    """A conflict with the direct dependencies without each of which the rest can be resolved.

    Those that gave the solver most work come first. An answer of kind "budget" if nobody is found.
    """
    names = subsets.direct_names(poetry.package)
    suspects = sorted(names, key=lambda name: -run.effort[name])
    end = time.monotonic() + LIMIT
    guilty = []
    package = run.package
    for name in suspects:
        seconds = min(EACH, end - time.monotonic())
        if seconds <= 0.05:
            break
        if can_be_solved(poetry, [each for each in names if each != name], run, seconds):
            guilty.append(name)
    if not guilty:
        return {"kind": "budget", "package": package}
    return {"kind": "conflict", "direct": [name for name in names if name in guilty], "reasons": []}


def can_be_solved(poetry: Any, names: list[str], run: Run, seconds: float) -> bool:
    """Whether the project with the direct dependencies `names` resolves within `seconds`."""
    try:
        with run.limited(seconds):
            subsets.solve(poetry, names)
    except OutOfBudget:
        return False
    except Exception:
        return False
    return True


def smaller(poetry: Any, direct: list[str], run: Run) -> tuple[list[str], Any]:
    """As few of `direct` as still exclude each other, and the solver's error about them.

    The error is None where all of them are needed, or where finding out takes too long.
    """
    unsolvable = importlib.import_module("poetry.puzzle.exceptions").SolverProblemError
    end = time.monotonic() + CORE_LIMIT
    kept, found = list(direct), None
    for name in direct:
        seconds = min(CORE_EACH, end - time.monotonic(), run.left)
        if seconds <= 0.05 or len(kept) == 1:
            break
        rest = [each for each in kept if each != name]
        try:
            with run.limited(seconds):
                subsets.solve(poetry, rest)
        except unsolvable as error:
            kept, found = rest, error
        except (OutOfBudget, Exception):
            continue
    return kept, found
