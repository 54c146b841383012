"""Who needs a locked package, one step up: what a tree asks for when a node of it is opened."""

from __future__ import annotations

from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.lock_graph import lock_file_in
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import normalized_name


class Parent(NamedTuple):
    """A locked package that needs the other one; `constraint` is "" for any version."""

    name: str
    version: str
    constraint: str


class Parents(NamedTuple):
    """The packages that need one, and the lists of the file that ask for it themselves."""

    packages: tuple[Parent, ...]
    lists: tuple[str, ...]


def parents_of(snapshot: Snapshot, name: str) -> Parents:
    """Who needs the package `name`; nobody where there is no lock file. Asks the facts about it."""
    wanted = normalized_name(name)
    lock = lock_file_in(snapshot.facts, snapshot.manifest)
    found: dict[Parent, None] = {}
    for package in lock.graph.packages.get(wanted, ()) if lock is not None else ():
        for needed in lock.graph.needed_by(package) if lock is not None else ():
            by = needed.package
            found[Parent(by.name, by.version, needed.need.constraint)] = None
    lists = dict.fromkeys(
        dotted(declared.path)
        for declared, members in snapshot.manifest.lists
        if any(each.normalized == wanted for each in members)
    )
    return Parents(tuple(found), tuple(lists))
