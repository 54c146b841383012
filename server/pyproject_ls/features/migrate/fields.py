"""The plain fields: name, version, description, readme, people, license, keywords, classifiers."""

from __future__ import annotations

from pyproject_ls.checks.edits import quoted
from pyproject_ls.features.migrate.license import expression
from pyproject_ls.features.migrate.model import Field, ItemList, MigrationRefused
from pyproject_ls.features.migrate.people import person
from pyproject_ls.features.migrate.plan import Plan
from pyproject_ls.features.migrate.write import inline_table
from pyproject_ls.project.dependencies import Home
from pyproject_ls.project.manifest import as_array, as_string, strings
from pyproject_ls.toml import Array, Scalar, Value

_VERSION_PLUGINS = frozenset(
    {
        "poetry-dynamic-versioning",
        "poetry-git-version-plugin",
        "poetry-version-plugin",
        "poetry-versioning-plugin",
    }
)
_CONTENT_TYPES = (".md", ".rst", ".txt")


def taken_or_ignored(plan: Plan, name: str, successor: str) -> Value | None:
    """The value of ``tool.poetry.<name>`` if it has to move.

    Where ``[project]`` has the successor Poetry ignores the value: it goes, and the user is told.
    """
    node = plan.poetry.values.get(name)
    if node is None:
        return None
    if plan.has(successor):
        plan.take([plan.statement("tool", "poetry", name)])
        plan.note(
            f"`tool.poetry.{name}` is removed: Poetry ignored it, because `project.{successor}` is"
            " set.",
            plan.poetry.keys[name].span,
        )
        return None
    return node


def text_field(plan: Plan, name: str) -> None:
    """A string that stays as it is: name, description."""
    node = taken_or_ignored(plan, name, name)
    if node is None:
        return
    _require_string(node, name)
    statement = plan.statement("tool", "poetry", name)
    plan.take([statement])
    plan.add(Field(name, plan.raw(node), (statement,)))


def version(plan: Plan) -> None:
    """The version; where a plugin provides it, it stays and is listed as dynamic."""
    node = plan.poetry.values.get("version")
    if node is not None and not plan.has("version") and not plan.is_dynamic("version"):
        plugin = _version_plugin(plan)
        if plugin:
            plan.dynamic.append("version")
            plan.note(
                f"The version stays in [tool.poetry], listed in `project.dynamic`: {plugin}"
                " provides it.",
                plan.poetry.keys["version"].span,
            )
            return
    elif node is not None and plan.is_dynamic("version"):
        return
    text_field(plan, "version")
    if node is not None:
        _follow_version(plan)


def _version_plugin(plan: Plan) -> str:
    tools = plan.document.get("tool")
    names = list(getattr(tools, "values", ()))
    for home in (Home.BUILD, Home.POETRY_PLUGIN):
        names += (each.normalized for each in plan.manifest.by_home.get(home, ()))
    return next((name for name in names if name in _VERSION_PLUGINS), "")


def _follow_version(plan: Plan) -> None:
    """What names ``tool.poetry.version`` elsewhere in the file (release tools) names the new."""
    work: list[Value] = [
        node
        for name, node in getattr(plan.document.get("tool"), "values", {}).items()
        if name != "poetry"
    ]
    while work:
        node = work.pop()
        if isinstance(node, Array):
            work += node.items
        elif not isinstance(node, Scalar):
            work += node.values.values()
            provider = as_string(node.values.get("version_provider"))
            if provider is not None and provider.value == "poetry":
                plan.note(
                    '`version_provider = "poetry"` reads [tool.poetry]; set it to "pep621".',
                    provider.span,
                )
        elif node.kind == "string" and "tool.poetry.version" in node.value:
            from pyproject_ls.text import Edit

            raw = plan.raw(node)
            plan.edits.append(
                Edit(node.span, raw.replace("tool.poetry.version", "project.version"))
            )
            plan.note("A path to `tool.poetry.version` now leads to `project.version`.", node.span)


def readme(plan: Plan) -> None:
    """The readme; several of them stay, because ``[project]`` has only one."""
    if plan.is_dynamic("readme"):
        return
    node = taken_or_ignored(plan, "readme", "readme")
    if node is None:
        return
    statement = plan.statement("tool", "poetry", "readme")
    if isinstance(node, Array):
        names = list(strings(node))
        if len(names) > 1:
            plan.dynamic.append("readme")
            plan.note(
                "The readme files stay in [tool.poetry], listed in `project.dynamic`: [project]"
                " has only one.",
                plan.poetry.keys["readme"].span,
            )
            return
        node = names[0] if names else node
    plan.take([statement])
    name = as_string(node)
    if name is None or not name.value:
        return
    text = plan.raw(name)
    if not name.value.lower().endswith(_CONTENT_TYPES):
        text = inline_table((("file", text), ("content-type", '"text/plain"')))
    plan.add(Field("readme", text, (statement,)))


def people(plan: Plan, name: str) -> None:
    """Authors or maintainers."""
    node = taken_or_ignored(plan, name, name)
    if node is None:
        return
    array = as_array(node)
    if array is None or len(list(strings(array))) != len(array.items):
        raise MigrationRefused(f"`tool.poetry.{name}` is not an array of strings")
    statement = plan.statement("tool", "poetry", name)
    plan.take([statement])
    items, closing = plan.array_items(array)
    for item, written in zip(array.items, items, strict=True):
        assert isinstance(item, Scalar)
        written.text = person(item.value)
    if items:
        plan.add(Field(name, ItemList(items, closing, plan.indent(array)), (statement,)))


def license(plan: Plan) -> None:
    """The license as an SPDX expression."""
    node = taken_or_ignored(plan, "license", "license")
    if node is None:
        return
    _require_string(node, "license")
    assert isinstance(node, Scalar)
    statement = plan.statement("tool", "poetry", "license")
    plan.take([statement])
    if not node.value.strip():
        return
    stated = [item.value for item in strings(plan.poetry.values.get("classifiers"))]
    meant, note = expression(node.value, stated)
    if note:
        plan.note(note, node.span)
    plan.add(
        Field("license", plan.raw(node) if meant == node.value else quoted(meant), (statement,))
    )


def keywords(plan: Plan) -> None:
    """Keywords, as they are."""
    node = taken_or_ignored(plan, "keywords", "keywords")
    if node is None:
        return
    statement = plan.statement("tool", "poetry", "keywords")
    plan.take([statement])
    plan.add(Field("keywords", plan.raw(node), (statement,)))


def _require_string(node: Value, name: str) -> None:
    if as_string(node) is None:
        raise MigrationRefused(f"`tool.poetry.{name}` is not a string")
