"""The report for code scanning: SARIF 2.1.0 (OASIS, https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import quote

from pyproject_ls import __version__
from pyproject_ls.checks.finding import Finding, Fix, Rule, Severity
from pyproject_ls.fixes import adapted
from pyproject_ls.report import Failure, FileReport, valid_unicode
from pyproject_ls.report.fingerprints import SCHEME, fingerprints
from pyproject_ls.rulebook import page_text, rule_url
from pyproject_ls.text import Span

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
PROJECT_URL = "https://github.com/pyproject-ls/pyproject-ls"

_LEVELS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFORMATION: "note",
    Severity.HINT: "note",
}


def render(
    reports: Sequence[FileReport], rules: Iterable[Rule], failures: Sequence[Failure] = ()
) -> str:
    """A log with one run; of all `rules`, those with results are listed."""
    used = {finding.code for report in reports for finding in report.findings}
    listed = [rule for rule in rules if rule.code in used]
    indexes = {rule.code: index for index, rule in enumerate(listed)}
    run = {
        "tool": {
            "driver": {
                "name": "pyproject-ls",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": PROJECT_URL,
                "rules": [_rule(rule) for rule in listed],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [_invocation(failures)],
        "artifacts": [{"location": _location(report.path)} for report in reports],
        "results": [
            _result(report, finding, indexes[finding.code], number, fingerprint)
            for number, report in enumerate(reports)
            for finding, fingerprint in zip(report.findings, fingerprints(report), strict=True)
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + "\n"


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.summary},
        "help": _help(rule),
        "helpUri": rule_url(rule.code),
        "defaultConfiguration": {"level": _LEVELS[rule.severity], "enabled": rule.enabled},
        "properties": {"poetry": rule.poetry is not None},
    }


def _help(rule: Rule) -> dict[str, str]:
    page = page_text(rule.code)
    found = {"text": f"{rule.summary}; see {rule_url(rule.code)}"}
    return {**found, "markdown": page} if page else found


def _invocation(failures: Sequence[Failure]) -> dict[str, Any]:
    invocation: dict[str, Any] = {"executionSuccessful": not failures}
    if failures:
        invocation["toolExecutionNotifications"] = [
            {
                "level": "error",
                "message": {"text": valid_unicode(failure.reason)},
                "locations": [{"physicalLocation": {"artifactLocation": _location(failure.path)}}],
            }
            for failure in failures
        ]
    return invocation


def _result(
    report: FileReport, finding: Finding, index: int, number: int, fingerprint: str
) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": valid_unicode(finding.message)},
        "locations": [_place(report, finding.span, number)],
        "partialFingerprints": {SCHEME: fingerprint},
        "properties": {"poetry": finding.poetry},
    }
    if finding.related:
        result["relatedLocations"] = [
            {
                "id": at,
                "message": {"text": valid_unicode(related.message)},
                **_place(report, related.span, number),
            }
            for at, related in enumerate(finding.related)
        ]
    if finding.fix is not None:
        result["fixes"] = [_fix(report, adapted(finding.fix, report.text), number)]
    return result


def _place(report: FileReport, span: Span, number: int) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {**_location(report.path), "index": number},
            "region": _region(report, span),
        }
    }


def _region(report: FileReport, span: Span) -> dict[str, int]:
    start, end = report.places(span)
    return {
        "startLine": start.line,
        "startColumn": start.column,
        "endLine": end.line,
        "endColumn": end.column,
        "charOffset": span.start,
        "charLength": span.end - span.start,
    }


def _fix(report: FileReport, fix: Fix, number: int) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": _region(report, edit.span),
            "insertedContent": {"text": valid_unicode(edit.text)},
        }
        for edit in fix.edits
    ]
    artifact = {**_location(report.path), "index": number}
    return {
        "description": {"text": valid_unicode(fix.title)},
        "artifactChanges": [{"artifactLocation": artifact, "replacements": replacements}],
    }


def _location(path: str) -> dict[str, str]:
    """A relative path as a relative URI, an absolute one as ``file:``."""
    if os.path.isabs(path):
        from pathlib import Path

        return {"uri": Path(path).as_uri()}
    return {"uri": quote(os.fsencode(path).replace(os.sep.encode(), b"/"))}
