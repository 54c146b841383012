"""What one session has to do with package indexes: the service, and the person who is asked."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Collection, Iterable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts import Answer, Question
from pyproject_ls.facts.packages import INDEX_QUESTIONS, NamesLike
from pyproject_ls.index.places import approvals_file, cache_folder
from pyproject_ls.index.service import Asker, Service
from pyproject_ls.lsp.progress import Progress

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

PATIENCE = 120.0
"""Seconds that a person has to answer; then it is a no."""

_SEND = "Send them"
_KEEP = "Do not send them"


class Packages:
    """The package indexes of one session. For the event loop's thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._progress = Progress(session)
        self._settings = IndexSettings(offline=True)
        self._service: Service | None = None

    @property
    def service(self) -> Service:
        """The service, made when it is needed for the first time."""
        if self._service is None:
            call = self._session.call
            self._service = Service(
                self._settings,
                cache_folder(os.environ),
                approvals=approvals_file(os.environ),
                approve=self._approve,
                on_pending=lambda left: call(self._progress.update, left),
                on_names=lambda: call(self._names_came),
            )
        return self._service

    def now(
        self, questions: Iterable[Question], folder: Path | None, known: Collection[str]
    ) -> dict[Question, Answer]:
        """Answers that cost nothing."""
        return self.service.now(questions, folder, known)

    def want(self, asker: Asker, questions: Collection[Question]) -> None:
        """Find answers, and hand them in later."""
        self.service.want(asker, questions)

    def prepare(self) -> None:
        """Get ready to be asked."""
        self.service.prepare()

    def configure(self, settings: IndexSettings) -> None:
        """Use other settings; what was answered under the old ones is forgotten."""
        if settings == self._settings:
            return
        self._settings = settings
        if self._service is not None:
            self._service.configure(settings)
        self._forget(lambda each: isinstance(each, INDEX_QUESTIONS))

    def forget(self) -> None:
        """Files that configure indexes have changed."""
        if self._service is not None:
            self._service.forget()
            self._forget(lambda each: isinstance(each, INDEX_QUESTIONS))

    def close(self) -> None:
        """End what runs in the background."""
        if self._service is not None:
            self._service.close()

    def _names_came(self) -> None:
        for document in self._session.documents:
            document.answers.forget(lambda each: isinstance(each, NamesLike))

    def _forget(self, is_old: Any) -> None:
        documents = list(self._session.documents)
        for document in documents:
            document.forget(is_old)
        self._session.refresh(documents)

    async def _approve(self, name: str, old: str, new: str) -> bool:
        """Ask whether credentials may go to another server than before. In the service's loop."""
        future: Future[bool] = Future()
        self._session.call(partial(self._ask_for_approval, name, old, new, future))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(future), PATIENCE)
        except asyncio.TimeoutError:
            return False

    def _ask_for_approval(self, name: str, old: str, new: str, future: Future[bool]) -> None:
        message = (
            f"The package source {name!r} used to be at {old} and is now at {new}."
            " Shall its user name and password be sent there?"
        )
        params = {
            "type": int(types.MessageType.Warning),
            "message": message,
            "actions": [{"title": _SEND}, {"title": _KEEP}],
        }

        def answered(result: Any) -> None:
            if not future.cancelled():
                future.set_result(isinstance(result, dict) and result.get("title") == _SEND)

        self._session.ask(types.WINDOW_SHOW_MESSAGE_REQUEST, params, answered)
