"""Documents for a person to read: a file beside our caches, which the client is asked to show."""

from __future__ import annotations

import hashlib
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pyproject_ls.index.places import cache_folder
from pyproject_ls.lsp.jobs import JobError

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

FOLDER = "documents"


def show(ls: Session, project: Path, name: str, text: str) -> str:
    """Show `text` as a document named `name`: its URI. Raises JobError if it cannot be kept.

    There is one a project and name; an older one is replaced, in an editor that shows it too.
    """
    key = hashlib.sha256(os.fsencode(project)).hexdigest()[:12]
    path = cache_folder(os.environ).absolute() / FOLDER / key / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        reason = (error.strerror or "it cannot be written").lower()
        raise JobError(f"The document cannot be kept in `{path.parent}`: {reason}.") from error
    uri = path.as_uri()
    if ls.client.shows_documents:
        params = {"uri": uri, "external": False, "takeFocus": True}
        ls.ask(types.WINDOW_SHOW_DOCUMENT, params, partial(_shown, ls, path))
    else:
        _shown(ls, path, None)
    return uri


def _shown(ls: Session, path: Path, result: Any) -> None:
    """Say where the document is to a person whose editor does not show it."""
    if not (isinstance(result, dict) and result.get("success") is True):
        params = {"type": int(types.MessageType.Info), "message": f"pyproject-ls wrote {path}"}
        ls.tell(types.WINDOW_SHOW_MESSAGE, params)
