"""What the tests of names share: the names of an index, and lists of them on the disk."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from pyproject_ls.facts.packages import Names
from pyproject_ls.index import names_file
from pyproject_ls.index.records import Index
from tests import name_lists

COUNT = 20_000
PUBLIC = Index("PyPI", "https://index.example/simple/", is_default=True)
PRIVATE = Index("corp", "https://corp.example/simple/")
JSON = "application/vnd.pypi.simple.v1+json"
WELL_KNOWN = (
    "requests numpy pandas django Flask Flask-SQLAlchemy pytest PyYAML scikit-learn tensorflow"
    " typing_extensions python-dateutil beautifulsoup4 Pillow"
)
"""The ranking of these tests, but for the made-up names that follow."""


@lru_cache
def spelled() -> tuple[str, ...]:
    """Every name that the public index has; the first ones are popular."""
    names: dict[str, str] = {}
    for each in [*WELL_KNOWN.split(), *name_lists.made_up(COUNT)]:
        names.setdefault(name_lists.normal(each), each)
    return tuple(names.values())


class Clock:
    """A time of day that only a test moves."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        """Seconds since 1970."""
        return self.now


def put(folder: Path, index: Index, names: Sequence[str]) -> Path:
    """Keep a list as if it had just been fetched."""
    pairs = [(name_lists.normal(each), each) for each in names]
    return names_file.write(folder, names_file.key_of(index.url), pairs)[0]


def found(names: Names, *, typos: bool = False) -> list[str]:
    """The names that are (or are not) typing errors."""
    return [each.name for each in names.found if each.is_typo == typos]
