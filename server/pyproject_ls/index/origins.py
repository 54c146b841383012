"""What is known of each server while the process runs: connections, failures, rests."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import ssl
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.request import getproxies, proxy_bypass

import httpx

from pyproject_ls import __version__
from pyproject_ls.index.destinations import Origin, is_refused
from pyproject_ls.index.failures import NOBODY_HOME, FetchError
from pyproject_ls.index.flight import within
from pyproject_ls.named import NamedTuple

USER_AGENT = f"pyproject-ls/{__version__}"

logger = logging.getLogger(__name__)

Resolve = Callable[[str, int], Coroutine[Any, Any, list[str]]]
"""From a host and a port to IP addresses; raises OSError."""


class Limits(NamedTuple):
    """How much patience there is. All times are in seconds."""

    connect: float = 5
    read: float = 15
    """Between two pieces of an answer."""
    total: float = 60
    """For one answer with all its redirects and tries, without the wait for a free connection."""
    pauses: tuple[float, ...] = (0.2, 0.8)
    """Before each further try, if a server has a fault that may pass."""
    failures: int = 3
    """So many failures in a row, and a server is left alone for `offline`."""
    offline: float = 60
    rest: float = 30
    """How long to leave a server alone that asks for it without saying how long."""
    longest_rest: float = 600
    connections: int = 8
    """To one server at a time."""
    servers: int = 32
    """Connections to more servers than this are not kept."""
    resolved: float = 60
    """How long the address of a host is believed to be harmless."""


async def system_addresses(host: str, port: int) -> list[str]:
    """The IP addresses of `host`, as the system knows them. Raises OSError."""
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


class Server:
    """One origin, and how it has behaved."""

    def __init__(
        self,
        origin: Origin,
        context: ssl.SSLContext,
        limits: Limits,
        clock: Callable[[], float],
        resolve: Resolve,
        refuses: Callable[[str], bool],
    ) -> None:
        self.origin = origin
        self.slots = asyncio.Semaphore(limits.connections)
        self.users = 0
        self.proxy = proxy_for(origin)
        self._limits = limits
        self._clock = clock
        self._resolve = resolve
        self._refuses = refuses
        self._failures = 0
        self._closed_until = 0.0
        self._closed_because: FetchError | None = None
        self._harmless_until = 0.0
        self.client = _client(context, self.proxy, limits)

    def check_open(self) -> None:
        """Raise FetchError while the server is left alone."""
        why = self._closed_because
        if why is not None and self._is_closed():
            raise FetchError(why.kind, why.reason, why.status, why.retry_after)

    async def check_address(self) -> None:
        """Raise FetchError if the host has no address, or one that is never asked.

        A proxy looks addresses up by itself.
        """
        now = self._clock()
        if self.proxy or now < self._harmless_until:
            return
        try:
            addresses = await within(
                self._limits.connect, self._resolve(self.origin.host, self.origin.port)
            )
        except asyncio.TimeoutError:
            raise FetchError(
                "dns", "cannot be reached: its name is not looked up in time"
            ) from None
        except (OSError, UnicodeError):  # UnicodeError: a label that is empty or too long
            raise FetchError("dns", "cannot be reached: no such host") from None
        if any(map(self._refuses, addresses)):
            raise _refused()
        self._harmless_until = now + self._limits.resolved

    async def trace(self, event: str, info: Mapping[str, object]) -> None:
        """Look at every connection before anything is sent (httpx' extension ``trace``).

        Between the look at a host's addresses and the connection, the name may lead elsewhere.
        """
        if event == "connection.connect_tcp.complete" and not self.proxy:
            stream: Any = info["return_value"]  # of httpcore, which httpx does not name
            peer = stream.get_extra_info("server_addr")
            if not peer or self._refuses(str(peer[0])):
                await stream.aclose()
                raise _refused()

    def succeeded(self) -> None:
        """The server answered: it is there."""
        self._failures = 0
        why = self._closed_because
        if why is not None and why.kind != "rate":  # that was asked for, and stays
            self._closed_because = None

    def failed(self, error: FetchError) -> None:
        """Note a failure; after some in a row that may mean that it is down, it is left alone."""
        if self._is_closed():
            return
        if error.kind == "rate":
            self._close(error.retry_after or self._limits.rest, error)
        elif error.kind in NOBODY_HOME:
            self._failures += 1
            if self._failures >= self._limits.failures:
                reason = f"{error.reason}; it is asked again in a while"
                self._close(self._limits.offline, FetchError("offline", reason, error.status))
        elif error.status is not None:
            self.succeeded()  # it is there, though it says no

    def _is_closed(self) -> bool:
        return self._closed_because is not None and self._clock() < self._closed_until

    def _close(self, seconds: float, because: FetchError) -> None:
        logger.info("%s is left alone for %.0f s", self.origin.label, seconds)
        self._closed_until = self._clock() + seconds
        self._closed_because = because.alone()


class Servers:
    """All servers that were asked lately.

    `clock` counts seconds; `resolve` looks up hosts; `refuses` says which IP addresses are not
    asked.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        clock: Callable[[], float] = time.monotonic,
        resolve: Resolve = system_addresses,
        refuses: Callable[[str], bool] = is_refused,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._resolve = resolve
        self._refuses = refuses
        self._servers: OrderedDict[tuple[Origin, bool | str], Server] = OrderedDict()
        self._contexts: dict[bool | str, ssl.SSLContext] = {}

    async def get(self, origin: Origin, verify: bool | str) -> Server:
        """The server `origin`, whose certificate is judged as `verify` says (see `Fetch`).

        Raises FetchError if the file of certificates cannot be read.
        """
        key = (origin, verify if origin.scheme == "https" else True)
        server = self._servers.get(key)
        if server is None:
            server = self._servers[key] = Server(
                origin,
                self._context(origin, verify),
                self._limits,
                self._clock,
                self._resolve,
                self._refuses,
            )
        server.users += 1
        self._servers.move_to_end(key)
        await self._shrink()
        return server

    async def close(self) -> None:
        """Close all connections."""
        servers = list(self._servers.values())
        self._servers.clear()
        for each in servers:
            await each.client.aclose()

    async def _shrink(self) -> None:
        idle = [key for key, server in self._servers.items() if not server.users]
        for key in idle[: max(0, len(self._servers) - self._limits.servers)]:
            await self._servers.pop(key).client.aclose()

    def _context(self, origin: Origin, verify: bool | str) -> ssl.SSLContext:
        """How TLS is spoken; making a context takes 40 ms, so servers share it."""
        if origin.scheme == "http":
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # never used
        if verify not in self._contexts:
            try:
                self._contexts[verify] = _context(verify)
            except (OSError, ValueError):
                reason = "cannot be reached safely: the file of certificates for it cannot be read"
                raise FetchError("tls", reason) from None
        return self._contexts[verify]


def proxy_for(origin: Origin) -> str:
    """The proxy that the environment (or the system) has for `origin`; "" for none."""
    proxies = getproxies()
    found = proxies.get(origin.scheme) or proxies.get("all") or ""
    if not found:
        return ""
    named = f"{origin.host}:{origin.port}"
    if proxy_bypass(named) or proxy_bypass(origin.host):
        return ""
    return found if "://" in found else f"http://{found}"


def _context(verify: bool | str) -> ssl.SSLContext:
    if isinstance(verify, bool):
        return httpx.create_ssl_context(verify)  # minds SSL_CERT_FILE
    if os.path.isdir(verify):
        return ssl.create_default_context(capath=verify)
    return ssl.create_default_context(cafile=verify)


def _client(context: ssl.SSLContext, proxy: str, limits: Limits) -> httpx.AsyncClient:
    try:
        return httpx.AsyncClient(
            verify=context,
            proxy=proxy or None,
            trust_env=False,
            follow_redirects=False,
            timeout=httpx.Timeout(
                connect=limits.connect, read=limits.read, write=limits.read, pool=None
            ),
            limits=httpx.Limits(
                max_connections=limits.connections, max_keepalive_connections=limits.connections
            ),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
        )
    except (ImportError, ValueError, httpx.InvalidURL):  # SOCKS needs a package of its own
        reason = "cannot be reached: the proxy of the environment is of a kind that is not known"
        raise FetchError("connect", reason) from None


def _refused() -> FetchError:
    return FetchError("refused-address", "has an address that is never asked")
