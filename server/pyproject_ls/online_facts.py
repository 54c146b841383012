"""Facts about packages for the command line: ``check --online``."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

from pyproject_ls.facts import Answer, ConfigOf, Question
from pyproject_ls.facts.packages import (
    Advisories,
    AdvisoriesFor,
    DetailsOf,
    ReleasesOf,
    Unreachable,
)
from pyproject_ls.index import policies
from pyproject_ls.index.places import approvals_file, cache_folder, index_settings
from pyproject_ls.index.service import Service
from pyproject_ls.index.sources import PARTIAL

PATIENCE = 90.0
"""Seconds for all questions of one round of one file."""


class OnlineFacts:
    """Asks the indexes, waits for them, and remembers what could not be found out.

    Nobody is there to approve anything: credentials go to known origins only. Lists of all names
    are used where an editor has fetched them, but not fetched for one run.
    """

    def __init__(self) -> None:
        self._service = Service(
            index_settings(os.environ),
            cache_folder(os.environ),
            approvals=approvals_file(os.environ),
            fetch_names=False,
        )
        self.failures: dict[str, None] = {}
        """Why something is not known, in sentences, each once.

        That pip would look into folders too, which we do not, is how it is set up, and no failure.
        """

    def for_project(
        self, root: Path
    ) -> Callable[[Collection[Question]], Mapping[Question, Answer]]:
        """What answers the questions about the project in the folder `root`."""
        return partial(self._answer, root)

    def _answer(self, root: Path, questions: Collection[Question]) -> Mapping[Question, Answer]:
        found = self._service.answers(questions, root, PATIENCE)
        pinned = [each for each in questions if isinstance(each, ConfigOf)]
        if pinned:
            found.update(policies.answers(root, pinned))
        for each in questions:
            if each not in found and isinstance(each, (ReleasesOf, DetailsOf, AdvisoriesFor)):
                found[each] = _late(each)  # so that it is not waited for again
        for answer in found.values():
            if isinstance(answer, Unreachable) and answer.reason != PARTIAL:
                self._note(answer.reason)
            elif isinstance(answer, Advisories) and answer.unreachable:
                self._note(answer.unreachable)
        return found

    def _note(self, reason: str) -> None:
        """Remember `reason`, unless it only says more about one that is known."""
        if not any(reason.startswith(known) for known in self.failures):
            self.failures[reason] = None

    def close(self) -> None:
        """End all connections."""
        self._service.close()


def _late(question: ReleasesOf | DetailsOf | AdvisoriesFor) -> Advisories | Unreachable:
    """What stands for an answer that has not come in time."""
    reason = f"not all of them answered within {PATIENCE:.0f} seconds"
    if isinstance(question, AdvisoriesFor):
        return Advisories((), reason)
    return Unreachable(reason)
