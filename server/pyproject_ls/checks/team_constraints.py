"""What a team asks about constraints: their style, pre-releases, direct references."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.team import CONSTRAINT_STYLE, DIRECT_REFERENCE, PRE_RELEASE
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.ranges import stretches

_DIRECT = ("git", "path", "file", "url")
_NOT_JUDGED = frozenset({Home.BUILD, Home.POETRY_BUILD_CONSTRAINT, Home.POETRY_PLUGIN, Home.UV})


def style(context: Context) -> Iterator[Finding]:
    """Constraints that are missing, open upwards, or exact, as the policy forbids or asks."""
    policy = context.policy
    if policy.wildcard is not False and not policy.upper_bound and not policy.exact:
        return
    for dependency in _judged(context):
        if _direct(dependency):
            continue
        constraint = constraint_of(dependency)
        problem = _style_problem(constraint, context)
        if problem:
            yield CONSTRAINT_STYLE.at(
                dependency.span, dependency.path, f"`{dependency.name}` {problem}."
            )


def _style_problem(constraint: str, context: Context) -> str:
    """What is wrong with a constraint, as the end of a sentence; "" for nothing."""
    policy = context.policy
    if constraint.strip() in ("", "*"):
        if policy.wildcard is False or "required" in (policy.upper_bound, policy.exact):
            return "allows every version, which the policy forbids; write a constraint"
        return ""
    found = stretches(constraint)
    is_exact = bool(found) and all(each.low is not None and each.low == each.high for each in found)
    if is_exact and policy.exact == "forbidden":
        return f"is pinned to `{constraint}`, which the policy forbids; write a range"
    if not is_exact and policy.exact == "required":
        return f"allows a range (`{constraint}`), but the policy asks for one exact version"
    is_bounded = bool(found) and all(each.high is not None for each in found)
    if not is_bounded and policy.upper_bound == "required":
        return (
            f"has no upper bound (`{constraint}`), which the policy asks for; add one, as in `<2`"
        )
    if is_bounded and not is_exact and policy.upper_bound == "forbidden":
        return f"has an upper bound (`{constraint}`), which the policy forbids; leave it out"
    return ""


def direct_references(context: Context) -> Iterator[Finding]:
    """Dependencies from repositories, paths and addresses."""
    if context.policy.direct_references is not False:
        return
    for dependency in _judged(context):
        source = _direct(dependency)
        if source:
            yield DIRECT_REFERENCE.at(
                dependency.span,
                dependency.path,
                f"`{dependency.name}` comes from {source}, which the policy forbids; depend on a"
                " release in an index.",
            )


def pre_releases(context: Context) -> Iterator[Finding]:
    """Constraints that name or allow pre-releases."""
    if context.policy.pre_releases is not False:
        return
    for dependency in _judged(context):
        allows = dependency.option("allow-prereleases")
        constraint = constraint_of(dependency)
        if getattr(allows, "value", None) is True or _names_pre_release(constraint):
            yield PRE_RELEASE.at(
                dependency.span,
                dependency.path,
                f"`{dependency.name}` allows pre-releases, which the policy forbids; ask for final"
                " releases only.",
            )


def _judged(context: Context) -> Iterator[Dependency]:
    for each in context.manifest.dependencies:
        if each.normalized not in ("", "python") and each.declared.home not in _NOT_JUDGED:
            yield each


def _direct(dependency: Dependency) -> str:
    """Where a dependency comes from that is in no index, in words; "" for those of indexes."""
    requirement = dependency.requirement
    if requirement is not None:
        if requirement.url is None:
            return ""
        scheme = urlsplit(requirement.url.text).scheme if "\\" not in requirement.url.text else ""
        return f"an address ({scheme})" if scheme else "an address"
    kind = next((key for key in _DIRECT if dependency.option(key) is not None), "")
    words = {"git": "a Git repository", "path": "a path", "file": "a file", "url": "an address"}
    return words.get(kind, "")


def _names_pre_release(constraint: str) -> bool:
    """Whether a clause names a version with ``a``, ``b``, ``rc`` or ``dev``."""
    from packaging.version import InvalidVersion, Version

    for part in constraint.replace("||", ",").replace("|", ",").replace(" ", ",").split(","):
        version = part.lstrip("<>=!~^")
        if version and not version.replace(".", "").isdigit():
            try:
                if Version(version).is_prerelease:
                    return True
            except InvalidVersion:
                continue
    return False


CHECKS = (style, direct_references, pre_releases)
