"""Adding up how well we agree with Poetry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.parity.cases import Case
from tests.parity.compare import Verdict, compare

TARGET = 0.995
"""What recall and precision have to reach."""


@dataclass
class Agreement:
    """The sums over many files, and the files on which we differ."""

    files: int = 0
    agreed: int = 0
    missed: int = 0
    said: int = 0
    extra: int = 0
    wrong_exits: int = 0
    differing: list[Verdict] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """The share of Poetry's messages that we give too."""
        return self.agreed / max(1, self.agreed + self.missed)

    @property
    def precision(self) -> float:
        """The share of our findings that Poetry gives, or hides because it stopped."""
        return self.said / max(1, self.said + self.extra)

    @property
    def holds(self) -> bool:
        """Whether the targets are reached, the exit statuses without exception."""
        return min(self.recall, self.precision) >= TARGET and self.wrong_exits == 0

    def __str__(self) -> str:
        """The figures in one line."""
        return (
            f"{self.files} runs: recall {self.recall:.4f} ({self.missed} of"
            f" {self.agreed + self.missed} missed), precision {self.precision:.4f}"
            f" ({self.extra} of {self.said + self.extra} extra), {self.wrong_exits} exit"
            " statuses differ"
        )


def agreement(cases: Iterable[Case]) -> Agreement:
    """How well our findings agree with Poetry's over `cases`."""
    total = Agreement()
    for case in cases:
        verdict = compare(case.name, case.path, case.result, case.lock)
        total.files += 1
        total.agreed += verdict.agreed
        total.missed += len(verdict.missed)
        total.said += verdict.said
        total.extra += len(verdict.extra)
        total.wrong_exits += bool(verdict.exits)
        if verdict.missed or verdict.extra or verdict.exits:
            total.differing.append(verdict)
    return total


def described(verdict: Verdict) -> str:
    """What differs on one file, a line each."""
    lines = [f"{verdict.name}: {'; '.join(verdict.exits)}"]
    lines += [f"  missed: {each.severity} {each.path} {each.text}" for each in verdict.missed]
    lines += [f"  extra: {each.code} {each.path} {each.message}" for each in verdict.extra]
    return "\n".join(lines)
