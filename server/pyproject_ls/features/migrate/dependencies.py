"""The main dependencies and extras: Python, requirements, and what stays with Poetry."""

from __future__ import annotations

from pyproject_ls.checks.edits import quoted
from pyproject_ls.features.migrate.model import Field, ItemList, MigrationRefused
from pyproject_ls.features.migrate.plan import Plan
from pyproject_ls.features.migrate.requirements import Inexpressible, requires_python
from pyproject_ls.features.migrate.tables import Declaration, declarations, enrichment, items_of
from pyproject_ls.features.migrate.write import key_text
from pyproject_ls.project.manifest import as_array, as_string, as_table, strings
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Table

_PATH = ("tool", "poetry", "dependencies")
_EXTRAS = ("tool", "poetry", "extras")


def python(plan: Plan) -> None:
    """``python`` becomes ``requires-python``; where that is wider, the exact range stays too."""
    table = as_table(plan.poetry.values.get("dependencies"))
    key = next((key for key in table.values if key.lower() == "python"), None) if table else None
    if table is None or key is None or plan.has("requires-python"):
        return
    if plan.is_dynamic("requires-python"):
        return
    node = as_string(table.values[key])
    if node is None:
        raise MigrationRefused("`tool.poetry.dependencies.python` is not a string")
    statements = plan.layout.below(*_PATH, key)
    try:
        meant = requires_python(node.value)
    except Inexpressible as error:
        raise MigrationRefused(f"`tool.poetry.dependencies.python`: {error}") from error
    if meant is None:
        plan.take(statements)
        plan.note(
            "Any Python is allowed, so there is no `requires-python`; name the versions that"
            " you support.",
            node.span,
        )
        return
    field = Field("requires-python", quoted(meant.specifiers), tuple(statements))
    plan.add(field)
    if meant.is_exact:
        plan.take(statements)
    else:
        field.origins = ()
        plan.note(
            "The Python versions are a union that `requires-python` cannot say exactly, so"
            " the exact ones stay in [tool.poetry.dependencies] too.",
            node.span,
        )


def dependencies(plan: Plan) -> None:
    """The dependencies and extras, which belong together."""
    if plan.has("dependencies") or plan.has("optional-dependencies"):
        _leave_extras(plan)
        return
    node = plan.poetry.values.get("dependencies")
    if plan.is_dynamic("dependencies") and "extras" not in plan.poetry.values:
        return
    table = as_table(node)
    if node is not None and table is None:
        raise MigrationRefused("`tool.poetry.dependencies` is not a table")
    declared = declarations(plan, _PATH, table) if table is not None else []
    extras = _extras(plan, declared)
    broken = [each for each in declared if each.problem]
    if broken:
        if extras:
            raise MigrationRefused(
                f"`tool.poetry.dependencies.{broken[0].name}`: {broken[0].problem}, and the project"
                " has extras, which need all dependencies in [project]"
            )
        if plan.is_dynamic("dependencies"):
            return
        plan.dynamic.append("dependencies")
        plan.note(
            f"The dependencies stay in [tool.poetry], listed in `project.dynamic`: for"
            f" `{broken[0].name}`, {broken[0].problem}.",
            broken[0].node.span,
        )
        return
    _write(plan, declared, extras)


def _leave_extras(plan: Plan) -> None:
    if "extras" in plan.poetry.values:
        plan.note(
            "[tool.poetry.extras] stays: Poetry ignores it, because [project] has dependencies;"
            " move the extras you need to [project.optional-dependencies].",
            plan.poetry.keys["extras"].span,
        )


def _extras(plan: Plan, declared: list[Declaration]) -> dict[str, list[list[Declaration]]]:
    """For each extra and each of its items, the dependencies that it names."""
    node = plan.poetry.values.get("extras")
    if node is None:
        return {}
    table = as_table(node)
    if table is None:
        raise MigrationRefused("`tool.poetry.extras` is not a table")
    by_name: dict[str, list[Declaration]] = {}
    for each in declared:
        by_name.setdefault(each.normalized, []).append(each)
    extras = {}
    for extra, members in table.values.items():
        found = []
        array = as_array(members)
        if array is None or len(list(strings(array))) != len(array.items):
            raise MigrationRefused(f"`tool.poetry.extras.{extra}` is not an array of strings")
        for member in strings(members):
            named = by_name.get(normalized_name(member.value))
            if named is None:
                raise MigrationRefused(
                    f"the extra `{extra}` names `{member.value}`, which is not a dependency"
                )
            found.append(named)
        extras[extra] = found
    return extras


def _write(
    plan: Plan, declared: list[Declaration], extras: dict[str, list[list[Declaration]]]
) -> None:
    in_extras = {id(each) for members in extras.values() for named in members for each in named}
    main = [each for each in declared if id(each) not in in_extras and not each.is_optional]
    unused = [each for each in declared if id(each) not in in_extras and each.is_optional]
    staying = [each for each in declared if each.kept and each not in unused]
    for each in declared:
        if id(each) in in_extras and not each.is_optional:
            plan.note(
                f"`{each.name}` is in an extra but was not optional; it is installed with the extra"
                " only, as the built package has said so far.",
                each.node.span,
            )
    for each in unused:
        plan.note(
            f"`{each.name}` is optional but in no extra; it stays in [tool.poetry.dependencies],"
            " where nothing installs it.",
            each.node.span,
        )
    above, closing = _rewrite(plan, declared, staying, unused)
    requirements = ItemList([item for each in main for item in items_of(plan, each)], closing)
    left = [each for each in plan.layout.below(*_PATH) if not plan.is_taken(each)]
    if requirements.items or left or closing:
        plan.add(Field("dependencies", requirements, (), above))
    for each in main:
        if each.is_local:
            plan.note(
                f"`{each.name}` is a relative path: Poetry reads it in [project], other tools may"
                " not.",
                each.node.span,
            )
    if "extras" not in plan.poetry.values:
        return
    if extras:
        _write_extras(plan, extras)
    else:
        plan.take(plan.layout.below(*_EXTRAS))
        plan.take_sections(plan.layout.sections_below(*_EXTRAS))


def _rewrite(
    plan: Plan,
    declared: list[Declaration],
    staying: list[Declaration],
    unused: list[Declaration],
) -> tuple[list[str], list[str]]:
    """Take what moves out of Poetry's table; the comments of the table, if all of it goes."""
    whole = plan.layout.below(*_PATH)
    inline = len(whole) == 1 and whole[0].path == _PATH
    moving = [each for each in declared if each not in unused and each not in staying]
    if inline:
        if staying or unused:
            raise MigrationRefused("`tool.poetry.dependencies` is written as an inline table")
        plan.take(whole)
        return [], []
    for each in moving:
        plan.take(each.statements)
        plan.take_sections(each.sections)
    for each in staying:
        _keep_part(plan, each)
    rest = [each for each in whole if not plan.is_taken(each)]
    kept_ids = {id(each) for each in staying}
    if rest or any(id(each) in kept_ids for each in declared):
        return [], []
    return plan.take_sections(plan.layout.sections_below(*_PATH))


def _keep_part(plan: Plan, declaration: Declaration) -> None:
    statements = declaration.statements
    if len(statements) == 1 and len(statements[0].path) == len(_PATH) + 1:
        node = declaration.node
        text = enrichment(plan, declaration)
        text = text.replace("\n", "\r\n") if "\r\n" in plan.text else text
        plan.edits.append(Edit(node.span, text))
        return
    if len(declaration.converted) > 1 or not isinstance(declaration.node, Table):
        raise MigrationRefused(f"`tool.poetry.dependencies.{declaration.name}` is written apart")
    kept = declaration.converted[0].kept
    plan.take(each for each in statements if each.path[len(_PATH) + 1] not in kept)


def _write_extras(plan: Plan, extras: dict[str, list[list[Declaration]]]) -> None:
    table = plan.poetry.values["extras"]
    assert isinstance(table, Table)
    new = plan.table("project", "optional-dependencies")
    seen: set[int] = set()
    for extra, members in extras.items():
        statements = plan.layout.below(*_EXTRAS, extra)
        array = table.values[extra]
        assert isinstance(array, Array)  # `_extras` has looked
        written, closing = plan.array_items(array)
        items = []
        for item, named in zip(written, members, strict=True):
            group = [
                each
                for declaration in named
                for each in items_of(plan, declaration, id(declaration) not in seen)
            ]
            seen.update(map(id, named))
            if group:
                group[0].leading[:0] = item.leading
                if item.trailing and not group[0].trailing:
                    group[0].trailing = item.trailing
                elif item.trailing:
                    group[0].leading.append(item.trailing)
            items += group
        new.fields.append(Field(key_text(extra), ItemList(items, closing), tuple(statements)))
    plan.take(plan.layout.below(*_EXTRAS))
    above, closing = plan.take_sections(plan.layout.sections_below(*_EXTRAS))
    new.leading += above + closing
