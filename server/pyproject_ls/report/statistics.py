"""How often each rule has findings, the most frequent one first."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from pyproject_ls.checks.finding import Severity
from pyproject_ls.named import NamedTuple
from pyproject_ls.report import FileReport


class Count(NamedTuple):
    """The findings of one rule: how many, in how many files, how bad the worst is."""

    code: str
    severity: Severity
    findings: int
    files: int
    fixable: int


def counts(reports: Iterable[FileReport]) -> list[Count]:
    """The rules with findings, the most frequent one first, equal ones by code."""
    findings: Counter[str] = Counter()
    files: Counter[str] = Counter()
    fixable: Counter[str] = Counter()
    worst: dict[str, Severity] = {}
    for report in reports:
        files.update({finding.code for finding in report.findings})
        for finding in report.findings:
            code = finding.code
            findings[code] += 1
            fixable[code] += finding.fix is not None
            worst[code] = min(worst.get(code, finding.severity), finding.severity)
    rows = [
        Count(code, worst[code], number, files[code], fixable[code])
        for code, number in findings.items()
    ]
    return sorted(rows, key=lambda row: (-row.findings, row.code))


def render(reports: Iterable[FileReport]) -> str:
    """One rule a line."""
    rows = counts(reports)
    if not rows:
        return "Nothing was found\n"
    cells = [("findings", "files", "fixable", "severity", "rule")]
    cells += [
        (str(row.findings), str(row.files), str(row.fixable), row.severity.word, row.code)
        for row in rows
    ]
    wide = [max(len(cell[at]) for cell in cells) for at in range(4)]
    lines = (
        f"{number:>{wide[0]}}  {files:>{wide[1]}}  {fixable:>{wide[2]}}  {word:{wide[3]}}  {code}"
        for number, files, fixable, word, code in cells
    )
    return "\n".join(lines) + "\n"


def render_json(reports: Iterable[FileReport]) -> str:
    """The same for programs: a list of objects."""
    rows = [{**row._asdict(), "severity": row.severity.word} for row in counts(reports)]
    return json.dumps({"version": 1, "statistics": rows}, indent=2) + "\n"
