"""What an index is told about who asks: user names and passwords, found where tools keep them.

They are held in memory only, as long as they are needed, and go to one origin: that of the address
they stood in, of the host they are kept under, or the one that was approved for their name
(`trust`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from urllib.parse import urlsplit

from pyproject_ls.index.addresses import host_of, is_secret_safe, origin
from pyproject_ls.index.config_files import MAX_BYTES
from pyproject_ls.index.config_folders import netrc_files
from pyproject_ls.index.environment import Surroundings
from pyproject_ls.index.keyring_call import LIMIT, Entry, ask_keyring, keyring_command
from pyproject_ls.index.login import Login
from pyproject_ls.index.records import Index
from pyproject_ls.index.trust import Approvals
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

FORGET_NOTHING = 300.0
"""Seconds after which a keyring that had nothing is asked again: it may have been locked."""

_NOT_IN_VARIABLES = lazy_pattern(r"[^a-z0-9]")
_KEY = lazy_pattern(r"(?P<mark>\d+@)?(?P<tool>[a-z]+):(?P<name>.*)", re.DOTALL)

logger = logging.getLogger(__name__)


class _Key(NamedTuple):
    """`Index.credentials` taken apart."""

    mark: str
    """Of a login that stood in the address; see `Surroundings.keep`."""
    tool: str
    name: str


class Credentials:
    """The credentials of one user for the indexes of one project. For one event loop.

    `limit` bounds, in seconds, how long the keyring may take after one 401.
    """

    def __init__(
        self,
        surroundings: Surroundings,
        approvals: Approvals,
        clock: Callable[[], float] = time.monotonic,
        limit: float = LIMIT,
    ) -> None:
        self._surroundings = surroundings
        self._approvals = approvals
        self._clock = clock
        self._limit = limit
        self._netrc: dict[str, Login] | None = None
        self._keyring: dict[Index, tuple[float, Login | None]] = {}
        self._locks: dict[Index, asyncio.Lock] = {}

    async def first(self, index: Index) -> tuple[str, str] | None:
        """What to send with the first request to `index`; None if nothing is known.

        Asked in this order: the tool's environment and its own files, the index's address, netrc.
        A user name whose password is nowhere goes alone: it may be a token.
        """
        key = self._key(index)
        if key is None:
            return None
        partial: Login | None = None
        async for login in self._known(index, key):
            if login.is_whole:
                return login.pair()
            partial = partial or login
        return partial.pair() if partial is not None else None

    async def after_401(self, index: Index) -> tuple[str, str] | None:
        """What the keyring has for `index`, which has refused what `first` said."""
        key = self._key(index)
        if key is None or not self._surroundings.keyring_enabled(key.tool):
            return None
        async with self._locks.setdefault(index, asyncio.Lock()):
            found = self._keyring.get(index)
            is_old = found is not None and self._clock() - found[0] > FORGET_NOTHING
            if found is None or (found[1] is None and is_old):
                found = self._clock(), await self._from_keyring(index, key)
                self._keyring[index] = found
        return found[1].pair() if found[1] is not None else None

    def _key(self, index: Index) -> _Key | None:
        match = _KEY.fullmatch(index.credentials)
        if match is None or not self._surroundings.settings.trusted:
            return None
        return _Key(match["mark"] or "", match["tool"], match["name"])

    async def _known(self, index: Index, key: _Key) -> AsyncIterator[Login]:
        """The logins for `index` that may be sent to it, the best first."""
        own, approved = origin(index.url), _place(index)
        for name in self._names(key, own):
            login = self._surroundings.login(key.tool, name)
            approval = _approval(key.tool, name)
            if login is not None and await self._approvals.allows(approval, approved):
                yield login
        embedded = self._surroundings.embedded(key.mark)
        is_own = embedded is not None and embedded.origin == own
        if embedded is not None and is_own and await self._may_use(embedded.variables, approved):
            yield embedded.login
        host = host_of(index.url)
        login = self._netrc_logins().get(host)
        if login is not None and await self._may_have(f"netrc:{host}", index):
            yield login
        shared = self._surroundings.embedded_for(own)
        if embedded is None and shared is not None and not shared.variables:
            yield shared.login

    def _names(self, key: _Key, own: str) -> Iterator[str]:
        if key.tool == "poetry":
            yield from self._surroundings.poetry.names_for(key.name, own)
        elif key.name:
            yield key.name

    async def _may_use(self, names: tuple[str, ...], own: str) -> bool:
        """Whether the values of environment variables may be sent to the origin `own`."""
        for name in names:
            if not await self._approvals.allows(f"environment:{name}", own):
                return False
        return True

    async def _may_have(self, name: str, index: Index) -> bool:
        """Whether what is kept under a host may be sent to `index` on that host.

        It may where nobody can read it on the way. Without encryption it is bound to the first
        origin like any other name, so that a project cannot make the user send in the clear what
        has gone through https; nor where nobody checks who answers.
        """
        if is_secret_safe(index.url) and index.verify is not False:
            await self._approvals.remember(name, origin(index.url))
            return True
        return await self._approvals.allows(name, _place(index))

    def _netrc_logins(self) -> dict[str, Login]:
        if self._netrc is None:
            self._netrc = _read_netrc(self._surroundings)
        return self._netrc

    # The keyring

    async def _from_keyring(self, index: Index, key: _Key) -> Login | None:
        hints = [login.username async for login in self._known(index, key) if login.username]
        hint = hints[0] if hints else ""
        by_name = dict(self._named_entries(key, origin(index.url), hint))
        place = urlsplit(index.url).netloc
        by_place = (Entry(index.url, hint), Entry(place, hint))
        command = keyring_command(self._surroundings.machine)
        end = time.monotonic() + self._limit
        found = await ask_keyring(command, tuple(by_name), self._limit)
        if found is not None and await self._approvals.allows(by_name[found[0]], _place(index)):
            return found[1]
        found = await ask_keyring(command, by_place, end - time.monotonic())
        host = f"keyring:{host_of(index.url)}"
        return found[1] if found is not None and await self._may_have(host, index) else None

    def _named_entries(self, key: _Key, own: str, hint: str) -> Iterator[tuple[Entry, str]]:
        """What tools keep in the keyring under a name, and the name that is to be approved."""
        prefix = {"poetry": "poetry-repository-", "pdm": "pdm-pypi-"}.get(key.tool)
        if prefix is None:
            return
        for name in self._names(key, own):
            login = self._surroundings.login(key.tool, name)
            username = login.username if login is not None else hint
            yield Entry(prefix + name, username), _approval(key.tool, name)


def _place(index: Index) -> str:
    """What an approval is bound to: the origin, and whether anybody checks that it is the one."""
    own = origin(index.url)
    return own if index.verify is not False else f"{own} (certificate not checked)"


def _approval(tool: str, name: str) -> str:
    """What the credentials of a name are approved under.

    One name for all spellings that reach the same environment variable: else another spelling
    would be a new name, and free for another origin.
    """
    return f"{tool}:{_NOT_IN_VARIABLES.sub('-', name.upper().lower())}"


def _read_netrc(surroundings: Surroundings) -> dict[str, Login]:
    """The hosts of the user's netrc.

    Its ``default`` is left out: it would go to every index that a project names.
    """
    for path in netrc_files(surroundings.machine):
        if not os.path.isfile(path):
            continue
        import netrc  # most users have none

        try:
            if path.stat().st_size > MAX_BYTES:
                continue
            hosts = netrc.netrc(str(path)).hosts
        except (OSError, ValueError, netrc.NetrcParseError):
            logger.warning("%s is not used: it is no valid netrc file", path)
            return {}
        return {
            host.lower(): Login(user or account or "", password or "")
            for host, (user, account, password) in hosts.items()
            if host != "default" and (user or account or password)
        }
    return {}
