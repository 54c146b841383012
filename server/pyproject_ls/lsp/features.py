"""What is advertised, and the handler of each request: imported when the first one comes.

The features are half of the server. Importing them takes a tenth of the time until a client hears
from us, which is for diagnostics.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lsprotocol import types

from pyproject_ls.features.semantic_tokens import MODIFIERS, TYPES
from pyproject_ls.lsp.asking import Waits
from pyproject_ls.lsp.threads import in_thread

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

WARM_UP = 0.3
"""Seconds after the handshake when the features are imported, in case nobody has asked yet."""

TRIGGERS = "\"'.[{(=,:/ <>~^!|-"
"""Characters after which an editor asks for completions by itself."""

ACTIONS = (
    *("quickfix", "source.fixAll", "source.fixAll.pyproject-ls"),
    *("refactor.rewrite", "refactor.move", "refactor.pyproject-ls", "source.pyproject-ls"),
)
"""The kinds of code actions."""

EDITS = ("pyproject-ls.applyUpdates", "pyproject-ls.addSource", "pyproject-ls.bindSource")
"""The commands that `commands` runs."""

JOBS = (
    *("pyproject-ls.lock", "pyproject-ls.previewLock", "pyproject-ls.update"),
    *("pyproject-ls.addDependency", "pyproject-ls.removeDependency", "pyproject-ls.bumpVersion"),
    *("pyproject-ls.install", "pyproject-ls.export"),
    *("pyproject-ls.dependencyTree", "pyproject-ls.why"),
)
"""The commands that `tool_commands` runs."""

OWN_REQUESTS = (
    *("pyproject-ls/projects", "pyproject-ls/searchPackages"),
    *("pyproject-ls/packageInfo", "pyproject-ls/reverseTree"),
)
"""The requests that `own_requests` answers."""

_REQUESTS: dict[str, tuple[str, Any]] = {
    types.TEXT_DOCUMENT_COMPLETION: (
        "completion",
        types.CompletionOptions(trigger_characters=list(TRIGGERS), resolve_provider=True),
    ),
    types.COMPLETION_ITEM_RESOLVE: ("completion_resolve", None),
    types.TEXT_DOCUMENT_HOVER: ("hover", None),
    types.TEXT_DOCUMENT_DEFINITION: ("definition", None),
    types.TEXT_DOCUMENT_REFERENCES: ("reference", None),
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: ("document_highlight", None),
    types.TEXT_DOCUMENT_DOCUMENT_LINK: ("document_link", None),
    types.TEXT_DOCUMENT_PREPARE_RENAME: ("prepare", None),
    types.TEXT_DOCUMENT_RENAME: ("rename", None),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: ("document_symbol", None),
    types.WORKSPACE_SYMBOL: ("workspace_symbol", None),
    types.TEXT_DOCUMENT_FOLDING_RANGE: ("folding_range", None),
    types.TEXT_DOCUMENT_SELECTION_RANGE: ("selection_range", None),
    types.TEXT_DOCUMENT_FORMATTING: ("format_document", None),
    types.TEXT_DOCUMENT_INLAY_HINT: ("inlay_hint", None),
    types.TEXT_DOCUMENT_CODE_LENS: ("code_lens", None),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: (
        "semantic_tokens_full",
        types.SemanticTokensLegend(list(TYPES), list(MODIFIERS)),
    ),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: ("semantic_tokens_range", None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        "code_action",
        types.CodeActionOptions(code_action_kinds=list(ACTIONS), resolve_provider=True),
    ),
    types.CODE_ACTION_RESOLVE: ("code_action_resolve", None),
}
"""By method: the function in `requests`, and what clients are told about it."""


def register(session: Session) -> None:
    """Tell pygls which requests are answered."""
    for method, (name, options) in _REQUESTS.items():
        session.feature(method, options)(_later(name))
    for method in OWN_REQUESTS:
        session.feature(method)(_own(method))
    for command in EDITS:
        session.command(command)(_edit(command))
    for command in JOBS:
        session.command(command)(_job(command))


def _later(name: str) -> Callable[[Session, Any], Waits]:
    def handler(ls: Session, params: Any) -> Waits:
        from pyproject_ls.lsp import requests

        return (yield from getattr(requests, name)(ls, params))

    return handler


def _own(method: str) -> Callable[[Session, Any], Waits]:
    def handler(ls: Session, params: Any) -> Waits:
        from pyproject_ls.lsp import own_requests

        return (yield from own_requests.REQUESTS[method](ls, params))

    return handler


def _edit(name: str) -> Callable[..., Waits]:
    # pygls looks at the types of the parameters, which it has to find when this module is imported
    def handler(ls: Any, *arguments: Any) -> Waits:
        from pyproject_ls.lsp import commands

        return (yield from commands.run(ls, name, arguments))

    return handler


def _job(name: str) -> Callable[..., None]:
    def handler(ls: Any, *arguments: Any) -> None:
        from pyproject_ls.lsp import tool_commands

        tool_commands.run(ls, name, arguments)

    return handler


def warm_up(ls: Session) -> None:
    """Import the features in the background, and what judges the answers of indexes."""

    def work() -> None:
        from pyproject_ls.lsp import requests  # noqa: F401
        from pyproject_ls.project import selection

        selection.prepare()

    in_thread(work).add_done_callback(lambda done: ls.call(ls.packages.prepare))
