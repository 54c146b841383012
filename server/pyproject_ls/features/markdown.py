"""Markdown for hovers and completions: what comes from files is data and never becomes markup.

Names, constraints, docstrings and addresses are written by others. Control, bidirectional and
zero-width characters are taken out, Markdown is escaped, lengths are limited, and links lead to
``http`` and ``https`` addresses without credentials only. `plain` is for clients that show text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from pyproject_ls.checks.wording import MAX_TEXT, visible
from pyproject_ls.lazy import lazy_pattern

__all__ = [
    "MAX_TEXT",
    "block",
    "bullets",
    "code",
    "escape",
    "join",
    "link",
    "paragraphs",
    "plain",
    "redacted",
    "safe_url",
    "visible",
]

_SPECIAL = lazy_pattern(r"[\\`*_{}\[\]<>|~$&#]|(?<=\w)@(?=\w)|:(?=//)|(?<=\bwww)\.")
_LINE_START = lazy_pattern(r"^(?:()([-+=])|(\d{1,9})([.)])(?=\s|$))")
_TICKS = lazy_pattern(r"`+")
_CREDENTIALS = lazy_pattern(r"(?<=://)[^/@\s]*@")
_UNSAFE_IN_URL = lazy_pattern(r"[\s<>\"'`\\]")

_FENCE = lazy_pattern(r"^(`{3,})[^\n]*\n(.*?)\n?^\1`*[ \t]*$", re.MULTILINE | re.DOTALL)
_INLINE = lazy_pattern(
    r"(?P<escape>\\(?P<char>[!-/:-@\[-`{-~]))"
    r"|(?P<ticks>`+)(?P<code>(?:(?!(?P=ticks)(?!`)).)+?)(?P=ticks)(?!`)"
    r"|\[(?P<label>(?:\\.|[^\]\\])*)\]\((?P<url>[^()\s]*)\)"
    r"|(?P<strong>\*\*|(?<![\w*])\*(?=\S)|(?<=\S)\*(?![\w*]))",
    re.DOTALL,
)


def escape(text: str, limit: int = MAX_TEXT) -> str:
    """`text` as running text that no Markdown reader takes for anything else; on one line."""
    return _LINE_START.sub(r"\1\3\\\2\4", _SPECIAL.sub(r"\\\g<0>", visible(text.strip(), limit)))


def code(text: str, limit: int = MAX_TEXT) -> str:
    """`text` as a code span, whatever backticks it holds; "" becomes ``(empty)`` in words."""
    text = visible(text, limit)
    if not text.strip():
        return "(empty)"
    ticks = "`" * (1 + max(map(len, _TICKS.findall(text)), default=0))
    pad = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def block(text: str, language: str = "", limit: int = 4000) -> str:
    """`text` as a fenced block of several lines."""
    lines = [visible(line.expandtabs(4).rstrip(), 400) for line in _lines(text[:limit])]
    body = "\n".join(lines)
    fence = "`" * max(3, 1 + max(map(len, _TICKS.findall(body)), default=0))
    return f"{fence}{language}\n{body}\n{fence}"


def paragraphs(text: str, limit: int = 1200) -> str:
    """`text` of several paragraphs, escaped; lines within a paragraph stay lines."""
    written: list[str] = []
    for paragraph in re.split(r"\n[ \t]*\n", text.strip()[:limit]):
        lines = [escape(line) for line in _lines(paragraph)]
        written.append("  \n".join(line for line in lines if line))
    more = " …" if len(text.strip()) > limit else ""
    return "\n\n".join(part for part in written if part) + more


def link(label: str, url: str) -> str:
    """A link from `label` (Markdown already) to `url`, if that is safe; otherwise the label."""
    safe = safe_url(url)
    return f"[{label}]({safe})" if safe else label


def safe_url(url: str) -> str | None:
    """`url` fit for a Markdown link; None unless it is ``http(s)`` without credentials."""
    if len(url) > 2000 or _UNSAFE_IN_URL.search(url) or not url.isprintable():
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.password:
        return None
    for char, quoted in ("(", "%28"), (")", "%29"), ("[", "%5B"), ("]", "%5D"):
        url = url.replace(char, quoted)
    return url


def redacted(url: str) -> str:
    """`url` with ``***`` for a user name and password."""
    return _CREDENTIALS.sub("***@", url)


def bullets(items: Iterable[str]) -> str:
    """A list of `items` (Markdown already)."""
    return "\n".join(f"- {item}" for item in items)


def join(parts: Iterable[str]) -> str:
    """Paragraphs, one below the other; empty ones are left out."""
    return "\n\n".join(part for part in parts if part)


def plain(markdown: str) -> str:
    """`markdown` of the kind that this module makes, as plain text.

    Emphasis, code marks, escapes and fences go; a link becomes its label with the address behind
    it in parentheses.
    """
    parts: list[str] = []
    done = 0
    for fence in _FENCE.finditer(markdown):
        parts += (_without_marks(markdown[done : fence.start()]), _indented(fence[2]))
        done = fence.end()
    parts.append(_without_marks(markdown[done:]))
    return "".join(parts).strip()


def _indented(text: str) -> str:
    return "\n".join(f"    {line}" if line else "" for line in text.split("\n"))


def _without_marks(text: str) -> str:
    return _INLINE.sub(_plain_piece, text.replace("  \n", "\n"))


def _plain_piece(match: re.Match[str]) -> str:
    if match["escape"]:
        return match["char"]
    if match["ticks"]:
        content = match["code"]
        is_padded = content[0] == " " == content[-1] and content.strip()
        return content[1:-1] if is_padded else content
    if match["url"] is not None:
        label = _without_marks(match["label"])
        return f"{label} ({match['url']})" if label != match["url"] else label
    return ""


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
