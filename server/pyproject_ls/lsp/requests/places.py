"""Where the things are that stand in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pyproject_ls.features.definition import definitions
from pyproject_ls.features.links import links
from pyproject_ls.features.references import highlights, references
from pyproject_ls.lsp.asking import Waits, asked
from pyproject_ls.lsp.convert import Json, View, navigation

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session


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
