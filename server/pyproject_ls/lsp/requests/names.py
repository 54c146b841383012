"""Other names for extras, groups, scripts and sources."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types

from pyproject_ls.features.rename import RenameError, prepare_rename
from pyproject_ls.lsp import convert, renaming
from pyproject_ls.lsp.asking import Waits, asked, patiently, refused
from pyproject_ls.lsp.convert import Json, View

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session


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
