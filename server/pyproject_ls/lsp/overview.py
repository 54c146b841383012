"""What extensions show of all projects and of their state: kept, and told when it changes.

Only clients with the initialization option ``toolOutput`` are told; see ``docs/protocol.md``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from pyproject_ls.facts import Answer, Question
from pyproject_ls.lsp.convert import Json
from pyproject_ls.lsp.documents import Document
from pyproject_ls.lsp.projects import Project
from pyproject_ls.lsp.uris import is_project

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

MAX_ASKING = 30
"""Of so many projects that are not open the indexes are asked for newer releases."""

CALM = 0.3
"""Seconds between news and the word that there is some."""


class Overview:
    """The projects of a session as trees show them. For the event loop's thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._closed: dict[Path, tuple[str, Document]] = {}
        self._is_due = False
        self._was_asked = False
        self._told: dict[str, Json] = {}
        self._untold: set[str] = set()

    async def projects(self) -> list[Json]:
        """Every project of the workspace, open or not."""
        from pyproject_ls.lsp.own_requests import project_of

        self._was_asked = True
        found: list[Project] = await self._session.projects.ask(lambda projects: projects)
        paths = {each.path for each in found}
        self._closed = {path: kept for path, kept in self._closed.items() if path in paths}
        result = []
        for each in sorted(found, key=lambda each: each.uri):
            document = self._session.documents.get(each.uri) or self._document(each)
            await asyncio.sleep(0)  # others are served meanwhile
            if not document.is_large:
                result.append(document.ask(partial(project_of, self._session, each)))
        return result

    def _document(self, project: Project) -> Document:
        """A document for a file that is not open, kept as long as its text stays."""
        assert project.path is not None
        text, kept = project.snapshot.text, self._closed.get(project.path)
        if kept is None or kept[0] != text:
            session = self._session
            packages = session.packages if len(self._closed) < MAX_ASKING else None
            settings = session.settings_for(project.uri)
            document = Document(
                project.uri, 0, text, settings, count(1), self._facts_came_late, packages
            )
            kept = self._closed[project.path] = text, document
        return kept[1]

    def _facts_came_late(self, document: Document, new: Mapping[Question, Answer]) -> None:
        """In a worker thread."""
        self._session.call(self._learn, document, new)

    def _learn(self, document: Document, new: Mapping[Question, Answer]) -> None:
        if document.learn(new):
            self.changed()

    def changed(self, documents: Iterable[Document] = ()) -> None:
        """What is shown of projects may be something else; told once for all of a moment."""
        if self._session.wants_output:
            self._untold.update(each.uri for each in documents if is_project(each.uri))
            if not self._is_due:
                self._is_due = True
                self._session.loop.call_later(CALM, self._tell)

    def _tell(self) -> None:
        from pyproject_ls.lsp.own_requests import status_of

        self._is_due = False
        uris, self._untold = self._untold, set()
        for uri in uris:
            document = self._session.documents.get(uri)
            if document is None:
                self._told.pop(uri, None)
            elif not document.is_large:
                status = status_of(self._session, document)
                if status != self._told.get(uri):
                    self._told[uri] = status
                    self._session.tell("pyproject-ls/status", status)
        if self._was_asked:
            self._session.tell("pyproject-ls/projectsChanged", {})
