"""Warm repositories: the pages that an index has sent stay in memory, for as long as is right.

Poetry keeps pages for ever (``functools.cache`` around ``HTTPRepository._get_page``), which is
right for a command and wrong for a process that lives for days.
"""

from __future__ import annotations

import copy
import json
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from .memo import Memo

FRESH = 600.0
"""Seconds for which pages are believed: what PyPI itself says (``Cache-Control: max-age=600``)."""

KEPT = 16
"""Repositories that are kept."""

RELEASES = 5000
"""Releases of a repository whose details are kept; without, each is read from a file each time."""

_CACHES = ("get_page", "_find_packages", "_get_page", "get_release_info")
"""The memoised methods of Poetry's repositories, in one version or another."""


class Repositories:
    """The repositories that were made, by what they were made from."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self.generation = 0
        """Another number whenever something was forgotten that an answer may depend on."""

    def get(self, made_from: Any, make: Callable[[], Any]) -> Any:
        """The repository for `made_from` (something that JSON can hold), made by `make` if new."""
        key = json.dumps(made_from, sort_keys=True, default=str)
        now = self._clock()
        born, repository = self._kept.pop(key, (now, None))
        if repository is None:
            repository = make()
            remember_releases(repository)
            self.generation += 1
        elif now - born > FRESH:
            forget_pages(repository)
            self.generation += 1
            born = now
        self._kept[key] = born, repository
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return repository

    def clear(self) -> None:
        """Make all of them anew: credentials may have changed."""
        self._kept.clear()


def remember_releases(repository: Any) -> None:
    """Have `repository` keep in memory what it has found out about releases."""
    find = getattr(repository, "get_release_info", None)
    if find is None:
        return
    known = Memo(RELEASES)

    def remember(name: Any, version: Any) -> Any:
        return copy.copy(known.get((name, version), lambda: find(name, version)))

    repository.get_release_info = remember
    repository.get_release_info.cache_clear = known.clear  # as `functools.cache` has it
    forget = getattr(repository, "forget", None)
    if forget is not None:  # it may know less than there is: files were added

        def forget_both(name: str, version: Any) -> None:
            forget(name, version)
            known.clear()

        repository.forget = forget_both


def forget_pages(repository: Any) -> None:
    """Have `repository` ask its index, and for its credentials, again."""
    for name in _CACHES:
        forget = getattr(getattr(repository, name, None), "cache_clear", None)
        if forget is not None:
            forget()
    reset = getattr(getattr(repository, "session", None), "reset_credentials_cache", None)
    if reset is not None:
        reset()
