"""Code actions: the fixes of findings, rewrites, and the migration to ``[project]``."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.features.ignoring import ignoring
from pyproject_ls.features.rewrites import rewrites
from pyproject_ls.fixes import adapted
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp import convert
from pyproject_ls.lsp.asking import refused
from pyproject_ls.lsp.convert import FIX_ALL, QUICK_FIX, REWRITE, Json, Question, View, is_wanted
from pyproject_ls.lsp.documents import State
from pyproject_ls.project.locate import locate
from pyproject_ls.text import Span, edits_between

WHOLE_FILE = ""
"""What stands for the whole file where a field's name is expected."""

_STAYS = frozenset({"packages", "include", "exclude", "source", "build", "package-mode"})
"""Keys of ``[tool.poetry]`` that have no place elsewhere."""


# Fixes


def quick_fixes(view: View, state: State, params: types.CodeActionParams) -> list[Json]:
    """The fixes of the findings at the range of `params`, and of those that its context names.

    Some editors send the place of the cursor as the range, and all diagnostics of its line.
    """
    if not is_wanted(QUICK_FIX, params.context.only):
        return []
    text, lines = state.snapshot.text, state.snapshot.lines
    fixed: dict[Fix, list[Finding]] = {}
    for finding in _meant(view, state, params):
        if finding.fix is not None:
            fixed.setdefault(finding.fix, []).append(finding)
    return [
        convert.quick_fix(
            fix.title,
            convert.workspace_edit([(view, adapted(fix, text).edits)]),
            [convert.diagnostic(each, lines, view.uri, view.client) for each in findings],
            preferred=view.client.preferred and len(fixed) == 1 and fix.safe,
        )
        for fix, findings in fixed.items()
    ]


def ignores(view: View, state: State, params: types.CodeActionParams) -> list[Json]:
    """The comments that would ignore the same findings: what comes last of all."""
    if not is_wanted(QUICK_FIX, params.context.only):
        return []
    offered: dict[str, Json] = {}
    for finding in _meant(view, state, params):
        edit = ignoring(state.snapshot, finding) if finding.code not in offered else None
        if edit is not None:
            edits = adapted(Fix("", (edit,)), view.snapshot.text).edits
            offered[finding.code] = convert.quick_fix(
                f"Ignore `{finding.code}` here",
                convert.workspace_edit([(view, edits)]),
                [convert.diagnostic(finding, state.snapshot.lines, view.uri, view.client)],
                preferred=False,
            )
    return list(offered.values())


def _meant(view: View, state: State, params: types.CodeActionParams) -> Iterator[Finding]:
    """The findings at the range of `params`, and those that its context names."""
    wanted = view.span(params.range)
    named = {(each.code, view.span(each.range)) for each in params.context.diagnostics}
    for finding in state.findings:
        if _touch(finding.span, wanted) or (finding.code, finding.span) in named:
            yield finding


def wants_fix_all(state: State, params: types.CodeActionParams) -> bool:
    """Whether to offer all fixes at once.

    Without a word about kinds, it is offered to a person who asks, not to an editor that looks
    whether to show a light bulb.
    """
    context = params.context
    return (
        is_wanted(FIX_ALL, context.only)
        and not (context.only is None and _is_automatic(params))
        and any(finding.fix is not None and finding.fix.safe for finding in state.findings)
    )


def fix_all(view: View, fixed: str) -> list[Json]:
    """The action that makes the text of `view` the text `fixed`, if they differ."""
    edits = edits_between(view.snapshot.text, fixed)
    if not edits:
        return []
    edit = convert.workspace_edit([(view, edits)])
    return [convert.action("Fix all that pyproject-ls can fix", FIX_ALL, edit)]


# Refactorings


def refactorings(view: View, params: types.CodeActionParams) -> list[Json]:
    """What can be rewritten at the range of `params`, and moved to ``[project]``."""
    wanted = view.span(params.range)
    only = params.context.only
    found: list[Json] = []
    if is_wanted("refactor.rewrite", only) or is_wanted("refactor.move", only):
        for each in rewrites(view.snapshot, wanted):
            if is_wanted(each.kind, only) and (view.client.creates_files or not each.creates):
                edit = convert.workspace_edit([(view, each.edits)], each.creates)
                found.append(convert.action(each.title, each.kind, edit))
    if is_wanted(REWRITE, only):
        found += _migrations(view, wanted, _is_automatic(params))
    return found


def _migrations(view: View, wanted: Span, is_automatic: bool) -> Iterator[Json]:
    """The field at the cursor, and the whole file.

    A client that can wait for the edit gets a promise while nobody has asked for it.
    """
    is_late = is_automatic and view.client.late_edits
    for field in _fields_to_migrate(view.snapshot, wanted.end):
        what = f"`{field}`" if field else "this file"
        title = f"Migrate {what} to [project]"
        if is_late:
            data = {"uri": view.uri, "migrate": field}
            yield convert.action(title, REWRITE, data=data)
            continue
        try:
            edit = migration(view, field)
        except JsonRpcException:
            continue
        yield convert.action(title, REWRITE, edit)


def migration(view: View, field: str) -> Json:
    """The edit that migrates a field, or `WHOLE_FILE`. Raises JsonRpcException with the reason."""
    from pyproject_ls.features.migrate import MigrationRefused, migrate, migrate_field

    snapshot = view.snapshot
    try:
        found = migrate_field(snapshot, field) if field else migrate(snapshot)
    except MigrationRefused as error:
        raise refused(f"This cannot be migrated: {error}.") from error
    if not found.edits:
        raise refused("There is nothing to migrate.")
    notes = " ".join(note.message for note in found.notes)
    question = Question("Migrate to [project]", notes) if not field else None
    return convert.workspace_edit([(view, found.edits)], question=question)


def _fields_to_migrate(snapshot: Snapshot, offset: int) -> Iterator[str]:
    poetry = snapshot.manifest.poetry
    if poetry is None or poetry.values.keys() <= _STAYS:
        return
    path = locate(snapshot.document, offset).path
    if path[:2] == ("tool", "poetry") and len(path) > 2 and path[2] not in _STAYS:
        yield str(path[2])
    yield WHOLE_FILE


def _is_automatic(params: types.CodeActionParams) -> bool:
    return params.context.trigger_kind == types.CodeActionTriggerKind.Automatic


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
