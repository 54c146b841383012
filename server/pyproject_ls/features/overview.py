"""All that a project declares, list by list, with what is known of it: for trees and reports."""

from __future__ import annotations

from enum import Enum

from pyproject_ls.checks.known import known
from pyproject_ls.facts.resolution import Conflict
from pyproject_ls.features.lock_status import said
from pyproject_ls.features.newest import newest_of
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Declared, Dependency, Home
from pyproject_ls.project.locked import Lock, constraint_of, locked_in
from pyproject_ls.project.selection import Outlook
from pyproject_ls.project.wants import is_locked_apart
from pyproject_ls.text import Span

MAX_DEPENDENCIES = 5_000
"""More than anybody looks through."""

_KINDS = {
    Home.PROJECT: "main",
    Home.POETRY: "main",
    Home.EXTRA: "extra",
    Home.GROUP: "group",
    Home.POETRY_DEV: "group",
    Home.POETRY_GROUP: "group",
    Home.PDM_DEV: "group",
    Home.UV: "group",
    Home.POETRY_BUILD_CONSTRAINT: "constraint",
    Home.POETRY_PLUGIN: "plugin",
    Home.BUILD: "build",
}


class State(Enum):
    """How a dependency is."""

    OK = "ok"
    OUTDATED = "outdated"
    CONFLICT = "conflict"
    PROBLEM = "problem"
    """No release can be given to it."""
    UNKNOWN = "unknown"


class Entry(NamedTuple):
    """A declared dependency. `locked` and `newest` are versions, "" where none is known."""

    name: str
    constraint: str
    locked: str
    newest: str
    state: State
    span: Span


class DependencyList(NamedTuple):
    """A list or table of dependencies: its kind, the group or extra it is for, and a title."""

    kind: str
    name: str
    label: str
    entries: tuple[Entry, ...]


def overview(snapshot: Snapshot) -> list[DependencyList]:
    """The lists of the file in the order of the manifest; Poetry's ``python`` is left out.

    Asks the facts about the lock file, the packages (where `online`) and what the resolver said.
    """
    facts, manifest = snapshot.facts, snapshot.manifest
    lock = locked_in(facts, manifest)
    newest: dict[int, tuple[str, State]] = {}
    for each in known(manifest, facts) if snapshot.settings.online else ():
        found = newest_of(each, lock)
        if found is not None:
            state = State.OUTDATED if found.is_behind else State.OK
            newest[id(each.dependency)] = found.version, state
        elif each.package is None or (
            each.choice is not None and each.choice.outlook is not Outlook.FINE
        ):
            newest[id(each.dependency)] = "", State.PROBLEM
    resolution = said(snapshot)
    clashing = frozenset(resolution.direct) if isinstance(resolution, Conflict) else frozenset()
    left = MAX_DEPENDENCIES
    lists = []
    for declared, members in manifest.lists:
        entries = tuple(
            _entry(member, lock, newest.get(id(member)), member.normalized in clashing)
            for member in members[:left]
            if member.normalized not in {"", "python"}
        )
        left -= len(entries)
        lists.append(
            DependencyList(_KINDS[declared.home], declared.group, _label(declared), entries)
        )
    return lists


def _entry(
    dependency: Dependency, lock: Lock | None, newest: tuple[str, State] | None, clashes: bool
) -> Entry:
    locked = ""
    if lock is not None and not is_locked_apart(dependency):
        locked = ", ".join(dict.fromkeys(each.version for each in lock.of(dependency)))
    version, state = newest or ("", State.UNKNOWN)
    if clashes:
        state = State.CONFLICT
    constraint = constraint_of(dependency)
    return Entry(dependency.name, constraint, locked, version, state, dependency.span)


def _label(declared: Declared) -> str:
    """How the list is called: by what it is for, else by the last key of its path."""
    if declared.group:
        return declared.group
    if declared.home is Home.BUILD:
        return "build-system.requires"
    return str(declared.path[-1])
