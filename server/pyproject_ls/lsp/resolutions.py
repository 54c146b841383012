"""Resolving in the background: after a save, or while somebody types, without writing anything.

What comes of it are facts, like those of package indexes: findings, hints and lenses ask for them.
A newer text takes the place of an older one, and what a person asked for goes first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from pyproject_ls.facts.resolution import (
    BuildOf,
    BuildProblem,
    Conflict,
    Resolution,
    ResolutionOf,
    Unresolved,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.documents import Document
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.resolver.outcome import Failure

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

PAUSE = 0.8
"""Seconds without an edit after which a text is worth a resolve, where that is wished."""


FIRST_SIGHT = 0.2
"""Seconds after a document was opened in which nothing comes before what is first seen of it."""


class _Running(NamedTuple):
    """A background resolve: what it is about, and the task."""

    question: ResolutionOf
    task: asyncio.Task[None]


class Resolutions:
    """At most one background resolve a document. For the event loop's thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._soon: dict[str, asyncio.Task[None]] = {}
        """Who looks whether a text is worth a resolve, by the document's URI."""
        self._running: dict[str, _Running] = {}
        self._unfinished: set[ResolutionOf] = set()
        """Conflicts for which no remedies were looked for, because something went first."""

    def opened(self, document: Document) -> None:
        """A document was opened, or may be resolved from now on."""
        self._consider(document, FIRST_SIGHT)

    def saved(self, document: Document) -> None:
        """A document was saved."""
        self._consider(document, 0.0)

    def changed(self, document: Document) -> None:
        """A document was edited."""
        if document.settings.resolve == "type":
            self._consider(document, PAUSE)

    def consider_again(self, uri: str) -> None:
        """A resolve that a person asked for has failed: find out why, and show it in the file."""
        document = self._session.documents.get(uri)
        if document is not None:
            self._consider(document, 0.0)

    def stop(self, uri: str) -> None:
        """Give up the background resolve of a document: it was closed, or a person's goes first."""
        running = self._running.pop(uri, None)
        if running is not None:
            running.task.cancel()
            self._session.tools.doing(uri, "")

    def build_failed(self, uri: str, failure: Failure) -> None:
        """Show that a package could not be built, at the dependency that needs it."""
        document = self._session.documents.get(uri)
        if document is None:
            return
        from pyproject_ls.lsp.resolving import needing

        package, message = failure.package, failure.message
        direct = document.ask(partial(needing, package=package))
        if direct and direct != package:
            message = f"`{direct}` needs `{package}`. {message}"
        if document.learn({BuildOf(): BuildProblem(direct or package, message)}):
            self._session.refresh([document])

    def build_succeeded(self, uri: str) -> None:
        """Take back what `build_failed` showed."""
        document = self._session.documents.get(uri)
        if document is not None and document.learn({BuildOf(): BuildProblem("", "")}):
            self._session.refresh([document])

    def forget(self, documents: Iterable[Document]) -> None:
        """Files that tell a tool where packages come from have changed: ask again."""
        for document in documents:
            document.forget(lambda each: isinstance(each, ResolutionOf))
            self._consider(document, 0.0)

    def close(self) -> None:
        """Give up all of them."""
        for task in self._soon.values():
            task.cancel()
        for uri in list(self._running):
            self.stop(uri)

    def _consider(self, document: Document, pause: float) -> None:
        settings = document.settings
        if settings.resolve == "off" or settings.subject != "project" or document.is_large:
            return
        uri = document.uri
        earlier = self._soon.pop(uri, None)
        if earlier is not None:
            earlier.cancel()
        task = self._session.loop.create_task(self._look(document, pause))
        self._soon[uri] = task
        task.add_done_callback(self._report)

    async def _look(self, document: Document, pause: float) -> None:
        """Have the document resolved in a moment, if that is allowed and tells anything new."""
        session, uri = self._session, document.uri
        await asyncio.sleep(pause)
        await session.ready()
        if session.tools.obstacle(uri) or document.answers.root is None:
            return
        await document.answers.arrive()  # whether there is a lock file
        if document.is_large or session.documents.get(uri) is not document:
            return
        snapshot = document.state().snapshot
        digest = digest_of(snapshot.manifest)
        if digest is None:
            return
        question = ResolutionOf(digest)
        known = document.answers.known.get(question)
        # what could not be found out then may be found out now
        is_open = known is None or isinstance(known, Unresolved) or question in self._unfinished
        running = self._running.get(uri)
        if is_open and (running is None or running.question != question):
            self.stop(uri)
            task = session.loop.create_task(self._resolve(document, snapshot, question))
            self._running[uri] = _Running(question, task)
            task.add_done_callback(partial(self._ended, uri))

    async def _resolve(
        self, document: Document, snapshot: Snapshot, question: ResolutionOf
    ) -> None:
        from pyproject_ls.lsp import resolving  # with all that a tool needs

        session, folder = self._session, document.answers.root
        assert folder is not None

        def learn(answer: Resolution) -> None:
            if document.learn({question: answer}):
                session.refresh([document])

        def found(conflict: Conflict) -> None:
            self._unfinished.add(question)
            learn(conflict)

        answer = await resolving.resolution_of(session, document.uri, snapshot, folder, found)
        self._unfinished.discard(question)
        if answer is not None:
            learn(answer)

    def _ended(self, uri: str, task: asyncio.Task[None]) -> None:
        running = self._running.get(uri)
        if running is not None and running.task is task:
            del self._running[uri]
            self._session.tools.doing(uri, "")
        self._report(task)

    def _report(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            self._session.report("the dependencies could not be resolved", error)
