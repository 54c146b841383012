"""Reading keys: bare, quoted, dotted, half-typed."""

from __future__ import annotations

from pyproject_ls.toml.nodes import Key
from pyproject_ls.toml.patterns import BARE_KEY, LOOSE_KEY, MAX_DEPTH, REST_OF_KEY, SPACE, past
from pyproject_ls.toml.problems import ProblemLog
from pyproject_ls.toml.reader import Reader
from pyproject_ls.toml.scalars import find_end_of_line_string, shown, unescape


class KeyReader(Reader):
    """Reads the dotted keys of entries and headers."""

    __slots__ = ()

    def _path(self, in_header: bool = False) -> list[Key]:
        """Read a dotted key; a part that is not there becomes an empty Key of no width."""
        text = self.text
        path: list[Key] = []
        while True:
            before = self._at - 1 if path or in_header else self._at
            i = past(SPACE, text, self._at)
            self._at = i
            if len(path) == MAX_DEPTH:
                self._skip_key()
                message = f"this key has more than {MAX_DEPTH} parts; nothing reads that deep"
                self._report(path[0].start, self._at, message, "nesting")
                path.append(Key(self._at, self._at, ""))
                return path
            path.append(self._key(before))
            i = past(SPACE, text, self._at)
            if not text.startswith(".", i):
                return path
            self._at = i + 1

    def _skip_key(self) -> None:
        text = self.text
        while True:
            match = REST_OF_KEY.match(text, self._at)
            if match is None:
                return
            self._at = match.end()

    def _key(self, before: int) -> Key:
        """Read one part of a key at `_at`; `before` is where to report that it is missing."""
        text = self.text
        i = self._at
        char = text[i : i + 1]
        if char == '"' or char == "'":
            return self._quoted_key(char)
        match = LOOSE_KEY.match(text, i)
        if match is None:
            if not self._faulty:
                self._report(before, max(i, before + 1), "a key is missing here; write its name")
            return Key(i, i, "")
        self._at = match.end()
        name = match.group()
        if not BARE_KEY.fullmatch(name) and not self._faulty:
            message = f"the key `{shown(name)}` needs quotes around it"
            self._report(i, self._at, message)
        return Key(i, self._at, name)

    def _quoted_key(self, quote: str) -> Key:
        text = self.text
        i = self._at
        if text.startswith(quote * 3, i):
            self._report(i, i + 3, "a key cannot be a multi-line string; use one quote")
        end, closed = find_end_of_line_string(text, i + 1, quote)
        name = text[i + 1 : end]
        if quote == '"' and "\\" in name:
            name = unescape(name, i + 1, self.problems if closed else ProblemLog())
        self._at = end + 1 if closed else end
        if not closed and not self._faulty:
            self._report(i, end, f"this key has no closing `{quote}`")
        return Key(i, self._at, name)


def split_plain(name: str, start: int) -> list[Key] | None:
    """The parts of a dotted key of plain characters; None where that needs a closer look."""
    if "." not in name:
        return [Key(start, start + len(name), name)]
    parts = name.split(".")
    if "" in parts or len(parts) > MAX_DEPTH:
        return None
    path = []
    for part in parts:
        end = start + len(part)
        path.append(Key(start, end, part))
        start = end + 1
    return path
