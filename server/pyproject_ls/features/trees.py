"""Trees drawn with lines, in a fenced block of Markdown."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

MAX_DEPTH = 40
"""Nothing that is worth reading is deeper."""

ABOVE, CIRCULAR, DEEPER = "(see above)", "(circular)", "…"
_TICKS = lazy_pattern(r"`+")


class Branch(NamedTuple):
    """One line of a tree: its text (one line, nothing is escaped), and what it stands for.

    What `key` stands for is drawn with all below it once, later only named. None is a leaf.
    """

    label: str
    key: Hashable = None


class Drawing:
    """Lines of trees, at most `limit`; `is_cut` says that more would have come."""

    def __init__(self, below: Callable[[Hashable], Sequence[Branch]], limit: int) -> None:
        self.lines: list[str] = []
        self.is_cut = False
        self._below = below
        self._limit = limit
        self._done: set[Hashable] = set()

    def add(self, roots: Iterable[Branch]) -> None:
        """Draw one tree for each of `roots`, below what is there."""
        for root in roots:
            self._add(root, "", "", ())

    def fenced(self) -> str:
        """The lines so far as a block of Markdown; afterwards there are none."""
        fence = "`" * max(
            3, 1 + max((len(t) for t in _TICKS.findall("".join(self.lines))), default=0)
        )
        text = "\n".join((f"{fence}text", *self.lines, fence))
        self._limit -= len(self.lines)
        self.lines = []
        return text

    def _add(self, branch: Branch, first: str, rest: str, way: tuple[Hashable, ...]) -> None:
        if len(self.lines) >= self._limit:
            self.is_cut = True
            return
        key = branch.key
        children = self._below(key) if key is not None else ()
        note = ""
        if key is not None and key in way:
            note = CIRCULAR
        elif children and key in self._done:
            note = ABOVE
        elif children and len(way) >= MAX_DEPTH:
            note = DEEPER
        self.lines.append(f"{first}{branch.label} {note}".rstrip())
        if note or not children:
            return
        self._done.add(key)
        for at, child in enumerate(children, 1):
            is_last = at == len(children)
            arms = ("└── ", "    ") if is_last else ("├── ", "│   ")
            self._add(child, rest + arms[0], rest + arms[1], (*way, key))
