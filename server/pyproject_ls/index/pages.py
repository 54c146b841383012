"""What was fetched, from memory, from the store or from the network, whichever is good enough.

A record is believed for a while without a question, then the index is asked whether it changed. If
it cannot be asked, an old record is better than none, and is marked.
"""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, Union

from cachetools import LRUCache, TTLCache

from pyproject_ls.facts.packages import Missing, Unreachable
from pyproject_ls.index.addresses import origin
from pyproject_ls.index.exchange import Fetch, Reply
from pyproject_ls.index.failures import FetchError, Kind
from pyproject_ls.index.flight import Grounded, SingleFlight
from pyproject_ls.index.logins import CredentialsProvider, Logins
from pyproject_ls.index.records import Index
from pyproject_ls.index.store import Key, Store, Stored
from pyproject_ls.named import NamedTuple

FRESH = 600.0
"""Seconds for which a record is believed; also for how long a package stays missing."""

FRESH_IF_STALE = 30.0
"""Seconds until an index is asked again for what it could not be asked for."""

LARGE = 256 * 1024
"""Bodies of more bytes are read in a thread, so that the others do not wait."""

MEMORY = 4 * 2**20
"""So much is kept in memory, counted in bytes of JSON."""

OFFLINE = Unreachable("offline mode is on, and nothing was fetched earlier", is_lasting=True)
CLOSED = "is not asked any more: the settings have changed"

_DENIED: frozenset[Kind] = frozenset({"auth", "forbidden", "refused-address"})
"""Answers rather than failures: what was fetched earlier does not stand for them."""

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Transports(Protocol):
    """What is needed of `Transport`."""

    async def fetch(self, request: Fetch) -> Reply:
        """The answer to `request`; raises FetchError."""


class Kept(Generic[T]):
    """A value, and when it was true (``YYYY-MM-DD HH:MM``) if the index could not be asked."""

    __slots__ = ("stale_since", "value")

    def __init__(self, value: T, stale_since: str = "") -> None:
        self.value = value
        self.stale_since = stale_since


class Wanted(NamedTuple):
    """Something to be had from an index, and how to make a value of it.

    `read` turns the answer into a value and raises ValueError with a reason that goes on where "the
    index" begins; `write` and `restore` turn the value into JSON and back.
    """

    key: Key
    source: Index
    url: str
    accept: str
    read: Callable[[Reply], Any]
    write: Callable[[Any], Any]
    restore: Callable[[Any], Any]
    fresh: float = FRESH


class _Known:
    """A value in memory; None: the index has no such thing."""

    __slots__ = ("digest", "etag", "fetched", "modified", "size", "stale_since", "until", "value")

    def __init__(self, value: Any, stored: Stored, until: float) -> None:
        self.value = value
        self.fetched = stored.fetched
        self.etag = stored.etag
        self.modified = stored.modified
        self.digest = hash(stored.record)
        self.size = len(stored.record)
        self.until = until
        """Until when it is believed without a question."""
        self.stale_since = ""

    def answer(self, index: Index) -> Kept[Any] | Missing:
        if self.value is None:
            return Missing((index.name,))
        return Kept(self.value, self.stale_since)


class Pages:
    """The pages of indexes, fetched with one set of credentials. Belongs to one event loop.

    `clock` is the time of day in seconds since 1970.
    """

    def __init__(
        self,
        transport: Transports,
        store: Store,
        credentials: CredentialsProvider,
        *,
        offline: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.offline = offline
        self._transport = transport
        self._store = store
        self._clock = clock
        self._flight = SingleFlight()
        self._logins = Logins(credentials, clock)
        self._memory: LRUCache[Key, _Known] = LRUCache(MEMORY, getsizeof=_size)
        self._failed: TTLCache[Key, Unreachable] = TTLCache(1000, FRESH_IF_STALE, timer=clock)

    async def get(self, wanted: Wanted) -> Kept[Any] | Missing | Unreachable:
        """What the index says."""
        known = self._memory.get(wanted.key)
        if known is not None and self._clock() < known.until:
            return known.answer(wanted.source)
        failed = self._failed.get(wanted.key)
        if failed is not None:
            return failed
        try:
            return await self._flight.do(wanted.key, lambda: self._find(wanted))
        except Grounded:
            return unreachable(wanted.source, CLOSED)

    def kept(self, wanted: Wanted) -> Kept[Any] | None:
        """What the index said when it was asked last; no network."""
        known = self._known(wanted)
        if known is None or known.value is None:
            return None
        self._remember(wanted, known)  # to be read once only; `until` says that it is not fresh
        return Kept(known.value, _moment(known.fetched) if self.offline else known.stale_since)

    async def fetch(self, index: Index, request: Fetch) -> Reply:
        """The answer to `request` with the credentials for `index`. Raises FetchError."""
        if origin(request.url) == origin(index.url):
            request = request._replace(verify=index.verify)
        return await self._logins.with_login(index, request, self._transport.fetch)

    async def close(self) -> None:
        """End what is under way; whoever waits for it is told so."""
        await self._flight.close()

    async def _find(self, wanted: Wanted) -> Kept[Any] | Missing | Unreachable:
        known = self._known(wanted)
        now = self._clock()
        if known is not None and known.value is None:
            known = None  # it was missing; that is not believed any more
        if known is not None and 0 <= now - known.fetched < wanted.fresh:
            return self._believe(wanted, known, known.fetched + wanted.fresh)
        if self.offline:
            return OFFLINE if known is None else self._as_stale(wanted, known)
        request = Fetch(
            wanted.url,
            wanted.accept,
            etag=known.etag if known else "",
            modified=known.modified if known else "",
        )
        try:
            reply = await self.fetch(wanted.source, request)
            return await self._learn(wanted, known, reply)
        except FetchError as error:
            if known is not None and error.kind not in _DENIED:
                return self._as_stale(wanted, known)
            failed = unreachable(wanted.source, error.reason)
            self._failed[wanted.key] = failed
            return failed

    def _known(self, wanted: Wanted) -> _Known | None:
        """What is in memory, or in the store, where another process may have put what is newer."""
        known = self._memory.get(wanted.key)
        stored = self._store.get(wanted.key)
        if stored is None or (known is not None and known.fetched >= stored.fetched):
            return known
        if known is not None and known.digest == hash(stored.record):
            known.fetched, known.etag, known.modified = stored[:3]
            return known
        try:
            value = wanted.restore(json.loads(stored.record))
        except (ValueError, TypeError, RecursionError):
            logger.info("a record of the store cannot be read and is fetched again")
            return known
        return _Known(value, stored, 0)

    async def _learn(
        self, wanted: Wanted, known: _Known | None, reply: Reply
    ) -> Kept[Any] | Missing:
        now = self._clock()
        if reply.status == 304 and known is not None:
            known.fetched = now
            self._store.touch(wanted.key, now)
            return self._believe(wanted, known, now + wanted.fresh)
        if reply.status != 200:
            self._store.remove(wanted.key)
            missing = _Known(None, Stored(now, "", "", b""), 0)
            return self._believe(wanted, missing, now + FRESH)
        value, record = await _read(wanted, reply)
        headers = reply.headers
        stored = Stored(now, headers.get("etag", ""), headers.get("last-modified", ""), record)
        if known is not None and known.digest == hash(record):
            value = known.value  # the same knowledge stays the same object
        self._store.put(wanted.key, stored)
        return self._believe(wanted, _Known(value, stored, 0), now + wanted.fresh)

    def _believe(self, wanted: Wanted, known: _Known, until: float) -> Kept[Any] | Missing:
        known.until = until
        known.stale_since = ""
        return self._remember(wanted, known)

    def _as_stale(self, wanted: Wanted, known: _Known) -> Kept[Any] | Missing:
        known.until = self._clock() + FRESH_IF_STALE
        known.stale_since = _moment(known.fetched)
        return self._remember(wanted, known)

    def _remember(self, wanted: Wanted, known: _Known) -> Kept[Any] | Missing:
        if _size(known) <= MEMORY:
            self._memory[wanted.key] = known
        return known.answer(wanted.source)


Answer = Union[Kept[Any], Missing, Unreachable]


def unreachable(index: Index, reason: str) -> Unreachable:
    """Why `index` gives no answer; `reason` goes on where its name stands."""
    return Unreachable(f"`{index.name}` {reason}")


async def _read(wanted: Wanted, reply: Reply) -> tuple[Any, bytes]:
    """The value of an answer, and its record. Raises FetchError."""

    def work() -> tuple[Any, bytes]:
        value = wanted.read(reply)
        return value, json.dumps(wanted.write(value), separators=(",", ":")).encode()

    try:
        if len(reply.body) > LARGE:
            return await asyncio.to_thread(work)
        return work()
    except ValueError as error:
        raise FetchError("content", str(error)) from None
    except Exception as error:  # the page is hostile, and the fault is ours
        logger.error("a page could not be read: %s", type(error).__name__, exc_info=True)
        raise FetchError("content", "sends a page that cannot be read") from None


def _moment(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))


def _size(known: _Known) -> int:
    return known.size + 200
