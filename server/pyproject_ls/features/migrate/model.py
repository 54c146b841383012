"""What a migration is made of: the parts of the new text, and what the user is told."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Union

from pyproject_ls.features.migrate.layout import Statement
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Edit, Span


class MigrationRefused(Exception):
    """The file cannot be migrated; the message is the reason, a sentence for the user."""


class Note(NamedTuple):
    """What the user should know of a migration; `span` is the place in the old text, if any."""

    message: str
    span: Span | None = None


class Migration(NamedTuple):
    """Edits of the old text, and notes on what they do not say by themselves."""

    edits: tuple[Edit, ...]
    notes: tuple[Note, ...] = ()


@dataclass
class Item:
    """One item of an array to be written: TOML text, with the comments that belong to it.

    The comments of `origins`, statements that are moved, come before its own ones.
    """

    text: str
    leading: list[str] = field(default_factory=list)
    trailing: str = ""
    origins: tuple[Statement, ...] = ()


@dataclass
class ItemList:
    """An array to be written, item by item; `closing` are the comments before its end."""

    items: list[Item] = field(default_factory=list)
    closing: list[str] = field(default_factory=list)
    indent: str = "    "


@dataclass
class Field:
    """A key to be written: `key` as TOML text, `value` as TOML text or an array."""

    key: str
    value: Union[str, ItemList]
    origins: tuple[Statement, ...] = ()
    leading: list[str] = field(default_factory=list)


@dataclass
class NewTable:
    """A table to be written or to be completed; `path` is its header."""

    path: tuple[str, ...]
    fields: list[Field] = field(default_factory=list)
    leading: list[str] = field(default_factory=list)
