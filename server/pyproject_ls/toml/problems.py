"""What is wrong with a text, as it is found."""

from __future__ import annotations

from pyproject_ls.text import Span
from pyproject_ls.toml.nodes import Problem, ProblemKind

MAX_PROBLEMS = 1000
"""How many problems of one kind are kept; nobody reads more, and each costs time and memory."""


class ProblemLog:
    """Collects problems, at most `MAX_PROBLEMS` of each kind."""

    __slots__ = ("_count", "dropped", "found")

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self.dropped = False
        """Whether there were more than are kept."""
        self._count: dict[ProblemKind, int] = {}

    def add(
        self,
        start: int,
        end: int,
        message: str,
        kind: ProblemKind = "syntax",
        related: Span | None = None,
    ) -> None:
        """Note a problem of the span from `start` to `end`."""
        count = self._count.get(kind, 0)
        if count >= MAX_PROBLEMS:
            self.dropped = True
            return
        self._count[kind] = count + 1
        self.found.append(Problem(Span(start, end), message, kind, related))

    def sort(self) -> list[Problem]:
        """The problems in the order of the text."""
        if len(self.found) > 1:
            self.found.sort(key=_place)
        return self.found


def _place(problem: Problem) -> Span:
    return problem.span
