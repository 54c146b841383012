"""What is asked of a server, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping

from pyproject_ls.named import NamedTuple


class Fetch(NamedTuple):
    """A request.

    `url` has no user name in it. `auth` (user name and password) is sent to its origin and nowhere
    else. `etag` and `modified` make the request conditional. `verify` is False where certificates
    do not matter, or the path of a file or folder of certificates.
    """

    url: str
    accept: str = "*/*"
    auth: tuple[str, str] | None = None
    etag: str = ""
    modified: str = ""
    max_decoded: int = 32 * 2**20
    max_wire: int = 16 * 2**20
    verify: bool | str = True
    method: str = "GET"
    body: bytes | None = None


class Reply(NamedTuple):
    """An answer: 200 with a body; 304, 404 and 410 without.

    The names of headers are in lower case. `url` is where the redirects led.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
