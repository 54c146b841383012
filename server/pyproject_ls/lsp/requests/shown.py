"""What is shown in the text: hints, lenses, colours."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from lsprotocol import types

from pyproject_ls.features.code_lens import code_lenses
from pyproject_ls.features.inlay_hints import inlay_hints
from pyproject_ls.features.semantic_tokens import semantic_tokens
from pyproject_ls.lsp.asking import Waits, asked
from pyproject_ls.lsp.convert import Json, View, hints, lens
from pyproject_ls.lsp.uris import is_ours

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

GRACE = 0.2
"""Seconds to wait for a document: Helix asks for hints, once, and opens the document then."""


def inlay_hint(ls: Session, params: types.InlayHintParams) -> Waits:
    """What a dependency comes to."""

    def answer(view: View) -> list[Json]:
        if view.snapshot.settings.subject != "project":
            return []
        found = inlay_hints(view.snapshot, view.span(params.range))
        return [hints.inlay_hint(each, view) for each in found]

    uri = params.text_document.uri
    if ls.documents.get(uri) is None and is_ours(uri):
        yield asyncio.sleep, (GRACE,), {}
    found = yield from asked(ls, uri, answer)
    document = ls.documents.get(uri)
    if document is not None:
        document.shows_hints = True
        if document.answers.are_missing and not ls.client.refreshes_hints:
            yield document.answers.arrive, (), {}
            found = yield from asked(ls, uri, answer)
    return found


def code_lens(ls: Session, params: types.CodeLensParams) -> Waits:
    """What can be done about a whole table, and how its index is."""

    def answer(view: View) -> list[Json]:
        if view.snapshot.settings.subject != "project":
            return []
        return [lens.code_lens(each, view) for each in code_lenses(view.snapshot)]

    found = yield from asked(ls, params.text_document.uri, answer)
    document = ls.documents.get(params.text_document.uri)
    if document is not None:
        document.shows_lenses = True
    return found


def semantic_tokens_full(ls: Session, params: types.SemanticTokensParams) -> Waits:
    """What a grammar cannot see."""

    def answer(view: View) -> Json:
        return hints.semantic_tokens(semantic_tokens(view.snapshot), view)

    return (yield from asked(ls, params.text_document.uri, answer))


def semantic_tokens_range(ls: Session, params: types.SemanticTokensRangeParams) -> Waits:
    """The same, in a range."""

    def answer(view: View) -> Json:
        found = semantic_tokens(view.snapshot, view.span(params.range))
        return hints.semantic_tokens(found, view)

    return (yield from asked(ls, params.text_document.uri, answer))
