"""Why a request came to nothing, in words that may be shown to anybody."""

from __future__ import annotations

import ssl
from typing import Literal

Kind = Literal[
    "offline",  # it was asked too often in vain, or offline mode
    "dns",
    "connect",
    "tls",
    "timeout",
    "auth",
    "forbidden",
    "rate",
    "server",
    "too-large",
    "redirect",
    "content",
    "refused-address",
]

NOBODY_HOME: frozenset[Kind] = frozenset({"dns", "connect", "timeout", "server"})
"""Failures after which a server is believed to be down, when there are several in a row."""

_CERTIFICATES = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is signed by itself",
    19: "its certificate is signed by an authority that is not known here",
    20: "its certificate is signed by an authority that is not known here",
    21: "its certificate is signed by an authority that is not known here",
    62: "its certificate is for another host",
    64: "its certificate is for another address",
}
"""By the number that OpenSSL gives to what is wrong (``X509_V_ERR_*``)."""


class FetchError(Exception):
    """A request that was not answered.

    `reason` goes on where "the server" begins: "refuses connections". It names at most a host:
    never a path, a query, a user name or anything else that may be a secret. `status` is the
    HTTP status, where there was one. `retry_after` is the number of seconds that the server wants
    to be left alone. `is_passing` says that the same request may well work in a moment.
    """

    def __init__(
        self,
        kind: Kind,
        reason: str,
        status: int | None = None,
        retry_after: float | None = None,
        is_passing: bool = False,
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.is_passing = is_passing

    def alone(self) -> FetchError:
        """The same without its traceback and causes: those hold on to what was being read."""
        return FetchError(self.kind, self.reason, self.status, self.retry_after, self.is_passing)


def from_library(error: Exception, *, proxied: bool = False) -> FetchError:
    """What an exception of httpx, ssl or the system means. Its text is not believed to be clean."""
    import httpx

    secure = _caused_by(error, ssl.SSLError)
    if isinstance(secure, ssl.SSLError):
        return FetchError("tls", f"cannot be reached safely: {_of_tls(secure)}")
    if isinstance(error, httpx.ConnectTimeout):
        return FetchError("timeout", "does not accept a connection in time")
    if isinstance(error, httpx.TimeoutException):
        return FetchError("timeout", "takes too long to answer")
    if isinstance(error, httpx.ProxyError) or (proxied and isinstance(error, httpx.ConnectError)):
        return FetchError("connect", "cannot be reached through the proxy of the environment")
    if isinstance(error, httpx.ConnectError):
        if _caused_by(error, ConnectionRefusedError):
            return FetchError("connect", "cannot be reached: it refuses connections")
        return FetchError("connect", "cannot be reached: no connection can be made")
    if isinstance(error, (httpx.RemoteProtocolError, httpx.DecodingError)):
        reason = "breaks the rules of HTTP, or ends its answer too early"
        return FetchError("connect", reason, is_passing=True)
    if isinstance(error, httpx.NetworkError):
        return FetchError("connect", "cuts the connection", is_passing=True)
    if isinstance(error, (httpx.InvalidURL, httpx.UnsupportedProtocol)):
        return FetchError("refused-address", "has an address that is no web address")
    return FetchError("connect", "cannot be reached")


def _of_tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, "its certificate is not valid")
    return "it does not speak TLS as it should"


def _caused_by(error: BaseException, kind: type[BaseException]) -> BaseException | None:
    """The first exception of `kind` among `error` and what led to it."""
    seen: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting and len(seen) < 20:
        each = waiting.pop()
        if isinstance(each, kind):
            return each
        seen.append(each)
        nested = getattr(each, "exceptions", ())  # happy eyeballs: one exception an address
        for other in (each.__cause__, each.__context__, *nested):
            if isinstance(other, BaseException) and other not in seen:
                waiting.append(other)
    return None
