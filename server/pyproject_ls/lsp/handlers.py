"""What happens on which message: one short function each.

A handler that may have to wait (for settings, for the analysis of a huge file) is a generator: it
yields ``(coroutine function, arguments, keyword arguments)``, and pygls goes on with it when that
has ended. The others are done when they return, so nothing can change in between.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcInvalidParams

from pyproject_ls.lsp import features
from pyproject_ls.lsp.asking import Waits
from pyproject_ls.lsp.convert import Json, changes_of
from pyproject_ls.lsp.diagnostics import NOTHING
from pyproject_ls.lsp.settings import SECTION
from pyproject_ls.lsp.uris import file_path, is_project

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

WATCHED = (
    "**/{pyproject.toml,poetry.lock,poetry.toml,uv.lock,uv.toml,pdm.toml,pylock.toml}",
    "**/pyproject-ls.toml",
    "**/{README,README.*,LICENSE*,LICENCE*,COPYING*}",
    "**/*.py",
)
"""The files whose coming, going or changing may change what is found."""

CONFIGURATION = frozenset({"poetry.toml", "uv.toml", "pdm.toml"})
"""Those that may name other indexes."""

logger = logging.getLogger(__name__)


VIEW_TEXT = "pyproject-ls/viewText"
"""Our own request ``{"textDocument": {"uri"}}``: the text as the server has it, for bug reports."""


def register(session: Session) -> None:
    """Tell pygls which messages are handled here."""
    feature = session.feature
    feature(types.INITIALIZED)(initialized)
    feature(types.TEXT_DOCUMENT_DID_OPEN)(did_open)
    feature(types.TEXT_DOCUMENT_DID_CHANGE)(did_change)
    feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))(did_save)
    feature(types.TEXT_DOCUMENT_DID_CLOSE)(did_close)
    feature(types.WINDOW_WORK_DONE_PROGRESS_CANCEL)(progress_cancel)
    feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)(did_change_configuration)
    feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(did_change_watched_files)
    feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)(did_change_workspace_folders)
    feature(
        types.TEXT_DOCUMENT_DIAGNOSTIC,
        types.DiagnosticOptions(
            identifier=SECTION, inter_file_dependencies=False, workspace_diagnostics=False
        ),
    )(diagnostic)
    feature(VIEW_TEXT)(view_text)


# The session


def initialized(ls: Session, params: None) -> None:
    """The client is ready for our requests: ask for settings, and to be told of changes."""
    registrations: list[Json] = []
    if ls.client.registers_configuration:
        registrations.append(
            {
                "id": "configuration",
                "method": types.WORKSPACE_DID_CHANGE_CONFIGURATION,
                "registerOptions": {"section": SECTION},
            }
        )
    if ls.client.registers_watchers:
        registrations.append(
            {
                "id": "files",
                "method": types.WORKSPACE_DID_CHANGE_WATCHED_FILES,
                "registerOptions": {"watchers": [{"globPattern": glob} for glob in WATCHED]},
            }
        )
    ls.ask_for_settings()
    ls.loop.call_later(features.WARM_UP, features.warm_up, ls)
    if registrations:
        ls.ask(types.CLIENT_REGISTER_CAPABILITY, {"registrations": registrations})


def did_change_configuration(ls: Session, params: types.DidChangeConfigurationParams) -> None:
    """Settings have changed: they are in the message, or have to be asked for."""
    if params.settings is not None:
        ls.take_pushed_settings(params.settings)
    else:
        ls.ask_for_settings()


def did_change_watched_files(ls: Session, params: types.DidChangeWatchedFilesParams) -> None:
    """Files have come, gone or changed."""
    if any(is_project(each.uri) for each in params.changes):
        ls.projects.forget()
    if any(each.uri.rpartition("/")[2] in CONFIGURATION for each in params.changes):
        ls.packages.forget()
        ls.resolutions.forget(ls.documents)
    if any(_matters(ls, each) for each in params.changes):
        ls.look_again()


def _matters(ls: Session, event: types.FileEvent) -> bool:
    """Python files change all the time: only those that were read can change what is found."""
    if event.type != types.FileChangeType.Changed or not event.uri.endswith(".py"):
        return True
    path = file_path(event.uri)
    return path is not None and any(each.answers.has_read(path) for each in ls.documents)


def did_change_workspace_folders(
    ls: Session, params: types.DidChangeWorkspaceFoldersParams
) -> None:
    """Folders were added or removed: each may have settings of its own, and projects."""
    ls.projects.forget()
    ls.ask_for_settings()


def progress_cancel(ls: Session, params: types.WorkDoneProgressCancelParams) -> None:
    """A person does not want to wait for a job any longer."""
    ls.jobs.cancel(params.token)


# Documents


def did_open(ls: Session, params: types.DidOpenTextDocumentParams) -> None:
    """A document belongs to the client from now on."""
    opened = params.text_document
    document = ls.documents.open(opened.uri, opened.version, opened.text)
    if document is not None:
        if is_project(opened.uri):
            ls.tools.describe(document)
        ls.overview.changed([document])
        ls.diagnostics.publish_soon(document)
        ls.resolutions.opened(document)


def did_change(ls: Session, params: types.DidChangeTextDocumentParams) -> None:
    """A document was edited."""
    document = ls.documents.get(params.text_document.uri)
    if document is not None:
        document.apply(changes_of(params), params.text_document.version, ls.client.encoding)
        ls.diagnostics.publish_soon(document)
        ls.resolutions.changed(document)


def did_save(ls: Session, params: types.DidSaveTextDocumentParams) -> None:
    """A document was written: for clients that do not watch files, a sign that files may differ."""
    ls.look_again()
    document = ls.documents.get(params.text_document.uri)
    if document is not None:
        ls.resolutions.saved(document)


def did_close(ls: Session, params: types.DidCloseTextDocumentParams) -> None:
    """A document belongs to the disk again."""
    document = ls.documents.close(params.text_document.uri)
    if document is not None:
        ls.resolutions.stop(document.uri)
        ls.tools.forget(document.uri)
        ls.diagnostics.forget(document)


def view_text(ls: Session, params: Any) -> str | None:
    """The text of a document as it is here; None if it is not open, or not ours."""
    try:
        uri = params["textDocument"]["uri"]
    except (KeyError, TypeError) as error:
        raise JsonRpcInvalidParams(f"{VIEW_TEXT} needs textDocument.uri") from error
    document = ls.documents.get(uri) if isinstance(uri, str) else None
    return document.text if document is not None else None


# Findings


def diagnostic(ls: Session, params: types.DocumentDiagnosticParams) -> Waits:
    """What is wrong with a document."""
    if not ls.is_ready:
        yield ls.ready, (), {}
    yield ls.people.served, (), {}  # whoever types waits for a completion first
    document = ls.documents.get(params.text_document.uri)
    if document is None:
        return NOTHING
    if document.is_large:
        yield document.settle, (), {}
    return ls.diagnostics.report(document, params.previous_result_id)
