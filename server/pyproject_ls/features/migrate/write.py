"""Writing TOML: keys, strings, fields with their comments, tables.

Arrays of more than one item, or with comments, are written one item a line. Line ends are line
feeds; the caller makes them those of the file.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.checks.edits import quoted
from pyproject_ls.features.migrate.layout import Statement
from pyproject_ls.features.migrate.model import Field, Item, ItemList, NewTable
from pyproject_ls.lazy import lazy_pattern

_BARE = lazy_pattern(r"[A-Za-z0-9_-]+")


def key_text(name: str) -> str:
    """`name` as a key."""
    return name if _BARE.fullmatch(name) else quoted(name)


def header_text(path: Iterable[str]) -> str:
    """The header of the table at `path`."""
    return f"[{'.'.join(map(key_text, path))}]"


def inline_table(pairs: Iterable[tuple[str, str]]) -> str:
    """An inline table of names and TOML texts."""
    return "{ " + ", ".join(f"{key_text(name)} = {text}" for name, text in pairs) + " }"


class Writer:
    """Writes fields; `comments_of` gives the comments above and behind a moved statement."""

    def __init__(self, comments: dict[int, tuple[list[str], str]]) -> None:
        self._comments = comments
        """By the identity of a statement; each is written once."""

    def table(self, table: NewTable, trailing: str = "") -> list[str]:
        """The lines of a new table."""
        lines = [*table.leading, header_text(table.path) + behind(trailing)]
        return lines + self.fields(table.fields)

    def fields(self, fields: Iterable[Field]) -> list[str]:
        """The lines of some fields."""
        return [line for field in fields for line in self._field(field)]

    def _field(self, field: Field) -> list[str]:
        above, after = self._taken(field.origins)
        lines = [*field.leading, *above]
        if not isinstance(field.value, ItemList):
            return [*lines, f"{field.key} = {field.value}{behind(after)}"]
        items = [self._item(item) for item in field.value.items]
        closing = field.value.closing
        if (
            len(items) < 2
            and not closing
            and all(len(item) == 1 and "#" not in item[0][1] for item in items)
        ):
            inner = items[0][0][0] if items else ""
            return [*lines, f"{field.key} = [{inner}]{behind(after)}"]
        lines.append(f"{field.key} = [")
        for item in items:
            lines += (field.value.indent + text + comment for text, comment in item)
        lines += (field.value.indent + comment for comment in closing)
        lines.append("]" + behind(after))
        return lines

    def _item(self, item: Item) -> list[tuple[str, str]]:
        """The lines of an item, the comment of the last one apart."""
        above, after = self._taken(item.origins)
        if item.trailing and after:
            above.append(after)
        comment = item.trailing or after
        return [
            *((text, "") for text in (*above, *item.leading)),
            (item.text, "," + behind(comment)) if comment else (item.text, ","),
        ]

    def _taken(self, origins: Iterable[Statement]) -> tuple[list[str], str]:
        above: list[str] = []
        after = ""
        for origin in origins:
            leading, trailing = self._comments.pop(id(origin), ([], ""))
            above += leading
            if trailing and after:
                above.append(trailing)
            else:
                after = trailing or after
        return above, after


def behind(comment: str) -> str:
    """`comment` as it stands behind a value."""
    return f"  {comment}" if comment else ""
