"""The names in the root document of a Simple API: JSON (PEP 691) or HTML (PEP 503).

Read item by item: the document of the public index has 860,000, and as a tree of Python objects
would take half a gigabyte. For a process of its own; other threads wait while this runs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import islice
from urllib.parse import unquote, urlsplit

from pyproject_ls.index.names_file import MAX_NAME, NAME, NORMAL
from pyproject_ls.index.simple_json import check_version
from pyproject_ls.lazy import lazy_pattern

MAX_NAMES = 3_000_000
"""More are not read: there is no such index."""

_JSON = frozenset({"application/vnd.pypi.simple.v1+json", "application/json"})
_HTML = frozenset({"application/vnd.pypi.simple.v1+html", "text/html", "application/xhtml+xml"})
_CUT = "sends a list of projects that breaks off"
_NO_LIST = "sends something else than a list of projects"

_decode = json.JSONDecoder().raw_decode
_BEFORE = lazy_pattern(r"\s*")
_BETWEEN = lazy_pattern(r"\s*([,:}\]])\s*")
_LINK = lazy_pattern(r"<a\s([^<>]*)>([^<]*)</a", re.IGNORECASE)
_HREF = lazy_pattern(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_FRAME_OPEN = lazy_pattern(r"<(?:html|body)\b", re.IGNORECASE)
_FRAME_CLOSE = lazy_pattern(r"</(?:html|body)\b", re.IGNORECASE)
_SEPARATORS = lazy_pattern(r"[-_.]+")


def parse_root(body: bytes, content_type: str) -> Iterator[tuple[str, str]]:
    """The names in the root document `body`: normalised, and as the index spells them.

    `content_type` is the header of that name. What is no name (PEP 508), or is longer than
    `MAX_NAME`, is left out. Raises ValueError, perhaps after some names, if the document is no list
    of projects or not all of it; the message goes on where "the server" begins.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in _JSON:
        return _normalized(_json_names(body))
    if media_type in _HTML:
        return _normalized(_html_names(body))
    raise ValueError(_NO_LIST)


def _normalized(names: Iterator[str]) -> Iterator[tuple[str, str]]:
    for name in islice(names, MAX_NAMES):
        if len(name) <= MAX_NAME:
            if NORMAL.fullmatch(name) is not None:
                yield name, name
            elif NAME.fullmatch(name) is not None:
                yield _normal(name), name


def _normal(name: str) -> str:
    """As `normalized_name`, which would remember all of them."""
    return _SEPARATORS.sub("-", name).lower()


def _json_names(body: bytes) -> Iterator[str]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(_NO_LIST) from None
    del body  # while its names are collected, there is one copy of the document
    document = _Json(text)
    has_projects = False
    for key in document.members():
        if key == "projects":
            has_projects = True
            for item in document.items():
                name = item.get("name") if isinstance(item, dict) else None
                if isinstance(name, str):
                    yield name
        else:
            value = document.value()
            if key == "meta" and isinstance(value, dict):
                check_version(value.get("api-version"))
    if not has_projects:
        raise ValueError(_NO_LIST)


class _Json:
    """A JSON text that is an object, read from the beginning to the end."""

    def __init__(self, text: str) -> None:
        self._text = text
        # the pattern matches the empty text, too
        self._at = _BEFORE.match(text).end()  # type: ignore[union-attr]

    def value(self) -> object:
        """The next value."""
        try:
            value, self._at = _decode(self._text, self._at)
        except (ValueError, RecursionError):
            raise ValueError(_CUT) from None
        return value

    def members(self) -> Iterator[str]:
        """The keys of the object; the value of each has to be read before the next."""
        if self._open("{", "}"):
            return
        sign = ","
        while sign == ",":
            key = self.value()
            if not isinstance(key, str) or self._sign() != ":":
                raise ValueError(_NO_LIST)
            yield key
            sign = self._sign()
        if sign != "}" or self._at < len(self._text):
            raise ValueError(_NO_LIST)

    def items(self) -> Iterator[object]:
        """The items of the array that comes next."""
        if self._open("[", "]"):
            return
        sign = ","
        while sign == ",":
            yield self.value()
            sign = self._sign()
        if sign != "]":
            raise ValueError(_NO_LIST)

    def _open(self, bracket: str, close: str) -> bool:
        """Go behind `bracket`; whether `close` follows, which is passed then."""
        if self._text[self._at : self._at + 1] != bracket:
            raise ValueError(_NO_LIST)
        # the pattern matches the empty text, too
        self._at = _BEFORE.match(self._text, self._at + 1).end()  # type: ignore[union-attr]
        if self._text[self._at : self._at + 1] != close:
            return False
        self._at += 1
        return True

    def _sign(self) -> str:
        found = _BETWEEN.match(self._text, self._at)
        if found is None:
            raise ValueError(_CUT)
        self._at = found.end()
        return found[1]


def _html_names(body: bytes) -> Iterator[str]:
    """The texts of links that lead to a page of that name, as PEP 503 has it.

    So the links of a login page are no names. A page without any is not believed to be a list.
    """
    text = body.decode("utf-8", "replace")
    del body
    opened = list(islice(_FRAME_OPEN.finditer(text), 1))
    if opened and _FRAME_CLOSE.search(text, opened[0].end()) is None:
        raise ValueError(_CUT)
    has_names = False
    for attributes, label in (link.groups() for link in _LINK.finditer(text)):
        name = unescape(label).strip()
        href = _HREF.search(attributes)
        if href is not None and name and _leads_to(href[1] or href[2] or href[3] or "", name):
            has_names = True
            yield name
    if not has_names:
        raise ValueError(_NO_LIST)


def _leads_to(href: str, name: str) -> bool:
    """Whether the last part of the address is `name`."""
    if href == f"{name}/":
        return True
    try:
        path = urlsplit(unescape(href)).path
    except ValueError:
        return False
    return _normal(unquote(path.rstrip("/").rpartition("/")[2])) == _normal(name)
