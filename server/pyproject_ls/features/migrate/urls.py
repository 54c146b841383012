"""Links: homepage, repository, documentation and Poetry's urls become ``[project.urls]``."""

from __future__ import annotations

from pyproject_ls.features.migrate.fields import taken_or_ignored
from pyproject_ls.features.migrate.model import Field, MigrationRefused
from pyproject_ls.features.migrate.plan import Plan
from pyproject_ls.features.migrate.write import key_text
from pyproject_ls.project.manifest import as_string, as_table

_NAMED = ("homepage", "repository", "documentation")


def urls(plan: Plan) -> None:
    """All links at once: as soon as ``[project.urls]`` is there Poetry ignores its own."""
    found: dict[str, Field] = {}
    for name in _NAMED:
        node = taken_or_ignored(plan, name, "urls")
        if node is None:
            continue
        statement = plan.statement("tool", "poetry", name)
        plan.take([statement])
        link = as_string(node)
        if link is not None and link.value:
            found[name] = Field(name.capitalize(), plan.raw(link), (statement,))
    fields = list(found.values())
    leading: list[str] = []
    if "urls" in plan.poetry.values:
        leading = _custom(plan, found, fields)
    if fields:
        table = plan.table("project", "urls")
        table.fields += fields
        table.leading += leading


def _custom(plan: Plan, found: dict[str, Field], fields: list[Field]) -> list[str]:
    if plan.has("urls"):
        raise MigrationRefused(
            "both [project.urls] and [tool.poetry.urls] are set; join them first"
        )
    custom = as_table(plan.poetry.values["urls"])
    if custom is None:
        raise MigrationRefused("`tool.poetry.urls` is not a table")
    path = ("tool", "poetry", "urls")
    by_name = {each.path[3]: each for each in plan.layout.below(*path) if len(each.path) == 4}
    for name, node in custom.values.items():
        link = as_string(node)
        if link is None:
            raise MigrationRefused(f"`tool.poetry.urls.{name}` is not a string")
        origins = (by_name[name],) if name in by_name else ()
        known = found.get(name.lower())
        if known is not None:
            # Poetry's own key and the custom link: the last one wins in its metadata
            known.key, known.value = key_text(name), plan.raw(link)
            known.origins += origins
            continue
        fields.append(Field(key_text(name), plan.raw(link), origins))
    plan.take(plan.layout.below(*path))
    above, closing = plan.take_sections(plan.layout.sections_below(*path))
    return above + closing
