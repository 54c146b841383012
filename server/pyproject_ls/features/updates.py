"""Taking newer releases: the edits that raise the constraints of one table, or of the file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Union, get_args

from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import locked_in
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.raising import raised_pieces, with_pieces
from pyproject_ls.project.selection import Release, judge
from pyproject_ls.project.upgrades import Update, locked_version, raised, updates
from pyproject_ls.project.wants import want_of
from pyproject_ls.text import Edit

Kind = Literal["compatible", "all"]
"""Only what the constraints allow already, or the newest release of everything."""

KINDS: tuple[Kind, ...] = get_args(Kind)


class Step(NamedTuple):
    """One dependency that can be taken to `version`; `edits` raise its constraint."""

    dependency: Dependency
    version: str
    edits: tuple[Edit, ...]


class Plan(NamedTuple):
    """What can be done about one update; None where its constraint cannot be raised for certain."""

    update: Update
    compatible: Union[Step, None]
    newest: Union[Step, None]

    def step(self, kind: Kind) -> Step | None:
        """The step that is meant by `kind`."""
        return self.compatible if kind == "compatible" else self.newest or self.compatible


def plans(snapshot: Snapshot) -> Iterator[Plan]:
    """What can be done about each update of the file, in the manifest's order.

    Asks the facts about the lock file and about all packages; nothing where not `online`.
    """
    if not snapshot.settings.online:
        return
    manifest, facts = snapshot.manifest, snapshot.facts
    lock = locked_in(facts, manifest)
    for each in updates(facts, manifest, lock):
        locked = locked_version(each.dependency, lock)
        steps = (
            _step(each.dependency, release, locked, snapshot.text)
            for release in (each.compatible, each.newest)
        )
        yield Plan(each, *steps)


def update_edits(snapshot: Snapshot, path: TomlPath, kind: Kind) -> list[Edit]:
    """The edits that take the updates of the table or list at `path`; all of the file for ().

    What has no constraint, or one that cannot be raised with certainty, stays as it is.
    """
    found: list[Edit] = []
    for plan in plans(snapshot):
        step = plan.step(kind)
        if step is not None and step.dependency.declared.path[: len(path)] == path:
            found += step.edits
    return found


def _step(dependency: Dependency, release: Release | None, locked: str, text: str) -> Step | None:
    """In the style of the constraint, unless that would allow the locked version still."""
    want = want_of(dependency, text)
    if release is None or want is None or want.constraint.strip() in {"", "*"}:
        return None
    pieces = raised_pieces(want.constraint, release.version, want.is_poetry)
    test = judge(with_pieces(want.constraint, pieces or ()), want.is_poetry)
    exactly = bool(locked) and test is not None and test(locked)
    edits = raised(dependency, text, release.version, exactly=exactly)
    return Step(dependency, release.version, edits) if edits else None
