"""Edits and code actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from pyproject_ls.lsp.convert.places import Json, View, range_of
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Edit, Encoding, LineIndex

if TYPE_CHECKING:
    from pyproject_ls.features.rewrites import NewFile

QUICK_FIX = "quickfix"
REFACTOR = "refactor"
REWRITE = "refactor.rewrite"
FIX_ALL = "source.fixAll.pyproject-ls"

APPLY_EDIT = "pyproject-ls.applyEdit"
"""The command that makes the edit of an action, for clients that know nothing but commands."""

_ANNOTATION = "pyproject-ls"
_START: Json = {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}}


class Question(NamedTuple):
    """What a person is asked before an edit is made: a title, and what to know about it."""

    label: str
    description: str


def workspace_edit(
    changes: Sequence[tuple[View, Iterable[Edit]]],
    creates: Iterable[NewFile] = (),
    question: Question | None = None,
) -> Json:
    """Edits of documents, tied to their versions where the client can do that; one step to undo.

    `creates` are made beside the first document; leave them out for clients that cannot. The
    `question` is asked by clients that know how.
    """
    first = changes[0][0]
    client = first.client
    texts = {
        view.uri: [text_edit(edit, view.snapshot.lines, client.encoding) for edit in edits]
        for view, edits in changes
    }
    if not client.document_changes:
        return {"changes": {uri: edits for uri, edits in texts.items() if edits}}
    parts: list[Json] = []
    for file in creates:
        uri = first.uri_of(file.path)
        if uri is not None:
            parts.append({"kind": "create", "uri": uri, "options": {"ignoreIfExists": True}})
            new = [{"range": _START, "newText": file.text}]
            if file.text:
                parts.append({"textDocument": {"uri": uri, "version": None}, "edits": new})
    for view, _ in changes:
        if texts[view.uri]:
            document = {"uri": view.uri, "version": view.version}
            parts.append({"textDocument": document, "edits": texts[view.uri]})
    if question is None or not client.annotations:
        return {"documentChanges": parts}
    for edits in texts.values():
        for edit in edits:
            edit["annotationId"] = _ANNOTATION
    annotation = {
        "label": question.label,
        "description": question.description,
        "needsConfirmation": True,
    }
    return {"documentChanges": parts, "changeAnnotations": {_ANNOTATION: annotation}}


def text_edit(edit: Edit, lines: LineIndex, encoding: Encoding) -> Json:
    """One edit of a text."""
    return {"range": range_of(edit.span, lines, encoding), "newText": edit.text}


def quick_fix(title: str, edit: Json, diagnostics: Sequence[Json], preferred: bool) -> Json:
    """A code action that removes `diagnostics`."""
    action: Json = {
        "title": title,
        "kind": QUICK_FIX,
        "diagnostics": list(diagnostics),
        "edit": edit,
    }
    if preferred:
        action["isPreferred"] = True
    return action


def action(title: str, kind: str, edit: Json | None = None, data: Json | None = None) -> Json:
    """Any other code action: with its edit, or with the data to find it when it is chosen."""
    result: Json = {"title": title, "kind": kind}
    if edit is not None:
        result["edit"] = edit
    if data is not None:
        result["data"] = data
    return result


def as_commands(actions: Iterable[Json], view: View) -> Iterator[Json]:
    """`actions` for a client from before there were any: the command of each.

    One with an edit is the command `APPLY_EDIT`, where the client lets a server edit.
    """
    for each in actions:
        if "command" in each:
            yield each["command"]
        elif "edit" in each and view.client.applies_edits:
            title = each["title"]
            arguments = [view.uri, view.version, title, each["edit"]]
            yield {"title": title, "command": APPLY_EDIT, "arguments": arguments}


def is_wanted(kind: str, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether a request for the kinds `only` (None: all) asks for actions of `kind`."""
    if only is None:
        return True
    for each in only:
        wanted = each.value if isinstance(each, types.CodeActionKind) else each
        if not wanted or kind == wanted or kind.startswith(f"{wanted}."):
            return True
    return False
