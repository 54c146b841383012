"""SPDX license expressions: identifiers, operators, exceptions (PEP 639)."""

from __future__ import annotations

from functools import cache

from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.lazy import lazy_pattern

_WORD = lazy_pattern(r"[^\s()]*")
_POPULAR = (
    "MIT",
    "Apache-2.0",
    "BSD-3-Clause",
    "GPL-3.0-or-later",
    "BSD-2-Clause",
    "MPL-2.0",
    "LGPL-3.0-or-later",
    "ISC",
    "AGPL-3.0-or-later",
    "GPL-3.0-only",
    "GPL-2.0-or-later",
    "GPL-2.0-only",
    "LGPL-2.1-or-later",
    "Unlicense",
    "0BSD",
    "CC0-1.0",
    "EUPL-1.2",
    "PSF-2.0",
    "Zlib",
    "BSL-1.0",
    "LicenseRef-Proprietary",
)
_OPERATORS = (
    ("OR", "either license, as the user chooses"),
    ("AND", "both licenses apply"),
    ("WITH", "with an exception"),
)


def expression(request: Request) -> Choices:
    """The word at the cursor: an identifier, an operator behind one, an exception after WITH."""
    content, at = request.content, request.at
    start = max(content.rfind(each, 0, at) for each in " ()\t") + 1
    word = _WORD.match(content, start)
    end = max(word.end() if word is not None else at, at)
    before = content[:start].replace("(", " ( ").replace(")", " ) ").split()
    previous = before[-1].lower() if before else ""
    if previous == "with":
        return Choices(start, end, _exceptions())
    if previous in ("", "(", "or", "and"):
        return Choices(start, end, _identifiers())
    offered = _OPERATORS if previous != ")" and "with" not in _tail(before) else _OPERATORS[:2]
    items = [
        Choice(f"{word} ", Kind.OPERATOR, word, detail, order, retrigger=True)
        for order, (word, detail) in enumerate(offered)
    ]
    return Choices(start, end, items)


def _tail(words: list[str]) -> list[str]:
    return [word.lower() for word in words[-2:]]


@cache
def _identifiers() -> list[Choice]:
    ranks = {name: rank for rank, name in enumerate(_POPULAR)}
    found = [Choice(name, Kind.LICENSE, order=rank) for name, rank in ranks.items()]
    for name, deprecated in _spdx("LICENSES"):
        if name not in ranks:
            order = 2000 if deprecated else 1000
            detail = "deprecated by SPDX" if deprecated else ""
            found.append(
                Choice(name, Kind.LICENSE, detail=detail, order=order, deprecated=deprecated)
            )
    return found


@cache
def _exceptions() -> list[Choice]:
    return [
        Choice(name, Kind.LICENSE, order=1000 * deprecated, deprecated=deprecated)
        for name, deprecated in _spdx("EXCEPTIONS")
    ]


def _spdx(what: str) -> list[tuple[str, bool]]:
    """The identifiers that `packaging` knows; none where it keeps them elsewhere."""
    try:
        from packaging.licenses import _spdx as spdx
    except ImportError:
        return []
    listed = getattr(spdx, what, {})
    return [(str(each["id"]), bool(each["deprecated"])) for each in listed.values()]
