"""Declare a dependency."""

from __future__ import annotations

from collections.abc import Sequence

from pyproject_ls.checks.edits import quoted
from pyproject_ls.facts.packages import Release
from pyproject_ls.features.completion.constraints import Style, style_at, written
from pyproject_ls.features.declaring.constraints import (
    checked_name,
    poetry_constraint,
    renamed_constraint,
    standard_constraint,
)
from pyproject_ls.features.declaring.lists import in_quotes, with_item, written_list
from pyproject_ls.features.declaring.model import Addition, CannotDeclare, Draft
from pyproject_ls.features.declaring.places import (
    EXTRAS_TABLE,
    Target,
    present_in,
    target_of,
)
from pyproject_ls.features.declaring.tables import with_statement
from pyproject_ls.features.markdown import visible
from pyproject_ls.features.rewrites.binding import bound, package_sources
from pyproject_ls.host import Snapshot
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.manifest import as_string, strings
from pyproject_ls.project.ranges import same_constraint
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit, LineIndex
from pyproject_ls.toml import Array, Scalar, Table

_MAIN_HOMES = frozenset({Home.PROJECT, Home.POETRY})


def added(snapshot: Snapshot, addition: Addition) -> Sequence[Edit]:
    """The edits that declare `addition` in the text of `snapshot`.

    What is declared there already with another constraint is given this one. Raises CannotDeclare
    where it is there already, where there is no place for it, or where a part of it is no name or
    constraint.
    """
    draft = Draft(snapshot)
    checked_name(addition.name)
    for extra in addition.extras:
        checked_name(extra, "extra")
    normalized = normalized_name(addition.name)
    if normalized == draft.manifest.normalized_name:
        raise CannotDeclare(f"`{addition.name}` is this project itself.")
    target = target_of(draft.manifest, addition)
    if normalized == "python" and target.is_table:
        raise CannotDeclare("`python` is the interpreter; its versions are set, not added.")
    present = present_in(draft.manifest, target, normalized)
    if present:
        _change(draft, snapshot, target, present, addition)
    else:
        _declare(draft, snapshot, target, addition)
    if addition.source:
        _bind(draft, target, addition)
    return draft.edits()


def constraint_for(snapshot: Snapshot, addition: Addition, version: str) -> str:
    """The constraint for the picked `version` where `addition` goes, in the style of that list.

    The style is that of the settings, else of the list, else of another list of the same form. ""
    where that is to have none. Raises CannotDeclare where there is no place for it.
    """
    target = target_of(snapshot.manifest, addition)
    return written(_style(snapshot, target).operator, Release(version))


def _style(snapshot: Snapshot, target: Target) -> Style:
    paths = [declared.path for declared, members in snapshot.manifest.lists if members]
    if target.path not in paths:
        forms = {
            declared.path: members
            for declared, members in snapshot.manifest.lists
            if declared.path[0] != "build-system"
            and (declared.path[:2] == ("tool", "poetry")) == target.is_table
        }
        largest = max(forms, key=lambda path: len(forms[path]), default=target.path)
        return style_at(snapshot, largest, is_poetry=target.is_table)
    return style_at(snapshot, target.path, is_poetry=target.is_table)


def _change(
    draft: Draft,
    snapshot: Snapshot,
    target: Target,
    present: Sequence[Dependency],
    addition: Addition,
) -> None:
    """Give what is there another constraint, or list it in an extra of Poetry's."""
    name, first = visible(addition.name, 60), present[0]
    line = LineIndex(draft.text).position(first.span.start)[0] + 1
    old = constraint_of(first)
    if target.extra:
        option = first.option("optional")
        if not (isinstance(option, Scalar) and option.value is True):
            raise CannotDeclare(
                f"`{name}` is needed in any case already ({target.shown}, line {line}); an extra"
                " can only bring in what is optional."
            )
        if not _is_listed(draft, target.extra, first.normalized):
            _list_in_extra(draft, target.extra, addition.name)
            return
    said = f", with `{visible(old, 60)}`" if old else ""
    if not addition.constraint or same_constraint(_same_form(addition, first), old):
        raise CannotDeclare(f"`{name}` is in {target.shown} already (line {line}{said}).")
    if len(present) > 1:
        raise CannotDeclare(
            f"`{name}` is in {target.shown} {len(present)} times, for different environments;"
            " change the right one there."
        )
    draft.apply(renamed_constraint(snapshot, first, addition.constraint))


def _same_form(addition: Addition, dependency: Dependency) -> str:
    if dependency.requirement is not None:
        return standard_constraint(addition.constraint)
    return poetry_constraint(addition.constraint)


def _declare(draft: Draft, snapshot: Snapshot, target: Target, addition: Addition) -> None:
    if target.is_table:
        _into_table(draft, target, addition)
    else:
        _into_list(draft, snapshot, target, addition)
    if target.extra:
        _list_in_extra(draft, target.extra, addition.name)


def _into_list(draft: Draft, snapshot: Snapshot, target: Target, addition: Addition) -> None:
    requirement = addition.name
    if addition.extras:
        requirement += f"[{','.join(addition.extras)}]"
    constraint = standard_constraint(addition.constraint)
    if constraint:
        is_wrapped = _style(snapshot, target).in_parentheses
        requirement += f" ({constraint})" if is_wrapped else constraint
    node = draft.document.get(*target.path)
    if node is None:
        value = written_list(draft.document, requirement)
        parent = draft.document.get(*target.path[:-1])
        grandparent = draft.document.get(*target.path[:-2]) if len(target.path) > 2 else None
        if parent is None and isinstance(grandparent, Table) and not grandparent.headers:
            value = f"{{ {target.path[-1]} = [{quoted(requirement)}] }}"
            edits = with_statement(draft.document, target.path[:-2], target.path[-2], value)
        else:
            edits = with_statement(draft.document, target.path[:-1], target.path[-1], value)
    else:
        edits = with_item(draft.document, node, requirement) if isinstance(node, Array) else ()
    _apply(draft, edits, target)


def _into_table(draft: Draft, target: Target, addition: Addition) -> None:
    node = draft.document.get(*target.path)
    neighbours = [
        draft.text[each.start : each.end]
        for each in (node.values.values() if isinstance(node, Table) else ())
        if as_string(each) is not None
    ]
    constraint = in_quotes(poetry_constraint(addition.constraint), neighbours)
    value = constraint
    if addition.extras or target.extra:
        parts = [f"version = {constraint}"]
        if addition.extras:
            parts.append(f"extras = [{', '.join(map(quoted, addition.extras))}]")
        if target.extra:
            parts.append("optional = true")
        value = f"{{ {', '.join(parts)} }}"
    edits = with_statement(draft.document, target.path, addition.name, value, is_sorted=True)
    _apply(draft, edits, target)


def _list_in_extra(draft: Draft, extra: str, name: str) -> None:
    target = Target((*EXTRAS_TABLE, extra))
    node = draft.document.get(*target.path)
    if isinstance(node, Array):
        edits = with_item(draft.document, node, name)
    else:
        edits = with_statement(draft.document, EXTRAS_TABLE, extra, f"[{quoted(name)}]")
    _apply(draft, edits, target)


def _is_listed(draft: Draft, extra: str, normalized: str) -> bool:
    node = draft.document.get(*EXTRAS_TABLE, extra)
    return any(normalized_name(each.value) == normalized for each in strings(node))


def _apply(draft: Draft, edits: Sequence[Edit], target: Target) -> None:
    if not edits:
        raise CannotDeclare(
            f"{target.shown} is written in a way that nothing can be added to; add the package by"
            " hand."
        )
    draft.apply(edits)


def _bind(draft: Draft, target: Target, addition: Addition) -> None:
    sources = list(package_sources(draft.document))
    wanted = addition.source.lower()
    source = next((each for each in sources if each.name.lower() == wanted), None)
    if source is None:
        names = ", ".join(f"`{visible(each.name, 60)}`" for each in sources[:6])
        raise CannotDeclare(
            f"There is no package source `{visible(addition.source, 60)}` in this file; "
            + (f"it has {names}." if names else "declare it first.")
        )
    present = present_in(draft.manifest, target, normalized_name(addition.name))
    if present:
        draft.apply(bound(draft.manifest, present[0], source))
