"""``project.dynamic``: fields that the build backend provides."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import without_item
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.project.dependencies import Home
from pyproject_ls.project.manifest import Manifest, as_array, as_table, indexed_strings
from pyproject_ls.toml import Scalar, Table

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION

STATIC_AND_DYNAMIC = Rule(
    "static-and-dynamic", ERROR, "a field has a value and is listed as dynamic"
)
EXTENDED_FIELD = Rule(
    "extended-field", INFORMATION, "a list or table has a value and is listed as dynamic"
)
DYNAMIC_DUPLICATE = Rule(
    "dynamic-duplicate",
    INFORMATION,
    "a field is listed as dynamic twice",
    tags=(Tag.UNNECESSARY,),
)
DYNAMIC_WITHOUT_SOURCE = Rule(
    "dynamic-without-source",
    WARNING,
    "a dynamic field for which Poetry finds no value",
    standard=False,
)

_EXTENDABLE = frozenset(
    {
        "authors",
        "classifiers",
        "dependencies",
        "entry-points",
        "gui-scripts",
        "import-names",
        "import-namespaces",
        "keywords",
        "license-files",
        "maintainers",
        "optional-dependencies",
        "scripts",
        "urls",
    }
)
"""Fields that PEP 808 lets a backend extend; of the licence only the string form."""

_POETRY_SOURCES: dict[str, tuple[str, ...]] = {
    "description": ("description",),
    "readme": ("readme",),
    "license": ("license",),
    "authors": ("authors",),
    "maintainers": ("maintainers",),
    "keywords": ("keywords",),
    "urls": ("homepage", "repository", "documentation", "urls"),
    "scripts": ("scripts",),
    "entry-points": ("plugins",),
    "dependencies": ("dependencies",),
    "optional-dependencies": ("extras",),
}
"""Where Poetry takes a dynamic field from. Classifiers and licence files it finds by itself, the
version is a required field with a rule of its own."""


@check(STATIC_AND_DYNAMIC, EXTENDED_FIELD, DYNAMIC_DUPLICATE)
def dynamic(context: Context) -> Iterator[Finding]:
    """Fields that are listed twice, or listed and given (PEP 621, PEP 808)."""
    project = context.manifest.project
    listed = as_array(project.values.get("dynamic")) if project is not None else None
    if project is None or listed is None:
        return
    seen: dict[str, Scalar] = {}
    for index, item in indexed_strings(listed):
        field, path = item.value, ("project", "dynamic", index)
        first = seen.setdefault(field, item)
        if first is not item:
            yield DYNAMIC_DUPLICATE.at(
                item,
                path,
                f"`project.dynamic` lists `{field}` twice; once is enough.",
                related=(Related(first.span, "first listed here"),),
                fix=Fix(
                    f"Remove the second `{field}`",
                    (without_item(context.document.text, listed, index),),
                ),
            )
            continue
        value = project.values.get(field)
        if value is None or field in {"name", "dynamic"}:
            continue
        related = (Related(project.keys[field].span, "the value is given here"),)
        if field in _EXTENDABLE or (field == "license" and isinstance(value, Scalar)):
            yield EXTENDED_FIELD.at(
                item,
                path,
                f"`project.{field}` has a value and is listed in `project.dynamic`: the backend may"
                " add to it, which PEP 808 allows and older backends refuse.",
                related=related,
            )
        else:
            yield STATIC_AND_DYNAMIC.at(
                item,
                path,
                f"`project.{field}` has a value and is listed in `project.dynamic`; keep one of the"
                " two.",
                related=related,
            )


@check(DYNAMIC_WITHOUT_SOURCE)
def dynamic_without_source(context: Context) -> Iterator[Finding]:
    """Dynamic fields that plain poetry-core has to find in ``[tool.poetry]``, and does not."""
    manifest = context.manifest
    if not manifest.dynamic or not is_built_by_poetry_alone(manifest):
        return
    poetry = manifest.poetry or Table(0, 0, "implicit")
    project = manifest.project
    for index, item in indexed_strings(manifest.document.get("project", "dynamic")):
        field = item.value
        if manifest.dynamic[field] is not item or (project is not None and field in project.values):
            continue
        if field == "requires-python":
            table = as_table(poetry.values.get("dependencies"))
            if table is None or "python" not in table.values:
                yield _without_source(index, item, "`tool.poetry.dependencies.python`")
        elif field == "gui-scripts":
            yield DYNAMIC_WITHOUT_SOURCE.at(
                item,
                ("project", "dynamic", index),
                "`project.dynamic` lists `gui-scripts`, which Poetry cannot provide; write them"
                " under `[project.gui-scripts]` or remove the entry.",
            )
        elif field in _POETRY_SOURCES and not any(
            key in poetry.values for key in _POETRY_SOURCES[field]
        ):
            yield _without_source(index, item, f"`tool.poetry.{_POETRY_SOURCES[field][0]}`")


def _without_source(index: int, item: Scalar, source: str) -> Finding:
    return DYNAMIC_WITHOUT_SOURCE.at(
        item,
        ("project", "dynamic", index),
        f"`project.dynamic` lists `{item.value}`, but {source} does not give it, so it stays empty;"
        f" set {source}, or write `project.{item.value}` and remove it here.",
    )


def is_built_by_poetry_alone(manifest: Manifest) -> bool:
    """Whether poetry-core builds the project, with no plugin that could fill in fields."""
    if manifest.build_backend != "poetry.core.masonry.api":
        return False
    if any(
        dependency.normalized != "poetry-core"
        for dependency in manifest.by_home.get(Home.BUILD, ())
    ):
        return False
    return not manifest.by_home.get(Home.POETRY_PLUGIN)
