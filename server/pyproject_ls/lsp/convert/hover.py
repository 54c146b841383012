"""Texts for people: Markdown, or plain for clients that want that."""

from __future__ import annotations

from pyproject_ls.features.hover import Hover
from pyproject_ls.features.markdown import plain
from pyproject_ls.lsp.convert.places import Json, View


def hover(found: Hover, view: View) -> Json:
    """What is known of the text under a span."""
    return {
        "contents": markup(found.markdown, view.client.hover_markdown),
        "range": view.range(found.span),
    }


def markup(markdown: str, as_markdown: bool) -> Json:
    """A text in the form that the client asked for."""
    if as_markdown:
        return {"kind": "markdown", "value": markdown}
    return {"kind": "plaintext", "value": plain(markdown)}
