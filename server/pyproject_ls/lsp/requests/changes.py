"""What can be done about what stands in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pyproject_ls.lsp import actions, convert
from pyproject_ls.lsp.asking import Waits, asked
from pyproject_ls.lsp.convert import View
from pyproject_ls.lsp.tool_actions import tool_actions
from pyproject_ls.lsp.version_actions import version_actions

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session


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
    if document.settings.subject == "project":
        for question in (
            lambda view: actions.refactorings(view, params),
            lambda view: version_actions(view, params),
            lambda view: tool_actions(view, state, params),
        ):
            yield ls.people.served, (), {}  # each takes a while, and people are typing
            found += (yield from asked(ls, document.uri, question)) or ()
    yield ls.people.served, (), {}
    if actions.wants_fix_all(state, params):
        fixed = yield document.fixed, (), {}
        if document.version == view.version:
            found += actions.fix_all(view, fixed)
    found += actions.ignores(view, state, params)
    return found if ls.client.action_literals else list(convert.as_commands(found, view))


def code_action_resolve(ls: Session, params: types.CodeAction) -> Waits:
    """The edit of an action that was only promised."""
    data: Any = params.data
    try:
        uri, field = str(data["uri"]), str(data["migrate"])
    except (KeyError, TypeError):
        return params
    edit = yield from asked(ls, uri, lambda view: actions.migration(view, field))
    return {**convert.action(params.title, convert.REWRITE, edit), "data": data}
