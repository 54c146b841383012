"""What the disk says about one document's project, asked so that nobody has to wait for it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Collection
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from pathlib import Path

from pyproject_ls.disk import answer
from pyproject_ls.facts import Answer, Listing, PathAt, Question, TextOf
from pyproject_ls.lsp.threads import in_thread

PATIENCE = 0.05
"""Seconds that an analysis waits for slow answers (globs, contents of files) before it goes on
without them; they are handed in later."""

LONG_PATIENCE = 2.0
"""Seconds to wait for them where nobody asks a second time; others are served meanwhile."""

GOOD_FOR = 2.0
"""Seconds for which answers about paths and contents of files are believed without a look."""

Stamp = tuple[int, int]
"""When a file or folder was changed last, in nanoseconds, and its size."""


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
        self._stamps: dict[Question, Stamp | None] = {}
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
        for each in questions:
            if isinstance(each, (TextOf, Listing)):
                self._stamps[each] = _stamp(root, each)
        future = in_thread(partial(answer, root, questions))
        try:
            return future.result(PATIENCE)
        except FutureTimeoutError:
            self._pending |= questions
            future.add_done_callback(self._late)
            return {}

    async def arrive(self) -> None:
        """Wait until no answer is missing, or it has taken too long."""
        end = time.monotonic() + LONG_PATIENCE
        while self._pending and time.monotonic() < end:
            await asyncio.sleep(PATIENCE / 4)

    @property
    def are_missing(self) -> bool:
        """Whether some answers have not arrived yet."""
        return bool(self._pending)

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

    def look_again(self) -> bool:
        """Look at the known paths and files again if the last look was a while ago.

        This is for clients that do not watch files, and for files that nobody watches. Whether
        there are other answers now; those that take long come late.
        """
        now = time.monotonic()
        if self.root is None or now - self._looked <= GOOD_FOR:
            return False
        self._looked = now
        new = answer(self.root, [each for each in self.known if isinstance(each, PathAt)])
        changed: set[Question] = {
            each
            for each in self.known
            if isinstance(each, (TextOf, Listing))
            and _stamp(self.root, each) != self._stamps.get(each)
        }
        if changed:
            new.update(self._ask_slowly(self.root, changed))
        return self.add(new)

    def has_read(self, path: Path) -> bool:
        """Whether the contents of this file are among the answers."""
        root = self.root
        return root is not None and any(
            isinstance(each, TextOf) and root / each.path == path for each in self.known
        )

    def keep(self, asked: Collection[Question]) -> None:
        """Forget the answers to all but `asked`, once there are many others."""
        if len(self.known) > 2 * len(asked) + 100:
            self.known = {each: self.known[each] for each in asked if each in self.known}


def _stamp(root: Path, question: TextOf | Listing) -> Stamp | None:
    try:
        state = os.stat(root / question.path)
    except (OSError, ValueError):
        return None
    return state.st_mtime_ns, state.st_size
