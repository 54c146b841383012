"""Diagnostics: given to clients that ask for them, sent to those that do not.

A client that asks ("pull", LSP 3.17) is told to ask again when files or settings have changed. The
others get what is new after every change, but nothing in between: of edits that arrived together
only the last is analysed.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from lsprotocol import types

from pyproject_ls.lsp import convert
from pyproject_ls.lsp.convert import Json, Written, written
from pyproject_ls.lsp.documents import Document

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

logger = logging.getLogger(__name__)

NOTHING: Json = {"kind": "full", "items": []}
"""The report on a document that is not ours."""

NO_ITEMS = Written("[]")


class Diagnostics:
    """The diagnostics of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._due: set[str] = set()
        self._refreshing = False

    def report(self, document: Document, previous: str | None) -> Json | Written:
        """The answer to a client that asks, knowing the result `previous` already."""
        state = document.state()
        result_id = str(state.serial)
        if result_id == previous:
            return {"kind": "unchanged", "resultId": result_id}
        items = self._items(document)
        return Written(f'{{"kind":"full","resultId":"{result_id}","items":{items}}}')

    def publish_soon(self, document: Document) -> None:
        """Send what is found in `document` once the messages that are here have been read."""
        session = self._session
        if session.client.pulls or document.uri in self._due:
            return
        self._due.add(document.uri)
        if document.is_large or not session.is_ready:
            session.start(self._publish_when_settled(document))
        else:
            session.loop.call_soon(self._publish, document)

    def forget(self, document: Document) -> None:
        """Take back what was sent about a document that was closed."""
        if not self._session.client.pulls:
            self._send(document.uri, None, NO_ITEMS)

    def refresh(self, documents: list[Document]) -> None:
        """See to it that clients hear of news about `documents`, if they have heard of them."""
        documents = [each for each in documents if each.is_known]
        if not documents:
            return
        if not self._session.client.pulls:
            for document in documents:
                self.publish_soon(document)
        elif not self._refreshing:
            self._refreshing = True
            self._session.loop.call_soon(self._ask_to_refresh)

    def _ask_to_refresh(self) -> None:
        self._refreshing = False
        self._session.ask(types.WORKSPACE_DIAGNOSTIC_REFRESH, None)

    async def _publish_when_settled(self, document: Document) -> None:
        await self._session.ready()
        if document.is_large:
            await document.settle()
        else:
            await asyncio.sleep(0)
        self._publish(document)

    def _publish(self, document: Document) -> None:
        self._due.discard(document.uri)
        if self._session.documents.get(document.uri) is document:
            if document.is_large and not document.is_fresh:
                self.publish_soon(document)
                return
            self._send(document.uri, document.version, self._items(document))

    def _items(self, document: Document) -> Written:
        _, snapshot, findings = document.state()
        document.is_known = True
        return convert.diagnostics(findings, snapshot.lines, document.uri, self._session.client)

    def _send(self, uri: str, version: int | None, items: Written) -> None:
        params = f'"uri":{written(uri)},"diagnostics":{items}'
        if version is not None and self._session.client.versions:
            params += f',"version":{version}'
        method = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
        self._session.tell(method, Written(f"{{{params}}}"))
