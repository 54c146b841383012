"""The tools that are at hand: found when they are first needed, and kept running."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Union

from pyproject_ls.config import ToolSettings
from pyproject_ls.resolver.backend import Backend, ToolName
from pyproject_ls.resolver.locating import FoundPoetry, FoundUv, NotFound, find_poetry, find_uv

AGAIN = 10.0
"""Seconds after which a tool that was not there is looked for again."""

FRESH = 300.0
"""Seconds for which the place of a tool is believed: it may be upgraded, or moved."""

Found = Union[FoundPoetry, FoundUv, NotFound]


class Tools:
    """One for a process; a tool serves all projects that use the same one.

    For the thread of one event loop. `environ` is what tools are found with, and run in.
    """

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._found: dict[tuple[ToolName, Path, ToolSettings], tuple[float, Found]] = {}
        self._backends: dict[FoundPoetry | FoundUv, Backend] = {}
        self._looking = asyncio.Lock()

    async def at_hand(
        self, name: ToolName, folder: Path, settings: ToolSettings
    ) -> Union[Backend, NotFound]:
        """The tool `name` for the project in `folder`."""
        async with self._looking:
            found = await self._look(name, folder, settings)
        if isinstance(found, NotFound):
            return found
        backend = self._backends.get(found)
        if backend is None:
            backend = self._backends[found] = self._new(found)
        return backend

    def forget(self) -> None:
        """Look for tools again when they are needed."""
        self._found.clear()

    async def close(self) -> None:
        """End all that runs."""
        backends, self._backends = list(self._backends.values()), {}
        await asyncio.gather(*(each.close() for each in backends), return_exceptions=True)

    async def _look(self, name: ToolName, folder: Path, settings: ToolSettings) -> Found:
        key = (name, folder, settings)
        now = time.monotonic()
        known = self._found.get(key)
        if known is not None:
            told, last = known
            if now - told < (AGAIN if isinstance(last, NotFound) else FRESH):
                return last
        found: Found
        if name == "poetry":
            found = await asyncio.to_thread(find_poetry, folder, settings.poetry, self._environ)
        else:
            found = await asyncio.to_thread(find_uv, folder, settings.uv, self._environ)
        self._found[key] = now, found
        return found

    def _new(self, found: Union[FoundPoetry, FoundUv]) -> Backend:
        if isinstance(found, FoundUv):
            from pyproject_ls.resolver.uv import UvCommand

            return UvCommand(found, self._environ)
        if found.can_import:
            from pyproject_ls.resolver.poetry import PoetryWorker

            return PoetryWorker(found, self._environ)
        from pyproject_ls.resolver.poetry_cli import PoetryCommand

        return PoetryCommand(found, self._environ)
