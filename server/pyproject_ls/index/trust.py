"""Which origin may get the credentials of a name.

A project can call a source ``corp`` and give it any address; the user's credentials for ``corp``
would go there. So a name is bound to the origin for which its credentials were first used in a
trusted workspace, and another origin has to be approved by a person.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from pyproject_ls.index.addresses import is_secret_safe

MAX_BYTES = 1024 * 1024
"""A larger file is no list of approvals."""

Ask = Callable[[str, str, str], Awaitable[bool]]
"""May the credentials of this name go to another origin? Name, old origin, new origin."""

Origins = dict[str, tuple[str, ...]]

logger = logging.getLogger(__name__)


class Approvals:
    """What was approved, kept in the file `path` (JSON), which several servers share.

    `ask` is called where credentials would go to an origin that is new for their name; without it
    the answer is no. No secret is kept here, only names and origins.
    """

    def __init__(self, path: Path, ask: Ask | None = None) -> None:
        self.path = path
        self.ask = ask
        self._known: Origins = {}
        self._seen: tuple[int, int] | None = None
        self._refused: set[tuple[str, str]] = set()
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def allows(self, name: str, origin: str) -> bool:
        """Whether credentials that are kept under `name` may be sent to `origin`.

        A name that is new is bound to `origin`. For another origin a person is asked, one question
        at a time for each name; "no" holds while this object lives, "yes" for good.
        """
        async with self._locks[name]:
            known = self._read().get(name, ())
            if origin in known:
                return True
            if not known and self.ask is None and not is_secret_safe(origin):
                return False  # nobody is there who could say whether that is meant
            if not known:
                self._add(name, origin)
                return True
            if self.ask is None or (name, origin) in self._refused:
                return False
            if not await self.ask(name, known[-1], origin):
                self._refused.add((name, origin))
                return False
            self._add(name, origin)
            return True

    async def remember(self, name: str, origin: str) -> None:
        """Bind `name` to `origin` unless it is bound already; nobody is asked."""
        async with self._locks[name]:
            if not self._read().get(name):
                self._add(name, origin)

    def _add(self, name: str, origin: str) -> None:
        """Add an approval to what the file has now; a failure leaves it in memory only."""
        known = self._read()
        known[name] = (*(each for each in known.get(name, ()) if each != origin), origin)
        try:
            self._write(known)
        except OSError as error:
            logger.warning("approvals cannot be kept: %s", error.strerror or type(error).__name__)

    def _read(self) -> Origins:
        """What is approved: the file, if it has changed, with what could not be written."""
        try:
            status = os.stat(self.path)
            seen = (status.st_mtime_ns, status.st_size)
            if seen == self._seen:
                return self._known
            if status.st_size > MAX_BYTES:
                raise ValueError
            self._known.update(_parsed(self.path.read_text("utf-8")))
            self._seen = seen
        except OSError:
            pass
        except (ValueError, RecursionError):
            self._set_aside()
        return self._known

    def _write(self, known: Origins) -> None:
        """Replace the file at once, readable by its owner only."""
        import tempfile  # it imports every way to compress files, and is needed once in a lifetime

        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        content = json.dumps({"version": 1, "origins": known}, indent=1, sort_keys=True)
        handle, temporary = tempfile.mkstemp(prefix=self.path.name, dir=self.path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.replace(temporary, self.path)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary)
            raise
        self._seen = None

    def _set_aside(self) -> None:
        logger.warning("the list of approvals is broken; it is set aside as %s.broken", self.path)
        with suppress(OSError):
            os.replace(self.path, f"{self.path}.broken")


def _parsed(text: str) -> Origins:
    """The approvals in `text`. Raises ValueError for what is no list of approvals."""
    content = json.loads(text)
    origins = content.get("origins") if isinstance(content, dict) else None
    if not isinstance(origins, dict):
        raise ValueError("no approvals")
    return {
        name: tuple(each for each in known if isinstance(each, str))
        for name, known in origins.items()
        if isinstance(known, list)
    }
