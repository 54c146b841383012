"""What completion says, and the steps on the way there.

All spans count code points of the file and are half-open, but those of `Choices`, which count from
the start of what stands between the quotes.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Table

MAX_ITEMS = 100
"""How many items a list has at most: 5,000 cost an editor 60 ms, 100 less than one."""


class Kind(Enum):
    """What an item stands for; editors show an icon for it."""

    TABLE = "table"
    KEY = "key"
    VALUE = "value"
    SNIPPET = "snippet"
    PACKAGE = "package"
    GROUP = "group"
    EXTRA = "extra"
    SOURCE = "source"
    CLASSIFIER = "classifier"
    LICENSE = "license"
    BACKEND = "backend"
    VERSION = "version"
    VARIABLE = "variable"
    OPERATOR = "operator"
    FILE = "file"
    FOLDER = "folder"
    MODULE = "module"
    FUNCTION = "function"
    CLASS = "class"
    OBJECT = "object"


class Completion(NamedTuple):
    """One item of the list.

    `edit` replaces what is typed, on one line and around the cursor; its text is a snippet in the
    syntax of the Language Server Protocol if `snippet` (`without_placeholders` makes it plain).
    `filter_text` begins with what is typed under `edit`. `more_edits` are elsewhere in the file.
    `retrigger` says that the text is only a part, and that completion should be asked again.
    `data` is what `resolve` needs: strings only.
    """

    label: str
    kind: Kind
    edit: Edit
    snippet: bool = False
    detail: str = ""
    sort_text: str = ""
    filter_text: str = ""
    deprecated: bool = False
    commit_characters: tuple[str, ...] = ()
    more_edits: tuple[Edit, ...] = ()
    retrigger: bool = False
    data: tuple[str, ...] = ()


class Completions(NamedTuple):
    """A list of items; with `incomplete` there may be others once more is typed."""

    items: list[Completion]
    incomplete: bool = False


BEGINS, WORD_BEGINS, INSIDE = range(3)
"""How well a label matches what is typed: at its beginning, at that of a word, anywhere."""


class Choice(NamedTuple):
    """Something that may be written at the cursor, before it is known how.

    `text` is what is inserted: the content of a string, or TOML as it is with `raw`. `order` sorts
    (lower comes first), `label` is what the list shows ("": `text`). `fit` says how well it matches
    what is typed where that is known already (a typo of a name); -1 leaves it to the label.
    """

    text: str
    kind: Kind = Kind.VALUE
    label: str = ""
    detail: str = ""
    order: int = 0
    deprecated: bool = False
    raw: bool = False
    snippet: bool = False
    retrigger: bool = False
    commit: tuple[str, ...] = ()
    more_edits: tuple[Edit, ...] = ()
    data: tuple[str, ...] = ()
    fit: int = -1

    @property
    def shown(self) -> str:
        """The label."""
        return self.label or self.text


class Choices(NamedTuple):
    """Choices for the part of a string's content from `start` to `end`.

    With `is_filtered` they are those that match what is typed, in their order.
    """

    start: int
    end: int
    items: Iterable[Choice]
    is_filtered: bool = False
    incomplete: bool = False


class Request(NamedTuple):
    """A place where a value is asked for.

    `content` is what stands between the quotes, or the bare word, and `at` is the cursor in it.
    `quote` is the quote around it, or the one that will be. `array` is the array that the value is
    an item of, `table` the table that it or its array stands in, `start` where its token begins
    (-1: there is none yet).
    """

    snapshot: Snapshot
    path: TomlPath
    content: str
    at: int
    quote: str
    is_quoted: bool
    start: int
    table: Table | None
    array: Array | None

    @property
    def typed(self) -> str:
        """The content before the cursor."""
        return self.content[: self.at]

    def others(self) -> list[str]:
        """The other strings of the array."""
        items = self.array.items if self.array is not None else []
        return [item.value for item in items if item.kind == "string" and item.start != self.start]

    def whole(self, items: Iterable[Choice]) -> Choices:
        """Choices for all of the content."""
        return Choices(0, len(self.content), items)


_PLACEHOLDER = lazy_pattern(
    r"\\(.)|\$\{\d+\|((?:[^,|\\]|\\.)*)(?:[^|\\]|\\.)*\|\}|\$\{\d+:((?:[^}\\]|\\.)*)\}"
    r"|\$(?:\d+|\{\d+\})"
)
_BARE_KEY = lazy_pattern(r"[A-Za-z0-9_-]+\Z")
_SPECIAL = lazy_pattern(r"[\\$}]")


def without_placeholders(snippet: str) -> str:
    """The text that `snippet` stands for when nothing is filled in: defaults, first choices."""
    return _PLACEHOLDER.sub(lambda m: m[1] or m[2] or m[3] or "", snippet)


def in_string(text: str, quote: str) -> str | None:
    """`text` as it is written in a string between `quote`; None where that cannot be."""
    if not text.isprintable():
        return None
    if quote == "'":
        return None if "'" in text else text
    return text.replace("\\", "\\\\").replace('"', '\\"')


def written_key(name: str) -> str | None:
    """`name` as a key is written, in quotes where it needs them; None where that cannot be."""
    if _BARE_KEY.match(name):
        return name
    quoted = in_string(name, '"')
    return None if quoted is None else f'"{quoted}"'


def escaped(text: str) -> str:
    """`text` so that a snippet inserts it as it is."""
    return _SPECIAL.sub(r"\\\g<0>", text)
