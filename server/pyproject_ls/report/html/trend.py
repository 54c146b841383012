"""How the number of findings has changed from run to run: a drawing."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from pyproject_ls.named import NamedTuple

_HEIGHT = 140
_BAR = 44
_GAP = 40
_FOOT = 34


class Run(NamedTuple):
    """How much a run has found; `name` is what it is called in the drawing."""

    name: str
    files: int
    errors: int
    warnings: int
    others: int

    @property
    def total(self) -> int:
        """All findings."""
        return self.errors + self.warnings + self.others


def drawing(runs: Sequence[Run]) -> str:
    """An SVG image with a bar for each run, in the colours of the page."""
    most = max((run.total for run in runs), default=0) or 1
    width = len(runs) * (_BAR + _GAP) + _GAP
    bars = "".join(
        _bar(run, _GAP + at * (_BAR + _GAP), _HEIGHT / most) for at, run in enumerate(runs)
    )
    words = "; ".join(f"{run.name}: {run.total}" for run in runs)
    return (
        f'<svg class="trend" role="img" aria-label="{escape(words)}"'
        f' viewBox="0 0 {width} {_HEIGHT + _FOOT + 16}" width="{width}">{bars}</svg>'
    )


def _bar(run: Run, left: int, scale: float) -> str:
    parts, top = [], _HEIGHT + 16.0
    for kind, number in (
        ("error", run.errors),
        ("warning", run.warnings),
        ("information", run.others),
    ):
        height = number * scale
        top -= height
        parts.append(
            f'<rect class="{kind}" x="{left}" y="{top:.1f}" width="{_BAR}" height="{height:.1f}"/>'
        )
    middle = left + _BAR / 2
    label = run.name if len(run.name) <= 12 else f"{run.name[:11]}…"
    said = f"{run.name}: {run.errors} errors, {run.warnings} warnings, {run.others} others"
    return (
        f"<g><title>{escape(said)}</title>{''.join(parts)}"
        f'<text x="{middle}" y="{top - 4:.1f}">{run.total}</text>'
        f'<text class="name" x="{middle}" y="{_HEIGHT + 32}">{escape(label)}</text></g>'
    )
