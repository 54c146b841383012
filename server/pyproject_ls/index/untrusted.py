"""Small values out of what others wrote: of the right type, of bounded length, on one line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import urljoin, urlsplit

from pyproject_ls.lazy import lazy_pattern

MAX_DOCUMENT = 4 << 20
"""The longest document (bytes) that is decoded at one go: that takes some 30 ms."""

NOT_JSON = "sends a page that is no valid JSON"

_MAX_URL = 2000
_UNSAFE_IN_URL = lazy_pattern(r"[\x00-\x20\x7f<>\"'`\\]")

_NAME = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?")

DECODER = json.JSONDecoder(parse_int=float)
"""Numbers are not needed, and to make an `int` of very many digits takes long."""


def loads(body: bytes) -> Any:
    """The value of the JSON document `body`. ValueError says why it has none."""
    if len(body) > MAX_DOCUMENT:
        raise ValueError("sends a page that is too long")
    try:
        return DECODER.decode(body.decode("utf-8-sig", "replace"))
    except (ValueError, RecursionError):
        raise ValueError(NOT_JSON) from None


def one_line(value: object, limit: int = 300) -> str:
    """`value` if it is a text, its white space as single spaces, at most `limit` code points.

    Anything else is "". Lone surrogates, which no file or message could hold, become "?".
    """
    if not isinstance(value, str):
        return ""
    text = " ".join(value[: 4 * limit].split())[:limit].rstrip()
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def is_name(text: str) -> bool:
    """Whether `text` may be the name of a project or of an extra (PEP 508)."""
    return _NAME.fullmatch(text) is not None


def mapping(value: object) -> dict[str, Any]:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: object, limit: int = 1000) -> list[Any]:
    """The first `limit` items of `value` if it is a JSON array, else nothing."""
    return value[:limit] if isinstance(value, list) else []


def lines(values: Iterable[object], limit: int = 1000) -> list[str]:
    """`one_line` of each of `values`; what is empty then is left out."""
    found = []
    for each in values:
        if text := one_line(each):
            found.append(text)
        if len(found) == limit:
            break
    return found


def web_address(url: object, base: str = "") -> str:
    """`url`, joined with `base`, if it leads to http or https without credentials; else ""."""
    if not isinstance(url, str) or len(url) > _MAX_URL or _UNSAFE_IN_URL.search(url):
        return ""
    try:
        joined = urljoin(base, url) if base else url
        parts = urlsplit(joined)
        is_safe = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    except ValueError:
        return ""
    return joined if is_safe and joined.isprintable() else ""
