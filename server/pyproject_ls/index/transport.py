"""One request to one server: bounded, suspicious, and careful with credentials.

Nothing here knows what an index is. httpx does the talking; redirects, decoding and limits are done
by hand, because httpx keeps headers across origins and unpacks without a limit.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import email.utils
import logging
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import cast

import httpx

from pyproject_ls.index.decoding import Body
from pyproject_ls.index.destinations import is_refused, origin_of, redirected
from pyproject_ls.index.exchange import Fetch, Reply
from pyproject_ls.index.failures import FetchError, Kind, from_library
from pyproject_ls.index.flight import within
from pyproject_ls.index.origins import Limits, Resolve, Server, Servers, system_addresses
from pyproject_ls.lazy import lazy_pattern

__all__ = ["Fetch", "FetchError", "Kind", "Limits", "Reply", "Transport"]

MAX_REDIRECTS = 3
MAX_DRAINED = 64 * 1024
"""Bodies that nobody reads are read up to here, so that the connection can be used again."""

ANSWERS = frozenset({200, 304, 404, 410})
REDIRECTS = frozenset({301, 302, 303, 307, 308})

_HEADER = lazy_pattern(r"[\x20-\x7e]{1,1000}")
_SECONDS = lazy_pattern(r"[0-9]{1,9}")

logger = logging.getLogger(__name__)

for _name in ("httpx", "httpcore"):
    # they log whole addresses and headers, and some addresses are secrets
    logging.getLogger(_name).setLevel(logging.WARNING)


class _Budget:
    """The time that one fetch may still take."""

    def __init__(self, seconds: float) -> None:
        self.left = seconds


class Transport:
    """Fetches. One for a process; all of it belongs to one event loop.

    `clock` counts seconds and `wall` is the time of day; `sleep`, `resolve` and `refuses` are there
    for tests.
    """

    def __init__(
        self,
        limits: Limits | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        resolve: Resolve = system_addresses,
        refuses: Callable[[str], bool] = is_refused,
    ) -> None:
        self._limits = limits or Limits()
        self._wall = wall
        self._sleep = sleep
        self._servers = Servers(self._limits, clock=clock, resolve=resolve, refuses=refuses)
        self._is_closed = False

    async def fetch(self, request: Fetch) -> Reply:
        """The answer to `request`. Raises FetchError, and nothing else."""
        url, auth = request.url, request.auth
        first, seen = origin_of(url), {url}
        budget = _Budget(self._limits.total)
        for _ in range(MAX_REDIRECTS + 1):
            if origin_of(url) != first:
                auth = None  # for good: what leads back may be a trap
                request = request._replace(verify=True)  # that was said of the first server
            answer = await self._ask(url, request, auth, budget)
            if isinstance(answer, Reply):
                return answer
            url = redirected(url, answer)
            if url in seen:
                raise FetchError("redirect", "redirects in a circle")
            if request.body is not None:
                raise FetchError("redirect", "redirects what is sent to it")
            seen.add(url)
        raise FetchError("redirect", f"redirects more than {MAX_REDIRECTS} times")

    async def close(self) -> None:
        """Close all connections; what is under way fails, and so does what comes later."""
        self._is_closed = True
        await self._servers.close()

    async def _ask(
        self, url: str, request: Fetch, auth: tuple[str, str] | None, budget: _Budget
    ) -> Reply | str:
        """The answer of one server, or where it redirects to; tried again after passing faults."""
        server = await self._servers.get(origin_of(url), request.verify)
        try:
            pauses = list(self._limits.pauses)
            while True:
                try:
                    return await self._try(server, url, request, auth, budget)
                except FetchError as error:
                    if not error.is_passing or not pauses or self._is_closed:
                        server.failed(error)
                        raise
                await self._sleep(pauses.pop(0))
        finally:
            server.users -= 1

    async def _try(
        self,
        server: Server,
        url: str,
        request: Fetch,
        auth: tuple[str, str] | None,
        budget: _Budget,
    ) -> Reply | str:
        async with server.slots:
            self._check_open()
            server.check_open()
            start = time.monotonic()
            try:
                found = await within(max(0.0, budget.left), self._send(server, url, request, auth))
            except asyncio.TimeoutError:
                error = FetchError("timeout", "takes too long to answer")
            except FetchError as raised:
                error = raised.alone()
            else:
                server.succeeded()
                return found
            finally:
                budget.left -= time.monotonic() - start
        self._check_open()
        logger.debug("%s: %s (%s)", server.origin.label, error.reason, error.kind)
        try:
            raise error
        finally:
            del error  # its traceback leads back here

    def _check_open(self) -> None:
        if self._is_closed:
            raise FetchError("offline", "is not asked any more: the settings have changed")

    async def _send(
        self, server: Server, url: str, request: Fetch, auth: tuple[str, str] | None
    ) -> Reply | str:
        await server.check_address()
        try:
            async with server.client.stream(
                request.method,
                url,
                headers=_headers(request, auth),
                content=request.body,
                extensions={"trace": server.trace},
            ) as response:
                return await self._read(response, request, auth is not None)
        except FetchError:
            raise
        except Exception as error:  # whatever the library makes of a hostile server
            raise from_library(error, proxied=bool(server.proxy)) from None

    async def _read(self, response: httpx.Response, request: Fetch, had_auth: bool) -> Reply | str:
        status, headers = response.status_code, dict(response.headers)
        if status == 200:
            return Reply(status, headers, await _body(response, request), str(response.url))
        await _drain(response)
        if status in REDIRECTS:
            return str(response.headers.get("location", ""))
        if status == 304 and not (request.etag or request.modified):
            raise FetchError("content", "answers what was not asked (304)", status)
        if status in ANSWERS:
            return Reply(status, headers, b"", str(response.url))
        raise self._error(status, response.headers.get("retry-after", ""), had_auth)

    def _error(self, status: int, retry_after: str, had_auth: bool) -> FetchError:
        if status == 401 and had_auth:
            return FetchError("auth", "does not accept the user name and password (401)", status)
        if status == 401:
            return FetchError("auth", "wants a user name and a password (401)", status)
        if status == 403 and had_auth:
            reason = "refuses access with this user name and password (403)"
            return FetchError("forbidden", reason, status)
        if status == 403:
            return FetchError("forbidden", "refuses access (403)", status)
        if status == 407:
            return FetchError("connect", "cannot be reached: the proxy wants a password (407)")
        if status == 429 or (status == 503 and retry_after):
            seconds = self._rest(retry_after)
            return FetchError("rate", f"wants to be left alone for now ({status})", status, seconds)
        if status >= 500:
            reason = f"has a fault of its own ({status})"
            return FetchError("server", reason, status, is_passing=True)
        return FetchError("content", f"answers with status {status}", status)

    def _rest(self, retry_after: str) -> float:
        """Seconds to leave a server alone, from its Retry-After header (RFC 9110, 10.2.3)."""
        text = retry_after.strip()
        if _SECONDS.fullmatch(text):
            seconds = float(text)
        else:
            try:
                seconds = email.utils.parsedate_to_datetime(text).timestamp() - self._wall()
            except (ValueError, TypeError, OverflowError, IndexError):
                seconds = self._limits.rest
        return min(max(seconds, 1.0), self._limits.longest_rest)


def _headers(request: Fetch, auth: tuple[str, str] | None) -> dict[str, str]:
    found = {"Accept": request.accept}
    if auth is not None:
        pair = ":".join(auth).encode()
        found["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    if request.body is not None:
        found["Content-Type"] = "application/json"
    for name, value in (("If-None-Match", request.etag), ("If-Modified-Since", request.modified)):
        if _HEADER.fullmatch(value):
            found[name] = value
    return found


async def _body(response: httpx.Response, request: Fetch) -> bytes:
    encoding = response.headers.get("content-encoding", "")
    body = Body(encoding, request.max_wire, request.max_decoded)
    body.expect(response.headers.get("content-length"))
    try:
        async with contextlib.aclosing(_pieces(response)) as pieces:
            async for piece in pieces:
                body.feed(piece)
        return body.finish()
    finally:
        body.drop()


def _pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """What arrives, as it is on the wire. It has to be closed where it is not read to its end."""
    return cast("AsyncGenerator[bytes, None]", response.aiter_raw())


async def _drain(response: httpx.Response) -> None:
    count = 0
    async with contextlib.aclosing(_pieces(response)) as pieces:
        async for piece in pieces:
            count += len(piece)
            if count > MAX_DRAINED:
                return
