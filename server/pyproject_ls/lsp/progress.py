"""Progress in the editor while package indexes are being asked."""

from __future__ import annotations

from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

from lsprotocol import types

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

DELAY = 0.5
"""Seconds before anything is shown: most questions are answered sooner."""


class Progress:
    """One bar for all questions; it shows how many are left. For the event loop's thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._numbers = count(1)
        self._left = 0
        self._most = 0
        self._token = ""
        self._is_due = False
        self._is_shown = False

    def update(self, left: int) -> None:
        """So many questions are open now."""
        self._left = left
        self._most = max(self._most, left)
        if left <= 0:
            self._end()
        elif self._is_shown:
            self._tell("report", message=self._message, percentage=self._percentage)
        elif not self._is_due and self._session.client.shows_progress:
            self._is_due = True
            self._session.loop.call_later(DELAY, self._create)

    def _create(self) -> None:
        self._is_due = False
        if self._left <= 0 or self._token:
            return
        token = self._token = f"pyproject-ls/indexes/{next(self._numbers)}"
        begin = partial(self._begin, token)
        self._session.ask(types.WINDOW_WORK_DONE_PROGRESS_CREATE, {"token": token}, begin)

    def _begin(self, token: str, _: Any) -> None:
        if token != self._token or self._left <= 0:
            self._token = ""
            return
        self._is_shown = True
        self._tell("begin", title="Asking package indexes", message=self._message, percentage=0)

    def _end(self) -> None:
        if self._is_shown:
            self._tell("end")
        self._token, self._most, self._is_shown = "", 0, False

    @property
    def _message(self) -> str:
        return f"{self._left} left"

    @property
    def _percentage(self) -> int:
        return 100 * (self._most - self._left) // max(self._most, 1)

    def _tell(self, kind: str, **values: object) -> None:
        params = {"token": self._token, "value": {"kind": kind, **values}}
        self._session.tell(types.PROGRESS, params)
