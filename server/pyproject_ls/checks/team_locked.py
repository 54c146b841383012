"""What a team asks of locked packages: final releases, and licences that it allows."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule
from pyproject_ls.checks.team import LOCKED_LICENSE, PRE_RELEASE
from pyproject_ls.checks.team_dependencies import judged
from pyproject_ls.checks.team_licenses import expression_of, is_permitted, said_of
from pyproject_ls.checks.team_wording import because, first_line, fits
from pyproject_ls.checks.wording import shown, visible
from pyproject_ls.config import DEFAULT_INDEX
from pyproject_ls.facts.packages import Details
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.lock_graph import lock_file_in
from pyproject_ls.project.lock_packages import LockedPackage
from pyproject_ls.project.lookup import Lookup

MAX_ASKED = 1_000
"""Of a larger lock file only so many packages are asked for."""


class Owned(NamedTuple):
    """A locked package, the declared dependency that brings it in, and the lock file's path."""

    package: LockedPackage
    dependency: Dependency | None
    lock: str

    def at(self, rule: Rule, context: Context, says: str) -> Finding:
        """A finding at the dependency; `says` goes on behind the name and the version."""
        name = f"`{visible(self.package.name, 60)}` {visible(self.package.version, 40)}"
        owner = self.dependency
        if owner is None:
            return rule.at(first_line(context.document), (), f"{name} in `{self.lock}` {says}")
        is_direct = owner.normalized == self.package.normalized
        via = "" if is_direct else f", which `{owner.name}` needs,"
        return rule.at(owner.span, owner.path, f"{name} in `{self.lock}`{via} {says}")


def owned(context: Context) -> list[Owned]:
    """Every locked package once, with the dependency nearest to it; none without a lock file."""
    lock = lock_file_in(context.facts, context.manifest)
    if lock is None:
        return []
    owners: dict[LockedPackage, Dependency] = {}
    layer: list[tuple[LockedPackage, Dependency]] = [
        (package, dependency)
        for dependency in judged(context.manifest)
        for package in lock.graph.of(dependency)
    ]
    while layer:
        following = []
        for package, dependency in layer:
            if package not in owners:
                owners[package] = dependency
                targets = (one for need in package.needs for one in lock.graph.targets(need))
                following += [(target, dependency) for target in targets]
        layer = following
    everything = (package for versions in lock.graph.packages.values() for package in versions)
    return [Owned(package, owners.get(package), lock.path) for package in everything]


def pre_releases(context: Context) -> Iterator[Finding]:
    """Locked pre-releases."""
    if context.policy.pre_releases is not False:
        return
    from packaging.version import InvalidVersion, Version

    for each in owned(context):
        version = each.package.version
        if version.replace(".", "").isdigit():
            continue
        try:
            is_final = not Version(version).is_prerelease
        except InvalidVersion:
            continue
        if not is_final:
            reason = because(context.policy, "pre-releases")
            says = "is a pre-release, which the policy forbids; lock a final release"
            yield each.at(PRE_RELEASE, context, f"{says}{reason}.")


def licenses(context: Context) -> Iterator[Finding]:
    """Locked packages with a licence that is not allowed, by what their index says of them."""
    wanted = context.policy.locked_licenses
    if wanted.allowed is None and not wanted.forbidden:
        return
    reason = because(context.policy, "locked-licenses")
    advice = "replace it, or put it on the policy's list `locked-licenses.except`"
    for each in owned(context)[:MAX_ASKED]:
        package = each.package
        lookup = _lookup(context, each)
        if lookup is None or any(fits(package.normalized, one) for one in wanted.exceptions):
            continue
        details = context.facts.details(package.normalized, lookup, package.version)
        if not isinstance(details, Details):
            continue
        expression = expression_of(details.license)
        if expression is None:
            if wanted.report_unknown:
                told = f" ({shown(details.license)})" if details.license else ""
                says = f"does not say which SPDX licence it has{told}; look at it, then {advice}"
                yield each.at(LOCKED_LICENSE, context, f"{says}{reason}.")
        elif not is_permitted(expression, wanted.allowed, wanted.forbidden):
            says = f"has the licence `{visible(expression, 100)}`;"
            rule = said_of(wanted.allowed, wanted.forbidden)
            yield each.at(LOCKED_LICENSE, context, f"{says} {rule}; {advice}{reason}.")


def _lookup(context: Context, each: Owned) -> Lookup | None:
    """Where the metadata of a package is; None if it comes from nowhere that the file names.

    A private package's name is not told to another index than its own.
    """
    package, dependency = each.package, each.dependency
    if package.place or not package.version:
        return None
    lookups = context.manifest.lookups
    if dependency is not None and dependency.normalized == package.normalized:
        return lookups.of(dependency)
    if not package.index or package.index.startswith(DEFAULT_INDEX.rstrip("/")):
        return lookups.default
    refs = (ref for ref in lookups.declared if ref.url.rstrip("/") == package.index)
    return next((Lookup(((ref,),)) for ref in refs), None)


CHECKS = (pre_releases,)
