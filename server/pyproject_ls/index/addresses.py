"""Addresses of indexes: brought into one form, without what must not be shown or sent on.

Where two parsers of URLs could disagree about the host, the address is refused: credentials go by
the host (RFC 3986, WHATWG URL).
"""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

from pyproject_ls.index.login import Login
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

_PORTS = {"http": 80, "https": 443}
_SUSPICIOUS = lazy_pattern(r"[\x00-\x20\x7f\\]")
_HOST = lazy_pattern(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_.])?")
_SCHEME = lazy_pattern(r"[A-Za-z][A-Za-z0-9+.-]*:")
MAX_LENGTH = 2000


class AddressError(ValueError):
    """An address cannot be used; the message says why, and repeats nothing of the address."""


class Address(NamedTuple):
    """An address that can be used.

    `url` ends with "/" and has no user name, password, query or fragment. `login` is what stood
    before the ``@``, if anything did.
    """

    url: str
    login: Login | None = None


def index_address(text: str) -> Address:
    """The address of an index, as a file or a setting has it. Raises AddressError."""
    text = text.strip()
    if len(text) > MAX_LENGTH:
        raise AddressError("it is too long")
    if _SUSPICIOUS.search(text):
        raise AddressError("it contains a character that no address may have")
    parts = _split(text)
    if parts.scheme not in _PORTS:
        scheme = _SCHEME.match(text)
        raise AddressError(
            "only http and https can be asked"
            if scheme
            else "it does not begin with `https://` or `http://`"
        )
    base = _origin(parts)
    path = parts.path if parts.path.endswith("/") else f"{parts.path}/"
    return Address(base + path, _login(parts))


def origin(url: str) -> str:
    """Scheme, host and port of `url` (RFC 6454); the usual port is left out. Raises AddressError.

    Two URLs have the same origin if the results are equal.
    """
    return _origin(_split(url))


def host_of(url: str) -> str:
    """The host that `url` names, in lower case. Raises AddressError."""
    return _host(_split(url))


def is_secret_safe(url: str) -> bool:
    """Whether what is sent to `url` cannot be read on the way: https, or this very machine."""
    parts = _split(url)
    return parts.scheme == "https" or _is_loopback(_host(parts))


def _split(text: str) -> SplitResult:
    try:
        return urlsplit(text)
    except ValueError:
        raise AddressError("it is no address") from None


def _origin(parts: SplitResult) -> str:
    host = _host(parts)
    try:
        port = parts.port
    except ValueError:
        raise AddressError("its port is no number up to 65535") from None
    shown = f"[{host}]" if ":" in host else host
    is_usual = port is None or port == _PORTS.get(parts.scheme)
    return f"{parts.scheme}://{shown}" + ("" if is_usual else f":{port}")


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if not host:
        raise AddressError("it names no host")
    if not host.isascii() or "xn--" in host:
        host = _international(host)
    if ":" in host:
        try:
            return str(ip_address(host))
        except ValueError:
            raise AddressError("its host is no valid name") from None
    if not _HOST.fullmatch(host):
        raise AddressError("its host is no valid name")
    return host


def _international(host: str) -> str:
    """A host's name in ASCII (IDNA 2008), as httpx takes it."""
    import idna

    try:
        encoded = idna.encode(host, uts46=True).decode("ascii")
        idna.decode(encoded)
    except UnicodeError:
        raise AddressError("its host is no valid name") from None
    return encoded


def _login(parts: SplitResult) -> Login | None:
    if not parts.username and not parts.password:
        return None
    password = parts.password
    return Login(unquote(parts.username or ""), unquote(password) if password is not None else None)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
