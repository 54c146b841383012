"""Groups and development dependencies become ``[dependency-groups]`` (PEP 735)."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyproject_ls.checks.edits import quoted, rename_key
from pyproject_ls.features.migrate.model import Field, Item, ItemList, MigrationRefused
from pyproject_ls.features.migrate.plan import Plan
from pyproject_ls.features.migrate.tables import Declaration, declarations, items_of
from pyproject_ls.features.migrate.write import inline_table, key_text
from pyproject_ls.project.manifest import as_table, strings
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Table

_GROUP = ("tool", "poetry", "group")
_DEV = ("tool", "poetry", "dev-dependencies")


@dataclass
class Group:
    """One group of Poetry's, or the development dependencies."""

    name: str
    path: tuple[str, ...]
    dependencies_path: tuple[str, ...]
    declared: list[Declaration]
    includes: list[str] = field(default_factory=list)
    other_keys: bool = False
    reason: str = ""
    """Why it stays with Poetry; "" if it moves."""


def groups(plan: Plan, only: str | None = None) -> None:
    """Every group in which nothing is that only Poetry can say; `only` one of this name."""
    found = [*_poetry_groups(plan), *_dev_dependencies(plan)]
    standard = plan.manifest.dependency_groups
    existing = {normalized_name(name) for name in standard.values} if standard else set()
    for group in found:
        group.reason = _reason(group)
        if not group.reason and normalized_name(group.name) in existing:
            group.reason = "[dependency-groups] has a group of this name"
    _keep_including(found)
    chosen = [each for each in found if only is None or each.name == only]
    dev = [each for each in chosen if normalized_name(each.name) == "dev"]
    if len(dev) > 1 and any(each.reason for each in dev):
        raise MigrationRefused(
            "both [tool.poetry.dev-dependencies] and [tool.poetry.group.dev] are set, and"
            " cannot be joined: " + next(each.reason for each in dev if each.reason)
        )
    for group in chosen:
        if not group.reason:
            _move(plan, group)
            continue
        if group.path == _DEV:
            key = plan.poetry.keys["dev-dependencies"]
            plan.edits += rename_key(plan.document, _DEV, key, "group.dev.dependencies")
        plan.note(
            f"The group `{group.name}` stays in [tool.poetry]: {group.reason}.",
            (plan.document.get(*group.path) or plan.poetry).span,
        )


def _poetry_groups(plan: Plan) -> list[Group]:
    node = plan.poetry.values.get("group")
    if node is None:
        return []
    table = as_table(node)
    if table is None:
        raise MigrationRefused("`tool.poetry.group` is not a table")
    found = []
    for name, group in table.values.items():
        if not isinstance(group, Table):
            raise MigrationRefused(f"`tool.poetry.group.{name}` is not a table")
        path = (*_GROUP, name)
        below = group.values.get("dependencies")
        inner = as_table(below)
        if below is not None and inner is None:
            raise MigrationRefused(f"`tool.poetry.group.{name}.dependencies` is not a table")
        declared = declarations(plan, (*path, "dependencies"), inner) if inner else []
        includes = [each.value for each in strings(group.values.get("include-groups"))]
        other = bool(group.values.keys() - {"dependencies", "include-groups"})
        if below is None and not includes:
            continue  # settings of a group in [dependency-groups]
        found.append(Group(name, path, (*path, "dependencies"), declared, includes, other))
    return found


def _dev_dependencies(plan: Plan) -> list[Group]:
    node = plan.poetry.values.get("dev-dependencies")
    if node is None:
        return []
    table = as_table(node)
    if table is None:
        raise MigrationRefused("`tool.poetry.dev-dependencies` is not a table")
    return [Group("dev", _DEV, _DEV, declarations(plan, _DEV, table))]


def _reason(group: Group) -> str:
    for each in group.declared:
        if each.problem:
            return f"for `{each.name}`, {each.problem}"
        if each.kept:
            option = next(name for converted in each.converted for name in converted.kept)
            return f"`{each.name}` has `{option}`, which only Poetry understands"
        if each.is_local:
            return f"`{each.name}` is a path, which only Poetry understands"
        if each.is_optional:
            return f"`{each.name}` is optional, which only Poetry understands"
    return ""


def _keep_including(found: list[Group]) -> None:
    """A group that includes one which stays, stays."""
    changed = True
    while changed:
        staying = {normalized_name(each.name) for each in found if each.reason}
        changed = False
        for group in found:
            included = [name for name in group.includes if normalized_name(name) in staying]
            if included and not group.reason:
                group.reason = f"it includes `{included[0]}`, which stays"
                changed = True


def _move(plan: Plan, group: Group) -> None:
    items = [Item(inline_table((("include-group", quoted(name)),))) for name in group.includes]
    table = plan.table("dependency-groups")
    field = next((each for each in table.fields if each.key == key_text(group.name)), None)
    if field is None:
        field = Field(key_text(group.name), ItemList())
        table.fields.append(field)
    assert isinstance(field.value, ItemList)
    for each in group.declared:
        items += items_of(plan, each)
    field.value.items += items
    plan.take(plan.layout.below(*group.dependencies_path))
    above, closing = plan.take_sections(plan.layout.sections_below(*group.dependencies_path))
    if group.path != group.dependencies_path:
        plan.take(plan.layout.below(*group.path, "include-groups"))
        if not group.other_keys:
            top, end = plan.take_sections(plan.layout.sections_below(*group.path))
            above, closing = top + above, closing + end
    field.leading += above
    field.value.closing += closing
