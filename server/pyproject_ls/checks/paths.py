"""Path dependencies: what they point to exists and is what it should be.

Poetry only logs these (``poetry/core/packages/{path,file,directory}_dependency.py``); how a
requirement string becomes a path follows ``poetry/core/packages/dependency.py``
(`create_from_pep_508`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import part_of
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.uv import uv_sources
from pyproject_ls.checks.wording import shown
from pyproject_ls.facts import Facts, PathKind
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import as_string, text_of
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.verdicts import poetry_fault, standard_fault
from pyproject_ls.text import Span
from pyproject_ls.toml import Scalar, Table

WARNING, INFORMATION = Severity.WARNING, Severity.INFORMATION

PATH_MISSING = Rule(
    "path-missing", WARNING, "a path dependency that does not exist", poetry=INFORMATION
)
PATH_NOT_A_PROJECT = Rule(
    "path-not-a-project",
    WARNING,
    "a path dependency on a folder without a Python project",
    poetry=INFORMATION,
)
PATH_KIND = Rule(
    "path-kind",
    WARNING,
    "a folder where a file is expected, or the reverse",
    poetry=INFORMATION,
)

_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
_POETRY_TABLES = frozenset(
    {Home.POETRY, Home.POETRY_DEV, Home.POETRY_GROUP, Home.POETRY_BUILD_CONSTRAINT}
)
_STRING_LISTS = frozenset({Home.PROJECT, Home.EXTRA, Home.GROUP})


class Target(NamedTuple):
    """A path that a dependency points to."""

    path: str
    """Relative to the project, or absolute."""
    subdirectory: str
    place: Span
    toml_path: TomlPath
    wants_file: bool = False


@check(PATH_MISSING, PATH_NOT_A_PROJECT, PATH_KIND)
def path_dependencies(context: Context) -> Iterator[Finding]:
    """Every dependency on a path."""
    for dependency in context.manifest.dependencies:
        if dependency.requirement is None:
            target = _poetry_target(dependency)
        else:
            target = _string_target(context, dependency)
        if target is not None:
            yield from _judge(context.facts, dependency.name, target, poetry=True)
    for name, target in _uv_targets(context):
        yield from _judge(context.facts, name, target, poetry=False)


def _poetry_target(dependency: Dependency) -> Target | None:
    """``{path = ...}`` or ``{file = ...}``; ``git`` goes first, as in `create_dependency`."""
    if not isinstance(dependency.node, Table) or dependency.declared.home not in _POETRY_TABLES:
        return None
    values = dependency.node.values
    if "git" in values or dependency.name.lower() == "python":
        return None
    option = "file" if "file" in values else "path"
    node = as_string(values.get(option))
    if node is None:
        return None
    return Target(
        path=node.value,
        subdirectory=text_of(values.get("subdirectory")) or "" if option == "path" else "",
        place=node.span,
        toml_path=(*dependency.path, option),
        wants_file=option == "file",
    )


def _string_target(context: Context, dependency: Dependency) -> Target | None:
    """``name @ file:///...`` and ``name @ ../folder``."""
    url = dependency.requirement.url if dependency.requirement is not None else None
    node = dependency.node
    if url is None or not isinstance(node, Scalar) or dependency.declared.home not in _STRING_LISTS:
        return None
    reference = _reference(url.text)
    fault_of = poetry_fault if context.as_poetry or context.manifest.uses_poetry else standard_fault
    if reference is None or fault_of(node.value) is not None:
        return None  # what is wrong with the string as a whole is another check's matter
    path, subdirectory, is_plain = reference
    if not context.as_poetry and not is_plain:
        return None
    place = part_of(context.document.text, node, url.span)
    return Target(path, subdirectory, place, dependency.path)


@lru_cache(maxsize=1024)
def _reference(url: str) -> tuple[str, str, bool] | None:
    """The path and subdirectory that Poetry takes a URL for; None if it is no path.

    The last part is False for what only Poetry takes for a path: URLs of other schemes
    (``hg+https``), and placeholders of other tools.
    """
    try:
        scheme, host, path, _, fragment = urlsplit(url)
    except ValueError:
        return None
    if not path or scheme in {"http", "https", "git"} or scheme.startswith("git+"):
        return None
    is_plain = not any(mark in url for mark in ("${", "{", "}"))
    if scheme != "file":
        return url, "", is_plain and "://" not in url
    if host not in {"", "localhost"}:
        return None
    for word in fragment.split("&"):
        name, _, value = word.partition("=")
        if name == "subdirectory":
            return unquote(path), value, is_plain
    return unquote(path), "", is_plain


def _uv_targets(context: Context) -> Iterator[tuple[str, Target]]:
    """``[tool.uv.sources]`` entries with a path."""
    for package, path, table in uv_sources(context.document):
        node = as_string(table.values.get("path"))
        if node is not None and node.value:
            subdirectory = text_of(table.values.get("subdirectory")) or ""
            yield package, Target(node.value, subdirectory, node.span, (*path, "path"))


def _judge(facts: Facts, name: str, target: Target, *, poetry: bool) -> Iterator[Finding]:
    path = target.path
    kind = facts.path_kind(path)
    if kind is PathKind.FILE and not target.subdirectory:
        return
    if target.subdirectory and kind is not PathKind.FILE:
        path = f"{path.rstrip('/')}/{target.subdirectory}"
        kind = facts.path_kind(path)
    if kind is PathKind.MISSING:
        yield PATH_MISSING.at(
            target.place,
            target.toml_path,
            f"The path {shown(path)} of the dependency `{name}` does not exist.",
            poetry=poetry,
        )
    elif target.wants_file:
        if kind is PathKind.DIRECTORY:
            yield PATH_KIND.at(
                target.place,
                target.toml_path,
                f"{shown(path)}, the `file` of the dependency `{name}`, is a folder; use `path`.",
                poetry=poetry,
            )
    elif kind is PathKind.FILE:
        if target.subdirectory and path != target.path:
            yield PATH_KIND.at(
                target.place,
                target.toml_path,
                f"{shown(path)}, the folder of the dependency `{name}`, is a file.",
                poetry=poetry,
            )
    elif kind is PathKind.DIRECTORY and _is_no_project(facts, path):
        yield PATH_NOT_A_PROJECT.at(
            target.place,
            target.toml_path,
            f"The folder {shown(path)} of the dependency `{name}` has neither a pyproject.toml nor"
            " a setup.py, so it cannot be installed.",
            poetry=poetry,
        )


def _is_no_project(facts: Facts, folder: str) -> bool:
    """Whether none of the files is there that make a folder a Python project."""
    base = folder if folder.endswith("/") or not folder else f"{folder}/"
    return all(facts.path_kind(f"{base}{name}") is PathKind.MISSING for name in _PROJECT_FILES)
