"""Every name on an index, searched on each keystroke; fetched in the background once a day.

Searching is synchronous and never waits for anything: without a list there are the names that the
user's own projects have and the popular ones. Fetching and digesting happen in a process of their
own (`names_worker`); what it leaves is a sorted file that is mapped, not read (`names_file`).
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pyproject_ls.facts.packages import Names
from pyproject_ls.index import names_file, popular
from pyproject_ls.index.names_child import ChildError, Children, lock
from pyproject_ls.index.names_file import MAX_NAME, SortedNames
from pyproject_ls.index.names_search import Known, Search
from pyproject_ls.index.popular import Popular
from pyproject_ls.index.records import Index
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.requirement import normalized_name

DAY = 86400.0
"""A list that is older (seconds) is due to be fetched again."""

PAUSE = 600.0
"""Seconds after an attempt that failed, in which there is no other one."""

RECHECK = 60.0
"""Seconds after which we look whether another server has brought a newer list."""

_TYPED = lazy_pattern(r"(?:[a-z0-9][a-z0-9-]*)?")
_RANKING = "ranking"

logger = logging.getLogger(__name__)


class NameLists:
    """The lists in `folder`, the cache of all servers of the user.

    `search` and `is_due` are for the thread that serves the editor, `refresh` and `refresh_ranking`
    for the one that fetches; `clock` is the time of day, in seconds since 1970.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._clock = clock
        self._children = Children()
        self._lists: dict[str, tuple[SortedNames | None, float]] = {}
        self._not_before: dict[str, float] = {}
        self._running: set[str] = set()
        self._popular: Popular | None = None
        self._known = Known(())

    def search(
        self, typed: str, indexes: Sequence[Index], known: Sequence[str] = (), limit: int = 100
    ) -> Names:
        """At most `limit` names that begin with, or look like, `typed` (as written).

        Compared by normalised names (PEP 503). The name that was typed comes first; then names that
        begin with it: those of `known` (which the user's own projects have), the popular ones, and
        all others of `indexes` by alphabet; then lookalikes, of known and popular names only, and
        popular names with a later word that begins so, or with only ``py`` before it. `complete` is
        False while a list is missing.
        """
        lists = [self._list(names_file.key_of(each.url)) for each in indexes]
        here = [each for each in lists if each is not None]
        is_complete = bool(lists) and len(here) == len(lists)
        wanted = normalized_name(typed.strip()) if len(typed) <= MAX_NAME else "-"
        if _TYPED.fullmatch(wanted) is None:
            return Names((), is_complete)
        if self._popular is None:
            self._popular = popular.load(self._folder)
        if self._known.names != tuple(known):
            self._known = Known(tuple(known))
        search = Search(wanted, here, is_complete, self._known, self._popular)
        return Names(search.best(limit), is_complete)

    def prepare(self) -> None:
        """Read the ranking now, which the first search would have to do. From any thread."""
        if self._popular is None:
            self._popular = popular.load(self._folder)
            self._popular.lookalikes  # noqa: B018  (made when they are asked for)

    def is_due(self, index: Index) -> bool:
        """Whether `refresh` has something to do: no list, or one of yesterday."""
        key = names_file.key_of(index.url)
        if key in self._running or self._clock() < self._not_before.get(key, 0):
            return False
        names = self._list(key)
        return names is None or abs(self._clock() - names.fetched) > DAY

    async def refresh(self, index: Index, auth: tuple[str, str] | None = None) -> bool:
        """Fetch the list of `index` with these credentials; whether there is a newer one now.

        Never raises. What fails is logged, without anything secret, and not tried again for a
        while. Another server that is already fetching it is left to it.
        """
        key = names_file.key_of(index.url)
        verify = os.path.abspath(index.verify) if isinstance(index.verify, str) else index.verify
        request = {"kind": "names", "url": index.url, "auth": auth, "verify": verify}
        return await self._fetch(key, request, f"the names of {index.name!r}")

    async def refresh_ranking(self, url: str) -> bool:
        """Fetch the ranking of popular names at `url` once a week; whether there is a new one now.

        Never raises.
        """
        if popular.is_fresh(self._folder, self._clock()):
            if self._popular is None or not self._popular.is_built_in:
                return False
            self._popular = popular.load(self._folder)  # another server has fetched it
            return True
        if self._clock() < self._not_before.get(_RANKING, 0):
            return False
        request = {"kind": "ranking", "url": url, "auth": None, "verify": True}
        if not await self._fetch(_RANKING, request, "the ranking of popular names"):
            return False
        self._popular = popular.load(self._folder)
        return True

    def close(self) -> None:
        """End what is fetching."""
        self._children.close()

    async def _fetch(self, key: str, request: dict[str, Any], what: str) -> bool:
        if key in self._running:
            return False
        self._running.add(key)
        self._not_before[key] = self._clock() + PAUSE
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            folder = self._folder.resolve()
            with lock(folder / f"names-{key}.lock") as is_ours:
                if not is_ours:
                    return False
                is_new = await self._children.ask({**request, "folder": str(folder)}, folder)
            del self._not_before[key]
            return is_new
        except ChildError as error:
            logger.warning("%s could not be fetched: the server %s", what, error)
        except OSError as error:
            logger.warning("%s could not be fetched: %s", what, error.strerror)
        finally:
            self._running.discard(key)
            self._lists.pop(key, None)
        return False

    def _list(self, key: str) -> SortedNames | None:
        """The newest list of an index, as far as we know without looking all the time."""
        now = self._clock()
        names, looked = self._lists.get(key, (None, -RECHECK))
        if abs(now - looked) < RECHECK:
            return names
        if names is None or not names.is_newest():
            names = names_file.open_newest(self._folder, key)
        self._lists[key] = (names, now)
        return names
