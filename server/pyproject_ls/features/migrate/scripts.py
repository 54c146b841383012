"""Console scripts and plugins become ``[project.scripts]`` and entry points."""

from __future__ import annotations

from pyproject_ls.features.migrate.fields import taken_or_ignored
from pyproject_ls.features.migrate.layout import Statement
from pyproject_ls.features.migrate.model import Field, MigrationRefused
from pyproject_ls.features.migrate.plan import Plan
from pyproject_ls.features.migrate.write import key_text
from pyproject_ls.project.manifest import as_string, as_table
from pyproject_ls.toml import Scalar, Table, Value

_PATH = ("tool", "poetry", "scripts")
_STANDARD = {"console_scripts": "scripts", "gui_scripts": "gui-scripts"}


def scripts(plan: Plan) -> None:
    """Console scripts; scripts of the type ``file`` stay, [project] has nothing like them."""
    node = plan.poetry.values.get("scripts")
    if node is None:
        return
    table = as_table(node)
    if table is None:
        raise MigrationRefused("`tool.poetry.scripts` is not a table")
    staying = {name for name, script in table.values.items() if _is_file(script)}
    moving = [name for name in table.values if name not in staying]
    if plan.has("scripts") and moving:
        plan.note(
            "Console scripts in [tool.poetry.scripts] are removed: Poetry ignored them,"
            " because `project.scripts` is set.",
            plan.poetry.keys["scripts"].span,
        )
    fields = []
    for name in moving:
        script = table.values[name]
        statements = plan.layout.below(*_PATH, name)
        if not statements and staying:
            raise MigrationRefused("`tool.poetry.scripts` is written as an inline table")
        plan.take(statements)
        above, closing = plan.take_sections(plan.layout.sections_below(*_PATH, name))
        target = _target(plan, name, script)
        if target is not None and not plan.has("scripts"):
            origins = tuple(statements)
            fields.append(Field(key_text(name), target, origins, above + closing))
    leading: list[str] = []
    if not staying:
        plan.take(plan.layout.below(*_PATH))
        above, closing = plan.take_sections(plan.layout.sections_below(*_PATH))
        leading = above + closing
    if fields:
        new = plan.table("project", "scripts")
        new.fields += fields
        new.leading += leading


def _is_file(script: Value) -> bool:
    kind = script.values.get("type") if isinstance(script, Table) else None
    return isinstance(kind, Scalar) and kind.value == "file"


def _target(plan: Plan, name: str, script: Value) -> str | None:
    if isinstance(script, Table):
        target = as_string(script.values.get("reference") or script.values.get("callable"))
        if "extras" in script.values:
            plan.note(
                f"The script `{name}` no longer names extras: scripts cannot depend on them.",
                script.span,
            )
    else:
        target = as_string(script)
    if target is None:
        raise MigrationRefused(f"`tool.poetry.scripts.{name}` names no function")
    return plan.raw(target)


def plugins(plan: Plan) -> None:
    """Plugins are entry points, group by group."""
    if "plugins" not in plan.poetry.values:
        return
    if plan.has("entry-points"):
        taken_or_ignored(plan, "plugins", "entry-points")
        return
    table = as_table(plan.poetry.values["plugins"])
    if table is None:
        raise MigrationRefused("`tool.poetry.plugins` is not a table")
    path = ("tool", "poetry", "plugins")
    top, rest = plan.take_sections([s for s in plan.layout.sections if s.path == path])
    for group, members in table.values.items():
        inner = as_table(members)
        if inner is None:
            raise MigrationRefused(f"`tool.poetry.plugins.{group}` is not a table")
        by_name: dict[str, Statement] = {
            each.path[4]: each for each in plan.layout.below(*path, group) if len(each.path) == 5
        }
        fields = []
        for name, node in inner.values.items():
            if as_string(node) is None:
                raise MigrationRefused(f"`tool.poetry.plugins.{group}.{name}` is not a string")
            origins = (by_name[name],) if name in by_name else ()
            fields.append(Field(key_text(name), plan.raw(node), origins))
        above, closing = plan.take_sections(plan.layout.sections_below(*path, group))
        where = _STANDARD.get(group)
        new = (
            plan.table("project", where) if where else plan.table("project", "entry-points", group)
        )
        new.leading += top + above + closing + rest
        new.fields += fields
        top = rest = []
    plan.take(plan.layout.below(*path))
