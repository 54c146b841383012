"""A project's page of the Simple API, whichever form the index sends (PEP 691)."""

from __future__ import annotations

import re

from pyproject_ls.index.records import Project
from pyproject_ls.index.simple_json import parse_json
from pyproject_ls.lazy import lazy_pattern

ACCEPT = (
    "application/vnd.pypi.simple.v1+json,"
    " application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01"
)
"""What to ask an index for: JSON if it knows that, else HTML."""

_JSON = frozenset({"application/vnd.pypi.simple.v1+json", "application/json"})
_HTML = frozenset({"application/vnd.pypi.simple.v1+html", "text/html", "application/xhtml+xml"})
_CHARSET = lazy_pattern(r";\s*charset\s*=\s*\"?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_TYPE = lazy_pattern(r"[a-z0-9.+-]{1,40}/[a-z0-9.+-]{1,60}")


def parse_project(body: bytes, content_type: str, url: str) -> Project:
    """What the page `body` of a project says.

    `content_type` is the header of that name: it alone decides how the page is read. `url` is where
    the page came from at last, without credentials; relative addresses begin there. ValueError: the
    page is no such thing; its text goes on where "the server" begins ("sends a page that ...") and
    repeats nothing of the page. The work is bounded by the length of the page, and other threads
    can run while it is done.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if media_type in _JSON:
        return parse_json(body, url)
    if media_type in _HTML:
        from pyproject_ls.index.simple_html import parse_html  # few indexes have no JSON

        charset = _CHARSET.search(content_type)
        return parse_html(body, url, charset[1] if charset else "utf-8")
    if not _TYPE.fullmatch(media_type):
        raise ValueError("does not say of which type its page is")
    raise ValueError(f"sends a page of a type that is no list of packages ({media_type})")
