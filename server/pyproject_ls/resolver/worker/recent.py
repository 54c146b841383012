"""The locks that were made lately: what is resolved after a save is locked in no time after it.

Poetry gives the same answer to the same question as long as it knows the same of its indexes. So an
answer holds until a page is forgotten (`pools`), and only where all packages come from indexes: a
folder, an archive or a git branch may have changed.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from typing import Any

Answer = dict[str, Any]

KEPT = 8
"""Answers that are kept; a lock file is some hundred kilobytes."""

FROM_INDEX = frozenset({None, "legacy"})
"""The ``source_type`` of a package that an index has."""


class Recent:
    """Answers by what was asked."""

    def __init__(self) -> None:
        self._answers: OrderedDict[str, Answer] = OrderedDict()

    def get(self, question: str) -> Answer | None:
        """The answer to `question` (`question_of`), if it is still there."""
        answer = self._answers.get(question)
        if answer is not None:
            self._answers.move_to_end(question)
        return answer

    def keep(self, question: str, answer: Answer) -> None:
        """Remember `answer`."""
        self._answers[question] = answer
        while len(self._answers) > KEPT:
            self._answers.popitem(last=False)


def question_of(*parts: Any) -> str:
    """What stands for all that an answer depends on; `parts` are things that JSON can hold."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def may_be_kept(packages: Any) -> bool:
    """Whether what the solver found depends on nothing but indexes."""
    return all(each.source_type in FROM_INDEX for each in packages)
