"""Where requests may go, and what counts as one server.

Addresses are read by httpx' own parser: what is judged here is what is connected to there.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING, Union

from pyproject_ls.index.failures import FetchError
from pyproject_ls.named import NamedTuple

if TYPE_CHECKING:
    import httpx

_Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]

_METADATA = frozenset(
    ipaddress.ip_address(each)
    for each in (
        "169.254.169.254",
        "fd00:ec2::254",  # Amazon
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure
        "192.0.0.192",  # Oracle
    )
)
"""Where machines in a cloud are told their secrets, to whoever asks."""

_BROADCAST = ipaddress.ip_address("255.255.255.255")

_TRANSLATED = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 inside IPv6 (RFC 6052)."""

_EMBEDDED = (
    _TRANSLATED,
    ipaddress.IPv6Network("64:ff9b:1::/48"),  # RFC 8215
    ipaddress.IPv6Network("::/96"),  # RFC 4291, 2.5.5.1
)

_PORTS = {"http": 80, "https": 443}
_MAX_LENGTH = 8000
_MAX_PORT = 65535


class Origin(NamedTuple):
    """A server: what credentials, connections and failures belong to (RFC 6454)."""

    scheme: str
    host: str
    port: int

    @property
    def label(self) -> str:
        """For people: the host, with its port if that is an odd one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def origin_of(url: str) -> Origin:
    """The origin of `url`.

    Raises FetchError for what is no http(s) address, and for addresses with a user name in them:
    whoever asks takes that out first, so here it comes from a redirect or a page.
    """
    return _origin(_parsed(url))


def redirected(url: str, location: str) -> str:
    """Where a redirect from `url` leads. Raises FetchError if it must not be followed."""
    import httpx

    here = _parsed(url)
    try:
        target = here.join(location).copy_with(fragment=None)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise FetchError("redirect", "redirects to what is no web address") from None
    if not location or target.scheme not in _PORTS:
        raise FetchError("redirect", "redirects to what is no web address")
    if here.scheme == "https" and target.scheme != "https":
        raise FetchError("redirect", "redirects from HTTPS to an address that is not secure")
    return str(target)


def is_refused(address: str) -> bool:
    """Whether nothing is asked of this IP address.

    Link-local and multicast addresses, and those where clouds keep secrets, are no package index
    of anybody; loopback and private networks may be.
    """
    found = _unwrapped(ipaddress.ip_address(address))
    return (
        found in _METADATA
        or found.is_link_local
        or found.is_multicast
        or found.is_unspecified
        or found == _BROADCAST
        or (found.version == 4 and found.packed[0] == 0)
    )


def _parsed(url: str) -> httpx.URL:
    import httpx

    try:
        if len(url) > _MAX_LENGTH:
            raise _no_address()
        return httpx.URL(url)
    except (httpx.InvalidURL, ValueError, TypeError):
        raise _no_address() from None


def _origin(url: httpx.URL) -> Origin:
    if url.scheme not in _PORTS or not url.host or (url.port or 0) > _MAX_PORT:
        raise _no_address()
    if url.userinfo:
        raise FetchError("refused-address", "has an address with a user name in it")
    host = url.raw_host.decode("ascii")
    try:
        refused = is_refused(_dotted(host))
    except ValueError:
        refused = False  # a name; what it leads to is looked at before it is used
    if refused:
        raise FetchError("refused-address", "has an address that is never asked")
    return Origin(url.scheme, host, url.port or _PORTS[url.scheme])


def _dotted(host: str) -> str:
    """`host` as a usual IPv4 address if it is another spelling of one (``0x7f.1``)."""
    try:
        return socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))
    except OSError:
        return host


def _unwrapped(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id:
            address = ipaddress.IPv6Address(int(address))
        if int(address) > 1 and any(address in network for network in _EMBEDDED):
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def _no_address() -> FetchError:
    return FetchError("refused-address", "has an address that is no web address")
