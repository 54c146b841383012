"""Many questions about packages that are asked together, at every keystroke."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pyproject_ls.facts.packages import Missing, Package, PackageAnswer, ReleasesOf, Unreachable
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.lookup import Lookup


class Outcome(NamedTuple):
    """What some answers say to the questions of a `Batch`, in their order."""

    found: tuple[PackageAnswer | None, ...]
    missing: frozenset[ReleasesOf]
    """The questions that have no answer."""


class Batch:
    """The question for the releases of each of some packages.

    A file has hundreds of them, and hardly a keystroke changes one. So the outcome for one state of
    the world is kept, and found by the identity of `answers`, which nobody changes.
    """

    __slots__ = ("_last", "all", "questions")

    def __init__(self, asked: tuple[tuple[str, Lookup], ...]) -> None:
        self.questions = [ReleasesOf(name, lookup) for name, lookup in asked]
        self.all = frozenset(self.questions)
        self._last: tuple[Mapping[Any, Any], Outcome] | None = None

    def outcome(self, answers: Mapping[Any, Any]) -> Outcome:
        """What `answers` say."""
        last = self._last
        if last is not None and last[0] is answers:
            return last[1]
        found = [answers.get(question) for question in self.questions]
        outcome = Outcome(
            tuple(
                each if isinstance(each, (Package, Missing, Unreachable)) else None
                for each in found
            ),
            frozenset(
                question
                for question, each in zip(self.questions, found, strict=True)
                if each is None
            ),
        )
        self._last = answers, outcome
        return outcome


@lru_cache(maxsize=4)
def batch_of(asked: tuple[tuple[str, Lookup], ...]) -> Batch:
    """The batch of questions for these normalised names and where they are looked up."""
    return Batch(asked)
