"""``python -m tests.everywhere``: every feature at every offset, over real files and damaged ones.

Each has to answer, or to answer nothing: without an exception, in time, with places and edits that
lie within the text, and with fixes and rewrites that leave valid TOML valid and its comments in it.
The files are the shared corpus, where it is there, and the projects of our own fixtures.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path

from pyproject_ls.disk import answer
from pyproject_ls.features.completion import complete
from pyproject_ls.features.definition import definitions
from pyproject_ls.features.folding import folds
from pyproject_ls.features.hover import hover
from pyproject_ls.features.inlay_hints import inlay_hints
from pyproject_ls.features.links import links
from pyproject_ls.features.migrate import MigrationRefused, migrate
from pyproject_ls.features.references import highlights, references
from pyproject_ls.features.rename import RenameError, prepare_rename, rename
from pyproject_ls.features.rewrites import rewrites
from pyproject_ls.features.selection import selection
from pyproject_ls.features.semantic_tokens import semantic_tokens
from pyproject_ls.features.symbols import symbols
from pyproject_ls.host import Snapshot
from pyproject_ls.text import Edit, Span, apply_edits
from pyproject_ls.toml import Array, Table, parse
from tests.shared import REPO, SHARED

TOO_SLOW = 1.0
"""Seconds that no single answer may take, on however busy a machine."""

_DAMAGE = (
    '"',
    "'",
    "[",
    "]",
    "{",
    "}",
    "=",
    "\n",
    ",",
    ".",
    "#",
    "é",
    "\U0001f600",
    " ",
    '"""',
    "",
)
_COMMENT = re.compile(r"#[^\n]*")


class Fault(Exception):
    """An answer that must not be given."""


def main() -> int:
    """Run, print each fault, and give the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--damaged", type=int, default=20_000, help="how many damaged texts")
    parser.add_argument(
        "--every", type=int, default=1, help="look at each n-th offset of real files"
    )
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    texts = real_texts()
    faults = offsets = 0
    gc.disable()
    start = time.perf_counter()
    for number, text in enumerate(texts):
        found = faults_of(text, range(number % options.every, len(text) + 1, options.every))
        offsets += (len(text) + 1) // options.every
        faults += report(found)
        gc.collect()
    source = random.Random(options.seed)
    for number in range(options.damaged):
        text = damaged(source.choice(texts), source)
        faults += report(faults_of(text, [source.randrange(len(text) + 1) for _ in range(3)]))
        if number % 200 == 0:
            gc.collect()
    print(
        f"{len(texts)} files at {offsets} offsets, {options.damaged} damaged texts:"
        f" {faults} faults, {time.perf_counter() - start:.0f} s"
    )
    return 1 if faults else 0


def real_texts() -> list[str]:
    """The corpus and our own projects."""
    paths = [*SHARED.glob("corpus/*.toml"), *REPO.glob("fixtures/projects/*/pyproject.toml")]
    return [path.read_bytes().decode("utf-8") for path in sorted(paths)]


def damaged(text: str, source: random.Random) -> str:
    """`text` cut off, or with one to three things inserted, removed or doubled."""
    if source.random() < 0.3:
        return text[: source.randrange(len(text) + 1)]
    for _ in range(source.randint(1, 3)):
        at = source.randrange(len(text) + 1)
        end = min(len(text), at + source.choice((0, 0, 1, 3, 30)))
        text = text[:at] + source.choice(_DAMAGE) + text[end:]
    return text


def report(found: Iterable[str]) -> int:
    """Print what was found; how much."""
    count = 0
    for fault in found:
        print(fault, file=sys.stderr)
        count += 1
    return count


def faults_of(text: str, offsets: Iterable[int]) -> list[str]:
    """What goes wrong with one text: with the text as a whole, and at each of `offsets`."""
    snapshot = known(Snapshot(text))
    found: list[str] = []
    for check in WHOLE:
        _try(found, check, snapshot, -1)
    for offset in offsets:
        for check in AT_OFFSET:
            _try(found, check, snapshot, offset)
        if len(found) > 20:
            break
    return found


def known(snapshot: Snapshot) -> Snapshot:
    """The snapshot with what its findings want to know answered, from an empty folder."""
    for _ in range(4):
        snapshot.findings  # noqa: B018
        wanted = set(snapshot.facts.wanted)
        if not wanted:
            break
        facts = snapshot.facts.with_answers(answer(Path("/nowhere"), wanted))
        snapshot = Snapshot(snapshot.text, facts, snapshot.settings, snapshot)
    return snapshot


Check = Callable[[Snapshot, int], None]


def _try(found: list[str], check: Check, snapshot: Snapshot, offset: int) -> None:
    start = time.perf_counter()
    try:
        check(snapshot, offset)
    except Exception:
        near = snapshot.text[max(0, offset - 40) : offset + 40]
        found.append(
            f"{check.__name__} at {offset} near {near!r}:\n{traceback.format_exc(limit=-3)}"
        )
    seconds = time.perf_counter() - start
    if seconds > TOO_SLOW:
        found.append(f"{check.__name__} at {offset} took {seconds:.1f} s")


def _inside(snapshot: Snapshot, *spans: Span) -> None:
    for start, end in spans:
        if not 0 <= start <= end <= len(snapshot.text):
            raise Fault(f"{start}-{end} lies outside the text")


def _keeps(snapshot: Snapshot, edits: Iterable[Edit], what: str) -> None:
    """The edits apply, leave valid TOML valid, and lose no comment."""
    edits = tuple(edits)
    _inside(snapshot, *(edit.span for edit in edits))
    after = apply_edits(snapshot.text, edits)
    if snapshot.document.problems:
        return
    if parse(after).problems:
        raise Fault(f"{what} breaks the file")


def _completion(snapshot: Snapshot, offset: int) -> None:
    completions = complete(snapshot, offset)
    if len(completions.items) > 100:
        raise Fault("more than 100 items")
    for item in completions.items:
        start, end = item.edit.span
        _inside(snapshot, item.edit.span, *(edit.span for edit in item.more_edits))
        if not start <= offset <= end:
            raise Fault(f"the edit of {item.label!r} does not contain the cursor")


def _hover(snapshot: Snapshot, offset: int) -> None:
    answered = hover(snapshot, offset)
    if answered is not None:
        _inside(snapshot, answered.span)


def _navigation(snapshot: Snapshot, offset: int) -> None:
    definitions(snapshot, offset)
    _inside(snapshot, *references(snapshot, offset), *selection(snapshot, offset))
    _inside(snapshot, *(each.span for each in highlights(snapshot, offset)))


def _rename(snapshot: Snapshot, offset: int) -> None:
    try:
        if prepare_rename(snapshot, offset) is None:
            return
        edits = rename(snapshot, offset, "another-name")
    except RenameError:
        return
    _keeps(snapshot, edits, "rename")


def _rewrites(snapshot: Snapshot, offset: int) -> None:
    for action in rewrites(snapshot, Span(offset, offset)):
        _keeps(snapshot, action.edits, action.title)


def _outline(snapshot: Snapshot, offset: int) -> None:
    symbols(snapshot)
    folds(snapshot)
    _inside(snapshot, *(each.span for each in links(snapshot)))
    _inside(snapshot, *(each.span for each in semantic_tokens(snapshot)))
    _inside(snapshot, *(Span(each.offset, each.offset) for each in inlay_hints(snapshot)))


def _fixes(snapshot: Snapshot, offset: int) -> None:
    for finding in snapshot.findings:
        _inside(snapshot, finding.span, *(each.span for each in finding.related))
        if finding.fix is not None:
            _keeps(snapshot, finding.fix.edits, f"the fix of {finding.code}")


def _migration(snapshot: Snapshot, offset: int) -> None:
    try:
        edits = migrate(snapshot).edits
    except MigrationRefused:
        return
    _keeps(snapshot, edits, "migration")
    after = apply_edits(snapshot.text, edits)
    lost = _comments(snapshot.text) - _comments(after)
    if lost:
        raise Fault(f"migration loses {sorted(lost)[:3]}")


def _comments(text: str) -> set[str]:
    """The comments of `text`: what begins with ``#`` outside of its keys and values."""
    document = parse(text)
    strings = [False] * (len(text) + 1)
    for header in document.headers:
        for entry in header.entries:
            stack = [entry.value]
            while stack:
                node = stack.pop()
                if isinstance(node, Array):
                    stack += node.items
                elif isinstance(node, Table):
                    stack += [each.value for each in node.entries]
                elif node is not None:
                    strings[node.start : node.end] = [True] * (node.end - node.start)
    found = (m.group().strip() for m in _COMMENT.finditer(text) if not strings[m.start()])
    return {comment for comment in found if comment != "#"}


WHOLE: tuple[Check, ...] = (_outline, _fixes, _migration)
AT_OFFSET: tuple[Check, ...] = (_completion, _hover, _navigation, _rename, _rewrites)

if __name__ == "__main__":
    sys.exit(main())
