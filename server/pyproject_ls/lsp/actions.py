"""Code actions: the fixes of findings, one by one or all at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.lsp import convert
from pyproject_ls.lsp.convert import FIX_ALL, QUICK_FIX, Json, is_wanted
from pyproject_ls.lsp.documents import Document, State
from pyproject_ls.text import Span, edits_between

if TYPE_CHECKING:
    from pyproject_ls.lsp.client import Client

KINDS: tuple[types.CodeActionKind | str, ...] = (
    types.CodeActionKind.QuickFix,
    types.CodeActionKind.SourceFixAll,
    FIX_ALL,
)


def quick_fixes(
    document: Document, state: State, params: types.CodeActionParams, client: Client
) -> list[Json]:
    """The fixes of the findings at the range of `params`, and of those that its context names.

    Some editors send the place of the cursor as the range, and all diagnostics of its line.
    """
    if not is_wanted(QUICK_FIX, params.context.only):
        return []
    lines = state.snapshot.lines
    wanted = convert.span_of(params.range, lines, client.encoding)
    named = {
        (each.code, convert.span_of(each.range, lines, client.encoding))
        for each in params.context.diagnostics
    }
    fixed: dict[Fix, list[Finding]] = {}
    for finding in state.findings:
        if finding.fix is not None and (
            _touch(finding.span, wanted) or (finding.code, finding.span) in named
        ):
            fixed.setdefault(finding.fix, []).append(finding)
    return [
        convert.quick_fix(
            fix.title,
            convert.workspace_edit(document.uri, document.version, fix.edits, lines, client),
            [convert.diagnostic(each, lines, document.uri, client) for each in findings],
            preferred=client.preferred and len(fixed) == 1,
        )
        for fix, findings in fixed.items()
    ]


def wants_fix_all(state: State, params: types.CodeActionParams) -> bool:
    """Whether to offer all fixes at once.

    Without a word about kinds, it is offered to a person who asks, not to an editor that looks
    whether to show a light bulb.
    """
    context = params.context
    return (
        is_wanted(FIX_ALL, context.only)
        and not (
            context.only is None and context.trigger_kind == types.CodeActionTriggerKind.Automatic
        )
        and any(finding.fix is not None for finding in state.findings)
    )


def fix_all(document: Document, state: State, fixed: str, client: Client) -> list[Json]:
    """The action that makes the text of `state` the text `fixed`, if they differ."""
    edits = edits_between(state.snapshot.text, fixed)
    if not edits:
        return []
    edit = convert.workspace_edit(
        document.uri, document.version, edits, state.snapshot.lines, client
    )
    return [convert.fix_all_action("Fix all that pyproject-ls can fix", edit)]


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
