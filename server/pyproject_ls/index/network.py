"""The transport, imported when something is fetched for the first time.

Its library takes some megabytes and a moment; whoever lives on what was fetched earlier, as every
server does right after its start, needs neither.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pyproject_ls.index.exchange import Fetch, Reply
from pyproject_ls.index.failures import FetchError
from pyproject_ls.index.pages import CLOSED

if TYPE_CHECKING:
    from pyproject_ls.index.transport import Transport


class Network:
    """Stands for one `Transport`. Belongs to one event loop."""

    def __init__(self) -> None:
        self._transport: Transport | None = None
        self._is_closed = False

    def prepare(self) -> Transport:
        """The transport, imported if it has not been yet. Raises FetchError after `close`."""
        if self._is_closed:
            raise FetchError("offline", CLOSED)
        if self._transport is None:
            from pyproject_ls.index.transport import Transport

            remember_what_is_missing("sniffio")
            self._transport = Transport()
        return self._transport

    async def fetch(self, request: Fetch) -> Reply:
        """The answer to `request`. Raises FetchError, and nothing else."""
        return await self.prepare().fetch(request)

    async def close(self) -> None:
        """Close all connections; what is under way fails, and so does what comes later."""
        self._is_closed = True
        if self._transport is not None:
            await self._transport.close()


def remember_what_is_missing(module: str) -> None:
    """Have imports of `module` fail at once if it is not installed.

    httpcore imports sniffio several times a request to ask whether this is trio; each time Python
    would look into all folders, which is slow and lets the answers of the server wait.
    """
    if find_spec(module) is None:
        # None is what Python's import system wants here, which typeshed does not know
        sys.modules[module] = None  # type: ignore[assignment]
