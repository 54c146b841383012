"""What the disk says about one document's project, asked so that nobody has to wait for it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from pathlib import Path

from pyproject_ls.disk import answer
from pyproject_ls.facts import Answer, PathAt, Question
from pyproject_ls.lsp.threads import in_thread

PATIENCE = 0.05
"""Seconds that an analysis waits for slow answers (globs, contents of files) before it goes on
without them; they are handed in later."""

GOOD_FOR = 2.0
"""Seconds for which the answer to "what is at this path?" is believed without a look."""


class Answers:
    """The answers for one folder. A document without a folder has none, and knows nothing.

    `known` is replaced, never changed, so whoever has it has one state of the world. `on_late` is
    called in a worker thread with answers that took longer than `PATIENCE`.
    """

    def __init__(
        self, root: Path | None, on_late: Callable[[dict[Question, Answer]], None]
    ) -> None:
        self.root = root
        self.known: dict[Question, Answer] = {}
        self._on_late = on_late
        self._pending: set[Question] = set()
        self._looked = time.monotonic()

    def learn(self, wanted: Collection[Question]) -> bool:
        """Find answers to `wanted`; whether any were found in time."""
        if self.root is None or not wanted:
            return False
        new = answer(self.root, [each for each in wanted if isinstance(each, PathAt)])
        slow: set[Question] = {each for each in wanted if not isinstance(each, PathAt)}
        slow -= self._pending
        if slow:
            new.update(self._ask_slowly(self.root, slow))
        return self.add(new)

    def _ask_slowly(self, root: Path, questions: set[Question]) -> dict[Question, Answer]:
        future = in_thread(partial(answer, root, questions))
        try:
            return future.result(PATIENCE)
        except FutureTimeoutError:
            self._pending |= questions
            future.add_done_callback(self._late)
            return {}

    def _late(self, future: Future[dict[Question, Answer]]) -> None:
        if future.exception() is None:
            self._on_late(future.result())

    def add(self, new: dict[Question, Answer]) -> bool:
        """Take over answers; whether any of them says something new."""
        self._pending.difference_update(new)
        known = self.known
        if all(known.get(question) == new[question] for question in new):
            return False
        self.known = {**known, **new}
        return True

    def look_again(self) -> None:
        """Before an analysis: look at the paths again if the last look was a while ago.

        This is for clients that do not watch files, and for paths that nobody watches.
        """
        now = time.monotonic()
        if self.root is not None and now - self._looked > GOOD_FOR:
            self._looked = now
            self.add(answer(self.root, [each for each in self.known if isinstance(each, PathAt)]))

    def keep(self, asked: Collection[Question]) -> None:
        """Forget the answers to all but `asked`, once there are many others."""
        if len(self.known) > 2 * len(asked) + 100:
            self.known = {each: self.known[each] for each in asked if each in self.known}
