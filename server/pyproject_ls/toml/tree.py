"""The document: statements, tree and problems of one text; and parsing on after an edit."""

from __future__ import annotations

import gc

from pyproject_ls.toml.nodes import Header, Key, Problem, Table, Value
from pyproject_ls.toml.parser import ROOT_SECTION, Parser, Reusable
from pyproject_ls.toml.problems import ProblemLog
from pyproject_ls.toml.tables import TreeBuilder


class Document:
    """A parsed text. Nothing in it changes after `parse`; parts may be shared between documents."""

    __slots__ = ("_clean", "base", "headers", "problems", "root", "tables", "text")

    def __init__(
        self,
        text: str,
        root: Table,
        headers: list[Header],
        tables: list[Table],
        problems: list[Problem],
        clean: list[bool],
    ) -> None:
        self.text = text
        self.root = root
        """The tree: what the text means."""
        self.headers = headers
        """The sections in the order of the text; the first is the root's."""
        self.tables = tables
        """The table that each of `headers` opens. A header that is at fault (a table defined
        twice, a key part missing) opens one that is not in the tree."""
        self.problems = problems
        """All that is wrong with the text as TOML 1.0, in the order of the text."""
        self.base: tuple[str, ...] = ()
        """Where in the tree the text begins: see `below`."""
        self._clean = clean

    def below(self, *path: str) -> Document:
        """The same document with its tree under `path`, as if that were before all its keys.

        So what is said of a table holds for a file that has only its content.
        """
        top: Table = self.root
        for name in reversed(path):
            above = Table(0, 0, "implicit")
            above.values[name] = top
            above.keys[name] = Key(0, 0, name)
            top = above
        top.origin = "root"
        moved = Document(self.text, top, self.headers, self.tables, self.problems, self._clean)
        moved.base = path
        return moved

    @property
    def has_bom(self) -> bool:
        """True if the text begins with a byte order mark, which TOML allows and Poetry does not."""
        return self.text.startswith("\ufeff")

    def get(self, *path: str) -> Value | None:
        """The value under a path of keys from the root, or None."""
        return self.root.get(*path)


def parse(text: str, previous: Document | None = None) -> Document:
    """The document of any `text`; never raises.

    With `previous`, the document of an earlier text, the sections before the first difference and
    behind the last one are taken over from it where they had no problems. The result is the same
    as without.
    """
    collecting = gc.isenabled()
    # Syntax trees have no cycles; looking for some while tens of thousands of nodes are made costs
    # a third of the time of a large file, and grows faster than the file.
    gc.disable()
    try:
        return _parse(text, previous)
    finally:
        if collecting:
            gc.enable()


def _parse(text: str, previous: Document | None) -> Document:
    parser = Parser(text)
    parser.run(_reusable(text, previous) if previous is not None else {})
    parser.find_control_characters()
    headers, problems = parser.headers, parser.problems
    builder = TreeBuilder(problems)
    for header in headers:
        builder.add(header)
    clean = _clean_sections(headers, problems)
    return Document(text, builder.root, headers, builder.tables, problems.sort(), clean)


def _clean_sections(headers: list[Header], problems: ProblemLog) -> list[bool]:
    """For each section, whether it is known that no problem lies in it."""
    if problems.dropped:
        return [False] * len(headers)
    clean = [True] * len(headers)
    section = 0
    for problem in problems.sort():
        while section + 1 < len(headers) and headers[section + 1].start <= problem.span.start:
            section += 1
        clean[section] = False
    return clean


def _reusable(text: str, previous: Document) -> dict[int, Reusable]:
    """The sections of `previous` that stand unchanged in `text`: see `Parser.run`."""
    old = previous.text
    same = common_prefix(text, old)
    by = len(text) - len(old)
    tail = len(old) - common_suffix(text, old, same)
    headers = previous.headers
    ends = [header.start for header in headers[1:]]
    ends.append(len(old))
    result: dict[int, Reusable] = {}
    start = ROOT_SECTION
    for header, end, clean in zip(headers, ends, previous._clean, strict=True):
        # before the difference the bracket of the header that ends the section must be there too
        if clean and end < same:
            result[start] = Reusable(header, end, 0)
        elif clean and start >= tail:
            result[start + by] = Reusable(header, end + by, by)
        start = end
    return result


def common_prefix(one: str, other: str) -> int:
    """The number of code points that both strings begin with."""
    low, high = 0, min(len(one), len(other))
    if one[:high] == other[:high]:
        return high
    while low + 1 < high:
        middle = (low + high) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle
    return low if one[low] != other[low] else high


def common_suffix(one: str, other: str, prefix: int) -> int:
    """The number of code points that both end with, behind the `prefix` that both begin with."""
    low, high = 0, min(len(one), len(other)) - prefix
    ends = len(one), len(other)
    while low < high:
        middle = (low + high + 1) // 2
        if one[ends[0] - middle : ends[0] - low] == other[ends[1] - middle : ends[1] - low]:
            low = middle
        else:
            high = middle - 1
    return low
