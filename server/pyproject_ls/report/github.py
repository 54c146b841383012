"""The report for GitHub Actions: workflow commands that become annotations.

See https://docs.github.com/actions/reference/workflow-commands-for-github-actions.
"""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.checks.finding import Finding, Severity
from pyproject_ls.report import Failure, FileReport
from pyproject_ls.report.visible import visible

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "notice",
    Severity.HINT: "notice",
}


def render(
    reports: Iterable[FileReport], failures: Iterable[Failure] = (), encoding: str = "utf-8"
) -> str:
    """One command a line."""
    lines = [
        _command(report, finding, encoding) for report in reports for finding in report.findings
    ]
    lines += [
        f"::error file={_property(visible(failure.path, encoding))}::"
        f"{_data(visible(failure.reason, encoding))}"
        for failure in failures
    ]
    return "".join(f"{line}\n" for line in lines)


def _command(report: FileReport, finding: Finding, encoding: str) -> str:
    start, end = report.places(finding.span)
    properties = {"file": visible(report.path, encoding), "line": str(start.line)}
    if start.line == end.line:  # columns are only understood within one line
        properties["col"] = str(start.column)
        properties["endColumn"] = str(end.column)
    properties["endLine"] = str(end.line)
    properties["title"] = f"pyproject-ls ({finding.code})"
    written = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_LEVELS[finding.severity]} {written}::{_data(visible(finding.message, encoding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
