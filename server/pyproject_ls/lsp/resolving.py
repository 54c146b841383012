"""What the project's tool makes of a text: from its lock file, or by asking it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from pyproject_ls.facts.resolution import Conflict, Resolution, Solution, Unresolved
from pyproject_ls.host import Snapshot
from pyproject_ls.project.lock_graph import lock_file_in
from pyproject_ls.project.locked import POETRY_LOCK, locked
from pyproject_ls.project.lockfile import LockState, lock_state
from pyproject_ls.project.tool import tool_of
from pyproject_ls.resolver.lock_file import LockFileError, lock_path, read
from pyproject_ls.resolver.outcome import Request, Step
from pyproject_ls.resolver.resolving import resolution
from pyproject_ls.toml.convert import to_python

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

BUDGET = 6.0
"""Seconds for a resolve that nobody asked for; then whoever is at fault is found by other means,
which takes about as long again."""

TELL = 0.5
"""Seconds between two reports of how far it has come."""


async def resolution_of(
    session: Session,
    uri: str,
    snapshot: Snapshot,
    folder: Path,
    on_conflict: Callable[[Conflict], None],
) -> Resolution | None:
    """What is known of `snapshot`, or found out; None where the project has no tool.

    A conflict is told as soon as it is known, before what helps against it.
    """
    choice = tool_of(snapshot.manifest, snapshot.facts, snapshot.settings.tool)
    if choice is None or choice.name is None:
        return None
    if choice.name == "poetry":
        known = _from_fresh_lock(snapshot)
        if known is not None:
            return known
    backend = await session.tools.at_hand(choice.name, folder, session.tool_settings_for(uri), uri)
    if isinstance(backend, str):
        return Unresolved(backend, is_lasting=True)
    try:
        lock = (await asyncio.to_thread(read, lock_path(choice.name, folder))).usable
    except LockFileError as error:
        return Unresolved(str(error), is_lasting=True)
    on_step = _Activity(session, uri, len(locked(lock)) if lock is not None else 0)
    request = Request(folder, snapshot.text, lock, budget=BUDGET)
    return await resolution(backend, request, on_step, on_conflict)


class _Activity:
    """Tells editors how far a resolve has come; `total` is a guess, 0 for none."""

    def __init__(self, session: Session, uri: str, total: int) -> None:
        self._session = session
        self._uri = uri
        self._total = total
        self._told = session.loop.time()
        session.tools.doing(uri, "resolving")

    def __call__(self, step: Step) -> None:
        now = self._session.loop.time()
        if now - self._told > TELL:
            self._told = now
            of_all = f"/{max(self._total, step.done)}" if self._total else ""
            self._session.tools.doing(self._uri, f"resolving {step.done}{of_all}")


def needing(snapshot: Snapshot, package: str) -> str:
    """The dependency of the file because of which `package` is locked; "" where that is unknown."""
    lock = lock_file_in(snapshot.facts, snapshot.manifest)
    declared = {each.normalized for each in snapshot.manifest.dependencies}
    if lock is None or package in declared:
        return package if package in declared else ""
    for version in lock.graph.packages.get(package, ()):
        for way in lock.graph.paths(declared, version, limit=1):
            return way[0].normalized
    return ""


def _from_fresh_lock(snapshot: Snapshot) -> Solution | None:
    """What poetry.lock says, where it was made for this text: Poetry needs not be asked."""
    source = snapshot.facts.text_of(POETRY_LOCK)
    if source is None or source.text is None:
        return None
    if lock_state(to_python(snapshot.document.root), source.text) is not LockState.FRESH:
        return None
    found = locked(source.text).items()
    return Solution(tuple((name, each.version) for name, entries in found for each in entries))
