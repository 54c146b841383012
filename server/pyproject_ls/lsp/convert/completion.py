"""Completions as the client can take them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from lsprotocol import types
from pygls.protocol import default_converter

from pyproject_ls.features.completion import (
    Completion,
    Completions,
    Kind,
    resolve,
    without_placeholders,
)
from pyproject_ls.features.completion.model import escaped
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.client import Client
from pyproject_ls.lsp.convert.hover import markup
from pyproject_ls.lsp.convert.places import Json, View
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Span

# CompletionItemKind of LSP 3.17
_FUNCTION, _VARIABLE, _CLASS, _MODULE, _PROPERTY, _VALUE = 3, 6, 7, 9, 10, 12
_SNIPPET, _FILE, _REFERENCE, _FOLDER, _MEMBER, _CONSTANT, _STRUCT, _OPERATOR = (
    *(15, 17, 18, 19),
    *(20, 21, 22, 24),
)
_KINDS = {
    Kind.TABLE: _STRUCT,
    Kind.KEY: _PROPERTY,
    Kind.VALUE: _VALUE,
    Kind.SNIPPET: _SNIPPET,
    Kind.PACKAGE: _MODULE,
    Kind.GROUP: _MEMBER,
    Kind.EXTRA: _MEMBER,
    Kind.SOURCE: _REFERENCE,
    Kind.CLASSIFIER: _MEMBER,
    Kind.LICENSE: _CONSTANT,
    Kind.BACKEND: _MODULE,
    Kind.VERSION: _VALUE,
    Kind.VARIABLE: _VARIABLE,
    Kind.OPERATOR: _OPERATOR,
    Kind.FILE: _FILE,
    Kind.FOLDER: _FOLDER,
    Kind.MODULE: _MODULE,
    Kind.FUNCTION: _FUNCTION,
    Kind.CLASS: _CLASS,
    Kind.OBJECT: _VARIABLE,
}
_AS_SNIPPET = 2
_DEPRECATED = 1

AGAIN = "editor.action.triggerSuggest"
"""The command of a client that asks for completions again."""


def completions(found: Completions, view: View) -> Json:
    """A list of completions; what all items share is said once where the client knows that."""
    # hundreds of items stand in the same few places
    ranges = {span: view.range(span) for span in {item.edit.span for item in found.items}}
    is_shared = len(ranges) == 1 and "editRange" in view.client.item_defaults
    shown = {} if is_shared else ranges
    result: Json = {
        "isIncomplete": found.incomplete,
        "items": [completion(item, view, shown) for item in found.items],
    }
    if is_shared:
        result["itemDefaults"] = {"editRange": next(iter(ranges.values()))}
    return result


def completion(item: Completion, view: View, ranges: Mapping[Span, Json]) -> Json:
    """One completion; its range is left out where `ranges` has none for its span.

    Its `data` says what `resolve` will need.
    """
    client = view.client
    kind = _KINDS[item.kind]
    text = item.edit.text
    result: Json = {
        "label": item.label,
        "kind": kind if kind in client.completion_kinds else _VALUE,
        "data": {"uri": view.uri, "kind": item.kind.value, "data": item.data},
    }
    if client.snippets and (item.snippet or " " in text):
        result["insertTextFormat"] = _AS_SNIPPET  # of plain texts, Neovim takes the first word only
        text = text if item.snippet else escaped(text)
    elif item.snippet:
        text = without_placeholders(text)
    if item.edit.span in ranges:
        result["textEdit"] = {"range": ranges[item.edit.span], "newText": text}
    elif text != item.label:
        result["textEditText"] = text
    if item.detail:
        result["detail"] = item.detail
        if client.label_details:
            result["labelDetails"] = {"description": item.detail}
    if item.sort_text:
        result["sortText"] = item.sort_text
    if item.filter_text and item.filter_text != item.label:
        result["filterText"] = item.filter_text
    if item.deprecated and client.completion_tags:
        result["tags"] = [_DEPRECATED]
    elif item.deprecated and client.completion_deprecated:
        result["deprecated"] = True
    if item.commit_characters and client.commit_characters:
        result["commitCharacters"] = item.commit_characters
    if item.more_edits:
        result["additionalTextEdits"] = [
            {"range": view.range(edit.span), "newText": edit.text} for edit in item.more_edits
        ]
    if item.retrigger and AGAIN in client.commands:
        result["command"] = {"title": "", "command": AGAIN}
    return result


class CompletionData(NamedTuple):
    """What `completion` has noted in an item for the time when somebody looks at it."""

    uri: str
    kind: Kind
    data: tuple[str, ...]


def completion_data(item: types.CompletionItem) -> CompletionData | None:
    """The note in an item; None if it is not one of ours."""
    data: Any = item.data
    try:
        return CompletionData(str(data["uri"]), Kind(data["kind"]), tuple(map(str, data["data"])))
    except (KeyError, TypeError, ValueError):
        return None


def resolved(
    item: types.CompletionItem,
    data: CompletionData | None,
    snapshot: Snapshot | None,
    client: Client,
) -> Json:
    """An item with its documentation."""
    result: Json = _converter().unstructure(item)
    text = resolve(snapshot, item.label, data.kind, data.data) if data is not None else None
    if text:
        result["documentation"] = markup(text, client.completion_markdown)
    return result


_converter = lru_cache(maxsize=1)(default_converter)
