"""Applying fixes: which of them can be made together, and what the text is then."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable

from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.text import Edit, Span, apply_edits

MAX_ROUNDS = 10
"""How often a fixed text is analysed again for more to fix."""

_LONE_FEED = lazy_pattern(r"(?<!\r)\n")


def adapted(fix: Fix, text: str) -> Fix:
    r"""`fix` with the line ends of `text`: rules write ``\n``, a file may have ``\r\n``."""
    first = text.find("\n")
    if first < 1 or text[first - 1] != "\r" or not any("\n" in edit.text for edit in fix.edits):
        return fix
    edits = (Edit(edit.span, _LONE_FEED.sub("\r\n", edit.text)) for edit in fix.edits)
    return fix._replace(edits=tuple(edits))


def compatible(findings: Iterable[Finding], unsafe: bool = False) -> list[Fix]:
    """The fixes of `findings` that can be made at once, the earlier finding first.

    A fix that touches what an earlier one changes is left for another round; those that are not
    safe are left out unless `unsafe`, those to be made by hand in any case. Of several to choose
    from the first one is taken.
    """
    chosen: list[Fix] = []
    choices: set[str] = set()
    taken: list[Span] = []  # sorted; all of them are apart from each other
    for finding in findings:
        fix = finding.fix
        if fix is None or fix.by_hand or not (fix.safe or unsafe) or fix.choice in choices:
            continue
        if any(_clashes(edit.span, taken) for edit in fix.edits):
            continue
        chosen.append(fix)
        if fix.choice:
            choices.add(fix.choice)
        for edit in fix.edits:
            insort(taken, edit.span)
    return chosen


def fix_all(
    snapshot: Snapshot, again: Callable[[str, Snapshot], Snapshot], *, unsafe: bool = False
) -> tuple[Snapshot, int]:
    """`snapshot` after the safe fixes of its findings (all, if `unsafe`), and how many were made.

    `again` analyses a new text, given the snapshot before it. Ends where nothing is left to fix,
    after `MAX_ROUNDS`, or where a fix would break the file's syntax: then that round is not made.
    """
    made = 0
    seen = {snapshot.text}
    for _ in range(MAX_ROUNDS):
        fixes = [adapted(fix, snapshot.text) for fix in compatible(snapshot.findings, unsafe)]
        if not fixes:
            break
        text = apply_edits(snapshot.text, (edit for fix in fixes for edit in fix.edits))
        if text in seen:
            break
        seen.add(text)
        fixed = again(text, snapshot)
        if len(fixed.document.problems) > len(snapshot.document.problems):
            break
        snapshot = fixed
        made += len(fixes)
    return snapshot, made


def _clashes(span: Span, taken: list[Span]) -> bool:
    """Whether `span` overlaps one of `taken`; an insertion may not even touch one."""
    at = bisect_left(taken, span)
    for other in taken[max(at - 2, 0) : at + 2]:
        if span.start == span.end or other.start == other.end:
            if span.start <= other.end and other.start <= span.end:
                return True
        elif span.start < other.end and other.start < span.end:
            return True
    return False
