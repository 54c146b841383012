"""What is asked while somebody writes: completions and hovers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pyproject_ls.features.completion import complete
from pyproject_ls.features.hover import hover as hover_at
from pyproject_ls.lsp.asking import Waits, asked_patiently
from pyproject_ls.lsp.convert import Json, View
from pyproject_ls.lsp.convert import completion as completing
from pyproject_ls.lsp.convert import hover as hovers

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

LONG_PATIENCE = 0.6
"""Seconds that the documentation of a completion may take, which nobody's typing waits for."""


def completion(ls: Session, params: types.CompletionParams) -> Waits:
    """What may be written at a position."""

    def answer(view: View) -> Json | None:
        offset = view.offset(params.position)
        typed = params.context.trigger_character if params.context is not None else None
        line = view.snapshot.lines.line_text(params.position.line)
        if typed == " " and not line[: params.position.character].strip():
            return None  # somebody indents
        return completing.completions(complete(view.snapshot, offset), view)

    return (yield from asked_patiently(ls, params.text_document.uri, answer))


def completion_resolve(ls: Session, params: types.CompletionItem) -> Waits:
    """The documentation of a completion that somebody looks at."""
    data = completing.completion_data(params)

    def answer(view: View) -> Json:
        return completing.resolved(params, data, view.snapshot, ls.client)

    uri = data.uri if data is not None else ""
    found = yield from asked_patiently(ls, uri, answer, LONG_PATIENCE)
    return found or completing.resolved(params, data, None, ls.client)


def hover(ls: Session, params: types.HoverParams) -> Waits:
    """What is known of what stands at a position."""

    def answer(view: View) -> Json | None:
        found = hover_at(view.snapshot, view.offset(params.position))
        return hovers.hover(found, view) if found is not None else None

    return (yield from asked_patiently(ls, params.text_document.uri, answer))
