"""What indexes say about packages: the one way from the rest of the server to the network.

Nothing here raises for what an index does: answers are values, `Missing` or `Unreachable`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

from pyproject_ls.config import ADVISORY_DATABASE, DEFAULT_INDEX, IndexSettings
from pyproject_ls.facts.packages import Advisories, Details, IndexState, Missing, Unreachable
from pyproject_ls.index.exchange import Fetch, Reply
from pyproject_ls.index.failures import FetchError
from pyproject_ls.index.flight import Grounded, SingleFlight
from pyproject_ls.index.logins import CredentialsProvider
from pyproject_ls.index.pages import CLOSED, FRESH, Kept, Pages, Transports, Wanted
from pyproject_ls.index.record_json import (
    read_details,
    read_project,
    write_details,
    write_project,
)
from pyproject_ls.index.records import Index, Project
from pyproject_ls.index.releases import version_of
from pyproject_ls.index.simple import ACCEPT, parse_project
from pyproject_ls.index.store import Key, Store
from pyproject_ls.index.troubles import problem
from pyproject_ls.lazy import lazy_property
from pyproject_ls.project.requirement import normalized_name

if TYPE_CHECKING:
    from pyproject_ls.index.advising import Advising

__all__ = ["Client", "CredentialsProvider", "Kept"]

FRESH_METADATA = 24 * 3600.0
"""Seconds for which the metadata of one version is believed: it does not change, but what is known
of its vulnerabilities may."""

KNOWN_EVERYWHERE = "pip"
"""A name to ask an index for; it does not matter whether it has it."""

_SIMPLE = "/simple/"


class Client:
    """Asks indexes with one set of credentials. Belongs to one event loop.

    `transport` and `store` may be shared between clients. `clock` is the time of day in seconds
    since 1970; `advisory_database` the address of OSV's API, with a "/" at the end.
    """

    def __init__(
        self,
        transport: Transports,
        store: Store,
        credentials: CredentialsProvider,
        settings: IndexSettings,
        clock: Callable[[], float] = time.time,
        *,
        advisory_database: str = ADVISORY_DATABASE,
    ) -> None:
        self._pages = Pages(transport, store, credentials, offline=settings.offline, clock=clock)
        self._flight = SingleFlight()
        self._store = store
        self._clock = clock
        self._advisory_database = advisory_database

    async def project(self, index: Index, name: str) -> Kept[Project] | Missing | Unreachable:
        """The releases of the package `name` on `index`."""
        return await self._pages.get(_project(index, normalized_name(name)))

    async def project_from_store(self, index: Index, name: str) -> Kept[Project] | None:
        """What is known of the package without asking anybody, however old; None for nothing."""
        return self._pages.kept(_project(index, normalized_name(name)))

    async def details(
        self, index: Index, name: str, version: str = ""
    ) -> Details | Missing | Unreachable:
        """The metadata of `version` ("": of the newest one that is neither yanked nor a preview).

        The default index has a JSON API; other indexes may have core metadata beside their wheels
        (PEP 658), or the same JSON API. Without either, what the page of the project tells.
        """
        name = normalized_name(name)
        if index.is_default and version:
            found = await self._pages.get(_json(index, name, version))
            if not isinstance(found, Missing):
                return _plain(found)
        project = await self.project(index, name)
        if not isinstance(project, Kept):
            return project
        chosen = _spelling(project.value, version) if version else _newest(project.value)
        for wanted in _sources(index, name, chosen, project.value):
            found = await self._pages.get(wanted)
            if isinstance(found, Kept):
                return _plain(found)
        return _from_page(index, project.value, chosen)

    async def state(self, index: Index) -> IndexState:
        """Whether `index` answers. It is asked every time."""
        if self._pages.offline:
            return IndexState("offline mode is on, so it is not asked")
        try:
            return await self._flight.do(index, lambda: self._state(index))
        except Grounded:
            return IndexState(CLOSED)

    async def advisories(
        self, pairs: Sequence[tuple[str, str]]
    ) -> dict[tuple[str, str], Advisories]:
        """Known vulnerabilities of packages, each a normalised name and a version."""
        return await self._advising.advisories(pairs)

    @lazy_property
    def _advising(self) -> Advising:
        """Made for those who have opted in."""
        from pyproject_ls.index.advising import Advising

        return Advising(self._pages, self._store, url=self._advisory_database, clock=self._clock)

    async def close(self) -> None:
        """End what is under way. The transport and the store stay open."""
        await self._flight.close()
        await self._pages.close()

    async def _state(self, index: Index) -> IndexState:
        wanted = _project(index, KNOWN_EVERYWHERE)
        try:
            reply = await self._pages.fetch(index, Fetch(wanted.url, wanted.accept))
            if reply.status == 200:
                wanted.read(reply)
        except FetchError as error:
            return IndexState(problem(error, index))
        except ValueError as error:
            return IndexState(problem(FetchError("content", str(error)), index))
        return IndexState()


def json_address(index: Index, name: str, version: str = "") -> str:
    """Where the JSON API of `index` has `version` ("": its newest), or ""."""
    if index.url.endswith(_SIMPLE):
        base = index.url[: -len(_SIMPLE) + 1]
    elif index.is_default:
        base = DEFAULT_INDEX
    else:
        return ""
    parts = ["pypi", name, version, "json"] if version else ["pypi", name, "json"]
    return base + "/".join(quote(each, safe="") for each in parts)


def _project(index: Index, name: str) -> Wanted:
    def read(reply: Reply) -> Project:
        project = parse_project(reply.body, reply.headers.get("content-type", ""), reply.url)
        if normalized_name(project.name) != name:
            raise ValueError("sends the page of another package")
        return project

    return Wanted(
        key=_key("project", index, name),
        source=index,
        url=f"{index.url}{quote(name, safe='')}/",
        accept=ACCEPT,
        read=read,
        write=write_project,
        restore=read_project,
        fresh=FRESH,
    )


def _details(
    index: Index, kind: str, name: str, version: str, url: str, parse: Callable[[bytes], Details]
) -> Wanted:
    def read(reply: Reply) -> Details:
        details = parse(reply.body)
        if normalized_name(details.name) != name or not _is_same(details.version, version):
            raise ValueError("sends the metadata of another package")
        return details

    return Wanted(
        key=_key(kind, index, f"{name}=={version}"),
        source=index,
        url=url,
        accept="*/*" if kind == "metadata" else "application/json",
        read=read,
        write=write_details,
        restore=read_details,
        fresh=FRESH_METADATA,
    )


def _json(index: Index, name: str, version: str) -> Wanted:
    return _json_at(json_address(index, name, version), "json", index, name, version)


def _json_of_newest(index: Index, name: str, version: str) -> Wanted:
    """A large document, but some mirrors have no other; it is no answer for other versions."""
    return _json_at(json_address(index, name), "json-newest", index, name, version)


def _json_at(url: str, kind: str, index: Index, name: str, version: str) -> Wanted:
    from pyproject_ls.index.json_api import parse_json_api  # hints do without it

    return _details(index, kind, name, version, url, parse_json_api)


def _sources(index: Index, name: str, version: str, project: Project) -> list[Wanted]:
    """Where the metadata of `version` may be, the best place first."""
    found: list[Wanted] = []
    if not version:
        return found
    metadata = dict(project.metadata).get(version)
    if metadata:
        from pyproject_ls.index.core_metadata import parse_metadata

        found.append(_details(index, "metadata", name, version, metadata, parse_metadata))
    if json_address(index, name, version):
        found.append(_json(index, name, version))
    if index.is_default:
        found.reverse()
        if version == _newest(project):
            found.append(_json_of_newest(index, name, version))
    return found


def _from_page(index: Index, project: Project, version: str) -> Details | Missing:
    for release in project.releases:
        if release.version == version:
            return Details(project.name, version, requires_python=release.requires_python)
    return Missing((index.name,)) if version else Details(project.name, "")


def _newest(project: Project) -> str:
    """The newest version that is neither yanked nor a pre-release, else the newest of any kind."""
    for release in project.releases:
        if release.yanked is None and not release.is_prerelease:
            return release.version
    return project.releases[0].version if project.releases else ""


def _spelling(project: Project, version: str) -> str:
    """`version` as the index writes it: ``1.0`` may be its ``1.0.0``."""
    for release in project.releases:
        if _is_same(release.version, version):
            return release.version
    return version


def _is_same(one: str, other: str) -> bool:
    return one == other or (version_of(one) or one) == (version_of(other) or other)


def _plain(answer: Kept[Details] | Missing | Unreachable) -> Details | Missing | Unreachable:
    return answer.value if isinstance(answer, Kept) else answer


def _key(kind: str, index: Index, name: str) -> Key:
    """A key for the store: the mark before the "@" counts logins of one process only."""
    _, at, credentials = index.credentials.rpartition("@")
    return Key(kind, index.url, name, at + credentials)
