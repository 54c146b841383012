"""Find references, and highlight them in the document."""

from __future__ import annotations

from pyproject_ls.features.names import Role, occurrence_at, occurrences_of
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Span


class Highlight(NamedTuple):
    """A place where the name under the cursor stands."""

    span: Span
    is_declaration: bool


def references(snapshot: Snapshot, offset: int, with_declaration: bool = True) -> list[Span]:
    """Where the group, extra, source or package at `offset` is named in this file.

    The spans are those of the names alone, in the order of the text. A package's declarations are
    all the lists and tables that ask for it.
    """
    return [
        each.span
        for each in highlights(snapshot, offset)
        if with_declaration or not each.is_declaration
    ]


def highlights(snapshot: Snapshot, offset: int) -> list[Highlight]:
    """Like `references`, with the declarations told apart."""
    here = occurrence_at(snapshot, offset)
    if here is None:
        return []
    return [
        Highlight(each.span, each.role is Role.DECLARATION)
        for each in occurrences_of(snapshot, here.name)
    ]
