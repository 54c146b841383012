"""What the commands that resolve have in common: a tool, a resolve, an edit, a lock file."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pyproject_ls.facts.resolution import Conflict
from pyproject_ls.features.markdown import visible
from pyproject_ls.features.rewrites import with_line_ends
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp import convert
from pyproject_ls.lsp.by_hand import by_hand
from pyproject_ls.lsp.jobs import JobError, Report
from pyproject_ls.lsp.targets import Target, is_sound
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.locked import locked
from pyproject_ls.resolver.backend import Backend
from pyproject_ls.resolver.lock_file import (
    LockFileError,
    Present,
    Replacement,
    lock_path,
    read,
)
from pyproject_ls.resolver.outcome import Failure, Locked, Mode, Request
from pyproject_ls.text import Edit, apply_edits

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

BUDGET = 600.0
"""Seconds for a resolve that a person waits for, and may cancel."""


class Resolved(NamedTuple):
    """A lock file for a text, and what is in its place now."""

    path: Path
    old: Present
    new: Locked


async def backend_of(ls: Session, target: Target) -> Backend:
    """The tool of the project, ready to work. Raises JobError where it may not, or is not there."""
    reason = ls.tools.obstacle(target.uri)
    if reason:
        raise JobError(reason)
    name = target.choice().name
    assert name is not None  # `choice` refuses otherwise
    found = await ls.tools.at_hand(name, target.folder, ls.tool_settings_for(target.uri))
    if isinstance(found, str):
        raise JobError(found)
    return found


async def resolved(
    ls: Session,
    target: Target,
    text: str,
    report: Report,
    mode: Mode = "keep",
    names: Sequence[str] = (),
) -> Resolved:
    """Resolve the project as if its file had this `text`. Raises JobError with the reason."""
    backend = await backend_of(ls, target)
    ls.resolutions.stop(target.uri)
    path = lock_path(backend.name, target.folder)
    old = await asyncio.to_thread(_read, path)
    request = Request(target.folder, text, old.usable, mode, tuple(names), BUDGET)
    report.say("resolving")
    outcome = await backend.resolve(request, report.step)
    if isinstance(outcome, Locked):
        return Resolved(path, old, outcome)
    if isinstance(outcome, Failure):
        if outcome.details:
            report.line(outcome.details)
        raise JobError(outcome.message)
    ls.resolutions.consider_again(target.uri)
    raise JobError(_clash(outcome))


def _clash(conflict: Conflict) -> str:
    names = [f"`{visible(name, 60)}`" for name in conflict.direct[:5]]
    listed = ", ".join(names[:-1]) + (" and " if len(names) > 1 else "") + "".join(names[-1:])
    what = f"what {listed} ask for excludes each other" if len(names) > 1 else f"look at {listed}"
    return f"The dependencies do not fit together: {what}. Nothing has been changed."


async def edited_and_locked(
    ls: Session,
    target: Target,
    snapshot: Snapshot,
    edits: Sequence[Edit],
    report: Report,
    label: str,
    names: Sequence[str] = (),
) -> Resolved:
    """Make `edits` of `snapshot` and lock the result: both, or neither.

    Packages `names` are updated, all others kept where that is possible. Raises JobError.
    """
    edits = with_line_ends(snapshot.text, tuple(edits))
    text = apply_edits(snapshot.text, edits)
    if edits and not ls.client.applies_edits:
        raise JobError(by_hand(snapshot.text, edits, "Then lock."))
    mode: Mode = "update" if names else "keep"
    found = await resolved(ls, target, text, report, mode, names)
    with _replacement(found) as replacement:
        await apply(ls, target, snapshot, edits, label)
        _commit(replacement)
    await look(ls, target)
    return found


async def apply(
    ls: Session, target: Target, snapshot: Snapshot, edits: Sequence[Edit], label: str
) -> None:
    """Have the client make `edits` of `snapshot`. Raises JobError where it does not."""
    if not edits:
        return
    if not ls.client.applies_edits:
        raise JobError(by_hand(snapshot.text, edits))
    if target.document().text != snapshot.text:
        raise JobError(_CHANGED)
    edits = with_line_ends(snapshot.text, tuple(edits))
    edit = convert.workspace_edit([(target.view(snapshot), edits)])
    answer = ls.loop.create_future()

    def answered(result: Any) -> None:
        if not answer.done():
            answer.set_result(result)

    ls.ask(types.WORKSPACE_APPLY_EDIT, {"label": label, "edit": edit}, answered)
    result = await answer
    if not isinstance(result, Mapping) or result.get("applied") is not True:
        raise JobError(_CHANGED)


_CHANGED = "The file has changed in the meantime, so nothing was done; please try again."


async def look(ls: Session, target: Target) -> None:
    """See what is in the project's folder now: no client has to tell what we did ourselves."""
    document = ls.documents.get(target.uri)
    if document is not None:
        if await document.look_again():
            ls.refresh([document])
        ls.resolutions.opened(document)


async def write(ls: Session, target: Target, found: Resolved) -> None:
    """Put the new lock file in place of the old one. Raises JobError."""

    def work() -> None:
        with _replacement(found) as replacement:
            _commit(replacement)

    # once it has begun it is done, whoever gives up waiting for it
    await asyncio.shield(asyncio.get_running_loop().run_in_executor(None, work))
    await look(ls, target)


def summary(found: Resolved) -> str:
    """What is new in the lock file, in a sentence."""
    old = _versions(found.old.text)
    new = _versions(found.new.text)
    added, removed = new.keys() - old.keys(), old.keys() - new.keys()
    moved = [name for name in old.keys() & new.keys() if old[name] != new[name]]
    parts = [
        f"{len(names)} {what}"
        for names, what in ((added, "added"), (removed, "removed"), (moved, "changed"))
        if names
    ]
    return f"`{found.path.name}` is written: {', '.join(parts) or 'no version has changed'}."


def _versions(text: str | None) -> dict[str, tuple[str, ...]]:
    if text is None:
        return {}
    return {name: tuple(each.version for each in entries) for name, entries in locked(text).items()}


def text_to_lock(target: Target) -> str:
    """The text that is locked. Raises JobError where it is not valid TOML."""
    snapshot = target.ask(lambda snapshot: snapshot)
    if not is_sound(snapshot.document):
        raise JobError("The file is not valid TOML at the moment; mend that first.")
    return snapshot.text


def _read(path: Path) -> Present:
    try:
        return read(path)
    except LockFileError as error:
        raise JobError(str(error)) from error


def _replacement(found: Resolved) -> Replacement:
    try:
        return Replacement(found.path, found.new.text, found.old)
    except LockFileError as error:
        raise JobError(str(error)) from error


def _commit(replacement: Replacement) -> None:
    try:
        replacement.commit()
    except LockFileError as error:
        raise JobError(str(error)) from error
