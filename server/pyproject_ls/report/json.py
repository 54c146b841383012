"""The report for programs, as JSON.

One object: ``version`` (1), ``files`` (``path`` and ``findings`` each) and ``summary``. Spans count
code points from the start of the file, half-open; ranges count lines and columns (code points) from
1.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any

from pyproject_ls.checks.finding import Finding, Fix, Rule
from pyproject_ls.fixes import adapted
from pyproject_ls.report import Failure, FileReport, Summary, valid_unicode
from pyproject_ls.rulebook import rule_url
from pyproject_ls.text import Span

VERSION = 1


def render(
    reports: Iterable[FileReport], summary: Summary, failures: Sequence[Failure] = ()
) -> str:
    """The whole report, one finding a line; only ASCII, which every terminal and pipe can carry."""
    files = ",\n".join(
        f'{{"path": {json.dumps(valid_unicode(report.path))}, "findings": ['
        + ",\n".join(json.dumps(_finding(report, finding)) for finding in report.findings)
        + "]}"
        for report in reports
    )
    totals = {
        **summary._asdict(),
        "unreadable": [
            {"path": valid_unicode(failure.path), "message": valid_unicode(failure.reason)}
            for failure in failures
        ],
    }
    return f'{{"version": {VERSION}, "files": [{files}],\n"summary": {json.dumps(totals)}}}\n'


def render_rules(rules: Iterable[Rule], fixable: Collection[str]) -> str:
    """The list of rules; `fixable` has the codes of those with a fix."""
    return (
        json.dumps(
            {
                "version": VERSION,
                "rules": [
                    {
                        "code": rule.code,
                        "severity": rule.severity.word,
                        "poetry": rule.poetry.word if rule.poetry is not None else None,
                        "enabled": rule.enabled,
                        "online": rule.online,
                        "resolves": rule.resolves,
                        "fixable": rule.code in fixable,
                        "summary": rule.summary,
                        "rule": rule_url(rule.code),
                    }
                    for rule in rules
                ],
            },
            indent=2,
        )
        + "\n"
    )


def _finding(report: FileReport, finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity.word,
        "message": valid_unicode(finding.message),
        "path": [valid_unicode(part) if isinstance(part, str) else part for part in finding.path],
        "span": list(finding.span),
        "range": _range(report, finding.span),
        "poetry": finding.poetry,
        "related": [
            {
                "message": valid_unicode(related.message),
                "span": list(related.span),
                "range": _range(report, related.span),
            }
            for related in finding.related
        ],
        "fix": None if finding.fix is None else _fix(adapted(finding.fix, report.text)),
        "rule": rule_url(finding.code),
    }


def _range(report: FileReport, span: Span) -> dict[str, dict[str, int]]:
    start, end = report.places(span)
    return {"start": start._asdict(), "end": end._asdict()}


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": valid_unicode(fix.title),
        "safe": fix.safe,
        "edits": [
            {"span": list(edit.span), "text": valid_unicode(edit.text)} for edit in fix.edits
        ],
    }
