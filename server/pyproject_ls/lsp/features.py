"""What is advertised, and the handler of each request: imported when the first one comes.

The features are half of the server. Importing them takes a tenth of the time until a client hears
from us, which is for diagnostics.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from importlib import import_module
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

EDITS = (
    *("pyproject-ls.applyUpdates", "pyproject-ls.addSource", "pyproject-ls.bindSource"),
    "pyproject-ls.applyEdit",
)
"""The commands that `commands` runs."""

JOBS = (
    *("pyproject-ls.lock", "pyproject-ls.previewLock", "pyproject-ls.update"),
    *("pyproject-ls.addDependency", "pyproject-ls.removeDependency", "pyproject-ls.bumpVersion"),
    *("pyproject-ls.install", "pyproject-ls.export"),
    *("pyproject-ls.dependencyTree", "pyproject-ls.why"),
)
"""The commands that `tool_commands` runs."""

REQUESTS = "pyproject_ls.lsp.requests"
"""The package of the functions that answer what the protocol knows."""

OWN_REQUESTS = (
    *("pyproject-ls/projects", "pyproject-ls/searchPackages"),
    *("pyproject-ls/packageInfo", "pyproject-ls/reverseTree"),
)
"""The requests that `own_requests` answers."""

_REQUESTS: dict[str, tuple[str, Any]] = {
    types.TEXT_DOCUMENT_COMPLETION: (
        "writing.completion",
        types.CompletionOptions(trigger_characters=list(TRIGGERS), resolve_provider=True),
    ),
    types.COMPLETION_ITEM_RESOLVE: ("writing.completion_resolve", None),
    types.TEXT_DOCUMENT_HOVER: ("writing.hover", None),
    types.TEXT_DOCUMENT_DEFINITION: ("places.definition", None),
    types.TEXT_DOCUMENT_REFERENCES: ("places.reference", None),
    types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT: ("places.document_highlight", None),
    types.TEXT_DOCUMENT_DOCUMENT_LINK: ("places.document_link", None),
    types.TEXT_DOCUMENT_PREPARE_RENAME: ("names.prepare", None),
    types.TEXT_DOCUMENT_RENAME: ("names.rename", None),
    types.TEXT_DOCUMENT_DOCUMENT_SYMBOL: ("shape.document_symbol", None),
    types.WORKSPACE_SYMBOL: ("shape.workspace_symbol", None),
    types.TEXT_DOCUMENT_FOLDING_RANGE: ("shape.folding_range", None),
    types.TEXT_DOCUMENT_SELECTION_RANGE: ("shape.selection_range", None),
    types.TEXT_DOCUMENT_FORMATTING: ("shape.format_document", None),
    types.TEXT_DOCUMENT_INLAY_HINT: ("shown.inlay_hint", None),
    types.TEXT_DOCUMENT_CODE_LENS: ("shown.code_lens", None),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL: (
        "shown.semantic_tokens_full",
        types.SemanticTokensLegend(list(TYPES), list(MODIFIERS)),
    ),
    types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE: ("shown.semantic_tokens_range", None),
    types.TEXT_DOCUMENT_CODE_ACTION: (
        "changes.code_action",
        types.CodeActionOptions(code_action_kinds=list(ACTIONS), resolve_provider=True),
    ),
    types.CODE_ACTION_RESOLVE: ("changes.code_action_resolve", None),
}
"""By method: the module of `requests` and its function, and what clients are told about it."""


_IN_PASSING = frozenset(
    {
        types.TEXT_DOCUMENT_DOCUMENT_LINK,
        types.TEXT_DOCUMENT_DOCUMENT_SYMBOL,
        types.TEXT_DOCUMENT_FOLDING_RANGE,
        types.TEXT_DOCUMENT_INLAY_HINT,
        types.TEXT_DOCUMENT_CODE_LENS,
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL,
        types.TEXT_DOCUMENT_SEMANTIC_TOKENS_RANGE,
        types.TEXT_DOCUMENT_CODE_ACTION,
    }
)
"""What editors ask by themselves after a change, several at once. What a person asks comes first:
a hover or a completion that has arrived together with them is answered before them."""

_ALSO_LATER = (
    *("pyproject_ls.features.migrate", "pyproject_ls.features.declaring.adding"),
    *("poetry.core.factory", "poetry.core.packages.directory_dependency"),
)
"""What the first code action would otherwise import."""


def register(session: Session) -> None:
    """Tell pygls which requests are answered."""
    for method, (path, options) in _REQUESTS.items():
        session.feature(method, options)(_later(path, method in _IN_PASSING))
    for method in OWN_REQUESTS:
        session.feature(method)(_own(method))
    for command in EDITS:
        session.command(command)(_edit(command))
    for command in JOBS:
        session.command(command)(_job(command))


def _later(path: str, in_passing: bool) -> Callable[[Session, Any], Waits]:
    module, _, name = path.partition(".")

    def handler(ls: Session, params: Any) -> Waits:
        if in_passing:
            yield ls.people.served, (), {}
        found = import_module(f"{REQUESTS}.{module}")
        return (yield from getattr(found, name)(ls, params))

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
        from pyproject_ls.lsp import accepting

        accepting.run(ls, name, arguments)

    return handler


def warm_up(ls: Session) -> None:
    """Import the features in the background, and what judges the answers of indexes."""

    def work() -> None:
        from pyproject_ls.project import selection

        for module in dict.fromkeys(path.partition(".")[0] for path, _ in _REQUESTS.values()):
            import_module(f"{REQUESTS}.{module}")
        selection.prepare()
        for module in _ALSO_LATER:
            import_module(module)
        gc.freeze()  # all of this stays, so no collection needs to look at it again

    in_thread(work).add_done_callback(lambda done: ls.call(ls.packages.prepare))
