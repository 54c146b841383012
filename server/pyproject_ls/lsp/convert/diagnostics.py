"""Findings as diagnostics."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pyproject_ls.checks.finding import Finding, Severity, Tag
from pyproject_ls.lsp.client import Client
from pyproject_ls.lsp.convert.places import Json, range_of
from pyproject_ls.rulebook import rule_url
from pyproject_ls.text import LineIndex, Span

SOURCE = "pyproject-ls"
"""Whom a diagnostic comes from."""

MAX_DIAGNOSTICS = 1000
"""The most diagnostics of one document: an editor is of no use with more."""

_TAGS = {Tag.UNNECESSARY: 1, Tag.DEPRECATED: 2}

_link = lru_cache(maxsize=None)(rule_url)


def diagnostics(
    findings: Sequence[Finding], lines: LineIndex, uri: str, client: Client
) -> list[Json]:
    """`findings` about the document at `uri` as the client can show them.

    Of too many the gravest are sent, and a last one says how many are missing.
    """
    if len(findings) <= MAX_DIAGNOSTICS:
        return [diagnostic(finding, lines, uri, client) for finding in findings]
    shown = sorted(findings, key=lambda finding: finding.severity)[: MAX_DIAGNOSTICS - 1]
    shown.sort(key=lambda finding: finding.span)
    result = [diagnostic(finding, lines, uri, client) for finding in shown]
    missing = len(findings) - len(shown)
    result.append(
        {
            "range": range_of(Span(0, 0), lines, client.encoding),
            "severity": int(Severity.INFORMATION),
            "source": SOURCE,
            "message": f"{missing} more findings are not shown.",
        }
    )
    return result


def diagnostic(finding: Finding, lines: LineIndex, uri: str, client: Client) -> Json:
    """One finding.

    Its `data` tells a client's extension (and a later request for code actions) the TOML path, and
    the title of the fix where there is one.
    """
    code = finding.rule.code
    message = finding.message
    result: Json = {
        "range": range_of(finding.span, lines, client.encoding),
        "severity": int(finding.severity),
        "code": code,
        "source": SOURCE,
        "message": message,
    }
    if client.code_links:
        result["codeDescription"] = {"href": _link(code)}
    if finding.tags:
        tags = [_TAGS[tag] for tag in finding.tags if _TAGS[tag] in client.tags]
        if tags:
            result["tags"] = tags
    if finding.related:
        if client.related:
            result["relatedInformation"] = [
                {
                    "location": {"uri": uri, "range": range_of(place, lines, client.encoding)},
                    "message": text,
                }
                for place, text in finding.related
            ]
        else:
            for place, text in finding.related:
                message += f"\nLine {lines.position(place.start)[0] + 1}: {text}"
            result["message"] = message
    if client.diagnostic_data:
        data: Json = {"path": finding.path}
        if finding.fix is not None:
            data["fix"] = finding.fix.title
        result["data"] = data
    return result
