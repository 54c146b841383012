"""The project's name, and dependencies of the project on itself."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import part_of
from pyproject_ls.checks.finding import Finding, Related, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import as_string, as_table
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Span
from pyproject_ls.toml import Scalar, Table

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION

DEPENDS_ON_ITSELF = Rule(
    "depends-on-itself",
    ERROR,
    "a Poetry table names the project as its own dependency",
    poetry=ERROR,
    standard=False,
)
SELF_DEPENDENCY = Rule("self-dependency", WARNING, "the project requires itself to be installed")
SELF_REFERENCE_WITHOUT_EXTRA = Rule(
    "self-reference-without-extra",
    INFORMATION,
    "an extra or a group names the project without one of its extras",
    tags=(Tag.UNNECESSARY,),
)
POETRY_NAME_INVALID = Rule(
    "poetry-name-invalid", ERROR, "`tool.poetry.name` is not a valid name", standard=False
)

_NAME = lazy_pattern(r"[A-Za-z0-9]|[A-Za-z0-9][A-Za-z0-9._-]*[A-Za-z0-9]")
_BAD_RUN = lazy_pattern(r"[^A-Za-z0-9._-]+")


@check(DEPENDS_ON_ITSELF)
def depends_on_itself(context: Context) -> Iterator[Finding]:
    """Poetry tables with the project's own name as a key.

    Poetry looks at the keys of its main, development and group tables, and at nothing else.
    """
    manifest = context.manifest
    name, poetry = manifest.name, manifest.poetry
    if name is None or poetry is None:
        return
    wanted = normalized_name(name.value)
    for table, path in _poetry_tables(poetry):
        for written, key in table.keys.items():
            if normalized_name(written) == wanted:
                yield DEPENDS_ON_ITSELF.at(
                    key,
                    (*path, written),
                    f"`{dotted(path)}` lists `{written}`, which is this project itself;"
                    " remove the entry.",
                    related=(Related(name.span, "the project's name"),),
                )


def _poetry_tables(poetry: Table) -> Iterator[tuple[Table, TomlPath]]:
    for key in ("dependencies", "dev-dependencies"):
        table = as_table(poetry.values.get(key))
        if table is not None:
            yield table, ("tool", "poetry", key)
    groups = as_table(poetry.values.get("group"))
    if groups is not None:
        for group, node in groups.values.items():
            table = as_table(node.values.get("dependencies")) if isinstance(node, Table) else None
            if table is not None:
                yield table, ("tool", "poetry", "group", group, "dependencies")


@check(SELF_DEPENDENCY, SELF_REFERENCE_WITHOUT_EXTRA)
def self_dependency(context: Context) -> Iterator[Finding]:
    """PEP 508 strings that name the project itself, with no extra and no direct reference.

    ``name[extra]`` is the usual way for an extra or a group to take in another extra.
    """
    manifest = context.manifest
    name = manifest.name
    if name is None:
        return
    wanted = normalized_name(name.value)
    for home in (Home.PROJECT, Home.EXTRA, Home.GROUP, Home.PDM_DEV):
        for dependency in manifest.by_home.get(home, ()):
            requirement = dependency.requirement
            if requirement is None or dependency.normalized != wanted:
                continue
            if requirement.extras or requirement.url is not None:
                continue
            yield _self_finding(context, dependency, name)


def _self_finding(context: Context, dependency: Dependency, name: Scalar) -> Finding:
    place = _name_span(context, dependency)
    related = (Related(name.span, "the project's name"),)
    where = dotted(dependency.declared.path)
    if dependency.declared.home is Home.PROJECT:
        return SELF_DEPENDENCY.at(
            place,
            dependency.path,
            f"`{where}` lists `{dependency.name}`, which is this project itself; remove the entry.",
            related=related,
        )
    return SELF_REFERENCE_WITHOUT_EXTRA.at(
        place,
        dependency.path,
        f"`{where}` lists `{dependency.name}`, which is this project itself; that adds nothing"
        f" unless you name an extra: `{dependency.name}[extra]`.",
        related=related,
    )


def _name_span(context: Context, dependency: Dependency) -> Span:
    node, requirement = dependency.node, dependency.requirement
    if isinstance(node, Scalar) and requirement is not None and requirement.name is not None:
        return part_of(context.document.text, node, requirement.name.span)
    return dependency.span


@check(POETRY_NAME_INVALID)
def poetry_name_invalid(context: Context) -> Iterator[Finding]:
    """``tool.poetry.name`` against the standard's form of names; Poetry itself does not look."""
    poetry = context.manifest.poetry
    node = as_string(poetry.values.get("name")) if poetry is not None else None
    if node is None or not node.value or "{{" in node.value or not context.manifest.package_mode:
        return
    if _NAME.fullmatch(node.value) or context.manifest.name is not node:
        return
    suggestion = _BAD_RUN.sub("-", node.value).strip("-._")
    advice = f', such as "{suggestion}"' if suggestion else ""
    yield POETRY_NAME_INVALID.at(
        node,
        ("tool", "poetry", "name"),
        "`tool.poetry.name` may hold letters, digits, `-`, `_` and `.`, and must begin and end with"
        f" a letter or digit{advice}; no index accepts another name.",
    )
