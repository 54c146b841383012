"""Resolving in the background: after a save, or while somebody types, without writing anything.

What comes of it are facts, like those of package indexes: findings, hints and lenses ask for them.
A newer text takes the place of an older one, and what a person asked for goes first.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pyproject_ls.facts.resolution import (
    BuildOf,
    BuildProblem,
    Resolution,
    ResolutionOf,
    Solution,
    Unresolved,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.documents import Document
from pyproject_ls.project.lock_graph import lock_file_in
from pyproject_ls.project.locked import POETRY_LOCK, locked
from pyproject_ls.project.lockfile import LockState, lock_state
from pyproject_ls.project.tool import tool_of
from pyproject_ls.resolver.lock_file import LockFileError, lock_path, read
from pyproject_ls.resolver.outcome import Failure, Request, Step
from pyproject_ls.toml.convert import to_python

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

PAUSE = 0.8
"""Seconds without an edit after which a text is worth a resolve, where that is wished."""

BUDGET = 10.0
"""Seconds for a resolve that nobody asked for; then whoever is at fault is found by other means."""

TELL = 0.5
"""Seconds between two reports of how far it has come."""

logger = logging.getLogger(__name__)


class Resolutions:
    """One background resolve a document. For the event loop's thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._running: dict[str, asyncio.Task[None]] = {}
        self._told = 0.0

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

    def build_failed(self, uri: str, failure: Failure) -> None:
        """Show that a package could not be built, at the dependency that needs it."""
        document = self._session.documents.get(uri)
        if document is None:
            return
        package, message = failure.package, failure.message
        direct = document.ask(partial(_needing, package=package))
        if direct and direct != package:
            message = f"`{direct}` needs `{package}`. {message}"
        if document.learn({BuildOf(): BuildProblem(direct or package, message)}):
            self._session.refresh([document])

    def build_succeeded(self, uri: str) -> None:
        """Take back what `build_failed` showed."""
        document = self._session.documents.get(uri)
        if document is not None and document.learn({BuildOf(): BuildProblem("", "")}):
            self._session.refresh([document])

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
        await document.answers.arrive()  # whether there is a lock file
        if document.is_large:
            return
        snapshot = document.state().snapshot
        question = next(
            (each for each in snapshot.facts.wanted if isinstance(each, ResolutionOf)), None
        )
        if question is None:
            return
        answer = _from_fresh_lock(snapshot) or await self._ask(document, snapshot, folder)
        if answer is not None and document.learn({question: answer}):
            session.refresh([document])

    async def _ask(self, document: Document, snapshot: Snapshot, folder: Path) -> Resolution | None:
        """What the tool says; None where none is known."""
        from pyproject_ls.resolver.resolving import resolution

        session, uri = self._session, document.uri
        settings = session.tool_settings_for(uri)
        choice = tool_of(snapshot.manifest, snapshot.facts, settings.tool)
        if choice is None or choice.name is None:
            return None
        backend = await session.tools.at_hand(choice.name, folder, settings, uri)
        if isinstance(backend, str):
            return Unresolved(backend, is_lasting=True)
        try:
            text = (await asyncio.to_thread(read, lock_path(choice.name, folder))).text
        except LockFileError as error:
            return Unresolved(str(error), is_lasting=True)
        total = len(locked(text)) if text else 0
        session.tools.doing(uri, "resolving")

        def on_step(step: Step) -> None:
            now = session.loop.time()
            if now - self._told > TELL:
                self._told = now
                count = f"{step.done}/{max(total, step.done)}" if total else str(step.done)
                session.tools.doing(uri, f"resolving {count}")

        request = Request(folder, snapshot.text, text, budget=BUDGET)
        return await resolution(backend, request, on_step)


def _needing(snapshot: Snapshot, package: str) -> str:
    """The dependency of the file because of which `package` is locked; "" where that is unknown."""
    lock = lock_file_in(snapshot.facts, snapshot.manifest)
    declared = {each.normalized for each in snapshot.manifest.dependencies}
    if lock is None or package in declared:
        return package if package in declared else ""
    for version in lock.graph.packages.get(package, ()):
        for way in lock.graph.paths(declared, version, limit=1):
            return way[0].normalized
    return ""


def _from_fresh_lock(snapshot: Snapshot) -> Solution | None:
    """What poetry.lock says, where it was made for this text: Poetry needs not be asked."""
    source = snapshot.facts.text_of(POETRY_LOCK) if snapshot.manifest.uses_poetry else None
    if source is None or source.text is None:
        return None
    if lock_state(to_python(snapshot.document.root), source.text) is not LockState.FRESH:
        return None
    return Solution(
        tuple(
            (name, each.version)
            for name, entries in locked(source.text).items()
            for each in entries
        )
    )
