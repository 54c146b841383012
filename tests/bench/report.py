"""The rows of the report: medians, ratios to the peers, targets; as a table and as JSON."""

from __future__ import annotations

import platform
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from .session import COMPLETION, EDIT, HOVER, MEASURES, MEMORY, OPEN, START, Samples

OURS = "pyproject-ls"
GATE_TOLERANCE = 1.3
"""``--gate`` fails where a ratio is over its target by more than this factor."""

EDIT_TARGETS = {"30": 0.7, "300": 0.7, "5000": 0.35}
"""Ours to tombi, by lines of the file."""
CHECK_ONE, CHECK_MANY = "check, 300 lines", "check, 200 files"
COMMAND_TARGETS = {
    CHECK_ONE: {"poetry": 0.2, "validate-pyproject": 1.0},
    CHECK_MANY: {"tombi": 1.5},
}
LABELS = {
    EDIT: "edit to diagnostics",
    COMPLETION: "completion",
    HOVER: "hover",
    OPEN: "open to diagnostics",
    START: "start to initialize",
    MEMORY: "peak memory",
}


@dataclass(frozen=True)
class Row:
    """One measure: the median of every program that has it, and the targets of our ratios."""

    group: str
    what: str
    unit: str
    medians: Mapping[str, float]
    counts: Mapping[str, int]
    targets: Mapping[str, float]

    def ratio(self, peer: str) -> float | None:
        """Ours to `peer`; None where either is missing."""
        ours, theirs = self.medians.get(OURS), self.medians.get(peer)
        return ours / theirs if ours is not None and theirs else None

    def verdicts(self) -> Iterator[tuple[str, float, float | None]]:
        """Every target: peer, target, measured ratio."""
        for peer, target in self.targets.items():
            yield peer, target, self.ratio(peer)

    def as_json(self) -> dict[str, Any]:
        """The row with its ratios."""
        peers = [name for name in self.medians if name != OURS]
        return {**asdict(self), "ratios": {peer: self.ratio(peer) for peer in peers}}


def server_rows(samples: Mapping[str, Mapping[str, Samples]]) -> list[Row]:
    """Rows of the language servers, from samples by file and server."""
    rows = []
    for size, servers in samples.items():
        for measure in MEASURES:
            unit = "MB" if measure == MEMORY else "ms"
            values = {name: taken.values[measure] for name, taken in servers.items()}
            targets = {"tombi": EDIT_TARGETS[size]} if measure == EDIT else {}
            rows.append(_row(f"{size} lines", LABELS[measure], unit, values, targets))
    return rows


def command_row(what: str, times: Mapping[str, Sequence[float]]) -> Row:
    """The row of one command-line job."""
    return _row("commands", what, "ms", times, COMMAND_TARGETS[what])


def _row(
    group: str,
    what: str,
    unit: str,
    values: Mapping[str, Sequence[float]],
    targets: Mapping[str, float],
) -> Row:
    medians = {name: statistics.median(taken) for name, taken in values.items() if taken}
    counts = {name: len(taken) for name, taken in values.items() if taken}
    return Row(group, what, unit, medians, counts, targets)


def without_targets(rows: Sequence[Row], peer: str) -> list[Row]:
    """The same rows, not judged by `peer`."""
    return [
        replace(row, targets={name: t for name, t in row.targets.items() if name != peer})
        for row in rows
    ]


def gate(rows: Sequence[Row]) -> list[str]:
    """The targets that are missed by more than the tolerance, or that were not measured."""
    missed = []
    for row in rows:
        for peer, target, ratio in row.verdicts():
            title = f"{row.group}, {row.what}"
            if ratio is None:
                missed.append(f"{title}: nothing to compare with {peer}")
            elif ratio > target * GATE_TOLERANCE:
                missed.append(f"{title}: {ratio:.2f}x {peer}, the target is {target:g}x")
    return missed


def table(rows: Sequence[Row]) -> str:
    """A table for people; a missing ability is shown as ``-``."""
    lines: list[str] = []
    for programs in _programs(rows):
        part = [row for row in rows if _program_set(row) == programs]
        peers = [name for name in programs if name != OURS]
        header = ["", "", *programs, *(f"/{peer}" for peer in peers), "target"]
        body = [_cells(row, programs, peers) for row in part]
        lines += [*_aligned([header, *body]), ""]
    return "\n".join(lines)


def as_json(rows: Sequence[Row], **facts: object) -> dict[str, Any]:
    """Everything, for ``--json``; `facts` are added as they are."""
    machine = {
        "python": platform.python_version(),
        "system": platform.system(),
        "machine": platform.machine(),
    }
    return {**facts, "machine": machine, "rows": [row.as_json() for row in rows]}


def _program_set(row: Row) -> tuple[str, ...]:
    """The columns of a row: all servers for a file, else the programs of that job."""
    if row.group == "commands":
        return (OURS, *dict.fromkeys(name for name in row.counts if name != OURS))
    return (OURS, "tombi", "taplo")


def _programs(rows: Sequence[Row]) -> list[tuple[str, ...]]:
    return list(dict.fromkeys(_program_set(row) for row in rows))


def _cells(row: Row, programs: Sequence[str], peers: Sequence[str]) -> list[str]:
    values = [_number(row.medians.get(name), row.unit) for name in programs]
    ratios = [_ratio(row.ratio(peer)) for peer in peers]
    targets = []
    for peer, target, ratio in row.verdicts():
        verdict = "not measured" if ratio is None else "met" if ratio <= target else "missed"
        targets.append(f"{target:g}x {peer}: {verdict}")
    return [row.group, f"{row.what} ({row.unit})", *values, *ratios, "; ".join(targets)]


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:.0f}" if unit == "MB" or value >= 100 else f"{value:.2f}"


def _ratio(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}x"


def _aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """Columns of equal width: words to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    last = len(widths) - 1
    return [
        "  ".join(
            cell.ljust(width) if index < 2 or index == last else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
