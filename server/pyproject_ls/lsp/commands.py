"""Commands: what a lens, a menu or another program asks for, done as an edit of an open document.

One function, `run`, does all of them: it looks for the document, has the edits computed on its
present state, and asks the client to make them. The answer is null; what is wrong is an error with
a message for the user.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lsprotocol import types

from pyproject_ls.features.code_lens import APPLY_UPDATES
from pyproject_ls.features.markdown import visible
from pyproject_ls.features.rewrites import with_line_ends
from pyproject_ls.features.rewrites.binding import (
    SourceTool,
    bound,
    new_source,
    package_sources,
    tool_of,
)
from pyproject_ls.features.updates import KINDS, update_edits
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp import convert
from pyproject_ls.lsp.asking import Waits, asked, refused
from pyproject_ls.lsp.by_hand import by_hand
from pyproject_ls.lsp.convert import Json, View
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

PRIORITIES = ("explicit", "supplemental", "primary")
"""What the priority of a new source may be; the first one is used where none is given."""

MAX_ARGUMENT = 2000
"""Longer names and addresses are no names and addresses."""

logger = logging.getLogger(__name__)


class Change(NamedTuple):
    """What a command does: a label for the editor's list of things to undo, and the edits."""

    label: str
    edits: Sequence[Edit]


def run(ls: Session, name: str, arguments: Sequence[Any]) -> Waits:
    """Run the command `name`, one of `features.EDITS`. Raises JsonRpcException with the reason."""
    uri, *others = arguments or (None,)
    if not isinstance(uri, str):
        raise refused(f"{name} needs the URI of a document as its first argument.")
    if ls.documents.get(uri) is None:
        raise refused("The file is not open in the editor, or it is no pyproject.toml.")

    def answer(view: View) -> Json | None:
        if name == convert.APPLY_EDIT:
            return _prepared(others, view)
        change = COMMANDS[name](others, view.snapshot)
        edits = with_line_ends(view.snapshot.text, tuple(change.edits))
        if not ls.client.applies_edits:
            raise refused(by_hand(view.snapshot.text, edits))
        return {"label": change.label, "edit": convert.workspace_edit([(view, edits)])}

    params = yield from asked(ls, uri, answer)
    if params is None:
        raise refused(f"{name} failed; the log of the language server says where.")
    ls.ask(types.WORKSPACE_APPLY_EDIT, params, partial(_applied, ls))
    return None


def _prepared(arguments: Sequence[Any], view: View) -> Json:
    """``[version, title, edit]``: an action that the client was offered as a command."""
    version, title, edit = arguments if len(arguments) == 3 else (None, None, None)
    if not isinstance(title, str) or not isinstance(edit, Mapping):
        raise refused(f"{convert.APPLY_EDIT} is for what code actions offer, as they offer it.")
    if not view.client.applies_edits:
        raise refused("This editor does not let a language server change a file.")
    if version != view.version:
        raise refused("The file has changed in the meantime, so nothing was done; ask once more.")
    return {"label": title, "edit": edit}


def _applied(ls: Session, result: Any) -> None:
    """Tell a person who asked for a change that the editor did not make it."""
    if not isinstance(result, Mapping) or result.get("applied") is not False:
        return
    logger.info("the editor did not make an edit: %s", visible(str(result.get("failureReason"))))
    message = "pyproject-ls: the file has changed in the meantime; please try again."
    ls.tell(types.WINDOW_SHOW_MESSAGE, {"type": 2, "message": message})


def _apply_updates(arguments: Sequence[Any], snapshot: Snapshot) -> Change:
    """``[path, kind]``: raise the constraints of one table (all with an empty path)."""
    path, kind = _two(arguments, "the path of a table and which updates are meant")
    if not isinstance(path, list) or not all(isinstance(step, str) for step in path):
        raise refused('The path of a table is a list of keys, such as ["project", "dependencies"].')
    if kind not in KINDS:
        raise refused(f"Which updates are meant is one of {', '.join(KINDS)}.")
    edits = update_edits(snapshot, tuple(path), kind)
    if not edits:
        raise refused("There is nothing to update, as far as is known yet.")
    return Change("Update dependencies", edits)


def _add_source(arguments: Sequence[Any], snapshot: Snapshot) -> Change:
    """``[{name, url, priority}]``: declare a package source for the tool of the project."""
    values = arguments[0] if len(arguments) == 1 else None
    if not isinstance(values, Mapping):
        raise refused("A source is an object with `name`, `url` and, if you like, `priority`.")
    name = _text(values.get("name"), "the name of the source")
    url = _address(values.get("url"))
    priority = values.get("priority", PRIORITIES[0])
    if priority not in PRIORITIES:
        raise refused(f"The priority of a source is one of {', '.join(PRIORITIES)}.")
    _check_syntax(snapshot)
    tool = _tool(snapshot.manifest)
    known = (each.name.lower() for each in package_sources(snapshot.document) if each.tool == tool)
    if name.lower() in known:
        raise refused(f"There is a source named {visible(name)} already.")
    edits = new_source(snapshot.document, tool, name, url, priority)
    if not edits:
        raise refused("The sources of this file are written as a list; add one to it by hand.")
    return Change(f"Add the source {visible(name, 60)}", edits)


def _bind_source(arguments: Sequence[Any], snapshot: Snapshot) -> Change:
    """``[dependency, source]``: take a package from a source, wherever it is declared."""
    values = _two(arguments, "the name of a dependency and the name of a source")
    package = _text(values[0], "the name of the dependency")
    source = _text(values[1], "the name of the source")
    _check_syntax(snapshot)
    manifest = snapshot.manifest
    wanted = normalized_name(package)
    meant = [each for each in manifest.dependencies if each.normalized == wanted]
    if not meant:
        raise refused(f"The file declares no dependency named {visible(package)}.")
    sources = [
        each
        for each in package_sources(snapshot.document)
        if each.name == source or (each.tool == "poetry" and each.name.lower() == source.lower())
    ]
    if not sources:
        raise refused(f"The file declares no source named {visible(source)}.")
    edits = {
        edit: None
        for each in meant
        for place in sources
        for edit in bound(manifest, each, place)  # two lists may lead to one entry
    }
    if not edits:
        raise refused(
            f"{visible(package)} comes from {visible(source)} already, or it cannot be bound to it."
        )
    return Change(f"Take {visible(package, 60)} from {visible(source, 60)}", list(edits))


COMMANDS: dict[str, Callable[[Sequence[Any], Snapshot], Change]] = {
    APPLY_UPDATES: _apply_updates,
    "pyproject-ls.addSource": _add_source,
    "pyproject-ls.bindSource": _bind_source,
}
"""What is done, by the names that `features` advertises; arguments come without the URI."""


def _two(arguments: Sequence[Any], what: str) -> tuple[Any, Any]:
    if len(arguments) != 2:
        raise refused(f"Behind the document, {what} have to be given.")
    return arguments[0], arguments[1]


def _text(value: Any, what: str) -> str:
    """A name from outside, fit to be written into a file."""
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_ARGUMENT:
        raise refused(f"{what.capitalize()} is missing.")
    if not value.isprintable():
        raise refused(f"{what.capitalize()} has characters that do not show.")
    return value.strip()


def _address(value: Any) -> str:
    """The address of an index: of the web, and without a password for all to read."""
    url = _text(value, "the address of the source")
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in url:
        raise refused("The address of a source begins with https:// (or http://) and names a host.")
    if "@" in parts.netloc:
        raise refused(
            "The address holds a user name or password, which would end up in version control;"
            " leave them out and store them with your packaging tool."
        )
    return url


def _check_syntax(snapshot: Snapshot) -> None:
    if any(problem.kind != "toml-1.1" for problem in snapshot.document.problems):
        raise refused("The file is not valid TOML at the moment; mend that first.")


def _tool(manifest: Manifest) -> SourceTool:
    tool = tool_of(manifest)
    if tool is None:
        raise refused("The file uses neither Poetry nor uv, so it has no place for a source.")
    return tool
