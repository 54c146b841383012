"""Imported modules that no dependency provides: `strict-undeclared-import`."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.presets import UNDECLARED_IMPORT
from pyproject_ls.checks.providers import DEVELOPMENT, RELEASED, Usage, lock_of, usage_of
from pyproject_ls.checks.wording import visible
from pyproject_ls.facts import PathKind
from pyproject_ls.facts.usage import Use, UseKind
from pyproject_ls.project.lock_graph import LockGraph
from pyproject_ls.project.manifest import as_table
from pyproject_ls.project.module_names import SHARED, known_part, packages_with, works_unimported
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Table

_MAX_PATH = 100
_FOR_DEVELOPERS = frozenset(
    {"dev", "develop", "development", "doc", "docs", "lint", "test", "testing", "tests", "typing"}
)
"""Names of extras whose packages the code of the project does not import."""
_ELSEWHERE = (("tool", "pixi"), ("tool", "flit", "metadata"), ("tool", "conda"))
"""Where projects declare dependencies that are not read here."""


def undeclared_imports(context: Context) -> Iterator[Finding]:
    """Modules that the project's code needs, one finding for each package that would bring them."""
    if context.document.problems or not _declares_all(context):
        return
    usage = usage_of(context)
    if usage is None:
        return
    missing = _missing(context, usage)
    graph = lock_of(context) if missing else None
    if graph is None:
        return
    span, path, shown = _place(context)
    for package, use in missing.items():
        module = known_part(use.module) or use.module
        where = f"`{visible(use.path, _MAX_PATH)}` imports `{module}` (line {use.line})"
        yield UNDECLARED_IMPORT.at(
            span,
            path,
            f"{where}, which {_reason(context, usage, graph, use, package)}; add `{package}` to"
            f" `{shown}`.",
        )


def _declares_all(context: Context) -> bool:
    """Whether the file says which dependencies there are, all of them."""
    manifest, document, facts = context.manifest, context.document, context.facts
    if manifest.project is None and manifest.poetry is None:
        return False
    if "dependencies" in manifest.dynamic or any(document.get(*each) for each in _ELSEWHERE):
        return False
    table = _table(context)
    if table is not None:
        return isinstance(document.get(*map(str, table)), (Array, Table))
    older = [facts.path_kind(name) for name in ("setup.py", "setup.cfg")]  # both asked at once
    return all(kind is PathKind.MISSING for kind in older)


def _missing(context: Context, usage: Usage) -> dict[str, Use]:
    """By the package to add: the first use of each module that users do not get."""
    optional = {use.module for use in usage.foreign if use.kind is UseKind.OPTIONAL}
    is_clear = not any(
        each.normalized in usage.released.unexplained
        and each.declared.group.lower() not in _FOR_DEVELOPERS
        and not works_unimported(each.normalized)
        for each in context.manifest.dependencies
        if each.declared.home in RELEASED
    )
    found: dict[str, Use] = {}
    for use in usage.foreign:
        if use.kind > UseKind.LATER or use.module in optional or use.module.startswith("_"):
            continue
        if usage.released.of(use.module):
            continue
        if use.kind is UseKind.LATER and usage.all.certainly(use.module):
            continue  # whoever calls the function may have it, as the developers do
        package = _package(usage, use.module, is_clear)
        if package:
            found.setdefault(package, use)
    return found


def _package(usage: Usage, module: str, is_clear: bool) -> str:
    """The package to add for `module`; "" where it may be that of a dependency nobody knows."""
    others = usage.all.certainly(module)
    if others:
        return min(others)
    known = packages_with(module)
    installed = [
        name
        for name, modules in usage.installed.items()
        if any(module == each or module.startswith(f"{each}.") for each in modules)
    ]
    for name in (*sorted(set(known) & set(installed)), *installed, *known):
        return name
    if module.partition(".")[0] in SHARED or not is_clear:
        return ""
    return module.replace("_", "-").lower()


def _reason(context: Context, usage: Usage, graph: LockGraph, use: Use, package: str) -> str:
    """Why the module of `use` is missing, after "which"."""
    if usage.all.certainly(use.module):
        lists = [
            dotted(each.declared.path)
            for each in context.manifest.dependencies
            if each.normalized == package and each.declared.home in DEVELOPMENT
        ]
        return f"users do not get, as it is only in `{lists[0]}`" if lists else "users do not get"
    starts = {
        each.normalized for each in context.manifest.dependencies if each.declared.home in RELEASED
    }
    for locked in graph.packages.get(package, ()):
        ways = graph.paths(starts, locked, 1)
        if ways and len(ways[0]) > 1:
            return f"only comes with `{ways[0][0].name}` today"
    return "no dependency provides"


def _table(context: Context) -> TomlPath | None:
    """The list or table that the project's dependencies are in."""
    paths = (("project", "dependencies"), ("tool", "poetry", "dependencies"))
    return next((each for each in paths if context.document.get(*each) is not None), None)


def _place(context: Context) -> tuple[Span, TomlPath, str]:
    """Where to show what is missing, its path, and the list to add it to."""
    manifest, root = context.manifest, context.document.root
    path: TomlPath = _table(context) or (
        ("project",) if manifest.project is not None else ("tool", "poetry")
    )
    owner = as_table(root.get(*map(str, path[:-1])))
    assert owner is not None  # what is in it has been found before
    listed = path if path[-1] == "dependencies" else (*path, "dependencies")
    return owner.keys[str(path[-1])].span, path, dotted(listed)
