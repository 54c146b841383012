"""Rewrites: changes that a person may ask for where nothing is wrong.

Each module offers one kind; all keep comments and layout, and leave a file that parses.
"""

from __future__ import annotations

from pyproject_ls.features.rewrites import (
    adding,
    bumping,
    creating,
    moving,
    names,
    pinning,
    ranges,
    removing,
    sorting,
    sources,
    tables,
    updating,
)
from pyproject_ls.features.rewrites.action import MOVE, REWRITE, Action, NewFile, Request
from pyproject_ls.features.rewrites.layout import with_line_ends
from pyproject_ls.host import Snapshot
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locate import Place, locate
from pyproject_ls.text import Span

__all__ = ["MOVE", "REWRITE", "Action", "NewFile", "rewrites", "with_line_ends"]

_MODULES = (
    updating,
    ranges,
    pinning,
    names,
    sorting,
    tables,
    moving,
    creating,
    adding,
    sources,
    removing,
    bumping,
)


def rewrites(snapshot: Snapshot, span: Span) -> list[Action]:
    """What can be rewritten at `span`, the selection or the cursor; code points, half-open.

    Nothing is offered while the file is not valid TOML: what is half-typed must not be moved about.
    Asks the facts about the lock file and about files that may be missing.
    """
    document = snapshot.document
    if any(problem.kind != "toml-1.1" for problem in document.problems):
        return []
    end = min(max(span.end, 0), len(snapshot.text))
    place = locate(document, end)
    request = Request(snapshot, span, place, _dependency_at(snapshot, place))
    actions = [action for module in _MODULES for action in module.offers(request)]
    return [
        action._replace(edits=with_line_ends(snapshot.text, action.edits)) for action in actions
    ]


def _dependency_at(snapshot: Snapshot, place: Place) -> Dependency | None:
    for dependency in snapshot.manifest.dependencies:
        path = dependency.path
        if place.path[: len(path)] == path:
            return dependency
    return None
