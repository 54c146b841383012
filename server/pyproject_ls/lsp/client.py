"""What the client can do, read once from its `initialize` request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.capabilities import get_capability

from pyproject_ls.text import Encoding

_ENCODINGS: dict[str, Encoding] = {"utf-8": "utf-8", "utf-16": "utf-16", "utf-32": "utf-32"}


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
    """It understands code actions; the oldest clients know commands only."""
    preferred: bool = False
    """A code action may be the preferred one."""
    document_changes: bool = False
    """A workspace edit may name the version of the document that it changes."""

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

        tags = can("text_document.diagnostic.tag_support.value_set")
        if tags is None:
            tags = can("text_document.publish_diagnostics.tag_support.value_set")
        return cls(
            encoding=_ENCODINGS.get(encoding, "utf-16"),
            pulls=can("text_document.diagnostic") is not None
            and bool(can("workspace.diagnostics.refresh_support")),
            related=either("related_information"),
            code_links=either("code_description_support"),
            diagnostic_data=either("data_support"),
            tags=frozenset(int(tag) for tag in tags or ()),
            versions=bool(can("text_document.publish_diagnostics.version_support")),
            code_actions=can("text_document.code_action.code_action_literal_support") is not None,
            preferred=bool(can("text_document.code_action.is_preferred_support")),
            document_changes=bool(can("workspace.workspace_edit.document_changes")),
            configuration=bool(can("workspace.configuration")),
            registers_configuration=bool(
                can("workspace.did_change_configuration.dynamic_registration")
            ),
            registers_watchers=bool(can("workspace.did_change_watched_files.dynamic_registration")),
        )
