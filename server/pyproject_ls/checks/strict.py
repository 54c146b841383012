"""The preset `strict`: what a careful team wants, and not everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.presets import (
    DEVELOPMENT_TOOL,
    FLOATING,
    LOCK_IGNORED,
    SECRET,
    UNLOCKED,
    UNPINNED_PYTHON,
)
from pyproject_ls.checks.team_wording import LOCKS, first_line
from pyproject_ls.facts import PathKind
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Scalar, Table, Value

_MAIN = frozenset({Home.PROJECT, Home.POETRY})
_RUNTIME = _MAIN | {Home.EXTRA, Home.GROUP, Home.POETRY_GROUP, Home.POETRY_DEV, Home.PDM_DEV}

_TOOLS = lazy_pattern(
    r"autopep8|bandit|black|codespell|coverage|flake8(-.*)?|ipdb|isort|mypy|nox|pre-commit|pylint"
    r"|pyright|pytest(-.*)?|ruff|safety|tox(-.*)?|twine|types-.*|vulture|yapf"
)
"""Normalized names of packages that a program hardly ever needs when it runs."""

_TOKENS = lazy_pattern(
    r"pypi-AgEI[\w-]{50,}|gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{60,}|glpat-[\w-]{20,}"
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}|xox[abprs]-[A-Za-z0-9-]{10,}|sk_live_[A-Za-z0-9]{20,}"
    r"|eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----"
)
"""Tokens of services that can be told by their shape."""

_TELLING = lazy_pattern(r"(?:^|[-_])(?:password|passwd|secret|token|api[-_]?key)$", re.IGNORECASE)
_CHARACTERISTIC = lazy_pattern(r"(?=.*[A-Za-z])(?=.*\d)[\w+/=.-]{20,}")
_MOST_DIFFERENT = 12
"""So many different characters are in no word."""


def dependencies(context: Context) -> Iterator[Finding]:
    """Dependencies on anything, and on what only developers need."""
    for dependency in context.manifest.dependencies:
        home = dependency.declared.home
        if home not in _RUNTIME or dependency.normalized in ("", "python"):
            continue
        where = dotted(dependency.declared.path)
        if _is_floating(dependency):
            yield FLOATING.at(
                dependency.span,
                dependency.path,
                f"`{dependency.name}` in `{where}` may be any version; name the lowest one that"
                " works, as in `>=1.2`.",
            )
        if home in _MAIN and _TOOLS.fullmatch(dependency.normalized):
            yield DEVELOPMENT_TOOL.at(
                dependency.span,
                dependency.path,
                f"`{dependency.name}` in `{where}` is installed by everybody who uses the project;"
                " move it to a dependency group.",
            )


def _is_floating(dependency: Dependency) -> bool:
    requirement = dependency.requirement
    if requirement is not None and requirement.url is not None:
        return False
    if any(dependency.option(key) is not None for key in ("git", "path", "file", "url")):
        return False
    return constraint_of(dependency).strip() in ("", "*")


def python(context: Context) -> Iterator[Finding]:
    """A project that says nothing of Pythons."""
    document = context.document
    if context.manifest.project is None and context.manifest.poetry is None:
        return
    places: tuple[TomlPath, ...] = (
        ("project", "requires-python"),
        ("tool", "poetry", "dependencies", "python"),
    )
    if all(document.get(*map(str, path)) is None for path in places):
        yield UNPINNED_PYTHON.at(
            first_line(document),
            (),
            "No supported Python is named; add `project.requires-python`, as in `>=3.10`.",
        )


def lock(context: Context) -> Iterator[Finding]:
    """No lock file, and one that others do not get."""
    facts, place = context.facts, first_line(context.document)
    kinds = {name: facts.path_kind(name) for name in LOCKS}
    if all(kind is PathKind.MISSING for kind in kinds.values()):
        yield UNLOCKED.at(
            place,
            (),
            "There is no lock file, so everybody gets other versions; lock the dependencies with"
            " your tool, such as `poetry lock` or `uv lock`.",
        )
    if facts.path_kind(".gitignore") is not PathKind.FILE:
        return
    source = facts.text_of(".gitignore")
    lines = source.text.splitlines() if source is not None and source.text is not None else []
    patterns = {line.strip().removeprefix("/") for line in lines}
    for name in (each for each in LOCKS if kinds[each] is PathKind.FILE):
        globs = {name, "*.lock"} if name.endswith(".lock") else {name}
        if patterns & globs and f"!{name}" not in patterns:
            yield LOCK_IGNORED.at(
                place,
                (),
                f"`.gitignore` leaves `{name}` out of Git, so nobody else gets the same"
                " versions; take it out of there, and commit the lock file.",
            )


def secrets(context: Context) -> Iterator[Finding]:
    """Strings that look like tokens, or stand behind a key that says so."""
    yield from _secrets(context.document.root, ())


def _secrets(node: Value, path: TomlPath) -> Iterator[Finding]:
    if isinstance(node, Table):
        for name, value in node.values.items():
            yield from _secrets(value, (*path, name))
    elif isinstance(node, Array):
        for index, item in enumerate(node.items):
            yield from _secrets(item, (*path, index))
    elif isinstance(node, Scalar) and node.kind == "string":
        name = next((step for step in reversed(path) if isinstance(step, str)), "")
        if _is_secret(name, str(node.value)):
            yield SECRET.at(
                Span(node.start, node.end),
                path,
                f"`{dotted(path)}` looks like a password or a token, and this file is for everybody"
                " to read; keep it in the environment or a keyring, and replace it, because Git"
                " remembers.",
            )


def _is_secret(name: str, value: str) -> bool:
    if _TOKENS.search(value):
        return True
    is_random = len(set(value)) >= _MOST_DIFFERENT and _CHARACTERISTIC.fullmatch(value) is not None
    return is_random and _TELLING.search(name) is not None
