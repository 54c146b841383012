"""The transport, imported when something is fetched for the first time.

Its library takes some megabytes and a moment; whoever lives on what was fetched earlier, as every
server does right after its start, needs neither.
"""

from __future__ import annotations

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
