"""What the client can do, read once from its `initialize` request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability

from pyproject_ls.text import Encoding

_ENCODINGS: dict[str, Encoding] = {"utf-8": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}

_OLDEST_KINDS = frozenset(range(1, 19))
"""The kinds of completions, and those of symbols, that clients know which do not name theirs."""


@dataclass(frozen=True)
class Client:
    """The abilities of a client that change what it is sent."""

    encoding: Encoding = "utf-16"
    """How columns are counted."""

    pulls: bool = False
    """It asks for diagnostics, and asks again when told to; all others are sent them.

    Neovim 0.11 asks too, but only after edits: of a file that appears it would never hear.
    """
    related: bool = False
    """A diagnostic may name other places."""
    code_links: bool = False
    """The code of a diagnostic may be a link."""
    diagnostic_data: bool = False
    """It keeps the data of a diagnostic until it asks for code actions."""
    tags: frozenset[int] = frozenset()
    """The tags that a diagnostic may have."""
    versions: bool = False
    """It wants to know the version that pushed diagnostics are about."""

    code_actions: bool = False
    """It asks for code actions."""
    action_literals: bool = False
    """It understands what a code action is; the oldest clients know commands only."""
    preferred: bool = False
    """A code action may be the preferred one."""
    late_edits: bool = False
    """The edit of a code action may come when the action is chosen."""
    document_changes: bool = False
    """A workspace edit may name the version of the document that it changes."""
    creates_files: bool = False
    """A workspace edit may create files."""
    annotations: bool = False
    """The parts of a workspace edit may be explained, and wait for a yes."""
    prepares_rename: bool = False
    """It asks what would be renamed before it asks for a new name."""

    snippets: bool = False
    """What a completion inserts may have places to jump to."""
    commit_characters: bool = False
    """Typing one of these characters accepts a completion."""
    completion_tags: bool = False
    """A completion may be tagged as deprecated."""
    completion_deprecated: bool = False
    """A completion may be called deprecated, as LSP had it before tags."""
    label_details: bool = False
    """A completion may have details beside its label."""
    item_defaults: frozenset[str] = frozenset()
    """What a list of completions may say once for all its items."""
    completion_kinds: frozenset[int] = _OLDEST_KINDS
    """The kinds of completions that it has icons for."""
    completion_markdown: bool = False
    """That documentation may be Markdown."""
    hover_markdown: bool = False
    """A hover may be Markdown."""

    commands: frozenset[str] = frozenset()
    """Commands of its own that it can be asked to run (``experimental.commands.commands``, which is
    rust-analyzer's invention)."""

    links: bool = False
    """A definition may say which text leads to it."""
    link_tooltips: bool = False
    """A link in a document may be explained."""
    symbol_trees: bool = False
    """The symbols of a document may be a tree."""
    symbol_kinds: frozenset[int] = _OLDEST_KINDS
    """The kinds of symbols that it has icons for."""
    refreshes_hints: bool = False
    """It asks for inlay hints again when told to."""
    refreshes_lenses: bool = False
    """It asks for code lenses again when told to."""
    applies_edits: bool = False
    """It can be asked to edit documents."""

    shows_documents: bool = False
    """It can be asked to show a file to the user."""
    shows_progress: bool = False
    """It shows the progress of work that the server began."""
    configuration: bool = False
    """It can be asked for settings."""
    registers_configuration: bool = False
    """It can be asked to tell of changed settings."""
    registers_watchers: bool = False
    """It can be asked to watch files."""

    @classmethod
    def of(cls, capabilities: types.ClientCapabilities, encoding: str = "utf-16") -> Client:
        """The client that announced `capabilities`; `encoding` is the one agreed upon."""

        def can(path: str) -> Any:
            return get_capability(capabilities, path, None)

        # what a client says of pushed diagnostics holds for pulled ones, if it says nothing of them
        def either(ability: str) -> bool:
            pulled = can(f"text_document.diagnostic.{ability}")
            if pulled is None:
                pulled = can(f"text_document.publish_diagnostics.{ability}")
            return bool(pulled)

        item = "text_document.completion.completion_item"
        edit = "workspace.workspace_edit"
        literals = can("text_document.code_action.code_action_literal_support")
        late = can("text_document.code_action.resolve_support.properties") or ()
        tags = can("text_document.diagnostic.tag_support.value_set")
        if tags is None:
            tags = can("text_document.publish_diagnostics.tag_support.value_set")
        completion_kinds = can("text_document.completion.completion_item_kind.value_set")
        symbol_kinds = can("text_document.document_symbol.symbol_kind.value_set")
        return cls(
            encoding=_ENCODINGS.get(encoding, "utf-16"),
            pulls=can("text_document.diagnostic") is not None
            and bool(can("workspace.diagnostics.refresh_support")),
            related=either("related_information"),
            code_links=either("code_description_support"),
            diagnostic_data=either("data_support"),
            tags=_numbers(tags),
            versions=bool(can("text_document.publish_diagnostics.version_support")),
            code_actions=can("text_document.code_action") is not None,
            action_literals=literals is not None,
            preferred=bool(can("text_document.code_action.is_preferred_support")),
            late_edits=literals is not None
            and "edit" in late
            and bool(can("text_document.code_action.data_support")),
            document_changes=bool(can(f"{edit}.document_changes")),
            creates_files=bool(can(f"{edit}.document_changes"))
            and "create" in (can(f"{edit}.resource_operations") or ()),
            annotations=bool(can(f"{edit}.document_changes"))
            and can(f"{edit}.change_annotation_support") is not None,
            prepares_rename=bool(can("text_document.rename.prepare_support")),
            snippets=bool(can(f"{item}.snippet_support")),
            commit_characters=bool(can(f"{item}.commit_characters_support")),
            completion_tags=1 in (can(f"{item}.tag_support.value_set") or ()),
            completion_deprecated=bool(can(f"{item}.deprecated_support")),
            label_details=bool(can(f"{item}.label_details_support")),
            item_defaults=frozenset(
                can("text_document.completion.completion_list.item_defaults") or ()
            ),
            completion_kinds=_numbers(completion_kinds) or _OLDEST_KINDS,
            completion_markdown=_prefers_markdown(can(f"{item}.documentation_format")),
            hover_markdown=_prefers_markdown(can("text_document.hover.content_format")),
            commands=_commands(capabilities.experimental),
            links=bool(can("text_document.definition.link_support")),
            link_tooltips=bool(can("text_document.document_link.tooltip_support")),
            symbol_trees=bool(
                can("text_document.document_symbol.hierarchical_document_symbol_support")
            ),
            symbol_kinds=_numbers(symbol_kinds) or _OLDEST_KINDS,
            refreshes_hints=bool(can("workspace.inlay_hint.refresh_support")),
            refreshes_lenses=bool(can("workspace.code_lens.refresh_support")),
            applies_edits=bool(can("workspace.apply_edit")),
            shows_documents=bool(can("window.show_document.support")),
            shows_progress=bool(can("window.work_done_progress")),
            configuration=bool(can("workspace.configuration")),
            registers_configuration=bool(
                can("workspace.did_change_configuration.dynamic_registration")
            ),
            registers_watchers=bool(can("workspace.did_change_watched_files.dynamic_registration")),
        )


def _numbers(values: Sequence[Any] | None) -> frozenset[int]:
    """The numbers in a list; a client may have put anything else there, too."""
    return frozenset(int(each) for each in values or () if isinstance(each, int))


def _prefers_markdown(formats: Sequence[str] | None) -> bool:
    """Whether the first format that a client names is Markdown; without a word it is plain text."""
    return formats is not None and list(formats)[:1] == [types.MarkupKind.Markdown]


def _commands(experimental: Any) -> frozenset[str]:
    try:
        return frozenset(map(str, experimental["commands"]["commands"]))
    except (KeyError, TypeError, AttributeError):
        return frozenset()
