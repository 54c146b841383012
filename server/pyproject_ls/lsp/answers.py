"""What the disk and the indexes say about one document, asked so that nobody has to wait for it."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from pathlib import Path
from typing import Protocol

from pyproject_ls.disk import answer, place_of
from pyproject_ls.facts import (
    Answer,
    ConfigOf,
    FileText,
    GlobMatches,
    Listing,
    PathAt,
    Question,
    TextOf,
)
from pyproject_ls.facts.packages import INDEX_QUESTIONS, NamesLike, Unreachable
from pyproject_ls.facts.usage import USAGE_QUESTIONS, ImportsOf
from pyproject_ls.index import policies
from pyproject_ls.index.service import Asker
from pyproject_ls.lsp.threads import in_thread
from pyproject_ls.project.locked import locked

PATIENCE = 0.05
"""Seconds that an analysis waits for slow answers (globs, contents of files) before it goes on
without them; they are handed in later."""

LONG_PATIENCE = 2.0
"""Seconds to wait for them where nobody asks a second time; others are served meanwhile."""

GOOD_FOR = 2.0
"""Seconds for which answers about paths and contents of files are believed without a look."""

SOON = 0.3
"""Seconds in which most indexes answer."""

SETTLED = 0.3
"""Seconds without a keystroke after which all files of a project may be read."""

FRESH = 900.0
"""Seconds for which what an index said is believed without asking again."""

RETRY = 60.0
"""The same, for an index that could not be reached."""

Stamp = tuple[int, int]
"""When a file or folder was changed last, in nanoseconds, and its size."""


class Packages(Protocol):
    """Who answers questions about packages (`pyproject_ls.index.service.Service`)."""

    def now(
        self, questions: Iterable[Question], folder: Path | None, known: Collection[str]
    ) -> dict[Question, Answer]:
        """Answers that cost nothing."""

    def want(self, asker: Asker, questions: Collection[Question]) -> None:
        """Find answers, and hand them in later."""


class Answers:
    """The answers for one folder. A document without a folder knows nothing of files.

    `known` is replaced, never changed, so whoever has it has one state of the world. `on_late` is
    called in a worker thread with answers that took longer than `PATIENCE`.
    """

    def __init__(
        self,
        root: Path | None,
        on_late: Callable[[Mapping[Question, Answer]], None],
        packages: Packages | None = None,
    ) -> None:
        self.root = root
        self.known: dict[Question, Answer] = {}
        self._on_late = on_late
        self._packages = packages
        self._asker = Asker(root, on_late, self._still_wants)
        self._wanted: set[Question] = set()
        """What has been wanted since the text changed."""
        self._pending: set[Question] = set()
        self._sent: set[Question] = set()
        self._asked: dict[Question, float] = {}
        """When an index was asked what is pending."""
        self._asked_last = 0.0
        self._stamps: dict[Question, Stamp | None] = {}
        self._told: dict[Question, float] = {}
        """When an index told it."""
        self._looked = time.monotonic()

    def learn(self, wanted: Set[Question]) -> bool:
        """Find answers to `wanted`; whether any were found in time."""
        if not wanted:
            return False
        self._wanted |= wanted
        unasked = wanted - self._pending
        new: dict[Question, Answer] = {}
        if unasked and self.root is not None:
            new = answer(self.root, [each for each in unasked if _is_prompt(each)])
            slow: set[Question] = {
                each for each in unasked if isinstance(each, _SLOW) and not _is_prompt(each)
            }
            if slow:
                new.update(self._ask_slowly(self.root, slow))
            about_usage: set[Question] = {e for e in unasked if isinstance(e, USAGE_QUESTIONS)}
            if about_usage:
                self._ask_later(self.root, about_usage)
        if self._packages is not None:
            about_packages = [each for each in unasked if isinstance(each, INDEX_QUESTIONS)]
            if about_packages:
                new.update(self._ask_indexes(self._packages, about_packages))
            self._wait_for(wanted)
        return self.add(new)

    def _ask_indexes(
        self, packages: Packages, questions: Sequence[Question]
    ) -> dict[Question, Answer]:
        names = [each for each in questions if isinstance(each, NamesLike)]
        new = packages.now(names, self.root, self._locked_names()) if names else {}
        left = [each for each in questions if each not in new]
        if left:
            now = time.monotonic()
            self._pending.update(left)
            self._asked.update(dict.fromkeys(left, now))
            self._asked_last = now
            packages.want(self._asker, left)
        return new

    def _wait_for(self, wanted: Set[Question]) -> None:
        """Have those of the pending questions `wanted` waited for that an index may answer soon.

        One that has been silent for longer is not waited for at every keystroke.
        """
        now = time.monotonic()
        if now - self._asked_last < SOON:
            pending = wanted & self._pending
            self._sent |= {each for each in pending if now - self._asked.get(each, 0.0) < SOON}

    def _locked_names(self) -> list[str]:
        """The names in the project's lock files, as far as they were read."""
        return [
            name
            for question, found in self.known.items()
            if isinstance(question, TextOf) and question.path.endswith(_LOCKS)
            if isinstance(found, FileText) and found.text is not None
            for name in locked(found.text)
        ]

    def text_changed(self) -> None:
        """What was asked about the text before is of no interest any more."""
        self._wanted = set()

    def _still_wants(self, question: Question) -> bool:
        """Whether an index has to be asked after all; if not, it is taken off the list."""
        if question in self._wanted:
            return True
        self._pending.discard(question)
        # the other thread may have looked for it among the pending ones just before that
        return question in self._wanted

    def forget(self, is_old: Callable[[Question], bool]) -> bool:
        """Ask again when it is needed what `is_old`; whether any of that was known."""
        kept = {each: self.known[each] for each in self.known if not is_old(each)}
        is_less = len(kept) < len(self.known)
        if is_less:
            self.known = kept
        self._pending = {each for each in set(self._pending) if not is_old(each)}
        self._asked = {each: self._asked[each] for each in self._asked if each in self._pending}
        return is_less

    def _ask_slowly(self, root: Path, questions: set[Question]) -> dict[Question, Answer]:
        for each in questions:
            if isinstance(each, (TextOf, Listing)):
                self._stamps[each] = _stamp(root, each)
        future = in_thread(partial(policies.answers, root, questions))
        try:
            return future.result(PATIENCE)
        except FutureTimeoutError:
            self._pending |= questions
            future.add_done_callback(self._late)
            return {}

    def _ask_later(self, root: Path, questions: set[Question]) -> None:
        """Have `questions` answered for which all files are read, unless the text moves on."""

        def work() -> dict[Question, Answer]:
            time.sleep(SETTLED)
            return answer(root, [each for each in questions if self._still_wants(each)])

        self._pending |= questions
        in_thread(work).add_done_callback(self._late)

    async def arrive(self) -> None:
        """Wait until no answer is missing, or it has taken too long."""
        await self._arrived(set(self._pending), LONG_PATIENCE)

    def collect_sent(self) -> Set[Question]:
        """A set that grows by what is not known of packages from now on, until the next call."""
        self._sent = set()
        return self._sent

    async def arrive_of(self, sent: Set[Question], patience: float) -> None:
        """Wait at most `patience` seconds for the answers to the questions `sent`."""
        await self._arrived(sent, patience)

    async def _arrived(self, questions: Set[Question], patience: float) -> None:
        end = time.monotonic() + patience
        while questions & self._pending and time.monotonic() < end:
            await asyncio.sleep(PATIENCE / 8)

    @property
    def are_missing(self) -> bool:
        """Whether some answers have not arrived yet."""
        return bool(self._pending)

    def _late(self, future: Future[dict[Question, Answer]]) -> None:
        if future.exception() is None:
            self._on_late(future.result())

    def add(self, new: Mapping[Question, Answer]) -> bool:
        """Take over answers; whether any of them says something new."""
        self._pending.difference_update(new)
        for each in new:
            self._asked.pop(each, None)
        now = time.monotonic()
        self._told.update((each, now) for each in new if isinstance(each, INDEX_QUESTIONS))
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
        if now - self._looked <= GOOD_FOR:
            return False
        self._looked = now
        if self._packages is not None:
            self._ask_indexes_again(self._packages, now)
        if self.root is None:
            return False
        new = answer(self.root, [each for each in self.known if _is_prompt(each)])
        changed: set[Question] = {
            each
            for each in self.known
            if isinstance(each, (TextOf, Listing))
            and _stamp(self.root, each) != self._stamps.get(each)
        }
        if changed:
            new.update(self._ask_slowly(self.root, changed))
        return self.add(new)

    def _ask_indexes_again(self, packages: Packages, now: float) -> None:
        """What an index said a while ago may have changed; until it is known, it holds."""
        old = [
            question
            for question, told in self._told.items()
            if now - told > (RETRY if _failed(self.known.get(question)) else FRESH)
            if question in self.known and question not in self._pending
            if not isinstance(question, NamesLike)
        ]
        if old:
            self._pending.update(old)
            self._wanted.update(old)
            packages.want(self._asker, old)

    def has_read(self, path: Path) -> bool:
        """Whether the contents of this file are among the answers."""
        root = self.root
        return root is not None and any(
            root in path.parents
            if isinstance(each, ImportsOf)
            else isinstance(each, TextOf) and root / each.path == path
            for each in self.known
        )

    def keep(self, asked: Collection[Question]) -> None:
        """Forget the answers to all but `asked`, once there are many others."""
        if len(self.known) > 2 * len(asked) + 100:
            self.known = {each: self.known[each] for each in asked if each in self.known}
            self._told = {each: self._told[each] for each in asked if each in self._told}


_SLOW = (TextOf, Listing, GlobMatches, ConfigOf)
"""Questions that take their time, but for one."""


def _is_prompt(question: Question) -> bool:
    """Whether a look answers it."""
    return isinstance(question, PathAt) or (
        isinstance(question, ConfigOf) and not question.reference
    )


_LOCKS = ("poetry.lock", "uv.lock", "pylock.toml")


def _failed(found: Answer | None) -> bool:
    return isinstance(found, Unreachable) and not found.is_lasting


def _stamp(root: Path, question: TextOf | Listing) -> Stamp | None:
    try:
        state = os.stat(place_of(root, question.path))
    except (OSError, ValueError):
        return None
    return state.st_mtime_ns, state.st_size
