"""Facts about resolutions for the command line: ``check --resolve``."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

from pyproject_ls.config import ToolSettings
from pyproject_ls.facts.resolution import Resolution, Unresolved
from pyproject_ls.host import Snapshot
from pyproject_ls.project.tool import tool_of
from pyproject_ls.resolver.locating import NotFound
from pyproject_ls.resolver.lock_file import LockFileError, lock_path, read
from pyproject_ls.resolver.outcome import Request
from pyproject_ls.resolver.resolving import resolution
from pyproject_ls.resolver.tools import Tools

BUDGET = 120.0
"""Seconds for one project."""


class ResolvedFacts:
    """Has the project's own tool resolve it, and remembers what could not be found out."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._settings = ToolSettings()
        self._tools = Tools(os.environ)
        self.failures: dict[str, None] = {}
        """Why something is not known, in sentences, each once."""

    def for_project(self, root: Path) -> Callable[[Snapshot], Resolution]:
        """What resolves a text of the project in the folder `root`."""

        def resolve(snapshot: Snapshot) -> Resolution:
            found = self._loop.run_until_complete(self._resolve(snapshot, root))
            if isinstance(found, Unresolved):
                self.failures[found.reason] = None
            return found

        return resolve

    async def _resolve(self, snapshot: Snapshot, root: Path) -> Resolution:
        choice = tool_of(snapshot.manifest, snapshot.facts, snapshot.settings.tool)
        if choice is None or choice.name is None:
            reason = choice.reason if choice is not None else "its files cannot be looked at"
            return Unresolved(f"No tool to resolve `{root.name}` with is known: {reason}.", True)
        backend = await self._tools.at_hand(choice.name, root, self._settings)
        if isinstance(backend, NotFound):
            return Unresolved(backend.message, is_lasting=True)
        try:
            lock = read(lock_path(choice.name, root)).usable
        except LockFileError as error:
            return Unresolved(str(error), is_lasting=True)
        request = Request(root, snapshot.text, lock, budget=BUDGET)
        return await resolution(backend, request, lambda step: None)

    def close(self) -> None:
        """End the tools."""
        self._loop.run_until_complete(self._tools.close())
        self._loop.close()
