"""What an editor asks about a document: one short function a request.

`asked` does what all of them need: nothing for documents that are not ours, threads for long ones.
All are generators (see `handlers`), called through `features`.
"""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pyproject_ls.features.code_lens import code_lenses
from pyproject_ls.features.completion import complete
from pyproject_ls.features.definition import definitions
from pyproject_ls.features.folding import folds
from pyproject_ls.features.hover import hover as hover_at
from pyproject_ls.features.inlay_hints import inlay_hints
from pyproject_ls.features.links import links
from pyproject_ls.features.references import highlights, references
from pyproject_ls.features.rename import RenameError, prepare_rename
from pyproject_ls.features.selection import selection
from pyproject_ls.features.semantic_tokens import semantic_tokens
from pyproject_ls.features.symbols import symbols, workspace_symbols
from pyproject_ls.formatting import format_text
from pyproject_ls.lsp import actions, convert, renaming
from pyproject_ls.lsp.asking import Waits, asked, asked_patiently, patiently, refused
from pyproject_ls.lsp.convert import Json, View, hints, lens, navigation, outline
from pyproject_ls.lsp.convert import completion as completing
from pyproject_ls.lsp.convert import hover as hovers
from pyproject_ls.lsp.projects import Project
from pyproject_ls.lsp.threads import in_background
from pyproject_ls.lsp.tool_actions import tool_actions
from pyproject_ls.lsp.uris import is_ours

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

LONG_PATIENCE = 0.6
"""Seconds that the documentation of a completion may take, which nobody's typing waits for."""

GRACE = 0.2
"""Seconds to wait for a document: Helix asks for hints, once, and opens the document then."""

logger = logging.getLogger(__name__)

# What is written, and what it means


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


# Where things are


def definition(ls: Session, params: types.DefinitionParams) -> Waits:
    """Where what stands at a position is defined."""

    def answer(view: View) -> list[Json]:
        found = definitions(view.snapshot, view.offset(params.position))
        return navigation.definitions(found, view)

    return (yield from asked(ls, params.text_document.uri, answer))


def reference(ls: Session, params: types.ReferenceParams) -> Waits:
    """Where the name at a position is used."""

    def answer(view: View) -> list[Json]:
        offset, declaration = view.offset(params.position), params.context.include_declaration
        found = references(view.snapshot, offset, declaration)
        return [{"uri": view.uri, "range": view.range(span)} for span in found]

    return (yield from asked(ls, params.text_document.uri, answer))


def document_highlight(ls: Session, params: types.DocumentHighlightParams) -> Waits:
    """The places of the name at a position."""

    def answer(view: View) -> list[Json]:
        found = highlights(view.snapshot, view.offset(params.position))
        return [navigation.highlight(each, view) for each in found]

    return (yield from asked(ls, params.text_document.uri, answer))


def document_link(ls: Session, params: types.DocumentLinkParams) -> Waits:
    """What can be opened from a document."""

    def answer(view: View) -> list[Json]:
        found = (navigation.document_link(each, view) for each in links(view.snapshot))
        return [each for each in found if each is not None]

    return (yield from asked(ls, params.text_document.uri, answer))


# Names


def prepare(ls: Session, params: types.PrepareRenameParams) -> Waits:
    """What a rename at a position would be about."""

    def answer(view: View) -> Json | None:
        try:
            found = prepare_rename(view.snapshot, view.offset(params.position))
        except RenameError as error:
            raise refused(str(error)) from error
        if found is None:
            return None
        return {"range": view.range(found.span), "placeholder": found.placeholder}

    return (yield from asked(ls, params.text_document.uri, answer))


def rename(ls: Session, params: types.RenameParams) -> Waits:
    """The edits that give another name, in the document and in the projects that use it."""

    def answer(view: View) -> renaming.Rename | None:
        return renaming.rename_at(view, view.offset(params.position), params.new_name)

    found = yield from asked(ls, params.text_document.uri, answer)
    if found is None:
        return None
    changes = [(found.view, found.edits)]
    if found.concerns_others:
        elsewhere = partial(renaming.rename_elsewhere, found)
        changes += (yield ls.projects.ask, (partial(patiently, elsewhere),), {}) or ()
    return convert.workspace_edit(changes)


# The shape of a document


def document_symbol(ls: Session, params: types.DocumentSymbolParams) -> Waits:
    """The outline."""

    def answer(view: View) -> list[Json]:
        return outline.document_symbols(symbols(view.snapshot), view)

    return (yield from asked(ls, params.text_document.uri, answer))


def workspace_symbol(ls: Session, params: types.WorkspaceSymbolParams) -> Waits:
    """Names in all projects of the workspace."""

    def answer(projects: list[Project]) -> list[Json]:
        views = {each.uri: each.view(ls.client) for each in projects}
        found = workspace_symbols(((each.uri, each.snapshot) for each in projects), params.query)
        return [outline.workspace_symbol(each, views[each.path]) for each in found]

    return (yield ls.projects.ask, (partial(patiently, answer),), {})


def folding_range(ls: Session, params: types.FoldingRangeParams) -> Waits:
    """What can be folded."""

    def answer(view: View) -> list[Json]:
        return [outline.folding_range(each) for each in folds(view.snapshot)]

    return (yield from asked(ls, params.text_document.uri, answer))


def selection_range(ls: Session, params: types.SelectionRangeParams) -> Waits:
    """What a selection grows to, for each of several positions."""

    def answer(view: View) -> list[Json]:
        found = (selection(view.snapshot, view.offset(each)) for each in params.positions)
        return [outline.selection_range(spans, view) for spans in found]

    return (yield from asked(ls, params.text_document.uri, answer))


def format_document(ls: Session, params: types.DocumentFormattingParams) -> Waits:
    """The edits that format a document, if the user has the program for it."""
    document = ls.documents.get(params.text_document.uri)
    if document is None:
        return None
    if not ls.is_ready:
        yield ls.ready, (), {}
    text, folder, encoding = document.text, document.answers.root, ls.client.encoding
    work = partial(
        format_text, text, folder or Path(), trusted=ls.is_trusted and folder is not None
    )
    edits, reason = yield in_background, (work,), {}
    if reason:
        logger.info("nothing is formatted: %s", reason)
    if not edits or document.text != text:
        return None
    lines = document.lines
    return [convert.text_edit(each, lines, encoding) for each in edits]


# What is shown in the text


def inlay_hint(ls: Session, params: types.InlayHintParams) -> Waits:
    """What a dependency comes to."""

    def answer(view: View) -> list[Json]:
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


# What can be done


def code_action(ls: Session, params: types.CodeActionParams) -> Waits:
    """What can be done about it."""
    document = ls.documents.get(params.text_document.uri)
    if document is None:
        return None
    if not ls.is_ready:
        yield ls.ready, (), {}
    if document.is_large:
        yield document.settle, (), {}
    state = document.state()
    view = View(state.snapshot, document.uri, document.version, document.answers.root, ls.client)
    found = actions.quick_fixes(view, state, params)
    found += (
        yield from asked(ls, document.uri, lambda view: actions.refactorings(view, params))
    ) or ()
    found += (
        yield from asked(ls, document.uri, lambda view: tool_actions(view, state, params))
    ) or ()
    if actions.wants_fix_all(state, params):
        fixed = yield document.fixed, (), {}
        if document.is_fresh and document.state() is state:
            found += actions.fix_all(view, fixed)
    return found


def code_action_resolve(ls: Session, params: types.CodeAction) -> Waits:
    """The edit of an action that was only promised."""
    data: Any = params.data
    try:
        uri, field = str(data["uri"]), str(data["migrate"])
    except (KeyError, TypeError):
        return params
    edit = yield from asked(ls, uri, lambda view: actions.migration(view, field))
    return {**convert.action(params.title, convert.REWRITE, edit), "data": data}
