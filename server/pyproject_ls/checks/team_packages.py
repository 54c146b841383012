"""What a team asks about the packages that a project depends on."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted
from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.checks.team import AGREED_CONSTRAINT, FORBIDDEN_PACKAGE, REQUIRED_PACKAGE
from pyproject_ls.checks.team_wording import because, first_line, where
from pyproject_ls.configuration.policy import Package
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.ranges import are_disjoint, same_constraint
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Scalar

_NO_CHOICE = frozenset({Home.POETRY_BUILD_CONSTRAINT, Home.POETRY_PLUGIN, Home.UV})


def forbidden(context: Context) -> Iterator[Finding]:
    """Dependencies that the policy forbids, altogether or in some versions."""
    banned = context.policy.forbidden_packages
    if not banned:
        return
    for dependency in context.manifest.dependencies:
        for package in banned:
            if dependency.normalized and fnmatchcase(dependency.normalized, package.name):
                yield from _forbidden(dependency, package)
                break


def _forbidden(dependency: Dependency, package: Package) -> Iterator[Finding]:
    name = dependency.name
    if package.versions:
        constraint = constraint_of(dependency)
        if constraint and are_disjoint(constraint, package.versions):
            return
        yield FORBIDDEN_PACKAGE.at(
            dependency.span,
            dependency.path,
            f"The policy forbids `{name}` {package.versions}, which {where(dependency)} allows;"
            f" exclude these versions{because(package.reason)}.",
        )
        return
    instead = f"use `{package.use}` instead" if package.use else "remove it"
    yield FORBIDDEN_PACKAGE.at(
        dependency.span,
        dependency.path,
        f"The policy forbids `{name}`; {instead}{because(package.reason)}.",
        fix=_replacement(dependency, package.use),
    )


def _replacement(dependency: Dependency, use: str) -> Fix | None:
    """The package that replaces it, in its place; nobody knows which version."""
    if not use or not use.replace("-", "").replace("_", "").replace(".", "").isalnum():
        return None
    node, title = dependency.node, f"Replace by `{use}`"
    if dependency.requirement is not None and isinstance(node, Scalar):
        return Fix(title, (Edit(Span(node.start, node.end), quoted(use)),), safe=False)
    if dependency.key is not None and isinstance(node, Scalar):
        edits = (
            Edit(Span(dependency.key.start, dependency.key.end), use),
            Edit(Span(node.start, node.end), '"*"'),
        )
        return Fix(title, edits, safe=False)
    return None


def required(context: Context) -> Iterator[Finding]:
    """Packages that the policy asks for and nobody declares."""
    wanted = context.policy.required_packages
    if not wanted:
        return
    declared = {
        (each.normalized, normalized_name(each.declared.group))
        for each in context.manifest.dependencies
        if each.declared.home not in _NO_CHOICE
    }
    for package in wanted:
        group = normalized_name(package.group)
        if not any(
            fnmatchcase(name, package.name) and (not group or group == there)
            for name, there in declared
        ):
            place = f" in the group `{package.group}`" if package.group else ""
            yield REQUIRED_PACKAGE.at(
                first_line(context.document),
                (),
                f"The policy asks for `{package.name}`{place}; add it{because(package.reason)}.",
            )


def agreed(context: Context) -> Iterator[Finding]:
    """Dependencies with another constraint than was agreed on."""
    constraints = context.policy.agreed_constraints
    if not constraints:
        return
    for dependency in context.manifest.dependencies:
        wanted = constraints.get(dependency.normalized)
        if wanted is None or same_constraint(constraint_of(dependency), wanted):
            continue
        written = constraint_of(dependency)
        says = f"has `{written}`" if written else "has no constraint"
        yield AGREED_CONSTRAINT.at(
            dependency.span,
            dependency.path,
            f"`{dependency.name}` in `{dotted(dependency.declared.path)}` {says}, but the policy"
            f" has all projects write `{wanted}`.",
            fix=_with_constraint(dependency, wanted),
        )


def _with_constraint(dependency: Dependency, constraint: str) -> Fix | None:
    title = f"Write `{constraint}`"
    requirement, node = dependency.requirement, dependency.node
    if requirement is not None and isinstance(node, Scalar) and requirement.name is not None:
        if requirement.url is not None or "\\" in constraint:
            return None
        extras = f"[{','.join(each.text for each in requirement.extras)}]"
        marker = f"; {requirement.marker.text}" if requirement.marker is not None else ""
        text = f"{requirement.name.text}{extras if requirement.extras else ''}{constraint}{marker}"
        return Fix(title, (Edit(Span(node.start, node.end), quoted(text)),), safe=False)
    version = dependency.version
    if version is None:
        return None
    return Fix(title, (Edit(Span(version.start, version.end), quoted(constraint)),), safe=False)


CHECKS = (forbidden, required, agreed)
