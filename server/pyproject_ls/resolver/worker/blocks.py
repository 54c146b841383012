"""Lock files put together from blocks that Poetry has written before.

Most of the time of a lock after a small change would go into writing ``[[package]]`` blocks that
are as they were. All text is still Poetry's: a block that is new is written by it, one that is not
was. What is in a block is told by Poetry's own code too, run with plain values in place of
tomlkit's, which takes a tenth of the time.
"""

from __future__ import annotations

import itertools
import json
import re
import types
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from .recent import may_be_kept

KEPT = 4000
"""Blocks that are kept; one has a few kilobytes."""

AT_ONCE = 20
"""Blocks that `Blocks.prepare` writes at a time: some hundredths of a second."""

_BLOCK = re.compile(r"^\[\[package\]\]$", re.MULTILINE)
_REST = re.compile(r"^\[(?:extras|metadata)\]$", re.MULTILINE)

Write = Callable[[Any], Any]
"""Poetry's own: packages (a mapping, to what is known of them) to tomlkit's document."""

_Written = Callable[[Sequence[int]], str]
"""The text of a lock file that holds only the packages at these indices."""


class Blocks:
    """The blocks that one Poetry has written, by what is in them; `locker` is its `Locker`.

    They are used once this Poetry has been seen to write blocks that stand for themselves: in the
    same way whatever is beside them. Where it does not, everything is left to it.
    """

    def __init__(self, locker: Any) -> None:
        self._known: OrderedDict[str, str] = OrderedDict()
        self._is_proven = False
        self._unwritten: tuple[Sequence[str], _Written] | None = None
        try:
            self._contents: Contents | None = Contents(locker)
        except (AttributeError, KeyError, TypeError):
            self._contents = None  # a version that goes about it in another way

    def document(self, locker: Any, root: Any, packages: Any, write: Write) -> Any:
        """What `write` makes of `packages`, as far as a locker looks at it."""
        if self._contents is None or not packages:
            return write(packages)
        try:
            document, order = self._contents.of(locker, root, packages)
            keys = [json.dumps(each) for each in document["package"]]
        except (AttributeError, KeyError, TypeError):
            keys, order = [], []
        if not keys or len(keys) != len(order):
            self._contents = None
            return write(packages)

        def written(some: Sequence[int]) -> str:
            text: str = write({order[at]: packages[order[at]] for at in some}).as_string()
            return text

        # what is written of folders and files depends on where the process stands
        self._unwritten = (keys, written) if may_be_kept(order) else None
        document.as_string = lambda: self._text(keys, written)
        return document

    def prepare(self) -> bool:
        """Write a few blocks of the last document that was not needed; whether more are left.

        A lock file that is as it should be is not written; the one after the next change is.
        """
        if self._unwritten is None:
            return False
        keys, written = self._unwritten
        new = self._new(keys)
        try:
            self._learn(keys, new[:AT_ONCE], written)
        except Exception:  # whoever needs it will hear of it
            new = []
        if len(new) <= AT_ONCE or self._contents is None:
            self._unwritten = None
        return self._unwritten is not None

    def _text(self, keys: Sequence[str], written: _Written) -> str:
        """The blocks `keys`, in this order; `written` writes those at some indices only."""
        self._unwritten = None
        pieces = self._learn(keys, self._new(keys) or [0], written)
        if pieces is None:
            return written(range(len(keys)))
        for key in keys:
            self._known.move_to_end(key)
        whole = pieces.around([self._known[key] for key in keys])
        while len(self._known) > KEPT:
            self._known.popitem(last=False)
        return whole

    def _new(self, keys: Sequence[str]) -> Sequence[int]:
        """The indices of the blocks that have to be written."""
        if not self._is_proven:
            return range(len(keys))
        return [at for at, key in enumerate(keys) if key not in self._known]

    def _learn(self, keys: Sequence[str], new: Sequence[int], written: _Written) -> _Pieces | None:
        """The pieces of a lock file with the packages at `new`; None if they cannot be used."""
        if not new or self._contents is None:
            return None
        pieces = _Pieces(written(new))
        if len(pieces.blocks) != len(new) or not self._prove(pieces, new, written):
            self._contents = None
            return None
        for at, block in zip(new, pieces.blocks, strict=True):
            self._known[keys[at]] = block
        return pieces

    def _prove(self, pieces: _Pieces, new: Sequence[int], written: _Written) -> bool:
        """Whether the first, a middle and the last block are the same when written alone."""
        if not self._is_proven and len(new) > 1:
            for at in sorted({0, len(new) // 2, len(new) - 1}):
                if written([new[at]]) != pieces.around([pieces.blocks[at]]):
                    return False
            self._is_proven = True
        return True


class _Pieces:
    """A lock file's text: what is above the blocks, the blocks, what is below."""

    def __init__(self, text: str) -> None:
        rest = next((match.start() for match in _REST.finditer(text)), len(text))
        bounds = [*(match.start() for match in _BLOCK.finditer(text)), rest]
        self.blocks = [text[at:end] for at, end in itertools.pairwise(bounds)]
        self._head, self._rest = text[: bounds[0]], text[rest:]

    def around(self, blocks: Sequence[str]) -> str:
        """The text with other blocks."""
        return "".join((self._head, *blocks, self._rest))


class Contents:
    """What Poetry's `Locker` (the class `locker`) would write, as plain values."""

    def __init__(self, locker: Any) -> None:
        names = ("_compute_lock_data", "_lock_packages", "_dump_package")
        methods = {name: _with_plain_values(vars(locker)[name]) for name in names}
        dump = methods["_dump_package"]

        def note(same: Any, package: Any, *arguments: Any) -> Any:
            same.order.append(package)
            return dump(same, package, *arguments)

        self._kind: Any = type("PlainLocker", (locker,), {**methods, "_dump_package": note})

    def of(self, locker: Any, root: Any, packages: Any) -> tuple[Document, list[Any]]:
        """What `locker` would write, and the packages in the order in which they stand there."""
        same = object.__new__(self._kind)
        same.__dict__.update(vars(locker), order=[])
        return same._compute_lock_data(root, packages), same.order


class Document(dict[str, Any]):
    """The content of a lock file; `as_string` is set by who makes it."""

    as_string: Callable[[], str]

    def add(self, comment: None) -> None:
        """Leave out the comment."""


class _Array(list[Any]):
    def multiline(self, multiline: bool) -> _Array:
        return self


_PLAIN: dict[str, Callable[..., Any]] = {
    "array": _Array,
    "comment": lambda text: None,
    "document": Document,
    "inline_table": dict,
    "table": dict,
}
"""What stands in for tomlkit, by the names with which Poetry's locker makes TOML."""


def _with_plain_values(function: Any) -> Any:
    """`function` of Poetry's locker, making plain values. AttributeError if it is no function."""
    same = types.FunctionType(
        function.__code__,
        {**function.__globals__, **_PLAIN},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    same.__kwdefaults__ = function.__kwdefaults__
    return same
