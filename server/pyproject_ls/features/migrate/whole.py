"""The whole file, or one field of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from pyproject_ls.features.migrate import fields
from pyproject_ls.features.migrate.build_system import build_system
from pyproject_ls.features.migrate.classifiers import classifiers
from pyproject_ls.features.migrate.dependencies import dependencies, python
from pyproject_ls.features.migrate.groups import groups
from pyproject_ls.features.migrate.layout import Layout
from pyproject_ls.features.migrate.model import Migration, MigrationRefused
from pyproject_ls.features.migrate.plan import Plan
from pyproject_ls.features.migrate.scripts import plugins, scripts
from pyproject_ls.features.migrate.urls import urls
from pyproject_ls.host import Snapshot
from pyproject_ls.project.manifest import text_of
from pyproject_ls.text import apply_edits

Part = Callable[[Plan], None]

_FIELDS: dict[str, Part] = {
    "name": lambda plan: fields.text_field(plan, "name"),
    "version": fields.version,
    "description": lambda plan: fields.text_field(plan, "description"),
    "readme": fields.readme,
    "license": fields.license,
    "authors": lambda plan: fields.people(plan, "authors"),
    "maintainers": lambda plan: fields.people(plan, "maintainers"),
    "keywords": fields.keywords,
    "classifiers": classifiers,
    "python": python,
    "dependencies": dependencies,
    "urls": urls,
    "scripts": scripts,
    "plugins": plugins,
}
_SAME = {
    "homepage": "urls",
    "repository": "urls",
    "documentation": "urls",
    "extras": "dependencies",
    "requires-python": "python",
    "entry-points": "plugins",
    "optional-dependencies": "dependencies",
}


def migrate(snapshot: Snapshot) -> Migration:
    """The edits that move what Poetry 1 kept in ``[tool.poetry]`` to the standard tables.

    No edits where there is nothing to move. Raises MigrationRefused. What stays is what only Poetry
    can say. Follows https://packaging.python.org/en/latest/specifications/pyproject-toml/, PEP 735
    and PEP 639; the versions that requirements allow are those that poetry-core reads.
    """
    if snapshot.manifest.poetry is None and snapshot.manifest.project is not None:
        return Migration(())
    plan = _plan(snapshot)
    if _has_project(plan):
        for name in _order(plan):
            _FIELDS[name](plan)
    else:
        plan.note("The project has no name, so it gets no [project] table.")
    groups(plan)
    if plan.fields or plan.tables:
        build_system(plan)
    return _checked(snapshot, plan.finish())


def migrate_field(snapshot: Snapshot, name: str) -> Migration:
    """Like `migrate`, for one field: a key of ``[tool.poetry]``, ``python`` or ``build-system``.

    Links go together, and so do dependencies and extras. Where there is no ``[project]`` yet, it is
    begun with name and version, which it must have.
    """
    plan = _plan(snapshot)
    name = _SAME.get(name, name)
    if name in {"dev-dependencies", "group"}:
        groups(plan)
    elif name == "build-system":
        build_system(plan, whole=False)
    elif name in _FIELDS:
        if plan.project is None:
            if not _has_project(plan):
                raise MigrationRefused("the project has no name, which [project] must have")
            for required in ("name", "version"):
                if required != name:
                    _FIELDS[required](plan)
            _FIELDS[name](plan)
            _list_rest(plan)
            build_system(plan, whole=False)
        else:
            _FIELDS[name](plan)
    else:
        raise MigrationRefused(f"`tool.poetry.{name}` has no place in [project]")
    return _checked(snapshot, plan.finish())


def _plan(snapshot: Snapshot) -> Plan:
    problems = [each for each in snapshot.document.problems if each.kind != "toml-1.1"]
    if problems:
        line = snapshot.lines.position(problems[0].span.start)[0] + 1
        raise MigrationRefused(f"line {line} is not valid TOML: {problems[0].message}")
    if snapshot.manifest.poetry is None:
        raise MigrationRefused("there is no [tool.poetry] table")
    if snapshot.manifest.project is None and snapshot.document.get("project") is not None:
        raise MigrationRefused("`project` is not a table")
    return Plan(snapshot)


def _has_project(plan: Plan) -> bool:
    """Whether there is a ``[project]`` table or can be one."""
    return plan.project is not None or bool(text_of(plan.poetry.values.get("name")))


def _order(plan: Plan) -> list[str]:
    """The fields in the order of the file, and after them those from other tables."""
    found = [name for name in plan.poetry.values if name in _FIELDS]
    late = ("python", "dependencies", "urls", "scripts", "plugins")
    first = [name for name in found if name not in late]
    return first + list(late)


def _list_rest(plan: Plan) -> None:
    """List as dynamic what Poetry's table goes on to provide."""
    added = {field.key for field in plan.fields}
    for name in ("readme", "classifiers"):
        if name in plan.poetry.values and name not in added and not plan.is_dynamic(name):
            plan.dynamic.append(name)
    table = plan.poetry.values.get("dependencies")
    names = {name.lower() for name in getattr(table, "values", ())}
    if "python" in names and "requires-python" not in added:
        plan.dynamic.append("requires-python")
    if names - {"python"} and "dependencies" not in added and not plan.is_dynamic("dependencies"):
        plan.dynamic.append("dependencies")


def _checked(snapshot: Snapshot, migration: Migration) -> Migration:
    """`migration`, if its result is a valid file with all comments. Raises MigrationRefused."""
    if not migration.edits:
        return migration
    try:
        after = Snapshot(apply_edits(snapshot.text, migration.edits))
    except ValueError as error:
        raise MigrationRefused(f"its parts are too entangled ({error})") from error
    problems = [each for each in after.document.problems if each.kind != "toml-1.1"]
    if problems:
        raise MigrationRefused(f"its layout is too unusual ({problems[0].message})")
    lost = _comments(snapshot) - _comments(after)
    if lost:
        raise MigrationRefused(f"the comment `{next(iter(lost))}` has no place in the new text")
    return migration


def _comments(snapshot: Snapshot) -> Counter[str]:
    layout = Layout(snapshot.document, snapshot.lines)
    return Counter(map(layout.text_at, layout.comments))
