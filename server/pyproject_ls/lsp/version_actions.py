"""Code actions for the newest versions of a dependency: a choice in every editor."""

from __future__ import annotations

from collections.abc import Iterator

from lsprotocol import types

from pyproject_ls.checks.known import Known, known
from pyproject_ls.features.completion.constraints import style_at, written
from pyproject_ls.features.declaring import CannotDeclare, renamed_constraint
from pyproject_ls.features.markdown import visible
from pyproject_ls.features.rewrites import with_line_ends
from pyproject_ls.lsp import convert
from pyproject_ls.lsp.convert import REWRITE, Json, View, is_wanted
from pyproject_ls.lsp.targets import is_sound
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.ranges import same_constraint
from pyproject_ls.project.selection import supports
from pyproject_ls.text import Span

NEWEST = 4
"""So many are offered: a menu is no list of releases."""


def version_actions(view: View, params: types.CodeActionParams) -> list[Json]:
    """For a person who asks at a dependency: constraints for its newest versions.

    An editor that looks whether to show a light bulb is offered none.
    """
    snapshot, wanted = view.snapshot, view.span(params.range)
    is_automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    if is_automatic or not is_wanted(REWRITE, params.context.only):
        return []
    if not snapshot.settings.online or not is_sound(snapshot.document):
        return []
    for each in known(snapshot.manifest, snapshot.facts):
        if _touch(each.dependency.span, wanted) and each.want.constraint.strip():
            return list(_offered(view, each))
    return []


def _offered(view: View, found: Known) -> Iterator[Json]:
    snapshot, dependency = view.snapshot, found.dependency
    text, name = snapshot.text, visible(dependency.name, 60)
    for version, constraint in list(_constraints(view, found).items())[:NEWEST]:
        try:
            edits = renamed_constraint(snapshot, dependency, constraint)
        except CannotDeclare:
            return
        edit = convert.workspace_edit([(view, with_line_ends(text, tuple(edits)))])
        title = f"Use `{name}` {visible(version, 60)} (`{visible(constraint, 60)}`)"
        yield convert.action(title, REWRITE, edit)


def _constraints(view: View, found: Known) -> dict[str, str]:
    """The newest versions that the project can use, each with a constraint of its own.

    In the style of the list; what is written already is left out.
    """
    dependency = found.dependency
    start = dependency.span.start
    path = dependency.declared.path
    style = style_at(view.snapshot, path, is_poetry=found.want.is_poetry, but=start)
    old, by_constraint = constraint_of(dependency), dict[str, str]()
    for release in found.package.releases if found.package is not None else ():
        if release.yanked is not None or release.is_prerelease:
            continue
        if supports(release, found.python, whole=found.whole):
            constraint = written(style.operator, release)
            if constraint and not same_constraint(constraint, old):
                by_constraint.setdefault(constraint, release.version)
    return {version: constraint for constraint, version in by_constraint.items()}


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
