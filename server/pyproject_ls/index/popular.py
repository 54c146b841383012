"""Which names are popular, so that those come first that people mostly mean.

No download figures are shipped. The public ones come from the query logs of the public index, and
lists made of them have terms of their own; so none is in this package, and the ranking is fetched
at run time, once a week, from an address that a setting can change or switch off
(`pyproject_ls.config.IndexSettings.ranking`). Until it is here a short list helps that was
written for this project by hand from general knowledge (``popular.txt``): common facts, in an order
that nobody measured.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyproject_ls.index.names_file import MAX_NAME, NAME, NORMAL, write_whole
from pyproject_ls.index.typos import Lookalikes
from pyproject_ls.project.requirement import normalized_name

RANKING_FILE = "ranking.txt"
"""The fetched ranking in the folder of the cache: normalised names, the most popular first."""

MAX_RANKED = 15_000
WEEK = 7 * 86400.0

_BUILT_IN = Path(__file__).with_name("popular.txt")
_SIGNS = b"abcdefghijklmnopqrstuvwxyz0123456789-\n"
_MISPLACED = (b"--", b"-\n", b"\n-")
_MAX_BYTES = MAX_RANKED * (MAX_NAME + 1)


class Popular:
    """Popular names, normalised, the most popular first.

    `is_built_in` tells the list that comes with the package from a ranking that was fetched.
    """

    def __init__(self, names: Iterable[str], *, is_built_in: bool = False) -> None:
        self.is_built_in = is_built_in
        self.names = tuple(dict.fromkeys(names))
        self._ranks = dict(zip(self.names, range(len(self.names)), strict=True))
        self._text = "\n".join(("", *self.names, ""))
        self._lookalikes: Lookalikes | None = None

    @property
    def lookalikes(self) -> Lookalikes:
        """The names again, to be found in spite of typing errors."""
        if self._lookalikes is None:
            self._lookalikes = Lookalikes(self.names)
        return self._lookalikes

    def rank(self, name: str) -> int | None:
        """The place of `name`, from 0; None if it is not popular."""
        return self._ranks.get(name)

    def beginning(self, prefix: str) -> Iterator[str]:
        """The names that begin with `prefix`."""
        return self._having(f"\n{prefix}")

    def continuing(self, prefix: str) -> Iterator[str]:
        """The names in which a word after the first begins with `prefix`."""
        return self._having(f"-{prefix}")

    def _having(self, part: str) -> Iterator[str]:
        text = self._text
        position = text.find(part)
        while position >= 0:
            end = text.find("\n", position + 1)
            if end < 0:
                return
            yield text[text.rfind("\n", 0, position + 1) + 1 : end]
            position = text.find(part, end)


def load(folder: Path) -> Popular:
    """The ranking in `folder`; the built-in one if there is none that can be used. Never raises."""
    for path in (folder / RANKING_FILE, _BUILT_IN):
        names = _read(path)
        if names:
            return Popular(names, is_built_in=path == _BUILT_IN)
    return Popular((), is_built_in=True)


def is_fresh(folder: Path, now: float) -> bool:
    """Whether the ranking in `folder` is less than a week old; `now` in seconds since 1970."""
    try:
        return abs(now - (folder / RANKING_FILE).stat().st_mtime) < WEEK
    except OSError:
        return False


def parse(body: bytes) -> list[str]:
    """The names of a fetched ranking, normalised: ``{"rows": [{"project": ...}, ...]}``.

    Raises ValueError with a reason if it is none.
    """
    try:
        document = json.loads(body)
        rows = document["rows"]
    except (ValueError, RecursionError, LookupError, TypeError):
        raise ValueError("it is no ranking of names") from None
    names = []
    for row in rows if isinstance(rows, list) else ():
        name = row.get("project") if isinstance(row, dict) else None
        if isinstance(name, str) and len(name) <= MAX_NAME and NAME.fullmatch(name):
            names.append(normalized_name(name))
    if not names:
        raise ValueError("it ranks no names")
    return list(dict.fromkeys(names))[:MAX_RANKED]


def write(folder: Path, names: Iterable[str]) -> None:
    """Keep a ranking in `folder`. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / RANKING_FILE, [f"{name}\n".encode("ascii") for name in names])


def _read(path: Path) -> list[str]:
    try:
        with open(path, "rb") as file:
            text = file.read(_MAX_BYTES)
    except OSError:
        return []
    lines = text.decode("ascii", "replace").split("\n")[: MAX_RANKED + 10]
    # all at once: this may run while somebody types
    is_sound = not text.translate(None, _SIGNS) and not any(each in text for each in _MISPLACED)
    if is_sound and max(map(len, lines)) <= MAX_NAME:
        return list(filter(None, lines))
    return [each for each in lines if NORMAL.fullmatch(each) and len(each) <= MAX_NAME]
