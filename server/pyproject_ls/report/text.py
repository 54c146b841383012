"""The report for people: each finding with its line, the place underlined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from pyproject_ls.checks.finding import Finding, Severity
from pyproject_ls.report import FileReport, Summary
from pyproject_ls.report.visible import columns, visible
from pyproject_ls.text import Span

MAX_SHOWN = 1000
"""How many findings of one file are shown: a broken file can have millions."""

MAX_LINE = 150
"""A line with more code points than this is cut around the finding."""

BEFORE = 50
"""How many code points of a cut line stand before the finding."""

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_DIM = "\x1b[2m"
_COLOURS = {
    Severity.ERROR: "\x1b[1;31m",
    Severity.WARNING: "\x1b[1;33m",
    Severity.INFORMATION: "\x1b[1;34m",
    Severity.HINT: "\x1b[1;36m",
}


class Style:
    """How to write: with colours or without, and what the output's encoding can carry."""

    __slots__ = ("colour", "encoding", "mark_poetry")

    def __init__(
        self, colour: bool = False, encoding: str = "utf-8", mark_poetry: bool = True
    ) -> None:
        """`mark_poetry`: whether findings that ``poetry check`` has as well are marked."""
        self.colour = colour
        self.encoding = encoding
        self.mark_poetry = mark_poetry

    def paint(self, text: str, colour: str) -> str:
        """`text` in a colour."""
        return f"{colour}{text}{_RESET}" if self.colour and text else text

    def shown(self, text: str) -> str:
        """`text` made harmless for a terminal."""
        return visible(text, self.encoding)


def render(reports: Iterable[FileReport], style: Style) -> str:
    """All findings, one block each; of a file with very many the first `MAX_SHOWN`."""
    blocks: list[str] = []
    for report in reports:
        shown = report.findings[:MAX_SHOWN]
        blocks += ["\n".join(_block(report, finding, style)) for finding in shown]
        more = len(report.findings) - len(shown)
        if more:
            path = style.paint(f"{style.shown(report.path)}:", _BOLD)
            blocks.append(f"{path} and {more} more, which --format json lists")
    return "\n\n".join(blocks) + "\n\n" if blocks else ""


def _block(report: FileReport, finding: Finding, style: Style) -> Iterator[str]:
    start, end = report.places(finding.span)
    colour = _COLOURS[finding.severity]
    place = f"{style.shown(report.path)}:{start.line}:{start.column}:"
    what = style.paint(f"{finding.severity.word}[{finding.code}]", colour)
    yield f"{style.paint(place, _BOLD)} {what} {style.shown(finding.message)}"
    number = str(start.line)
    gutter = " " * len(number)
    line, indent, carets = underlined(report, finding.span, style)
    mark = style.paint(carets, colour)
    last = end.line - (end.column == 1)  # a span that ends with a line break ends on its line
    if last > start.line:
        mark += style.paint(f" ... to line {last}", _DIM)
    if finding.poetry and style.mark_poetry:
        mark += style.paint("  (poetry check)", _DIM)
    yield f" {style.paint(f'{number} |', _DIM)} {line}".rstrip()
    yield f" {style.paint(f'{gutter} |', _DIM)} {indent}{mark}"
    for related in finding.related:
        at = report.place(related.span.start)
        note = f"{at.line}:{at.column}: {style.shown(related.message)}"
        yield f" {style.paint(f'{gutter} =', _DIM)} {note}"
    if finding.fix is not None:
        yield f" {style.paint(f'{gutter} =', _DIM)} fix: {style.shown(finding.fix.title)}"


def underlined(report: FileReport, span: Span, style: Style) -> tuple[str, str, str]:
    """The first line of `span` (or the part of it around the span), the blanks, and the carets."""
    lines = report.lines
    number, _ = lines.position(span.start)
    first, last = lines.line_start(number), lines.line_end(number)
    start = min(span.start, last)
    end = min(max(span.end, start), last)
    left, right = first, last
    if last - first > MAX_LINE:
        left = max(first, start - BEFORE)
        right = min(last, left + MAX_LINE)
    text = report.text
    before, after = "..." if left > first else "", "..." if right < last else ""
    line = before + style.shown(text[left:right]) + after
    indent = " " * (len(before) + columns(text[left:start], style.encoding))
    carets = "^" * max(columns(text[start : min(end, right)], style.encoding), 1)
    return line, indent, carets


def summary_line(summary: Summary, reports: Sequence[FileReport], style: Style) -> str:
    """``2 errors, 1 warning in 3 files (1 fixable with --fix)``, or that everything is fine."""
    words = [
        counted(summary.errors, "error"),
        counted(summary.warnings, "warning"),
        counted(summary.information, "information message"),
        counted(summary.hints, "hint"),
    ]
    if summary.total:
        found = ", ".join(word for word in words if not word.startswith("0 "))
        line = f"{found} in {counted(summary.files, 'file')}"
    elif len(reports) == 1:
        line = f"{style.shown(reports[0].path)} is fine"
    else:
        line = f"All {summary.files} files are fine"
    notes = [f"{summary.fixed} fixed"] if summary.fixed else []
    if summary.fixable:
        notes.append(f"{summary.fixable} fixable with --fix")
    if summary.unsafe_fixable:
        more = "more" if summary.fixable else "fixable"
        notes.append(f"{summary.unsafe_fixable} {more} with --fix --unsafe-fixes")
    return f"{line} ({', '.join(notes)})" if notes else line


def counted(number: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
