"""What a team asks about the packages that a project depends on."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted
from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.checks.team import FORBIDDEN_PACKAGE, REQUIRED_PACKAGE
from pyproject_ls.checks.team_dependencies import NOT_JUDGED, is_in
from pyproject_ls.checks.team_fixes import (
    combined,
    excluding,
    key,
    with_constraint,
    with_item,
    with_key,
    without,
)
from pyproject_ls.checks.team_wording import absent, because, is_literal, where
from pyproject_ls.configuration.policy import Package, Policy
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.ranges import are_disjoint
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Scalar, Table

_NAME = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def forbidden(context: Context) -> Iterator[Finding]:
    """Dependencies that the policy forbids, altogether, in some versions or at some place."""
    banned = context.policy.forbidden_packages
    if not banned:
        return
    for dependency in context.manifest.dependencies:
        for package in banned:
            if (
                dependency.normalized
                and fnmatchcase(dependency.normalized, package.name)
                and is_in(dependency, package.group)
                and not _is_excluded(dependency, package)
            ):
                yield _forbidden(context, dependency, package)
                break


def _is_excluded(dependency: Dependency, package: Package) -> bool:
    """Whether the constraint allows none of the forbidden versions, where only some are."""
    constraint = constraint_of(dependency)
    if not package.versions or not constraint:
        return False
    if are_disjoint(constraint, package.versions):
        return True
    from pyproject_ls.project.verdicts import is_subset

    others = excluding("", package.versions)
    return bool(others) and is_subset(constraint, others) is True


def _forbidden(context: Context, dependency: Dependency, package: Package) -> Finding:
    name, reason = dependency.name, because(context.policy, "forbidden-packages", package.reason)
    fix: Fix | None
    if package.versions:
        constraint = excluding(constraint_of(dependency), package.versions)
        fix = with_constraint(dependency, constraint) if constraint else None
        says = f"`{name}` {package.versions}, which {where(dependency)} allows; exclude these"
        message = f"The policy forbids {says} versions{reason}."
    else:
        place = f" in `{package.group}`" if package.group else ""
        instead = f"use `{package.use}` instead" if package.use else "remove it"
        fix = _replacement(dependency, package.use) if package.use else None
        fix = without(context.document, dependency) if not package.use else fix
        message = f"The policy forbids `{name}`{place}; {instead}{reason}."
    return FORBIDDEN_PACKAGE.at(dependency.span, dependency.path, message, fix=fix)


def _replacement(dependency: Dependency, use: str) -> Fix | None:
    """The package that replaces it, in its place; nobody knows which version."""
    if not _NAME.fullmatch(use):
        return None
    node, title = dependency.node, f"Replace by `{use}`"
    if dependency.requirement is not None and isinstance(node, Scalar):
        return Fix(title, (Edit(node.span, quoted(use)),), safe=False)
    if dependency.key is not None and isinstance(node, Scalar):
        edits = (Edit(dependency.key.span, key(use)), Edit(node.span, '"*"'))
        return Fix(title, edits, safe=False)
    return None


def required(context: Context) -> Iterator[Finding]:
    """Packages that the policy asks for and nobody declares, or in other versions."""
    for package in context.policy.required_packages:
        found = [
            each
            for each in context.manifest.dependencies
            if each.declared.home not in NOT_JUDGED
            and fnmatchcase(each.normalized, package.name)
            and is_in(each, package.group)
        ]
        if found:
            yield from _other_versions(context.policy, package, found)
            continue
        place = f" in the group `{package.group}`" if package.group not in ("", "main") else ""
        place = " in the main dependencies" if package.group == "main" else place
        versions = f" {package.versions}" if package.versions else ""
        reason = because(context.policy, "required-packages", package.reason)
        yield from absent(
            context,
            REQUIRED_PACKAGE,
            f"The policy asks for `{package.name}`{versions}{place}; add it{reason}.",
            _addition(context.manifest, package),
        )


def _other_versions(policy: Policy, package: Package, found: list[Dependency]) -> Iterator[Finding]:
    """Declarations that allow other versions than those that are asked for."""
    if not package.versions:
        return
    from pyproject_ls.project.verdicts import is_subset

    for dependency in found:
        constraint = constraint_of(dependency)
        if is_subset(constraint or "*", package.versions) is False:
            yield REQUIRED_PACKAGE.at(
                dependency.span,
                dependency.path,
                f"The policy asks for `{dependency.name}` {package.versions}, but"
                f" {where(dependency)} allows others; narrow it"
                f"{because(policy, 'required-packages', package.reason)}.",
                fix=with_constraint(dependency, package.versions),
            )


def _addition(manifest: Manifest, package: Package) -> Fix | None:
    """The package where the policy wants it, in the form that the file has there."""
    name, group, document = package.name, package.group, manifest.document
    if not is_literal(name) or not _NAME.fullmatch(name):
        return None
    title, requirement = f"Add `{name}`", quoted(f"{name}{package.versions}")
    for declared, _ in manifest.lists:
        home, is_main = declared.home, group in ("", "main")
        wanted = home in (Home.PROJECT, Home.POETRY) if is_main else declared.group == group
        if not wanted or home in NOT_JUDGED or not all(isinstance(s, str) for s in declared.path):
            continue
        path = tuple(str(step) for step in declared.path)
        node = document.get(*path)
        if isinstance(node, Array):
            return combined(with_item(document, node, requirement), title)
        if isinstance(node, Table) and not (home is Home.POETRY and _has_list(manifest)):
            written = quoted(package.versions or "*")
            return combined(with_key(document, path, name, written), title)
    return combined(_new_list(manifest, group, name, requirement, package.versions), title)


def _has_list(manifest: Manifest) -> bool:
    """Whether the main dependencies belong into ``project.dependencies``."""
    project = manifest.project
    return project is not None and "dependencies" in project.values


def _new_list(
    manifest: Manifest, group: str, name: str, requirement: str, versions: str
) -> tuple[Edit, ...]:
    document, project = manifest.document, manifest.project
    if group in ("", "main"):
        if project is None:
            table = ("tool", "poetry", "dependencies")
            return with_key(document, table, name, quoted(versions or "*"))
        if "dependencies" in manifest.dynamic:
            return ()
        return with_key(document, ("project",), "dependencies", f"[{requirement}]")
    if manifest.uses_poetry and manifest.dependency_groups is None:
        path = ("tool", "poetry", "group", group, "dependencies")
        return with_key(document, path, name, quoted(versions or "*"))
    return with_key(document, ("dependency-groups",), group, f"[{requirement}]")


CHECKS = (forbidden, required)
