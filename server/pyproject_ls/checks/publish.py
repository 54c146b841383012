"""The preset `publish`: what an index refuses, or shows badly, told before anybody uploads."""

from __future__ import annotations

from collections.abc import Iterator

from packaging.version import InvalidVersion, Version

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import part_of
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.presets import (
    PUBLISH_DIRECT_REFERENCE,
    PUBLISH_LOCAL_VERSION,
    PUBLISH_NO_LICENSE,
    PUBLISH_NO_README,
    PUBLISH_PRIVATE,
    PUBLISH_VERSION_TAKEN,
)
from pyproject_ls.checks.team_wording import first_line
from pyproject_ls.checks.wording import shown
from pyproject_ls.facts.packages import Package
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Home
from pyproject_ls.project.manifest import as_array, as_string
from pyproject_ls.project.paths import dotted
from pyproject_ls.text import Span
from pyproject_ls.toml import Scalar, Table

_RELEASED = frozenset({Home.PROJECT, Home.EXTRA, Home.POETRY})
_LOCAL = lazy_pattern(r"v?\d[^+]*(\+[A-Za-z0-9]+(?:[._-][A-Za-z0-9]+)*)")


def direct_references(context: Context) -> Iterator[Finding]:
    """Dependencies of the package itself, and of its extras, with addresses."""
    for dependency in context.manifest.dependencies:
        if dependency.declared.home not in _RELEASED:
            continue
        requirement = dependency.requirement
        is_direct = requirement is not None and requirement.url is not None
        if is_direct or any(dependency.option(key) for key in ("git", "path", "file", "url")):
            yield PUBLISH_DIRECT_REFERENCE.at(
                dependency.span,
                dependency.path,
                f"`{dependency.name}` in `{dotted(dependency.declared.path)}` comes from no index;"
                " PyPI refuses a package that depends on it. Depend on a release, or move it to a"
                " dependency group.",
            )


def local_version(context: Context) -> Iterator[Finding]:
    """A version with a local label (PEP 440)."""
    for path in (("project", "version"), ("tool", "poetry", "version")):
        node = as_string(context.document.get(*path))
        match = _LOCAL.fullmatch(str(node.value)) if node is not None else None
        if node is not None and match is not None:
            yield PUBLISH_LOCAL_VERSION.at(
                part_of(context.document.text, node, Span(*match.span(1))),
                path,
                f"`{dotted(path)}` has the local label {shown(match[1])}, which PyPI refuses; leave"
                " it out.",
            )


def version_taken(context: Context) -> Iterator[Finding]:
    """A version that the index has already: what was uploaded once is never replaced."""
    manifest = context.manifest
    name = manifest.normalized_name
    if not name:
        return
    for path in (("project", "version"), ("tool", "poetry", "version")):
        node = as_string(context.document.get(*path))
        version = _normalized(str(node.value)) if node is not None else ""
        if node is None or not version:
            continue
        answer = context.facts.releases(name, manifest.lookups.default)
        if isinstance(answer, Package) and any(each.version == version for each in answer.releases):
            where = f"the index {shown(answer.found_on)}" if answer.found_on else "the index"
            yield PUBLISH_VERSION_TAKEN.at(
                node,
                path,
                f"`{dotted(path)}` is {shown(str(node.value))}, which {where} has already, and"
                " nobody can replace it; raise the version.",
            )


def _normalized(version: str) -> str:
    """A PEP 440 version as indexes write it; "" for what is none."""
    try:
        return str(Version(version))
    except InvalidVersion:
        return ""


def private(context: Context) -> Iterator[Finding]:
    """Classifiers that every index refuses, which is their purpose."""
    for path in (("project", "classifiers"), ("tool", "poetry", "classifiers")):
        array = as_array(context.document.get(*path))
        for index, item in enumerate(array.items if array is not None else ()):
            if isinstance(item, Scalar) and str(item.value).startswith("Private ::"):
                yield PUBLISH_PRIVATE.at(
                    item,
                    (*path, index),
                    f"{shown(str(item.value))} keeps the package out of every index; remove it to"
                    " publish, or leave out the preset `publish`.",
                )


def metadata(context: Context) -> Iterator[Finding]:
    """What users look for on the page of a package."""
    manifest, place = context.manifest, first_line(context.document)
    tables = [table for table in (manifest.project, manifest.poetry) if table is not None]
    if not tables or not manifest.package_mode:
        return
    if not any(_has(table, "license", "license-files", "classifiers") for table in tables):
        yield PUBLISH_NO_LICENSE.at(
            place,
            (),
            "The project names no licence, so nobody may use it; add `project.license`, as in"
            ' `license = "MIT"`.',
        )
    if not any(_has(table, "readme") for table in tables) and "readme" not in manifest.dynamic:
        yield PUBLISH_NO_README.at(
            place,
            (),
            "The project has no readme, so its page on an index is empty; add `project.readme`.",
        )


def _has(table: Table, *keys: str) -> bool:
    """Whether `table` has one of `keys`; of classifiers only those of licences count."""
    for key in keys:
        node = table.values.get(key)
        items = getattr(node, "items", ())
        if node is None:
            continue
        if key != "classifiers" or any(
            str(getattr(item, "value", "")).startswith("License ::") for item in items
        ):
            return True
    return False
