"""The report for GitLab: Code Quality.

See https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from pyproject_ls.checks.finding import Severity
from pyproject_ls.report import Failure, FileReport, valid_unicode
from pyproject_ls.report.fingerprints import fingerprints, of_failure

_SEVERITIES = {
    Severity.ERROR: "major",
    Severity.WARNING: "minor",
    Severity.INFORMATION: "info",
    Severity.HINT: "info",
}


def render(reports: Iterable[FileReport], failures: Iterable[Failure] = ()) -> str:
    """A list of issues, one a line."""
    issues = [
        _issue(
            report.path,
            finding.code,
            finding.message,
            _SEVERITIES[finding.severity],
            fingerprint,
            tuple(place.line for place in report.places(finding.span)),
        )
        for report in reports
        for finding, fingerprint in zip(report.findings, fingerprints(report), strict=True)
    ]
    issues += [
        _issue(each.path, "unreadable", each.reason, "blocker", of_failure(each), (1, 1))
        for each in failures
    ]
    return "[" + ",\n".join(json.dumps(each) for each in issues) + "]\n"


def _issue(
    path: str, code: str, message: str, severity: str, fingerprint: str, lines: tuple[int, ...]
) -> dict[str, Any]:
    return {
        "description": valid_unicode(message),
        "check_name": code,
        "fingerprint": fingerprint,
        "severity": severity,
        "location": {
            "path": valid_unicode(path.replace("\\", "/")),
            "lines": {"begin": lines[0], "end": lines[1]},
        },
    }
