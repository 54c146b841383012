"""The lenses above the file: how its lock file is, and what can be done about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyproject_ls.facts.resolution import Conflict, ReasonKind
from pyproject_ls.features.lock_status import Status, lock_status, said
from pyproject_ls.features.markdown import visible
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple

LOCK, PREVIEW = "pyproject-ls.lock", "pyproject-ls.previewLock"
UPDATE, INSTALL = "pyproject-ls.update", "pyproject-ls.install"

MAX_LENGTH = 200

_WORDS = {
    Status.FRESH: "{} is up to date",
    Status.STALE: "{} is out of date",
    Status.MISSING: "no {}",
    Status.UNREADABLE: "{} cannot be read",
    Status.CONFLICT: "the dependencies conflict",
    Status.UNKNOWN: "{}",
}


class Button(NamedTuple):
    """Words, and the command behind them with its options; no command: mere words."""

    title: str
    command: str = ""
    options: Mapping[str, object] = {}


def lock_buttons(snapshot: Snapshot) -> Iterator[Button]:
    """The state of the lock file first, then what can be done.

    Nothing while nobody has said what the project's tool can do, or where it has none. Asks the
    facts about the lock file, the tool and what the resolver said.
    """
    state = snapshot.facts.tool_state()
    if state is None:
        return
    _, path, status = lock_status(snapshot)
    if not path:
        return
    if state.activity:
        yield Button(state.activity)
        return
    yield Button(_words(snapshot, path, status))
    if state.obstacle:
        yield Button(visible(state.obstacle, MAX_LENGTH))
        return
    if status is not Status.FRESH:
        yield Button("Lock", LOCK, {"mode": "keep"})
        yield Button("Preview", PREVIEW, {"mode": "keep"})
    if status is not Status.MISSING:
        yield Button("Update all", UPDATE)
    yield Button("Install", INSTALL)


def _words(snapshot: Snapshot, path: str, status: Status) -> str:
    resolution = said(snapshot) if status is Status.CONFLICT else None
    if isinstance(resolution, Conflict):
        unknown = [each for each in resolution.reasons if each.kind is ReasonKind.UNKNOWN]
        if unknown:
            return visible(f"no index has {unknown[0].package}", MAX_LENGTH)
    return _WORDS[status].format(path)
