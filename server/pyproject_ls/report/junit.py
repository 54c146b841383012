"""The report for servers that show test results: JUnit XML, as Jenkins, Azure and others read it.

One suite a file, one test case a finding; a file without findings is a case that passes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyproject_ls.checks.finding import Finding, Severity
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.report import Failure, FileReport, valid_unicode

_NOT_XML = lazy_pattern("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document can hold, not even escaped."""

_ESCAPES = str.maketrans(
    {
        "&": "&amp;",
        "<": "&lt;",
        ">": "&gt;",
        '"': "&quot;",
        "\n": "&#10;",
        "\t": "&#9;",
        "\r": "&#13;",
    }
)


def render(reports: Sequence[FileReport], failures: Iterable[Failure] = ()) -> str:
    """The document. Hints and information are shown in the output of cases that pass."""
    suites = [_suite(report) for report in reports]
    suites += [
        _suite_of(each.path, 1, 0, 1, _case(each.path, "readable", _error(each.reason)))
        for each in failures
    ]
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<testsuites name="pyproject-ls">\n'
        + "".join(suites)
        + "</testsuites>\n"
    )


def _suite(report: FileReport) -> str:
    findings = report.findings
    if not findings:
        return _suite_of(report.path, 1, 0, 0, _case(report.path, "no findings", ""))
    failed = sum(each.severity <= Severity.WARNING for each in findings)
    cases = "".join(_case_of(report, finding) for finding in findings)
    return _suite_of(report.path, len(findings), failed, 0, cases)


def _suite_of(path: str, tests: int, failures: int, errors: int, cases: str) -> str:
    return (
        f'<testsuite name="{_escaped(path)}" tests="{tests}" failures="{failures}"'
        f' errors="{errors}" skipped="0">\n{cases}</testsuite>\n'
    )


def _case_of(report: FileReport, finding: Finding) -> str:
    place = report.place(finding.span.start)
    where = f"{report.path}:{place.line}:{place.column}"
    said = f"{where}: {finding.severity.word}[{finding.code}] {finding.message}"
    if finding.severity <= Severity.WARNING:
        inner = (
            f'<failure type="{finding.severity.word}" message="{_escaped(finding.message)}">'
            f"{_escaped(said)}</failure>"
        )
    else:
        inner = f"<system-out>{_escaped(said)}</system-out>"
    return _case(report.path, f"{finding.code} at {place.line}:{place.column}", inner)


def _case(path: str, name: str, inner: str) -> str:
    begin = f'<testcase classname="{_escaped(path)}" name="{_escaped(name)}"'
    return f"{begin}>{inner}</testcase>\n" if inner else f"{begin}/>\n"


def _error(reason: str) -> str:
    return f'<error type="unreadable" message="{_escaped(reason)}"/>'


def _escaped(text: str) -> str:
    return _NOT_XML.sub("\ufffd", valid_unicode(text)).translate(_ESCAPES)
