"""Globs of `per-path-ignores`: which files they mean."""

from __future__ import annotations

import os
import re
from functools import lru_cache

from pyproject_ls.lazy import lazy_pattern

_PIECE = lazy_pattern(r"/\*\*(?=/|\Z)|\A\*\*/|\*\*|\*|\?|\[[^\]/]+\]|[^*?\[/]+|.", re.DOTALL)


@lru_cache(maxsize=256)
def covers(glob: str, path: str) -> bool:
    """Whether `glob` means the file at `path`, or a folder in which it lies.

    Both are relative to the same folder, with ``/``. ``*`` and ``?`` stay within one name, ``**``
    is any number of folders.
    """
    glob = glob.rstrip("/").removeprefix("./")
    return _pattern(glob).fullmatch(path) is not None


def relative(path: str, folder: str) -> str:
    """The absolute `path` as seen from the absolute `folder`, with ``/``; "" on another drive."""
    try:
        return os.path.relpath(path, folder).replace(os.sep, "/")
    except ValueError:
        return ""


@lru_cache(maxsize=256)
def _pattern(glob: str) -> re.Pattern[str]:
    parts = "".join(map(_translated, _PIECE.findall(glob)))
    try:
        return re.compile(rf"{parts}(?:/.*)?", re.DOTALL)
    except re.error:  # a range such as [z-a]
        return re.compile(re.escape(glob))


def _translated(piece: str) -> str:
    if piece == "/**":
        return "(?:/.*)?"
    if piece == "**/":
        return "(?:.*/)?"
    if piece == "**":
        return ".*"
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if len(piece) > 2 and piece.startswith("[") and piece.endswith("]"):
        negated, inner = piece[1] in "!^", piece[1:-1].lstrip("!^")
        if not inner:
            return re.escape(piece)
        escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", inner)
        return f"[{'^' * negated}{escaped}]"
    return re.escape(piece)
