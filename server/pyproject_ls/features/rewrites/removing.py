"""Remove the dependency that is touched, with all that speaks of it elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.features.markdown import visible
from pyproject_ls.features.rewrites.action import REWRITE, Action, Request


def offers(request: Request) -> Iterator[Action]:
    """The removal of the declarations in the list or table that is touched."""
    # here, because `declaring` stands on the layout of this package
    from pyproject_ls.features.declaring import CannotDeclare, removed
    from pyproject_ls.features.declaring.removing import belonging_of

    dependency = request.dependency
    place = belonging_of(dependency) if dependency is not None else None
    if dependency is None or place is None:
        return
    group = place.name or place.kind
    try:
        if place.kind == "extra":
            edits = removed(request.snapshot, dependency.name, extra=place.name)
        else:
            edits = removed(request.snapshot, dependency.name, group)
    except CannotDeclare:
        return
    if edits:
        yield Action(f"Remove `{visible(dependency.name, 60)}`", REWRITE, tuple(edits))
