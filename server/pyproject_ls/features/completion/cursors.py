"""What the cursor can be in: a header, a key, a value."""

from __future__ import annotations

from typing import Union

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Header, Table


class HeaderCursor(NamedTuple):
    """Inside ``[...]``; `span` goes from behind the bracket to behind the closing one."""

    header: Header
    span: Span
    typed: str


class KeyCursor(NamedTuple):
    """At a key, or where one may stand.

    `table` is what the tree has at `path` (None: nothing), `span` the key part that is replaced.
    `prefix` counts the dotted parts before it. `has_value` if a dot or an equals sign follows.
    `comma_at` is where a comma is missing before, -1 for nowhere; `comma_after` what to write
    behind. `fits_table` if the line is empty but for the key and no entry follows, so that a header
    could stand here.
    """

    path: TomlPath
    table: Table | None
    span: Span
    typed: str
    prefix: int
    has_value: bool
    is_inline: bool
    comma_at: int
    comma_after: str
    fits_table: bool


class ValueCursor(NamedTuple):
    """At a value, or where one may stand.

    `span` is the token with its quotes. `quote` is "" for a bare word or nothing, `content` what
    stands between the quotes and `at` the cursor in it. The commas are as in `KeyCursor`.
    """

    path: TomlPath
    span: Span
    content: Span
    quote: str
    is_closed: bool
    table: Table | None
    array: Array | None
    comma_at: int
    comma_after: str


Cursor = Union[HeaderCursor, KeyCursor, ValueCursor]
