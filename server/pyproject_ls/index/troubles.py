"""What a person can do about an index that does not answer."""

from __future__ import annotations

from pyproject_ls.index.destinations import origin_of
from pyproject_ls.index.failures import FetchError, Kind
from pyproject_ls.index.records import Index
from pyproject_ls.lazy import lazy_pattern

_PREFIX = lazy_pattern(r"cannot be reached(?: safely)?: ")
_ODD = lazy_pattern(r"[^A-Z0-9]")

_ADVICE: dict[Kind, str] = {
    "dns": "check its address",
    "connect": "check its address, and whether a VPN or a proxy is needed",
    "timeout": "check its address, and whether a VPN or a proxy is needed",
    "offline": "check its address, and whether a VPN or a proxy is needed",
    "forbidden": "check the credentials for it, or ask its owner for access",
    "server": "try again later, or tell its owner",
    "rate": "nothing needs to be done: it is asked again later",
    "redirect": "check its address",
    "content": "check its address: that of a Simple API often ends in `/simple/`",
    "too-large": "check its address",
    "refused-address": "check its address",
}

_CERTIFICATES = {
    "poetry": "set `certificates.{name}.cert` in Poetry's configuration to the right authority",
    "uv": "set `SSL_CERT_FILE` to the right authority",
    "pdm": "set `ca_certs` of the source in PDM's configuration to the right authority",
    "pip": "set `cert` in pip's configuration to the right authority",
}


def problem(error: FetchError, index: Index) -> str:
    """What is wrong with `index`, and what to do; it goes on where "not reachable:" ends."""
    reason = error.reason
    said = _PREFIX.sub("", reason, count=1) if _PREFIX.match(reason) else f"it {reason}"
    return f"{said}; {_advice(error, index)}"


def _advice(error: FetchError, index: Index) -> str:
    if error.kind == "auth":
        return _login(index)
    if error.kind == "tls":
        tool, name = _tool(index)
        return _CERTIFICATES.get(tool, "set `SSL_CERT_FILE` to the right authority").format(
            name=name
        )
    return _ADVICE[error.kind]


def _login(index: Index) -> str:
    """Where the index's tool takes credentials from."""
    tool, name = _tool(index)
    shouted = _ODD.sub("_", name.upper())
    if tool == "poetry" and name:
        return (
            f"run `poetry config http-basic.{name} <user> <password>`, or set "
            f"`POETRY_HTTP_BASIC_{shouted}_USERNAME` and `POETRY_HTTP_BASIC_{shouted}_PASSWORD`"
        )
    if tool == "uv" and name:
        return f"set `UV_INDEX_{shouted}_USERNAME` and `UV_INDEX_{shouted}_PASSWORD`"
    if tool == "pdm" and name:
        return (
            f"run `pdm config pypi.{name}.username <user>` and "
            f"`pdm config pypi.{name}.password <password>`"
        )
    return f"put them into `.netrc` under `{origin_of(index.url).host}`, or into the keyring"


def _tool(index: Index) -> tuple[str, str]:
    """The tool whose credentials are meant, and how it calls the index (see `sources`)."""
    tool, _, name = index.credentials.rpartition("@")[2].partition(":")
    return tool, name
