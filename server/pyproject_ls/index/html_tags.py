"""The tags of an HTML document: what is needed of HTML to read a list of links.

The parser of the standard library takes seconds for 24 kB of unclosed tags, on every Python before
the summer of 2025: it begins anew at each. Here every character is looked at once, and what is not
closed reaches to the end of the document, as in the standard (WHATWG HTML, 13.2.5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from pyproject_ls.index.priority import give_way
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

MAX_STEPS = 400_000
"""How many tags and attributes are read; a page of 20,000 links has about 200,000."""

_MAX_ATTRIBUTE = 4000
_MAX_TEXT = 1000

_OPEN = lazy_pattern(r"<(?:!--|[!?]|(/?[A-Za-z][^\s/>]*))")
_ATTRIBUTE = lazy_pattern(
    r"""[\s/]*([^\s/>][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?"""
)
_TAG_END = lazy_pattern(r"[\s/]*>")
_TOGETHER = 50
"""So many steps are made at once: they take a fifth of a millisecond."""
_RAW = frozenset({"script", "style", "template", "textarea"})
"""What stands in these is no part of the list."""


class Tag(NamedTuple):
    """An opening tag (or a closing one, whose name begins with "/") and the text behind it."""

    name: str
    """In lower case."""
    attributes: dict[str, str]
    """By name in lower case; where one is given twice the first counts. Entities are decoded."""
    text: str
    """Up to the next tag, entities decoded, without white space around it."""


def tags(document: str) -> Iterator[Tag]:
    """The tags of `document`, in order, without comments.

    ValueError (with a reason that goes on where "the server" begins): there are too many.
    """
    at = steps = 0
    while found := _OPEN.search(document, at):
        at = found.end()
        steps = _step(steps)
        name = found[1]
        if name is None:
            at = document.find("-->" if found[0] == "<!--" else ">", at)
            if at < 0:
                return
            continue
        name = name.lower()
        attributes: dict[str, str] = {}
        while not (end := _TAG_END.match(document, at)):
            attribute = _ATTRIBUTE.match(document, at)
            if attribute is None:
                return  # the document ends in a tag
            at = attribute.end()
            steps = _step(steps)
            if steps > MAX_STEPS:
                break
            _add(attributes, attribute)
        if steps > MAX_STEPS or end is None:
            raise ValueError("sends a page with too many entries")
        at = end.end()
        text_end = document.find("<", at)
        text = document[at : min(len(document) if text_end < 0 else text_end, at + _MAX_TEXT)]
        yield Tag(name, attributes, unescape(text).strip() if "&" in text else text.strip())
        if name in _RAW:
            closing = re.compile(rf"</{name}\b", re.IGNORECASE).search(document, at)
            if closing is None:
                return
            at = closing.start()


def _step(steps: int) -> int:
    """One step more; now and then it gives way: a page may be a single tag."""
    if steps % _TOGETHER == 0:
        give_way()
    return steps + 1


def _add(attributes: dict[str, str], found: re.Match[str]) -> None:
    _, double, single, bare = found.groups()
    value = (double or single or bare or "")[:_MAX_ATTRIBUTE]
    attributes.setdefault(found[1].lower(), unescape(value) if "&" in value else value)
