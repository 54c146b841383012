"""What a team asks of a project as a whole: Python, licence, keys, groups, tools, names, lock."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.team import (
    LICENSE,
    LOCK,
    NAME,
    PYTHON,
    REQUIRED_GROUP,
    REQUIRED_KEY,
    REQUIRED_TOOL,
)
from pyproject_ls.checks.team_wording import LOCKS, first_line
from pyproject_ls.checks.wording import shown
from pyproject_ls.configuration.policy import Policy
from pyproject_ls.facts import PathKind
from pyproject_ls.project.manifest import as_string
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Array, Key, Scalar, Table, Value

_PYTHONS = (("project", "requires-python"), ("tool", "poetry", "dependencies", "python"))
_LICENSES = (("project", "license"), ("tool", "poetry", "license"))
_PROJECTS = (("project", "name"), ("tool", "poetry", "name"))

_LONGEST = 200
"""Longer texts are not compared with patterns."""


def requires_python(context: Context) -> Iterator[Finding]:
    """The project's range of Pythons against that of the policy."""
    wanted = context.policy.requires_python
    if not wanted:
        return
    from pyproject_ls.project.verdicts import is_subset

    for path in _PYTHONS:
        node = as_string(context.document.get(*path))
        if node is None:
            continue
        if is_subset(str(node.value), wanted) is False:
            yield PYTHON.at(
                node,
                path,
                f"`{dotted(path)}` is {shown(str(node.value))}, but the policy asks for a range"
                f" within `{wanted}`.",
            )
        return
    if context.manifest.project is not None:
        yield PYTHON.at(
            first_line(context.document),
            (),
            f"`project.requires-python` is missing; the policy asks for a range within `{wanted}`.",
        )


def license(context: Context) -> Iterator[Finding]:
    """The project's licence expression."""
    allowed = context.policy.licenses
    if allowed is None:
        return
    for path in _LICENSES:
        node = as_string(context.document.get(*path))
        if node is None:
            continue
        from pyproject_ls.checks.licenses import canonical

        written = canonical(str(node.value)) or str(node.value)
        if written not in {canonical(each) or each for each in allowed}:
            yield LICENSE.at(
                node,
                path,
                f"`{dotted(path)}` is {shown(str(node.value))}; the policy allows"
                f" {_listed(allowed)}.",
            )
        return
    yield LICENSE.at(
        first_line(context.document),
        (),
        f"The project names no licence; the policy allows {_listed(allowed)}.",
    )


def required(context: Context) -> Iterator[Finding]:
    """Keys, groups and tools' tables that have to be there."""
    policy, document = context.policy, context.document
    for written, pattern in policy.required_keys.items():
        path: TomlPath = tuple(written.split("."))
        node = document.get(*(str(step) for step in path))
        if node is None:
            says = f"; the policy asks for one like `{pattern}`" if pattern else ""
            message = f"`{written}` is missing{says or ', which the policy asks for'}; add it."
            yield REQUIRED_KEY.at(first_line(document), (), message)
        elif pattern and not any(_fits(text, pattern) for text in _strings(node)):
            message = f"`{written}` does not hold what the policy asks for, `{pattern}`."
            yield REQUIRED_KEY.at(node, path, message)
    groups = {normalized_name(name) for name, _, _ in _groups(context)}
    for name in policy.required_groups:
        if normalized_name(name) not in groups:
            message = f"There is no dependency group `{name}`, which the policy asks for; add it."
            yield REQUIRED_GROUP.at(first_line(document), (), message)
    for tool in policy.required_tools:
        if document.get("tool", tool) is None:
            message = f"There is no table `[tool.{tool}]`, which the policy asks for; add it."
            yield REQUIRED_TOOL.at(first_line(document), (), message)


def names(context: Context) -> Iterator[Finding]:
    """The names of the project, its groups, extras and scripts."""
    patterns = context.policy.names
    if not patterns:
        return
    for kind, name, place, path in _names(context, context.policy):
        pattern = patterns[kind]
        if pattern and not _fits(name, pattern):
            what = {"project": "The name", "group": "The name of the group"}.get(
                kind, f"The name of the {kind}"
            )
            yield NAME.at(
                place,
                path,
                f"{what} `{dotted(path)}`, {shown(name)}, does not look as the policy asks:"
                f" `{pattern}`.",
            )


def lock(context: Context) -> Iterator[Finding]:
    """The lock file: whether there is one, and which Poetry wrote it."""
    policy, document = context.policy, context.document
    if policy.lock_required:
        kinds = [context.facts.path_kind(name) for name in LOCKS]
        if all(kind is PathKind.MISSING for kind in kinds):
            yield LOCK.at(
                first_line(document),
                (),
                "There is no lock file, which the policy asks for; lock the dependencies with your"
                " tool, such as `poetry lock` or `uv lock`, and commit the file.",
            )
    if policy.lock_poetry and context.facts.path_kind("poetry.lock") is PathKind.FILE:
        source = context.facts.text_of("poetry.lock")
        writer = _writer(source.text) if source is not None and source.text else ""
        if writer and not _is_in(writer, policy.lock_poetry):
            yield LOCK.at(
                first_line(document),
                (),
                f"`poetry.lock` was written by Poetry {writer}; the policy allows"
                f" `{policy.lock_poetry}`. Lock again with one of these.",
            )


def _writer(text: str) -> str:
    """The version of Poetry that the first line of a lock file names, "" for none."""
    _, _, rest = text[:200].partition("@generated by Poetry ")
    return rest.split(" ", 1)[0] if rest else ""


def _is_in(version: str, specifiers: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return SpecifierSet(specifiers).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True


def _names(context: Context, policy: Policy) -> Iterator[tuple[str, str, Value | Key, TomlPath]]:
    """What has a name: its kind, the name, where it stands, and its path."""
    document = context.document
    if "project" in policy.names:
        for where in _PROJECTS:
            node = as_string(document.get(*where))
            if node is not None:
                yield "project", str(node.value), node, where
    if "group" in policy.names:
        for name, key, path in _groups(context):
            yield "group", name, key, path
    for kind, base in (
        ("extra", ("project", "optional-dependencies")),
        ("extra", ("tool", "poetry", "extras")),
        ("script", ("project", "scripts")),
        ("script", ("tool", "poetry", "scripts")),
    ):
        table = document.get(*base) if kind in policy.names else None
        if isinstance(table, Table):
            for name, key in table.keys.items():
                yield kind, name, key, (*base, name)


def _groups(context: Context) -> Iterator[tuple[str, Key, TomlPath]]:
    for base in (("dependency-groups",), ("tool", "poetry", "group")):
        table = context.document.get(*base)
        if isinstance(table, Table):
            for name, key in table.keys.items():
                yield name, key, (*base, name)


def _strings(node: Value) -> Iterator[str]:
    items = node.items if isinstance(node, Array) else (node,)
    for item in items:
        if isinstance(item, Scalar):
            yield str(item.value)


def _fits(text: str, pattern: str) -> bool:
    """Whether `text` looks like `pattern`, in which ``*`` is any run of characters."""
    return len(text) > _LONGEST or fnmatchcase(text, pattern)


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"`{each}`" for each in values) or "none"


CHECKS = (requires_python, license, required, names, lock)
