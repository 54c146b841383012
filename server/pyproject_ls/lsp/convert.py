"""To and from the types of the protocol: the one file that knows how they look.

What comes in are the classes of `lsprotocol`. What goes out often and in numbers (diagnostics,
edits) is built as JSON values at once: the same as the classes would give, ten times as fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from lsprotocol import types

from pyproject_ls.checks.finding import Finding, Severity, Tag
from pyproject_ls.lsp.client import Client
from pyproject_ls.lsp.documents import Change
from pyproject_ls.rulebook import rule_url
from pyproject_ls.text import Edit, Encoding, LineIndex, Span

Json = dict[str, Any]

SOURCE = "pyproject-ls"
"""Whom a diagnostic comes from."""

MAX_DIAGNOSTICS = 1000
"""The most diagnostics of one document: an editor is of no use with more."""

QUICK_FIX = "quickfix"
FIX_ALL = "source.fixAll.pyproject-ls"

_TAGS = {Tag.UNNECESSARY: 1, Tag.DEPRECATED: 2}

_link = lru_cache(maxsize=None)(rule_url)


# In


def changes_of(params: types.DidChangeTextDocumentParams) -> list[Change]:
    """The edits of a notification, in their order."""
    changes = []
    for event in params.content_changes:
        if isinstance(event, types.TextDocumentContentChangePartial):
            start, end = event.range.start, event.range.end
            changes.append(
                Change(event.text, (start.line, start.character), (end.line, end.character))
            )
        else:
            changes.append(Change(event.text))
    return changes


def span_of(range_: types.Range, lines: LineIndex, encoding: Encoding) -> Span:
    """The stretch of text under a range."""
    start = lines.offset(range_.start.line, range_.start.character, encoding)
    end = lines.offset(range_.end.line, range_.end.character, encoding)
    return Span(start, max(start, end))


# Out


def range_of(span: Span, lines: LineIndex, encoding: Encoding) -> Json:
    """A span as a range."""
    start_line, start_column = lines.position(span.start, encoding)
    end_line, end_column = lines.position(span.end, encoding)
    return {
        "start": {"line": start_line, "character": start_column},
        "end": {"line": end_line, "character": end_column},
    }


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


def workspace_edit(
    uri: str, version: int, edits: Iterable[Edit], lines: LineIndex, client: Client
) -> Json:
    """`edits` to the document at `uri`, tied to its version where the client can do that."""
    texts = [
        {"range": range_of(edit.span, lines, client.encoding), "newText": edit.text}
        for edit in edits
    ]
    if client.document_changes:
        document = {"uri": uri, "version": version}
        return {"documentChanges": [{"textDocument": document, "edits": texts}]}
    return {"changes": {uri: texts}}


def quick_fix(title: str, edit: Json, diagnostics: Sequence[Json], preferred: bool) -> Json:
    """A code action that removes `diagnostics`."""
    action: Json = {
        "title": title,
        "kind": QUICK_FIX,
        "diagnostics": list(diagnostics),
        "edit": edit,
    }
    if preferred:
        action["isPreferred"] = True
    return action


def fix_all_action(title: str, edit: Json) -> Json:
    """The code action that makes every fix."""
    return {"title": title, "kind": FIX_ALL, "edit": edit}


def is_wanted(kind: str, only: Sequence[types.CodeActionKind | str] | None) -> bool:
    """Whether a request for the kinds `only` (None: all) asks for actions of `kind`."""
    if only is None:
        return True
    for each in only:
        wanted = each.value if isinstance(each, types.CodeActionKind) else each
        if not wanted or kind == wanted or kind.startswith(f"{wanted}."):
            return True
    return False
