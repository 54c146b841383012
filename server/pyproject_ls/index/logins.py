"""User names and passwords on their way to an index: when to send which, and when to stop."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from cachetools import TTLCache

from pyproject_ls.index.destinations import origin_of
from pyproject_ls.index.exchange import Fetch, Reply
from pyproject_ls.index.failures import FetchError
from pyproject_ls.index.flight import Grounded, SingleFlight
from pyproject_ls.index.records import Index

REFUSED = 300.0
"""Seconds for which credentials that an index refused are not sent again: some servers lock an
account after a number of wrong passwords."""

Pair = tuple[str, str]

logger = logging.getLogger(__name__)


class CredentialsProvider(Protocol):
    """Where user names and passwords come from."""

    async def first(self, index: Index) -> Pair | None:
        """What to send to `index` unasked; None for nothing."""

    async def after_401(self, index: Index) -> Pair | None:
        """What to send when `index` has asked for a login; None if there is nothing else."""


class Logins:
    """Adds logins to requests. They go to the index's own origin only (see also `Transport`)."""

    def __init__(self, credentials: CredentialsProvider, clock: Callable[[], float]) -> None:
        self._credentials = credentials
        self._flight = SingleFlight()
        self._good: dict[tuple[str, str], Pair] = {}
        self._refused: TTLCache[tuple[tuple[str, str], Pair], FetchError] = TTLCache(
            256, REFUSED, timer=clock
        )

    async def with_login(
        self, index: Index, request: Fetch, fetch: Callable[[Fetch], Awaitable[Reply]]
    ) -> Reply:
        """What `fetch` makes of `request` with the right credentials. Raises FetchError."""
        if not index.credentials or origin_of(request.url) != origin_of(index.url):
            return await fetch(request)
        key = (index.url, index.credentials)
        first = self._good.get(key) or await self._asked("first", index)
        try:
            return await self._try(key, request._replace(auth=first), fetch)
        except FetchError as error:
            if error.kind != "auth":
                raise
            if self._good.get(key) == first:
                self._good.pop(key, None)
            second = self._good.get(key) or await self._asked("after_401", index)
            if second is None or second == first:
                raise
        reply = await self._try(key, request._replace(auth=second), fetch)
        self._good[key] = second
        return reply

    async def _try(
        self, key: tuple[str, str], request: Fetch, fetch: Callable[[Fetch], Awaitable[Reply]]
    ) -> Reply:
        if request.auth is None:
            return await fetch(request)
        refused = self._refused.get((key, request.auth))
        if refused is not None:
            raise FetchError(refused.kind, refused.reason, refused.status)
        try:
            return await fetch(request)
        except FetchError as error:
            if error.kind == "auth":
                self._refused[key, request.auth] = error.alone()
            raise

    async def _asked(self, which: str, index: Index) -> Pair | None:
        """The answer of the provider; pages that want it at one time ask once."""
        ask = self._credentials.first if which == "first" else self._credentials.after_401
        try:
            return await self._flight.do((which, index), lambda: _guarded(ask, index))
        except Grounded:
            return None


async def _guarded(ask: Callable[[Index], Awaitable[Pair | None]], index: Index) -> Pair | None:
    try:
        return await ask(index)
    except Exception as error:
        # the text may hold what nobody should read
        logger.error("credentials could not be found: %s", type(error).__name__)
        return None
