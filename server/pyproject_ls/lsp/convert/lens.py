"""Code lenses."""

from __future__ import annotations

from pyproject_ls.features.code_lens import Lens
from pyproject_ls.lsp.convert.places import Json, View


def code_lens(lens: Lens, view: View) -> Json:
    """A lens with its command, whose first argument is the document.

    It is a mere text, which is a command without a name, where it is to edit for a client that lets
    nobody else edit.
    """
    command: Json = {"title": lens.title, "command": ""}
    if lens.command and lens.options is not None:
        command["command"] = lens.command
        command["arguments"] = [{"uri": view.uri, **lens.options}]
    elif lens.command and view.client.applies_edits:
        command["command"] = lens.command
        command["arguments"] = [view.uri, *lens.arguments]
    return {"range": view.range(lens.span), "command": command}
