"""What Poetry packs: ``packages`` and ``include`` patterns, and the package it finds by itself.

Follows ``poetry/core/masonry/utils/{module,package_include,include}.py`` of poetry-core 2.5;
``poetry check`` does not look, but ``poetry build`` fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.wording import shown
from pyproject_ls.facts import PathKind
from pyproject_ls.project.manifest import as_array, as_string, is_truthy, text_of
from pyproject_ls.toml import Table

WARNING, INFORMATION = Severity.WARNING, Severity.INFORMATION

PACKAGE_NO_MATCH = Rule(
    "package-no-match", WARNING, "a package that does not exist", standard=False
)
INCLUDE_NO_MATCH = Rule(
    "include-no-match", INFORMATION, "an included file that does not exist", standard=False
)
PACKAGE_NOT_FOUND = Rule(
    "package-not-found",
    INFORMATION,
    "no package that is named like the project",
    standard=False,
)

_BACKENDS = frozenset({None, "poetry.core.masonry.api", "poetry.masonry.api"})


@check(PACKAGE_NO_MATCH, INCLUDE_NO_MATCH)
def patterns(context: Context) -> Iterator[Finding]:
    """The patterns of ``tool.poetry.packages`` and ``tool.poetry.include``."""
    poetry = context.manifest.poetry
    if poetry is None or not _is_built(context):
        return
    array = as_array(poetry.values.get("packages"))
    for index, item in enumerate(array.items if array is not None else ()):
        node = as_string(item.values.get("include")) if isinstance(item, Table) else None
        if node is None or not isinstance(item, Table):
            continue
        folder = text_of(item.values.get("from"))
        pattern = f"{folder.rstrip('/')}/{node.value}" if folder else node.value
        if pattern.strip("./") and context.facts.glob_matches(pattern) is False:
            yield PACKAGE_NO_MATCH.at(
                node,
                ("tool", "poetry", "packages", index, "include"),
                f"Nothing matches {shown(pattern)} in `tool.poetry.packages`, so the build fails;"
                " correct `include` or `from`.",
            )
    array = as_array(poetry.values.get("include"))
    for index, item in enumerate(array.items if array is not None else ()):
        is_table = isinstance(item, Table)
        node = as_string(item.values.get("path") if isinstance(item, Table) else item)
        if node is None or not node.value.strip("./"):
            continue
        if context.facts.glob_matches(node.value) is False:
            base = ("tool", "poetry", "include", index)
            yield INCLUDE_NO_MATCH.at(
                node,
                (*base, "path") if is_table else base,
                f"Nothing matches {shown(node.value)} in `tool.poetry.include`.",
            )


@check(PACKAGE_NOT_FOUND)
def default_package(context: Context) -> Iterator[Finding]:
    """Without ``packages``, Poetry packs the folder or module that is named like the project."""
    manifest = context.manifest
    node = manifest.name
    if node is None or not _is_built(context):
        return
    packages = manifest.poetry.values.get("packages") if manifest.poetry is not None else None
    if packages is not None and is_truthy(packages):
        return
    module = manifest.normalized_name.replace("-", "_")
    places = (module, f"{module}.py", f"src/{module}", f"src/{module}.py")
    if all(context.facts.path_kind(place) is PathKind.MISSING for place in places):
        owner = ("project",) if _is_in_project(context) else ("tool", "poetry")
        yield PACKAGE_NOT_FOUND.at(
            node,
            (*owner, "name"),
            f"There is no package `{module}` here or in `src`; without one Poetry cannot build."
            " Create it, name others in `tool.poetry.packages`, or set `package-mode = false`.",
        )


def _is_built(context: Context) -> bool:
    """Whether poetry-core packs this project."""
    manifest = context.manifest
    return manifest.uses_poetry and manifest.package_mode and manifest.build_backend in _BACKENDS


def _is_in_project(context: Context) -> bool:
    project = context.manifest.project
    return project is not None and project.values.get("name") is context.manifest.name
