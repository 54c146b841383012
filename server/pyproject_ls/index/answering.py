"""From questions to indexes and back: which indexes to ask, and what their answers come to."""

from __future__ import annotations

import asyncio
import logging
import operator
import os
from collections.abc import Mapping
from pathlib import Path

from cachetools import LRUCache

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts import Answer, Question
from pyproject_ls.facts.packages import (
    Advisories,
    AdvisoriesFor,
    Details,
    DetailsOf,
    IndexState,
    Missing,
    Package,
    PackageAnswer,
    ReleasesOf,
    StateOf,
    Unreachable,
)
from pyproject_ls.index.client import Client, Kept
from pyproject_ls.index.credentials import Credentials
from pyproject_ls.index.names import NameLists
from pyproject_ls.index.network import Network
from pyproject_ls.index.records import Index, Project
from pyproject_ls.index.releases import MAX_RELEASES, newest_first
from pyproject_ls.index.sources import Resolution, Surroundings, resolution, resolve_ref
from pyproject_ls.index.store import Store
from pyproject_ls.index.trust import Approvals
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.lookup import Lookup

PACKAGES = 500
"""So many packages stay the same objects, which keeps what was computed from them."""

BROKEN = Unreachable("pyproject-ls failed to ask the index; its log says more")

Tiers = tuple[tuple[Index, ...], ...]

logger = logging.getLogger(__name__)


class _Made(NamedTuple):
    """A package and what it was made of."""

    projects: list[Project]
    package: Package


class Answering:
    """Answers questions under one state of settings and configuration files.

    All methods but `indexes_now` belong to the event loop of `Service`.
    """

    def __init__(self, settings: IndexSettings, cache: Path, approvals: Approvals) -> None:
        self.settings = settings
        self._is_closed = False
        self._network = Network()
        self._store = Store(cache)
        self._approvals = approvals
        self._surroundings: dict[Path | None, Surroundings] = {}
        self._resolutions: dict[tuple[Lookup, Path | None], Resolution] = {}
        self._clients: dict[Path | None, Client] = {}
        self._credentials: dict[Path | None, Credentials] = {}
        # whatever somebody has once typed would be kept otherwise
        self._packages: LRUCache[tuple[ReleasesOf, Path | None], _Made] = LRUCache(PACKAGES)
        self._advising: dict[tuple[str, str], asyncio.Future[Advisories]] = {}
        self._adviser: asyncio.Task[None] | None = None
        """The loop holds tasks weakly, so somebody has to hold this one."""

    def prepare(self) -> None:
        """Import what the first request needs."""
        self._network.prepare()

    async def close(self) -> None:
        """End all connections; nothing is asked from now on."""
        self._is_closed = True
        for client in self._clients.values():
            await client.close()
        await self._network.close()
        self._store.close()

    # Which indexes

    def indexes_now(self, lookup: Lookup, folder: Path | None) -> tuple[Index, ...]:
        """The indexes of `lookup`, if they have been found out already; from any thread."""
        found = self._resolutions.get((lookup, folder))
        return _flat(found.tiers) if found is not None else ()

    def find_out(self, lookup: Lookup, folder: Path | None) -> bool:
        """See to it that `indexes_now` knows the indexes of `lookup`; whether it did not before."""
        is_new = (lookup, folder) not in self._resolutions
        self._resolved(lookup, folder)
        return is_new

    def _resolved(self, lookup: Lookup, folder: Path | None) -> Resolution:
        key = (lookup, folder)
        if key not in self._resolutions:
            self._resolutions[key] = resolution(lookup, self._surroundings_of(folder))
        return self._resolutions[key]

    def _surroundings_of(self, folder: Path | None) -> Surroundings:
        found = self._surroundings.get(folder)
        if found is None:
            found = Surroundings.read(folder, self.settings, os.environ)
            self._surroundings[folder] = found
            for problem in found.problems:
                logger.info("%s", problem)
        return found

    def _client(self, folder: Path | None) -> Client:
        """The client with the credentials that hold in `folder`."""
        if folder not in self._clients:
            credentials = self._credentials_for(folder)
            self._clients[folder] = Client(self._network, self._store, credentials, self.settings)
        return self._clients[folder]

    def _credentials_for(self, folder: Path | None) -> Credentials:
        if folder not in self._credentials:
            found = Credentials(self._surroundings_of(folder), self._approvals)
            self._credentials[folder] = found
        return self._credentials[folder]

    # Answers

    async def stored(self, question: Question, folder: Path | None) -> Answer | None:
        """The answer from the store; None if it is not there."""
        try:
            return await self._stored(question, folder)
        except Exception as error:  # `fetched` will say that it failed
            logger.error("the store could not be asked: %s", type(error).__name__, exc_info=True)
            return None

    async def _stored(self, question: Question, folder: Path | None) -> Answer | None:
        if not isinstance(question, ReleasesOf):
            return None
        client = self._client(folder)
        tiers, left_out = self._resolved(question.lookup, folder)
        # what is behind the first tier counts only where that has nothing, which is not stored
        for tier in tiers if self.settings.offline else tiers[:1]:
            found = {
                index: kept
                for index in tier
                if (kept := await client.project_from_store(index, question.name)) is not None
            }
            if found:
                is_all = tier is tiers[0] and len(found) == len(tier) and not left_out
                is_partial = not is_all or _asks_on(question.lookup, tier, tiers)
                return self._package(question, folder, found, is_partial=is_partial)
        return None

    async def fetched(self, question: Question, folder: Path | None) -> Answer:
        """The answer as the network has it now."""
        try:
            return await self._fetched(question, folder)
        except Exception as error:
            logger.error("an index could not be asked: %s", type(error).__name__, exc_info=True)
            if isinstance(question, AdvisoriesFor):
                return Advisories((), BROKEN.reason)
            return IndexState(BROKEN.reason) if isinstance(question, StateOf) else BROKEN

    async def _fetched(self, question: Question, folder: Path | None) -> Answer:
        if isinstance(question, ReleasesOf):
            return await self._releases(question, folder)
        if isinstance(question, DetailsOf):
            return await self._details(question, folder)
        if isinstance(question, AdvisoriesFor):
            return await self._advisories(question, folder)
        assert isinstance(question, StateOf)
        index = resolve_ref(question.ref, self._surroundings_of(folder))
        if isinstance(index, Unreachable):
            return IndexState(index.reason)
        return await self._client(folder).state(index)

    async def _releases(self, question: ReleasesOf, folder: Path | None) -> PackageAnswer:
        tiers, left_out = self._resolved(question.lookup, folder)
        client = self._client(folder)
        trouble = Unreachable(left_out, is_lasting=True) if left_out else None
        for tier in tiers:
            answers = await asyncio.gather(*(client.project(each, question.name) for each in tier))
            for each in answers:
                if isinstance(each, Unreachable):
                    trouble = trouble or each
            by_index = zip(tier, answers, strict=True)
            found = {index: each for index, each in by_index if isinstance(each, Kept)}
            if found:
                is_partial = trouble is not None or _asks_on(question.lookup, tier, tiers)
                return self._package(question, folder, found, is_partial=is_partial)
            is_down = any(isinstance(each, Unreachable) for each in answers)
            if is_down and not self.settings.offline:
                break  # as the tools do: what has the same name elsewhere may be another package
        return trouble or Missing(tuple(each.name for each in _flat(tiers)))

    def _package(
        self,
        question: ReleasesOf,
        folder: Path | None,
        found: Mapping[Index, Kept[Project]],
        *,
        is_partial: bool,
    ) -> Package:
        """One package of what one tier of indexes has; the same object for the same knowledge."""
        projects = [each.value for each in found.values()]
        stale = next((each.stale_since for each in found.values() if each.stale_since), "")
        is_partial = is_partial or any(len(each.releases) >= MAX_RELEASES for each in projects)
        known = self._packages.get((question, folder))
        if known is not None and _are_same(known.projects, projects):
            package = known.package
            if (package.stale_since, package.is_partial) == (stale, is_partial):
                return package
        first, index = projects[0], next(iter(found))
        releases = first.releases
        if len(projects) > 1:
            merged = {
                release.version: release
                for project in reversed(projects)
                for release in project.releases
            }
            releases = newest_first(merged.values())
        package = Package(
            first.name,
            releases,
            first.status,
            first.status_reason,
            "" if index.is_default else index.name,
            stale,
            is_partial,
        )
        self._packages[question, folder] = _Made(projects, package)
        return package

    async def _details(
        self, question: DetailsOf, folder: Path | None
    ) -> Details | Missing | Unreachable:
        tiers, left_out = self._resolved(question.lookup, folder)
        client = self._client(folder)
        trouble = Unreachable(left_out, is_lasting=True) if left_out else None
        for index in _flat(tiers):
            answer = await client.details(index, question.name, question.version)
            if isinstance(answer, Details):
                return answer
            if isinstance(answer, Unreachable):
                return trouble or answer
        return trouble or Missing(tuple(each.name for each in _flat(tiers)))

    async def _advisories(self, question: AdvisoriesFor, folder: Path | None) -> Advisories:
        """Questions of one moment go to the database together."""
        key = (question.name, question.version)
        if key not in self._advising:
            if not self._advising:
                self._adviser = asyncio.ensure_future(self._advise(folder))
            self._advising[key] = asyncio.get_running_loop().create_future()
        return await self._advising[key]

    async def _advise(self, folder: Path | None) -> None:
        await asyncio.sleep(0.05)
        asked, self._advising = self._advising, {}
        found: dict[tuple[str, str], Advisories] = {}
        try:
            found = await self._client(folder).advisories(list(asked))
        finally:
            for key, future in asked.items():
                future.set_result(found.get(key, Advisories((), BROKEN.reason)))

    # Names

    async def refresh_names(self, names: NameLists, lookup: Lookup, folder: Path | None) -> bool:
        """Fetch the lists of names that are missing or old; whether any has arrived."""
        arrived = False
        credentials = self._credentials_for(folder)
        for index in _flat(self._resolved(lookup, folder).tiers):
            if names.is_due(index) and not self._is_closed:
                auth = await credentials.first(index)
                if self._is_closed:
                    break
                arrived = await names.refresh(index, auth) or arrived
        if self.settings.ranking and not self._is_closed:
            arrived = await names.refresh_ranking(self.settings.ranking) or arrived
        return arrived


def _asks_on(lookup: Lookup, tier: tuple[Index, ...], tiers: Tiers) -> bool:
    """Whether the tool asks the tiers behind `tier`, too, where it finds no release that fits.

    Poetry does (``RepositoryPool.find_packages``): it looks for releases, not for the package.
    """
    has_more = tier is not tiers[-1]
    return has_more and bool(lookup.tiers) and lookup.tiers[0][0].tool == "poetry"


def _flat(tiers: Tiers) -> tuple[Index, ...]:
    return tuple(index for tier in tiers for index in tier)


def _are_same(some: list[Project], others: list[Project]) -> bool:
    """Whether these are the very same objects."""
    return len(some) == len(others) and all(map(operator.is_, some, others))
