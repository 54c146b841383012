"""How the lock file of a project stands to its text, as far as is known."""

from __future__ import annotations

from enum import Enum

from pyproject_ls.facts import PathKind
from pyproject_ls.facts.resolution import Conflict, Resolution, Solution
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.locked import LOCK_FILES, POETRY_LOCK, locked
from pyproject_ls.project.lockfile import LockState, lock_state
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.project.tool import ToolChoice, tool_of
from pyproject_ls.toml.convert import to_python


class Status(Enum):
    """What there is to say of a lock file."""

    FRESH = "fresh"
    STALE = "stale"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    CONFLICT = "conflict"
    """The dependencies do not fit together, so that none can be made."""
    UNKNOWN = "unknown"


class LockStatus(NamedTuple):
    """The tool of the project, the path of its lock file ("" without a tool), and how that is.

    The path is from the project's folder: a member of a uv workspace has its lock file above it.
    """

    tool: ToolChoice | None
    path: str
    status: Status


_STATUS = {
    LockState.FRESH: Status.FRESH,
    LockState.OUTDATED: Status.STALE,
    LockState.UNREADABLE: Status.UNREADABLE,
    LockState.UNKNOWN: Status.UNKNOWN,
}


def lock_status(snapshot: Snapshot) -> LockStatus:
    """Asks the facts about lock files, and what the resolver said."""
    choice = tool_of(snapshot.manifest, snapshot.facts, snapshot.settings.tool)
    if choice is None or choice.name is None:
        return LockStatus(choice, "", Status.UNKNOWN)
    path = LOCK_FILES[choice.name]
    return LockStatus(choice, _place(snapshot, path), _status(snapshot, path))


def said(snapshot: Snapshot) -> Resolution | None:
    """What the resolver made of this very text; None while that is unknown."""
    digest = digest_of(snapshot.manifest)
    return snapshot.facts.resolution(digest) if digest is not None else None


def _place(snapshot: Snapshot, path: str) -> str:
    if snapshot.facts.path_kind(path) is not PathKind.FILE:
        return path
    source = snapshot.facts.text_of(path)
    return source.place or path if source is not None else path


def _status(snapshot: Snapshot, path: str) -> Status:
    facts, document = snapshot.facts, snapshot.document
    kind = facts.path_kind(path)
    is_valid = all(problem.kind == "toml-1.1" for problem in document.problems)
    resolution = said(snapshot) if is_valid else None
    if isinstance(resolution, Conflict):
        return Status.CONFLICT
    if kind is PathKind.MISSING:
        return Status.MISSING
    if kind is None or not is_valid:
        return Status.UNKNOWN
    source = facts.text_of(path)
    if source is None:
        return Status.UNKNOWN
    if source.text is None:
        return Status.UNREADABLE
    if path == POETRY_LOCK:
        return _STATUS[lock_state(to_python(document.root), source.text)]
    # uv.lock has no hash of the file that it was made for: only uv can tell
    if not isinstance(resolution, Solution):
        return Status.UNKNOWN
    present = {
        (name, each.version) for name, found in locked(source.text).items() for each in found
    }
    return Status.FRESH if present == set(resolution.packages) else Status.STALE
