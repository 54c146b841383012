"""The shape of documents: outline, folds, selections, layout."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from pyproject_ls.features.folding import folds
from pyproject_ls.features.selection import selection
from pyproject_ls.features.symbols import symbols, workspace_symbols
from pyproject_ls.formatting import format_text
from pyproject_ls.lsp import convert
from pyproject_ls.lsp.asking import Waits, asked, patiently
from pyproject_ls.lsp.convert import Json, View, outline
from pyproject_ls.lsp.projects import Project
from pyproject_ls.lsp.threads import in_background

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

logger = logging.getLogger(__name__)


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
