"""Edits in words, for a person whose editor lets nobody else edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from pyproject_ls.text import Edit, apply_edits

MAX_PARTS = 10
"""More than anybody copies."""

MAX_LINES = 20


def by_hand(text: str, edits: Sequence[Edit], then: str = "") -> str:
    """What to write where so that `text` becomes what `edits` make of it, and what to do `then`."""
    old, new = text.splitlines(), apply_edits(text, tuple(edits)).splitlines()
    parts = list(_parts(old, new))
    shown = "; ".join(parts[:MAX_PARTS])
    if len(parts) > MAX_PARTS:
        shown += f"; and so on at {len(parts) - MAX_PARTS} more places"
    shown = shown if shown.endswith("\n") else f"{shown}. "
    head = "This editor does not let a language server change a file. Change it by hand"
    return f"{head}: {shown}{then}".rstrip()


def _parts(old: list[str], new: list[str]) -> Iterator[str]:
    """One sentence for each stretch of lines that differs."""
    start = _common(old, new)
    end = _common(old[start:][::-1], new[start:][::-1])
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    for kind, first, last, from_, to in SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        lines, line = new[from_:to], start + first + 1
        if kind == "insert":
            where = f"below line {line - 1}" if line > 1 else "at the top"
            yield f"{where} comes {_shown(lines)}"
        elif kind != "equal":
            where, is_one = _lines(line, start + last)
            if kind == "delete":
                yield f"{where} {'goes' if is_one else 'go'}"
            else:
                yield f"{where} {'becomes' if is_one else 'become'} {_shown(lines)}"


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many lines are the same at the beginning."""
    return next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b),
        min(len(one), len(other)),
    )


def _lines(first: int, last: int) -> tuple[str, bool]:
    return (f"line {first}", True) if first == last else (f"lines {first} to {last}", False)


def _shown(lines: Sequence[str]) -> str:
    """Lines as they are written: one in quotes, several below each other."""
    if len(lines) == 1:
        return f"`{lines[0].strip()}`"
    lines = lines[next((at for at, line in enumerate(lines) if line.strip()), 0) :]
    more = [f"({len(lines) - MAX_LINES} more lines)"] if len(lines) > MAX_LINES else []
    return "\n".join(["", *lines[:MAX_LINES], *more, ""])
