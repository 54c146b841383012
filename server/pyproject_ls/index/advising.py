"""Known vulnerabilities of locked packages, from the database of OSV.

Only names and versions are sent. The answer to a batch of them is identifiers; what is behind one
is fetched once a day.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Sequence
from urllib.parse import quote

from pyproject_ls.config import ADVISORY_DATABASE
from pyproject_ls.facts.packages import Advisories, Advisory
from pyproject_ls.index.advisories import batch_body, merged, parse_batch, parse_vulnerability
from pyproject_ls.index.exchange import Fetch
from pyproject_ls.index.failures import FetchError
from pyproject_ls.index.pages import Kept, Pages, Wanted
from pyproject_ls.index.record_json import read_advisory, read_texts, write_advisory
from pyproject_ls.index.records import Index
from pyproject_ls.index.store import Key, Store, Stored
from pyproject_ls.named import NamedTuple

BATCH = 500
"""Packages in one question; the database allows 1,000."""

FRESH_LIST = 6 * 3600.0
"""Seconds for which the list of a version's vulnerabilities is believed."""

FRESH_ADVISORY = 24 * 3600.0
MAX_IDS = 100
"""So many vulnerabilities of one version are looked at."""

Pair = tuple[str, str]
"""The normalised name of a package, and a version."""


class _Listed(NamedTuple):
    """The identifiers for a pair, or why there are none."""

    ids: tuple[str, ...]
    problem: str = ""


class Advising:
    """Asks the database at `url`."""

    def __init__(
        self,
        pages: Pages,
        store: Store,
        *,
        url: str = ADVISORY_DATABASE,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._pages = pages
        self._store = store
        self._clock = clock
        self._database = Index("the advisory database", url)

    async def advisories(self, pairs: Sequence[Pair]) -> dict[Pair, Advisories]:
        """What is known of each of `pairs`."""
        listed: dict[Pair, _Listed] = {}
        missing: list[Pair] = []
        for pair in dict.fromkeys(pairs):
            known = self._known(pair, FRESH_LIST)
            if known is not None:
                listed[pair] = known
            else:
                missing.append(pair)
        for start in range(0, len(missing), BATCH):
            listed.update(await self._list(missing[start : start + BATCH]))
        found = await asyncio.gather(*(self._one(pair, each) for pair, each in listed.items()))
        return dict(zip(listed, found, strict=True))

    def _known(self, pair: Pair, age: float) -> _Listed | None:
        stored = self._store.get(self._key(pair))
        if stored is None or not 0 <= self._clock() - stored.fetched < age:
            return None
        try:
            return _Listed(read_texts(json.loads(stored.record)))
        except (ValueError, RecursionError):
            return None

    async def _list(self, pairs: list[Pair]) -> dict[Pair, _Listed]:
        """The identifiers from the database; where it cannot be asked, from any earlier answer."""
        try:
            if self._pages.offline:
                raise FetchError("offline", "is not asked in offline mode")
            found = await self._ask(pairs)
        except FetchError as error:
            none = _Listed((), f"{self._database.name} {error.reason}")
            return {pair: self._known(pair, float("inf")) or none for pair in pairs}
        now = self._clock()
        for pair, ids in found.items():
            self._store.put(self._key(pair), Stored(now, "", "", json.dumps(ids).encode()))
        return {pair: _Listed(tuple(ids)) for pair, ids in found.items()}

    async def _ask(self, pairs: list[Pair]) -> dict[Pair, list[str]]:
        request = Fetch(
            f"{self._database.url}v1/querybatch",
            "application/json",
            method="POST",
            body=batch_body(pairs),
        )
        reply = await self._pages.fetch(self._database, request)
        if reply.status != 200:
            raise FetchError("content", f"answers with status {reply.status}", reply.status)
        try:
            lists = parse_batch(reply.body, len(pairs))
        except ValueError as error:
            raise FetchError("content", str(error)) from None
        return {pair: ids[:MAX_IDS] for pair, ids in zip(pairs, lists, strict=True)}

    async def _one(self, pair: Pair, listed: _Listed) -> Advisories:
        if listed.problem:
            return Advisories((), listed.problem)
        found = await asyncio.gather(*(self._advisory(each, pair[0]) for each in listed.ids))
        return Advisories(merged(each for several in found for each in several))

    async def _advisory(self, identifier: str, name: str) -> tuple[Advisory, ...]:
        """One vulnerability, of which at least the identifier is known; none if withdrawn."""
        answer = await self._pages.get(
            Wanted(
                key=Key("advisory", self._database.url, f"{identifier} {name}"),
                source=self._database,
                url=f"{self._database.url}v1/vulns/{quote(identifier, safe='')}",
                accept="application/json",
                read=lambda reply: _if_any(parse_vulnerability(reply.body, name)),
                write=lambda found: [write_advisory(each) for each in found],
                restore=lambda record: tuple(map(read_advisory, record)),
                fresh=FRESH_ADVISORY,
            )
        )
        if isinstance(answer, Kept):
            found: tuple[Advisory, ...] = answer.value
            return found
        return (Advisory(identifier),)

    def _key(self, pair: Pair) -> Key:
        return Key("advisories", self._database.url, "==".join(pair))


def _if_any(advisory: Advisory | None) -> tuple[Advisory, ...]:
    return () if advisory is None else (advisory,)
