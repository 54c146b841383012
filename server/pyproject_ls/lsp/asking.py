"""Asking about a document: what all requests of editors have in common."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.convert import View
from pyproject_ls.lsp.logs import where

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

logger = logging.getLogger(__name__)

PATIENCE = 0.02
"""Seconds that an answer may wait for an index: nobody feels them."""

T = TypeVar("T")
R = TypeVar("R")

Waits = Generator[tuple[Any, tuple[Any, ...], dict[str, Any]], Any, Any]
"""A handler that may have to wait: see `handlers`."""


def asked(ls: Session, uri: str, question: Callable[[View], T]) -> Waits:
    """The answer to `question` about the document at `uri`; None if there is none."""
    document = ls.documents.get(uri)
    if document is None:
        return None
    version, folder, client = document.version, document.answers.root, ls.client

    def ask(snapshot: Snapshot) -> T | None:
        return patiently(question, View(snapshot, uri, version, folder, client))

    if document.is_large:
        return (yield document.ask_in_background, (ask,), {})
    return document.ask(ask)


def asked_patiently(
    ls: Session, uri: str, question: Callable[[View], T], patience: float = PATIENCE
) -> Waits:
    """As `asked`; where it made us ask an index, `patience` seconds are given to the answer."""
    document = ls.documents.get(uri)
    if document is None:
        return None
    sent = document.answers.collect_sent()
    found = yield from asked(ls, uri, question)
    if sent:
        with ls.people.waiting(patience):
            yield document.answers.arrive_of, (sent, patience), {}
        found = yield from asked(ls, uri, question)
    return found


class People:
    """Who waits for an answer: what an editor asks in passing comes after them.

    For the event loop's thread.
    """

    def __init__(self) -> None:
        self._waiting = 0
        self._nobody = asyncio.Event()
        self._nobody.set()

    @contextmanager
    def waiting(self, patience: float) -> Iterator[None]:
        """Somebody waits, but for no longer than `patience` seconds; longer waits do not count."""
        counts = int(patience <= PATIENCE)
        self._waiting += counts
        if self._waiting:
            self._nobody.clear()
        try:
            yield
        finally:
            self._waiting -= counts
            if not self._waiting:
                self._nobody.set()

    async def served(self) -> None:
        """Wait until what has arrived by now is answered, as far as a person has asked it."""
        await asyncio.sleep(0)
        await self._nobody.wait()


def patiently(question: Callable[[T], R], about: T) -> R | None:
    """The answer, or None and a line in the log.

    Features never raise; should one do so all the same, the user keeps an editor that works.
    """
    try:
        return question(about)
    except JsonRpcException:  # meant for the user
        raise
    except Exception as error:
        logger.error("a question could not be answered: %s", where(error), exc_info=True)
        return None


def refused(message: str) -> JsonRpcException:
    """An error whose message is for the user (LSP 3.17, RequestFailed)."""
    return JsonRpcException(message, code=types.LSPErrorCodes.RequestFailed.value)
