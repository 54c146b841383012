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
    Resolution,
    ResolutionOf,
    Unresolved,
)
from pyproject_ls.lsp.documents import Document
from pyproject_ls.resolver.outcome import Failure

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

PAUSE = 0.8
"""Seconds without an edit after which a text is worth a resolve, where that is wished."""


class Resolutions:
    """One background resolve a document. For the event loop's thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._running: dict[str, asyncio.Task[None]] = {}

    def opened(self, document: Document) -> None:
        """A document was opened, or may be resolved from now on."""
        self._consider(document, 0.0)

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
        task = self._running.pop(uri, None)
        if task is not None:
            task.cancel()
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
        for uri in list(self._running):
            self.stop(uri)

    def _consider(self, document: Document, pause: float) -> None:
        if document.settings.resolve == "off" or document.is_large:
            return
        self.stop(document.uri)
        task = self._session.loop.create_task(self._resolve(document, pause))
        self._running[document.uri] = task
        task.add_done_callback(lambda done: self._ended(document.uri, done))

    def _ended(self, uri: str, task: asyncio.Task[None]) -> None:
        if self._running.get(uri) is task:
            del self._running[uri]
            self._session.tools.doing(uri, "")
        if not task.cancelled() and (error := task.exception()) is not None:
            self._session.report("the dependencies could not be resolved", error)

    async def _resolve(self, document: Document, pause: float) -> None:
        session, folder = self._session, document.answers.root
        await asyncio.sleep(pause)
        await session.ready()
        if folder is None or session.tools.obstacle(document.uri):
            return
        from pyproject_ls.lsp import resolving  # with all that a tool needs

        await document.answers.arrive()  # whether there is a lock file
        if document.is_large:
            return
        # what could not be found out then may be found out now
        known = document.answers.known
        document.forget(lambda each: isinstance(known.get(each), Unresolved))
        snapshot = document.state().snapshot
        question = next(
            (each for each in snapshot.facts.wanted if isinstance(each, ResolutionOf)), None
        )
        if question is None:
            return

        def learn(answer: Resolution) -> None:
            if document.learn({question: answer}):
                session.refresh([document])

        answer = await resolving.resolution_of(session, document.uri, snapshot, folder, learn)
        if answer is not None:
            learn(answer)
