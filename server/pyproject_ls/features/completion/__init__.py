"""What may be written at the cursor: headers, keys and values, from the file and the facts.

`complete` is a pure function. Facts that are not known yet (what a folder holds) are noted in
``snapshot.facts.wanted``, and the list is of what is known.
"""

from __future__ import annotations

from pyproject_ls.features.completion.context import cursor_at
from pyproject_ls.features.completion.cursors import HeaderCursor, KeyCursor
from pyproject_ls.features.completion.documentation import resolve
from pyproject_ls.features.completion.headers import grows, header_choices, header_lines
from pyproject_ls.features.completion.keys import key_choices
from pyproject_ls.features.completion.model import (
    MAX_ITEMS,
    Completion,
    Completions,
    Kind,
    without_placeholders,
)
from pyproject_ls.features.completion.packages import takes_names
from pyproject_ls.features.completion.render import render_headers, render_keys, render_values
from pyproject_ls.features.completion.values import value_choices
from pyproject_ls.host import Snapshot

__all__ = [
    "MAX_ITEMS",
    "Completion",
    "Completions",
    "Kind",
    "complete",
    "resolve",
    "without_placeholders",
]


def complete(snapshot: Snapshot, offset: int) -> Completions:
    """What may be written at `offset` (code points), at most `MAX_ITEMS` items. Never raises."""
    text = snapshot.document.text
    if not 0 <= offset <= len(text):
        return Completions([])
    cursor = cursor_at(snapshot.document, offset)
    if cursor is None:
        return Completions([])
    if isinstance(cursor, HeaderCursor):
        headers = render_headers(cursor, header_choices(snapshot, cursor))
        return headers._replace(incomplete=True) if grows(snapshot, cursor) else headers
    if isinstance(cursor, KeyCursor):
        tables = header_lines(snapshot) if cursor.fits_table else []
        keys = render_keys(text, cursor, offset, key_choices(snapshot, cursor), tables)
        return keys._replace(incomplete=True) if takes_names(snapshot, cursor.path) else keys
    found = value_choices(snapshot, cursor, offset)
    if found is None:
        return Completions([])
    choices, wrap = found
    return render_values(text, cursor, offset, choices, wrap)
