"""Reports: findings in the forms that people and programs read. Values in, text out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyproject_ls.checks.finding import Finding, Severity
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import LineIndex, Span


class Place(NamedTuple):
    """A line and a column, both from 1, in code points."""

    line: int
    column: int


class FileReport:
    """What was found in one file: its name as shown, its text, its findings by place."""

    __slots__ = ("_lines", "findings", "path", "text")

    def __init__(self, path: str, text: str, findings: Sequence[Finding]) -> None:
        """The findings are about this very text."""
        self.path = path
        self.text = text
        self.findings = findings
        self._lines: LineIndex | None = None

    @property
    def lines(self) -> LineIndex:
        """The lines of the text."""
        if self._lines is None:
            self._lines = LineIndex(self.text)
        return self._lines

    def place(self, offset: int) -> Place:
        """Where `offset` is."""
        line, column = self.lines.position(offset)
        return Place(line + 1, column + 1)

    def places(self, span: Span) -> tuple[Place, Place]:
        """Where `span` begins and ends."""
        return self.place(span.start), self.place(span.end)


class Failure(NamedTuple):
    """A file or folder that could not be checked, and why."""

    path: str
    reason: str


class Summary(NamedTuple):
    """How much was found in all files together."""

    files: int
    errors: int
    warnings: int
    information: int
    hints: int
    fixable: int
    """By safe fixes."""
    fixed: int = 0
    unsafe_fixable: int = 0
    """Fixable by fixes that need a look."""

    @property
    def total(self) -> int:
        """The number of findings."""
        return self.errors + self.warnings + self.information + self.hints


def summary_of(reports: Iterable[FileReport], fixed: int = 0) -> Summary:
    """The counts of `reports`, which are what is left after `fixed` findings were fixed."""
    files = fixable = unsafe = 0
    counts = dict.fromkeys(Severity, 0)
    for report in reports:
        files += 1
        for finding in report.findings:
            counts[finding.severity] += 1
            if finding.fix is not None and not finding.fix.by_hand:
                fixable += finding.fix.safe
                unsafe += not finding.fix.safe
    return Summary(
        files,
        counts[Severity.ERROR],
        counts[Severity.WARNING],
        counts[Severity.INFORMATION],
        counts[Severity.HINT],
        fixable,
        fixed,
        unsafe,
    )


def valid_unicode(text: str) -> str:
    """`text` without lone surrogates (of odd file names), which no encoding can carry."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
