"""Why a requirement cannot be read, in words, and how to write it instead."""

from __future__ import annotations

import re

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.verdicts import Fault, FaultKind

_BARE_URL = lazy_pattern(r"\s*[A-Za-z][\w.+-]*:/")
_URL_BEHIND_NAME = lazy_pattern(r"\s*[\w.-]+(?:\[[^\]]*\])?\s+[A-Za-z][\w.+-]*:/")
_ORDERED_LOCAL = lazy_pattern(r"(?:[<>]=?|~=)\s*\d[\w.!]*(\+[\w.-]+)")
_ARBITRARY_EQUALITY = lazy_pattern(r"===\s*\d+(?:\.\d+)*")
_SWAPPED_MARKER = lazy_pattern(
    r"(?P<value>'[^']*'|\"[^\"]*\")\s*(?P<op>[<>]=?|[=!]=)\s*(?P<name>[a-z_]+)\b"
)
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}

URL_REASONS = {
    "host": "a `file:` URL must not name another host; write `file:///` and the path",
    "git": "this is not a git URL that Poetry understands; write `git+https://host/owner/name.git`",
    "location": "the URL has no host; write it as `https://host/path`",
    "file name": "the file name in the URL cannot be used",
    "wheel name": "the file is not named like a wheel, `name-1.0-py3-none-any.whl`",
}


def reason(fault: Fault, text: str) -> str:
    """Why the requirement `text` is refused and what to do, as the rest of a sentence."""
    part = text[fault.span.start : fault.span.end]
    if fault.kind is FaultKind.IMPOSSIBLE:
        return f"no version can satisfy `{part}`; widen or remove one of the bounds"
    if fault.kind is FaultKind.CONSTRAINT:
        return f"`{part}` is not a version specifier; write it as `>=1.2` or `~=1.2` (PEP 440)"
    if fault.kind is FaultKind.MARKER:
        return f"the marker cannot be read at `{part}`; {marker_advice(text.partition(';')[2])}"
    if fault.kind is FaultKind.URL:
        other = f"`{part}` is not a URL that a package can come from; write `https://host/path`"
        return URL_REASONS.get(fault.detail, other)
    return _syntax_reason(fault, text)


def marker_advice(marker: str) -> str:
    """What to write instead of the environment marker `marker`."""
    if re.search(r"[<>=]\s*\d", marker):
        return 'put quotes around the version, as in `python_version < "3.11"`'
    if re.search(r"(?<![<>=!~])=(?!=)", marker):
        return "`=` is not a comparison, write `==`"
    return 'write it as `python_version < "3.11"` (PEP 508)'


def _syntax_reason(fault: Fault, text: str) -> str:
    if not text.strip():
        return "the requirement is empty; name a package, or remove it"
    part = text[fault.span.start :].strip()
    if re.search(r"\d\s+[<>=!~]", text):
        return "a comma is missing between two version specifiers; write them as `>=1,<2`"
    if re.search(r"(?<![<>=!~])=(?!=)\s*v?\d", text):
        return "`=` is not a comparison; write `==` for an exact version"
    if re.search(r"=[<>]", text):
        return "the comparison is the wrong way round; write `>=` or `<=`"
    if re.match(r"\s*[A-Za-z0-9][\w.-]*(\[[^\]]*\])?\s+v?\d", text):
        return "a comparison is missing before the version; write it as `name>=1.2`"
    if _BARE_URL.match(text):
        return "a URL needs the name of the package before it; write it as `name @ URL`"
    if _URL_BEHIND_NAME.match(text):
        return "an `@` is missing before the URL; write it as `name @ URL`"
    if not re.match(r"\s*[A-Za-z0-9]", text):
        return "it must begin with the name of a package; write a path as `name @ file:///path`"
    local = _ORDERED_LOCAL.search(text)
    if local:
        return f"a local version (`{local.group(1)}`) may stand only after `==` or `!=`"
    if text.rstrip().endswith("@"):
        return "the URL after `@` is missing"
    if "[" in text and "]" not in text:
        return "the list of extras has no closing `]`"
    if text.rstrip().endswith(","):
        return "there is a comma too many at the end"
    shown = f"`{part[:30]}` is not expected here" if part else "it ends too early"
    return f"{shown}; write it as `name[extra]>=1.2; marker` (PEP 508)"


def in_words_of_poetry(part: str) -> str | None:
    """`part` with ``==`` for ``===``, and with the variable of a marker on the left."""
    if _ARBITRARY_EQUALITY.fullmatch(part):
        return part.replace("===", "==")
    swapped = _SWAPPED_MARKER.sub(_turned, part)
    return swapped if swapped != part else None


def _turned(match: re.Match[str]) -> str:
    name, operator, value = match["name"], match["op"], match["value"]
    return f"{name} {_TURNED.get(operator, operator)} {value}"
