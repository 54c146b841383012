"""To and from the types of the protocol: the one place that knows how they look.

What comes in are the classes of `lsprotocol`. What goes out is built as JSON values at once: the
same as the classes would give, ten times as fast; what is sent at every keystroke even as text
(`Written`). Here is what diagnostics and edits need; what features need are the modules
`completion`, `hints`, `hover`, `navigation` and `outline`.
"""

from pyproject_ls.lsp.convert.diagnostics import diagnostic, diagnostics
from pyproject_ls.lsp.convert.edits import (
    APPLY_EDIT,
    FIX_ALL,
    QUICK_FIX,
    REWRITE,
    Question,
    action,
    as_commands,
    is_wanted,
    quick_fix,
    text_edit,
    workspace_edit,
)
from pyproject_ls.lsp.convert.places import Json, View, changes_of, range_of, span_of
from pyproject_ls.lsp.convert.written import Written, written

__all__ = [
    "APPLY_EDIT",
    "FIX_ALL",
    "QUICK_FIX",
    "REWRITE",
    "Json",
    "Question",
    "View",
    "Written",
    "action",
    "as_commands",
    "changes_of",
    "diagnostic",
    "diagnostics",
    "is_wanted",
    "quick_fix",
    "range_of",
    "span_of",
    "text_edit",
    "workspace_edit",
    "written",
]
