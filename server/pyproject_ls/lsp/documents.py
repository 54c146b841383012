"""The open documents: their texts as the client has them, and what is known of each.

pygls keeps texts too, but it splits lines with `str.splitlines`, which also splits at U+2028,
U+0085 and form feeds; every later edit then lands in the wrong place. So its workspace is left
empty, and texts live here, on top of `LineIndex`.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import count
from typing import TypeVar

from pyproject_ls import disk
from pyproject_ls.checks.finding import Finding
from pyproject_ls.config import Settings
from pyproject_ls.facts import Answer, Facts, Question
from pyproject_ls.fixes import fix_all
from pyproject_ls.host import Snapshot
from pyproject_ls.index import policies
from pyproject_ls.lsp.answers import Answers, Packages
from pyproject_ls.lsp.logs import where
from pyproject_ls.lsp.threads import in_background
from pyproject_ls.lsp.uris import file_path, is_ours
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Encoding, LineIndex

LARGE = 400_000
"""Texts with more code points are analysed in the background, so that others need not wait."""

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Change(NamedTuple):
    """An edit by the client, at lines and columns in its encoding; a new text without a start."""

    text: str
    start: tuple[int, int] | None = None
    end: tuple[int, int] = (0, 0)


class State(NamedTuple):
    """All that was found out about one state of a document.

    `serial` is another number for every other state: of the text, the settings or the facts.
    """

    serial: int
    snapshot: Snapshot
    findings: list[Finding]


class Document:
    """One open ``pyproject.toml``.

    All methods are for the event loop's thread. `serials` numbers the states, `on_late` is told
    when facts have arrived that an analysis went on without.
    """

    def __init__(
        self,
        uri: str,
        version: int,
        text: str,
        settings: Settings,
        serials: Iterator[int],
        on_late: Callable[[Document, Mapping[Question, Answer]], None],
        packages: Packages | None = None,
    ) -> None:
        self.uri = uri
        self.version = version
        self.text = text
        self.settings = settings
        path = file_path(uri)
        self.answers = Answers(path.parent if path else None, partial(on_late, self), packages)
        self.is_known = False
        """Whether the client has been told what is wrong with it, in some state."""
        self.shows_hints = False
        """Whether the client has asked for inlay hints in it."""
        self.shows_lenses = False
        """Whether the client has asked for code lenses in it."""
        self._serials = serials
        self._serial = next(serials)
        self._last: State | None = None
        self._snapshot: Snapshot | None = None
        self._known = self.answers.known
        self._lines: LineIndex | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def is_large(self) -> bool:
        """Whether it has to be analysed in the background: `settle` first, then `state`."""
        return len(self.text) > LARGE

    @property
    def is_fresh(self) -> bool:
        """Whether `state` costs nothing."""
        return self._last is not None and self._last.serial == self._serial

    @property
    def lines(self) -> LineIndex:
        """The lines of the present text."""
        last = self._snapshot
        if last is not None and last.text is self.text:
            return last.lines
        if self._lines is None:
            self._lines = LineIndex(self.text)
        return self._lines

    # What changes

    def apply(self, changes: Iterable[Change], version: int, encoding: Encoding) -> None:
        """Edit the text as the client did. Places outside the text become the nearest inside it."""
        for change in changes:
            if change.start is None:
                text = change.text
            else:
                lines, old = self.lines, self.text
                start = lines.offset(*change.start, encoding)
                end = max(start, lines.offset(*change.end, encoding))
                text = f"{old[:start]}{change.text}{old[end:]}"
            self.text = text
            self._lines = None
        self.version = version
        self.answers.text_changed()
        self._serial = next(self._serials)

    def configure(self, settings: Settings) -> bool:
        """Use other settings; whether they differ."""
        if settings == self.settings:
            return False
        self.settings = settings
        self._serial = next(self._serials)
        return True

    def forget(self, is_old: Callable[[Question], bool]) -> None:
        """Ask again, when it is needed, the questions that `is_old` picks out."""
        if self.answers.forget(is_old):
            self._serial = next(self._serials)

    def learn(self, new: Mapping[Question, Answer]) -> bool:
        """Take over facts; whether they differ from those that were known."""
        if not self.answers.add(new):
            return False
        self._serial = next(self._serials)
        return True

    async def look_again(self) -> bool:
        """Ask the disk for every fact once more, in the background; whether any has changed.

        What could not be fetched is fetched now, if it can be.
        """
        root, questions = self.answers.root, list(self.answers.known)
        if root is None or not questions:
            return False
        new = await in_background(partial(policies.answers, root, questions))
        return self.learn(new)

    # What is found out

    def snapshot(self) -> Snapshot:
        """The present text with what is known; nothing is looked for in it yet."""
        last = self._snapshot
        if last is None or last.text is not self.text or last.settings != self.settings:
            return self._take(Snapshot(self.text, Facts(self.answers.known), self.settings, last))
        if self._known is not self.answers.known:
            return self._take(Snapshot(self.text, Facts(self.answers.known), self.settings, last))
        return last

    def state(self) -> State:
        """What there is to know of the present text."""
        last = self._last
        if last is None or last.serial != self._serial:
            if last is None or last.snapshot.text is not self.text:
                self.answers.look_again()
            last = self._keep(self._analyse())
        return last

    def ask(self, question: Callable[[Snapshot], T]) -> T:
        """The answer to `question`, with all that it wants to know of the disk and gets in time."""
        if self.answers.look_again():
            self._serial = next(self._serials)
        for _ in range(disk.MAX_ROUNDS - 1):
            snapshot = self.snapshot()
            answer = question(snapshot)
            if not self.answers.learn(snapshot.facts.wanted):
                return answer
        return question(self.snapshot())

    async def ask_in_background(self, question: Callable[[Snapshot], T]) -> T:
        """As `ask`, without keeping anybody waiting: for large texts."""
        await self.settle()
        snapshot = self.snapshot()
        for _ in range(disk.MAX_ROUNDS - 1):
            answer = await in_background(partial(question, snapshot))
            if not self.answers.learn(snapshot.facts.wanted):
                return answer
            snapshot = Snapshot(
                snapshot.text, Facts(self.answers.known), snapshot.settings, snapshot
            )
        return await in_background(partial(question, snapshot))

    async def settle(self) -> None:
        """Wait until the analysis of the present text is done; one runs at a time."""
        while not self.is_fresh:
            if self._task is None:
                self._task = asyncio.create_task(self._analyse_in_background())
                self._task.add_done_callback(self._forget_task)
            await asyncio.shield(self._task)

    async def fixed(self) -> str:
        """The text after all fixes that can be made."""
        if not self.is_large:
            return self._fixed(self.state(), self._analyse_text)
        await self.settle()
        work = partial(self._fixed, self.state(), self._analysis_elsewhere({}))
        return await in_background(work)

    def _analyse(self) -> Snapshot:
        snapshot = self.snapshot()
        for _ in range(disk.MAX_ROUNDS):
            findings_of(snapshot)
            if not self.answers.learn(snapshot.facts.wanted):
                break
            snapshot = self.snapshot()
        return snapshot

    def _analyse_text(self, text: str, previous: Snapshot | None) -> Snapshot:
        snapshot = Snapshot(text, Facts(self.answers.known), self.settings, previous)
        for _ in range(disk.MAX_ROUNDS):
            findings_of(snapshot)
            if not self.answers.learn(snapshot.facts.wanted):
                break
            snapshot = Snapshot(text, Facts(self.answers.known), self.settings, snapshot)
        return snapshot

    def _analysis_elsewhere(
        self, learnt: dict[Question, Answer]
    ) -> Callable[[str, Snapshot | None], Snapshot]:
        """As `_analyse`, for any thread; what it learns of the disk goes into `learnt`."""
        root, known, settings = self.answers.root, self.answers.known, self.settings

        def analyse(text: str, previous: Snapshot | None) -> Snapshot:
            facts = Facts(known)
            snapshot = Snapshot(text, facts, settings, previous)
            for _ in range(disk.MAX_ROUNDS):
                findings_of(snapshot)
                if root is None or not facts.wanted:
                    break
                learnt.update(disk.answer(root, facts.wanted))
                facts = facts.with_answers(learnt)
                snapshot = Snapshot(text, facts, settings, snapshot)
            return snapshot

        return analyse

    async def _analyse_in_background(self) -> None:
        serial, text = self._serial, self.text
        previous = self._snapshot
        learnt: dict[Question, Answer] = {}
        work = partial(self._analysis_elsewhere(learnt), text, previous)
        snapshot = await in_background(work)
        if serial == self._serial:
            self.answers.add(learnt)
            self._keep(self._take(snapshot))
            gc.freeze()  # millions of nodes that no collection needs to look at

    def _take(self, snapshot: Snapshot) -> Snapshot:
        self._snapshot, self._known, self._lines = snapshot, self.answers.known, None
        return snapshot

    def _keep(self, snapshot: Snapshot) -> State:
        self.answers.keep(snapshot.facts.asked)
        self._last = State(self._serial, snapshot, findings_of(snapshot))
        return self._last

    def _forget_task(self, task: asyncio.Task[None]) -> None:
        self._task = None

    @staticmethod
    def _fixed(state: State, again: Callable[[str, Snapshot | None], Snapshot]) -> str:
        try:
            return fix_all(state.snapshot, again)[0].text
        except Exception as error:  # a fault of ours must not take the document away
            logger.error("the fixes cannot be made: %s", where(error), exc_info=True)
            return state.snapshot.text


class Documents:
    """The open documents that are ours, by URI; all others are unknown here."""

    def __init__(
        self,
        settings_for: Callable[[str], Settings],
        on_late: Callable[[Document, Mapping[Question, Answer]], None],
        packages: Packages | None = None,
    ) -> None:
        self._settings_for = settings_for
        self._on_late = on_late
        self._packages = packages
        self._serials = count(1)
        self._documents: dict[str, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        """The documents, in the order in which they were opened."""
        return iter(tuple(self._documents.values()))

    def get(self, uri: str) -> Document | None:
        """The open document with this URI."""
        return self._documents.get(uri)

    def open(self, uri: str, version: int, text: str) -> Document | None:
        """Keep a document that the client opened; None if it is not ours.

        A document that was open already is taken as new.
        """
        if not is_ours(uri):
            return None
        settings = self._settings_for(uri)
        document = Document(
            uri, version, text, settings, self._serials, self._on_late, self._packages
        )
        self._documents[uri] = document
        return document

    def close(self, uri: str) -> Document | None:
        """Forget a document; what it was, if it was ours."""
        return self._documents.pop(uri, None)

    def configure(self) -> list[Document]:
        """Give every document its settings; those for which they changed."""
        return [each for each in self if each.configure(self._settings_for(each.uri))]


def findings_of(snapshot: Snapshot) -> list[Finding]:
    """The findings of `snapshot`; none, and a line in the log, where a check fails.

    Checks never raise; should one do so all the same, the user keeps an editor that works.
    """
    try:
        return snapshot.findings
    except Exception as error:
        if _failed.text is not snapshot.text:  # another round would only say it again
            logger.error("a check failed: %s", where(error), exc_info=True)
        _failed.text = snapshot.text
        snapshot.__dict__["findings"] = []  # what the property would have kept
        return []


class _Failed:
    """The last text that a check failed on."""

    text: str | None = None


_failed = _Failed()
