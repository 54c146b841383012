"""Dependencies that no file of the project imports or names: `strict-unused-dependency`."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import delete_key, without_item
from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.checks.presets import UNUSED_DEPENDENCY
from pyproject_ls.checks.providers import Usage, lock_of, usage_of
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import Manifest, as_array, as_table
from pyproject_ls.project.module_names import (
    known_modules,
    likely_modules,
    word_pattern,
    works_unimported,
)
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Scalar, Table, Value

_MAIN = (Home.PROJECT, Home.POETRY)
_CONDITIONS = ("markers", "python", "platform", "extras", "optional")
_PLACES = ("git", "path", "file", "url", "workspace")

_MEANT = frozenset({"scripts", "gui-scripts", "entry-points", "plugins"})
"""The parts of ``[project]`` and ``[tool.poetry]`` that name modules which are used."""

_NOT_MEANT = frozenset(
    {
        *("basedpyright", "black", "conda-lock", "coverage", "cibuildwheel", "deptry", "hatch"),
        *("isort", "mypy", "pdm", "pixi", "pyproject-ls", "pyright", "ruff", "tox", "uv"),
    }
)
"""Tools whose tables speak of packages from outside."""


def unused_dependencies(context: Context) -> Iterator[Finding]:
    """Main dependencies that are neither imported nor named, nor do their work without that."""
    if context.document.problems:
        return
    candidates = [each for each in _main(context.manifest) if _has_to_be_imported(each, context)]
    if not candidates:
        return
    usage = usage_of(context)
    if usage is None or not usage.imports.complete or not usage.imports.has_code:
        return
    unused = [each for each in candidates if not _is_imported(each, usage)]
    words = {each.normalized: _words(each, usage) for each in unused}
    asked = tuple(sorted(set().union(*words.values())))
    if not asked:
        return
    mentions, graph = context.facts.mentions(asked), lock_of(context)
    if mentions is None or graph is None:
        return
    named = mentions.words | _named_in_file(context.manifest, asked)
    for each in unused:
        if words[each.normalized] & named:
            continue
        if any(graph.needed_by(package) for package in graph.of(each)):
            continue  # it may be here for its version only
        yield UNUSED_DEPENDENCY.at(
            each.span,
            each.path,
            f"`{each.name}` in `{dotted(each.declared.path)}` is imported by none of the project's"
            " Python files and named by none of its settings; remove it, or ignore this where"
            " something else needs it.",
            fix=_removal(context, each),
        )


def _main(manifest: Manifest) -> Iterator[Dependency]:
    for home in _MAIN:
        yield from manifest.by_home.get(home, ())


def _has_to_be_imported(dependency: Dependency, context: Context) -> bool:
    """Whether the only use of a dependency is to be imported, here and from an index."""
    name = dependency.normalized
    if name in ("", "python", context.manifest.normalized_name) or works_unimported(name):
        return False
    requirement = dependency.requirement
    if requirement is not None and (requirement.extras or requirement.url or requirement.marker):
        return False
    if any(dependency.option(key) is not None for key in (*_CONDITIONS, *_PLACES)):
        return False
    sources = as_table(context.document.get("tool", "uv", "sources"))
    return sources is None or name not in map(normalized_name, sources.values)


def _is_imported(dependency: Dependency, usage: Usage) -> bool:
    """Whether a file imports a module of `dependency`, or may do so under a name unknown to us."""
    name = dependency.normalized
    if any(name in usage.all.certainly(use.module) for use in usage.imports.uses):
        return True
    if any(name in usage.all.of(use.module) for use in usage.foreign):
        return True
    if name in usage.installed and not usage.installed[name] and not known_modules(name):
        return True  # it has no modules, so it is here for what it needs itself
    return name in usage.all.unexplained and bool(usage.puzzles)


def _words(dependency: Dependency, usage: Usage) -> set[str]:
    """The words that show that `dependency` is used."""
    name = dependency.normalized
    modules = {*usage.installed.get(name, ()), *known_modules(name), *likely_modules(name)}
    words = {name, dependency.name.lower(), *(each.lower() for each in modules)}
    return {each for each in words if len(each) > 1}


def _named_in_file(manifest: Manifest, words: tuple[str, ...]) -> set[str]:
    """Those of `words` that the file itself names, outside of dependencies and descriptions."""
    found: set[str] = set()
    pattern = word_pattern(words)
    root = manifest.document.root
    for owner in (root.values.get("project"), root.get("tool", "poetry")):
        table = as_table(owner)
        for key, value in table.values.items() if table is not None else ():
            if key in _MEANT:
                found |= {each.lower() for text in _texts(value) for each in pattern.findall(text)}
    tools = as_table(root.values.get("tool"))
    for key, value in tools.values.items() if tools is not None else ():
        if key != "poetry" and key not in _NOT_MEANT:
            for text in (key, *_texts(value)):
                found |= {each.lower() for each in pattern.findall(text)}
    return found


def _texts(node: Value) -> Iterator[str]:
    if isinstance(node, Table):
        for key, value in node.values.items():
            yield key
            yield from _texts(value)
    elif isinstance(node, Array):
        for item in node.items:
            yield from _texts(item)
    elif isinstance(node, Scalar) and node.kind == "string":
        yield str(node.value)


def _removal(context: Context, dependency: Dependency) -> Fix | None:
    """The edit that takes `dependency` away; a person has to look at it."""
    document, declared, where = context.document, dependency.declared, dependency.where
    node = document.get(*map(str, declared.path))
    edits: tuple[Edit, ...] = ()
    array = as_array(node)
    if array is not None and isinstance(where, int):
        edits = (without_item(document.text, array, where),)
    elif isinstance(node, Table) and isinstance(where, str):
        edits = delete_key(document.text, node, where)
    return Fix(f"Remove `{dependency.name}`", edits, safe=False) if edits else None
