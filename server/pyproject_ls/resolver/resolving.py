"""From a resolve to a fact: a solution, a conflict with what helps, or why nothing is known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pyproject_ls.facts.resolution import Conflict, Remedy, Resolution, Solution, Unresolved
from pyproject_ls.resolver.backend import Backend
from pyproject_ls.resolver.outcome import Failure, Locked, OnStep, Request, Step, Trouble
from pyproject_ls.resolver.remedies import find_remedies

if TYPE_CHECKING:
    from pyproject_ls.resolver.poetry import Attempt

TRIAL_BUDGET = 5.0
"""Seconds for each text that is tried as a remedy."""

LASTING = frozenset({Trouble.INVALID})
"""What will not go away by itself, and what other rules tell better."""


@runtime_checkable
class Attempting(Protocol):
    """A backend that tells quickly whether texts resolve, and explains nothing."""

    async def attempt(
        self, request: Request, texts: Sequence[str], budget: float
    ) -> tuple[Attempt, ...] | Failure:
        """Which of `texts` resolve within `budget` seconds each."""


async def resolution(
    backend: Backend,
    request: Request,
    on_step: OnStep,
    on_conflict: Callable[[Conflict], None] | None = None,
) -> Resolution:
    """What `backend` makes of `request`; a conflict comes with remedies that were tried.

    Looking for them takes a while: `on_conflict` gets the conflict before.
    """
    outcome = await backend.resolve(request, on_step)
    if isinstance(outcome, Locked):
        return Solution(outcome.packages)
    if isinstance(outcome, Failure):
        return Unresolved(outcome.message, outcome.trouble in LASTING)
    if on_conflict is not None:
        on_conflict(outcome)
    return outcome._replace(remedies=await _remedies(backend, request, outcome))


async def _remedies(backend: Backend, request: Request, conflict: Conflict) -> tuple[Remedy, ...]:
    async def attempt(text: str) -> dict[str, str] | None:
        if isinstance(backend, Attempting):
            found = await backend.attempt(request, (text,), TRIAL_BUDGET)
            if isinstance(found, Failure) or not found[0].resolves:
                return None
            return dict(found[0].packages)
        trial = request._replace(text=text, mode="keep", budget=TRIAL_BUDGET)
        outcome = await backend.resolve(trial, _ignore)
        return dict(outcome.packages) if isinstance(outcome, Locked) else None

    return await find_remedies(request.text, conflict, attempt)


def _ignore(step: Step) -> None:
    """Nobody looks at the progress of a trial."""
