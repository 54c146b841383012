"""What is shown in the text: inlay hints and semantic tokens."""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.features.inlay_hints import InlayHint
from pyproject_ls.features.semantic_tokens import MODIFIERS, TYPES, Token
from pyproject_ls.lsp.convert.places import Json, View

_TYPES = {name: number for number, name in enumerate(TYPES)}
_MODIFIERS = {name: 1 << number for number, name in enumerate(MODIFIERS)}


def inlay_hint(hint: InlayHint, view: View) -> Json:
    """A hint behind the text it is about."""
    return {
        "position": view.position(hint.offset),
        "label": hint.label,
        "tooltip": hint.tooltip,
        "paddingLeft": True,
    }


def semantic_tokens(tokens: Iterable[Token], view: View) -> Json:
    """Tokens as numbers, each counted from the one before it (LSP 3.17, "Semantic Tokens")."""
    lines, encoding = view.snapshot.lines, view.client.encoding
    data: list[int] = []
    last_line = last_column = 0
    for token in tokens:
        line, column = lines.position(token.span.start, encoding)
        _, end = lines.position(token.span.end, encoding)
        if line != last_line:
            last_column = 0
        modifiers = sum(_MODIFIERS[name] for name in token.modifiers)
        data += (
            *(line - last_line, column - last_column, end - column),
            *(_TYPES[token.type], modifiers),
        )
        last_line, last_column = line, column
    return {"data": data}
