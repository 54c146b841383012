"""Whether a glob pattern matches anything, found out with a bound on the work.

`pathlib` walks all below the folder before it can say no, virtual environments and all; here a
walk that has looked at too much stops, and counts as a match, because no answer must not become a
complaint.
"""

from __future__ import annotations

import os
import re
from fnmatch import translate
from functools import lru_cache

from pyproject_ls.lazy import lazy_pattern

MAX_STEPS = 20_000
"""How many folder entries a search may look at."""

MAX_PARTS = 200
"""How many folders deep a pattern may reach; a deeper one matches nothing."""

_MAGIC = lazy_pattern(r"[*?\[]")


def matches(root: str, pattern: str, steps: int = MAX_STEPS) -> bool:
    """Whether a file or folder below `root` matches `pattern` (``*``, ``?``, ``[..]``, ``**``).

    Absolute and empty patterns match nothing. Raises OSError for names that the system refuses;
    folders that cannot be read are empty.
    """
    parts = [part for part in pattern.replace("\\", "/").split("/") if part not in {"", "."}]
    if not 0 < len(parts) <= MAX_PARTS or os.path.isabs(pattern):
        return False
    search = _Search(steps)
    return search.finds(root, parts) or search.steps < 0


class _Search:
    """One search and what is left of its bound."""

    def __init__(self, steps: int) -> None:
        self.steps = steps

    def finds(self, folder: str, parts: list[str]) -> bool:
        if not parts:
            return True
        first, rest = parts[0], parts[1:]
        if first == "**":
            return self.finds(folder, rest) or any(
                self.finds(below, parts) for below in self.folders(folder)
            )
        if not _MAGIC.search(first):
            path = os.path.join(folder, first)
            return os.path.lexists(path) and self.finds(path, rest)
        is_match = _pattern(first).match
        return any(
            is_match(os.path.basename(path)) and self.finds(path, rest)
            for path in self.entries(folder)
        )

    def folders(self, folder: str) -> list[str]:
        """The folders in `folder`, links left out so that a walk ends."""
        return [
            path
            for path in self.entries(folder)
            if os.path.isdir(path) and not os.path.islink(path)
        ]

    def entries(self, folder: str) -> list[str]:
        """The paths in `folder`; none once the bound is reached."""
        if self.steps < 0:
            return []
        try:
            names = sorted(os.listdir(folder))
        except OSError:
            return []
        self.steps -= len(names)
        return [os.path.join(folder, name) for name in names]


@lru_cache(maxsize=256)
def _pattern(part: str) -> re.Pattern[str]:
    return re.compile(translate(part))
