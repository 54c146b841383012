"""Answers to what analysis asks about packages, found in a thread of its own.

The thread runs an event loop for everything that waits: requests, the store, child processes. The
thread that serves the editor only hands questions over and takes answers; it never waits here.
Answers come in batches, so that an editor is not told sixty times that there is news.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as FutureTimeoutError
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts import Answer, Question
from pyproject_ls.facts.packages import INDEX_QUESTIONS, NamesLike, ReleasesOf
from pyproject_ls.index.names import NameLists
from pyproject_ls.index.priority import give_way, new_event_loop
from pyproject_ls.index.trust import Approvals, Ask
from pyproject_ls.named import NamedTuple

if TYPE_CHECKING:
    from pyproject_ls.index.answering import Answering

FLUSH = 0.25
"""Seconds between two batches of answers, while more are awaited."""

PAUSE = 0.15
"""Seconds that a question about a name waits that may still be being typed."""

SETTLE = 0.3
"""Seconds before an index is asked whether old answers still hold: they are shown first."""

MANY = 3
"""So many questions at once come from a file that was opened, not from somebody who types."""

logger = logging.getLogger(__name__)

APPROVALS = "approvals.json"

OnAnswers = Callable[[Mapping[Question, Answer]], None]


class Asker(NamedTuple):
    """Who wants to know: the project's folder, and where answers go (called in our thread).

    `still_wants` tells, from any thread, whether a question is still of interest.
    """

    folder: Path | None
    on_answers: OnAnswers
    still_wants: Callable[[Question], bool]


class Service:
    """One for a process. Methods may be called from any thread and return at once.

    `cache` is the folder for what was fetched, `approvals` the file for what was approved.
    `on_pending` is called in our thread with the number of questions that are being answered;
    `on_names` when a list of names has arrived; `approve` is asked before credentials go to an
    origin that is new for their name (None: they do not).
    """

    def __init__(
        self,
        settings: IndexSettings,
        cache: Path,
        *,
        approvals: Path | None = None,
        approve: Ask | None = None,
        on_pending: Callable[[int], None] = lambda count: None,
        on_names: Callable[[], None] = lambda: None,
        fetch_names: bool = True,
    ) -> None:
        self.settings = settings
        self.names = NameLists(cache)
        self._cache = cache
        self._approvals = Approvals(approvals or cache / APPROVALS, approve)
        self._on_pending = on_pending
        self._on_names = on_names
        self._fetch_names = fetch_names
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        self._answering: Answering | None = None
        self._pending = 0
        self._tasks: set[asyncio.Task[None]] = set()

    # For the callers

    def now(
        self, questions: Iterable[Question], folder: Path | None, known: Collection[str]
    ) -> dict[Question, Answer]:
        """Answers that cost nothing: names that match, from the lists that are here.

        `known` are names that the user's own projects have.
        """
        found: dict[Question, Answer] = {}
        for each in questions:
            if isinstance(each, NamesLike):
                answering = self._answering
                indexes = answering.indexes_now(each.lookup, folder) if answering else ()
                found[each] = self.names.search(each.typed, indexes, tuple(known))
                if indexes == () or any(map(self.names.is_due, indexes)):
                    self._soon(partial(self._refresh_names, each, folder))
        return found

    def prepare(self) -> None:
        """Import what asking needs, and read what searching needs, while nobody waits for it."""

        async def work() -> None:
            self._ready().prepare()
            self.names.prepare()

        if not self.settings.offline:
            self._soon(work)

    def want(self, asker: Asker, questions: Collection[Question]) -> None:
        """Find answers to `questions` about packages; they arrive through ``on_answers``."""
        wanted = [
            each
            for each in questions
            if isinstance(each, INDEX_QUESTIONS) and not isinstance(each, NamesLike)
        ]
        if wanted:
            self._soon(partial(self._work, asker, wanted))

    def answers(
        self, questions: Collection[Question], folder: Path | None, patience: float
    ) -> dict[Question, Answer]:
        """Wait at most `patience` seconds for answers: for the command line."""
        found: dict[Question, Answer] = {}
        wanted = [
            each
            for each in questions
            if isinstance(each, INDEX_QUESTIONS) and not isinstance(each, NamesLike)
        ]
        if wanted:
            done: Future[None] = Future()

            async def work() -> None:
                try:
                    asker = Asker(folder, found.update, lambda question: True)
                    await self._work(asker, wanted, settle=0)
                finally:
                    done.set_result(None)

            self._soon(work)
            try:
                done.result(patience)
            except FutureTimeoutError:
                logger.warning("package indexes took more than %.0f s", patience)
        return {**found, **self.now(questions, folder, ())}

    def configure(self, settings: IndexSettings) -> None:
        """Use other settings from now on; what was found out under the old ones is forgotten."""
        if settings != self.settings:
            if settings.offline or settings.trusted < self.settings.trusted:
                self.names.close()  # what a child process is fetching may not be fetched any more
            self.settings = settings
            self.forget()

    def forget(self) -> None:
        """Read the configuration of tools again when it is needed: files have changed."""

        async def work() -> None:
            if self._answering is not None:
                old, self._answering = self._answering, None
                await old.close()

        if self._loop is not None:
            self._soon(work)

    def close(self) -> None:
        """End child processes and connections, if there are any."""
        self.names.close()
        self.forget()

    # In our thread

    def _soon(self, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` in the loop, which is started first if nobody has needed it yet."""
        with self._lock:
            if self._loop is None:
                self._loop = new_event_loop()
                threading.Thread(
                    target=self._loop.run_forever, name="package indexes", daemon=True
                ).start()
        self._loop.call_soon_threadsafe(self._start, work)

    def _start(self, work: Callable[[], Awaitable[None]]) -> None:
        async def guarded() -> None:
            try:
                await work()
            except Exception as error:
                logger.error("package indexes: %s", type(error).__name__, exc_info=True)

        task = asyncio.ensure_future(guarded())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _ready(self) -> Answering:
        """The part that knows the network; importing it takes a tenth of a second."""
        if self._answering is None:
            give_way()  # what was asked with the file comes first
            from pyproject_ls.index.answering import Answering

            self._answering = Answering(self.settings, self._cache, self._approvals)
        return self._answering

    async def _work(
        self, asker: Asker, questions: Sequence[Question], settle: float = SETTLE
    ) -> None:
        """Answer from the store at once, then from the network.

        Where the store has all the answers, the network waits for `settle` seconds.
        """
        answering = self._ready()
        left = set(questions)
        self._count(len(left))
        # what was found out under other settings is nobody's business any more
        batch = _Batch(asker.on_answers, lambda: answering is self._answering)
        flushing = asyncio.ensure_future(batch.flush_often())
        try:
            for each in questions:
                give_way()
                batch.add(each, await answering.stored(each, asker.folder))
            batch.flush()
            unknown = left - batch.answered
            if self.settings.offline:
                pass  # there is nothing to spare
            elif not unknown:
                await asyncio.sleep(settle)
            elif len(unknown) <= MANY and any(isinstance(each, ReleasesOf) for each in unknown):
                await asyncio.sleep(PAUSE)
            wanted = [each for each in questions if asker.still_wants(each)]
            self._count(len(wanted) - len(left))
            left.intersection_update(wanted)

            async def fetch(question: Question) -> None:
                batch.add(question, await answering.fetched(question, asker.folder))
                left.discard(question)
                self._count(-1)
                if len(wanted) <= MANY:
                    batch.flush()

            await asyncio.gather(*map(fetch, wanted))
        finally:
            self._count(-len(left))
            flushing.cancel()
            batch.flush()

    def _count(self, change: int) -> None:
        self._pending += change
        self._on_pending(self._pending)

    async def _refresh_names(self, question: NamesLike, folder: Path | None) -> None:
        answering = self._ready()
        news = answering.find_out(question.lookup, folder)
        if self._fetch_names and not self.settings.offline:
            news = await answering.refresh_names(self.names, question.lookup, folder) or news
        if news:
            self._on_names()


class _Batch:
    """Answers on their way to whoever asked."""

    def __init__(self, on_answers: OnAnswers, is_current: Callable[[], bool]) -> None:
        self.answered: set[Question] = set()
        self._on_answers = on_answers
        self._is_current = is_current
        self._found: dict[Question, Answer] = {}

    def add(self, question: Question, answer: Answer | None) -> None:
        if answer is not None:
            self.answered.add(question)
            self._found[question] = answer

    def flush(self) -> None:
        if self._found:
            found, self._found = self._found, {}
            if self._is_current():
                self._on_answers(found)

    async def flush_often(self) -> None:
        while True:
            await asyncio.sleep(FLUSH)
            self.flush()
