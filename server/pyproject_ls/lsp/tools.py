"""The tools of one session: whether they may run, and what editors are told of them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pyproject_ls.config import ToolSettings
from pyproject_ls.facts.resolution import ToolState, ToolStateOf
from pyproject_ls.lsp.documents import Document
from pyproject_ls.resolver.backend import Backend, ToolName

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session
    from pyproject_ls.resolver.tools import Tools as FoundTools

UNTRUSTED = (
    "Nothing is locked or installed in a workspace that is not trusted, because that runs the build"
    " code of path and git dependencies."
)
OFFLINE = (
    "Nothing is locked or installed while `pyproject-ls.offline` is set, because that asks the"
    " package indexes."
)


class Tools:
    """For the event loop's thread."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tools: FoundTools | None = None
        self._missing: dict[str, str] = {}
        """Why there is no tool, by the URI of the document."""
        self._activities: dict[str, str] = {}
        self._versions: dict[ToolName, str] = {}

    def obstacle(self, uri: str) -> str:
        """Why no tool may be run for the document at `uri`; "" if one may."""
        settings = self._session.index_settings
        if not settings.trusted:
            return UNTRUSTED
        return OFFLINE if settings.offline else ""

    async def at_hand(
        self, name: ToolName, folder: Path, settings: ToolSettings, uri: str = ""
    ) -> Backend | str:
        """The tool, or why there is none, which is told to editors that show `uri`."""
        from pyproject_ls.resolver.locating import NotFound
        from pyproject_ls.resolver.tools import Tools as FoundTools

        if self._tools is None:
            self._tools = FoundTools(os.environ)
        found = await self._tools.at_hand(name, folder, settings)
        problem = found.message if isinstance(found, NotFound) else ""
        if not isinstance(found, NotFound):
            self._versions[name] = found.version
        if uri and self._missing.get(uri, "") != problem:
            self._missing[uri] = problem
            self.tell(uri)
        return found.message if isinstance(found, NotFound) else found

    def configure(self) -> None:
        """Settings have changed, or whether the workspace is trusted."""
        self._missing.clear()
        if self._tools is not None:
            self._tools.forget()
        for document in self._session.documents:
            self.tell(document.uri)
            self._session.resolutions.opened(document)

    def doing(self, uri: str, activity: str) -> None:
        """Tell editors what is being done for the document; "" for nothing."""
        if self._activities.get(uri, "") != activity:
            self._activities[uri] = activity
            self.tell(uri)

    def tell(self, uri: str) -> None:
        """Have the document know the present state."""
        document = self._session.documents.get(uri)
        if document is not None:
            self.describe(document)

    def describe(self, document: Document) -> None:
        """The same, for one that was opened just now."""
        uri = document.uri
        state = ToolState(
            self.obstacle(uri) or self._missing.get(uri, ""), self._activities.get(uri, "")
        )
        if document.learn({ToolStateOf(): state}):
            self._session.refresh_lenses([document])

    def forget(self, uri: str) -> None:
        """A document was closed."""
        self._missing.pop(uri, None)
        self._activities.pop(uri, None)

    def title(self, name: ToolName | None) -> str:
        """What people call the tool, with its version where that is known; "" for none."""
        if name is None:
            return ""
        title = {"poetry": "Poetry", "uv": "uv"}[name]
        return f"{title} {self._versions.get(name, '')}".rstrip()

    async def close(self) -> None:
        """End all that runs."""
        if self._tools is not None:
            await self._tools.close()
