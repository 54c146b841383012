"""Remedies for a conflict: changes of one dependency with which the resolver finds a solution.

Each is found by setting a dependency at fault free, looking what the resolver picks for it, writing
the constraint that allows this, and resolving once more with the very text that the fix makes.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from pyproject_ls.checks.remedy import declarations, freeing_edits, remedy_edits, remedy_to
from pyproject_ls.facts.resolution import Conflict, Remedy, RemedyKind
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.text import Edit, apply_edits
from pyproject_ls.toml import parse

Versions = dict[str, str]
Edits = tuple[Edit, ...]
Attempt = Callable[[str], Awaitable["Versions | None"]]
"""Resolves a text: the version of each package by normalised name, or None."""

MAX_CULPRITS = 6
"""Of more dependencies at fault only the first ones are tried."""

MAX_TRIALS = 3 * MAX_CULPRITS
"""Texts that are tried: for each one free, one with another constraint, one without it."""

SECONDS = 20.0
"""For the whole search; what was found until then is offered."""


async def find_remedies(
    text: str,
    conflict: Conflict,
    attempt: Attempt,
    seconds: float = SECONDS,
    trials: int = MAX_TRIALS,
) -> tuple[Remedy, ...]:
    """Remedies for `conflict`, which the dependencies of `text` have: at most one a dependency.

    A change of its constraint where one works, else its removal; in the order of the conflict.
    Constraints of all come first, because that is what people want. A conflict without reasons took
    too long to explain, and so would these attempts; but that the rest resolves without a culprit
    is how it was found: there the removals come first. No attempt begins after `seconds`, and there
    are at most `trials`.
    """
    search = _Search(text, attempt, time.monotonic() + seconds, trials)
    names = [name for name in conflict.direct if declarations(search.manifest, name)]
    names = names[:MAX_CULPRITS]
    found: dict[str, Remedy] = {}
    steps = (search.changed, search.dropped)
    for step in steps if conflict.reasons else reversed(steps):
        for name in names:
            if name not in found or step == search.changed:
                remedy = await step(name)
                if remedy is not None:
                    found[name] = remedy
    return tuple(found[name] for name in names if name in found)


class _Search:
    """Attempts at one text, within bounds."""

    def __init__(self, text: str, attempt: Attempt, deadline: float, trials: int) -> None:
        self.manifest = Manifest(parse(text))
        self._attempt = attempt
        self._deadline = deadline
        self._left = trials

    async def changed(self, name: str) -> Remedy | None:
        """The constraint of `name` moved to where the resolver goes without it."""
        edits = freeing_edits(self.manifest, name)
        versions = await self._try(edits) if edits else None
        version = versions.get(name, "") if versions is not None else ""
        remedy = remedy_to(self.manifest, name, version) if version else None
        return await self._tried(remedy)

    async def dropped(self, name: str) -> Remedy | None:
        """The declarations of `name` taken away."""
        return await self._tried(Remedy(RemedyKind.DROP, name))

    async def _tried(self, remedy: Remedy | None) -> Remedy | None:
        """`remedy`, if the text with its edits resolves."""
        edits = remedy_edits(self.manifest, remedy) if remedy is not None else None
        return remedy if edits and await self._try(edits) is not None else None

    async def _try(self, edits: Edits) -> Versions | None:
        if self._left <= 0 or time.monotonic() > self._deadline:
            return None
        self._left -= 1
        return await self._attempt(apply_edits(self.manifest.document.text, edits))
