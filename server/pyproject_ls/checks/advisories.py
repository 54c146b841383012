"""Known vulnerabilities of the versions that a project uses; asked for only by who opted in."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.checks.known import Known, known, lock_of, value_path
from pyproject_ls.checks.online import VULNERABLE_VERSION
from pyproject_ls.checks.wording import visible
from pyproject_ls.facts.packages import Advisory, Package, Release
from pyproject_ls.project.locked import Lock
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.selection import is_newer, supports
from pyproject_ls.project.upgrades import constraint_span, is_pinned, locked_versions, raised

MAX_SUMMARY = 160


def vulnerable_version(context: Context) -> Iterator[Finding]:
    """Locked versions, else exactly pinned ones, that the advisory database knows of.

    Packages of private indexes are not asked for: their names are nobody's business.
    """
    lock = lock_of(context.manifest, context.facts)
    seen: set[str] = set()
    for each in known(context.manifest, context.facts):
        package = each.package
        if package is None or package.found_on:
            continue
        name = each.dependency.normalized
        for version in locked_versions(each.dependency, lock) or _pinned(each):
            answer = context.facts.advisories(name, version)
            if answer is not None and answer.found and name not in seen:
                seen.add(name)
                yield _finding(context, each, package, version, answer.found, lock)


def _pinned(each: Known) -> tuple[str, ...]:
    found = each.choice if is_pinned(each.want) else None
    return () if found is None or found.release is None else (found.release.version,)


def _finding(
    context: Context,
    each: Known,
    package: Package,
    version: str,
    found: tuple[Advisory, ...],
    lock: Lock | None,
) -> Finding:
    dependency, text = each.dependency, context.document.text
    first = found[0]
    is_locked = version in locked_versions(dependency, lock)
    where = f"in `{lock.path}`" if lock is not None and is_locked else "pinned here"
    summary = visible(first.summary.strip(), MAX_SUMMARY).rstrip(".")
    what = visible(first.id, 40) + (f": {summary}" if summary else "")
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    target = _repaired(package, version, found, each)
    fix = None
    if target is None:
        advice = "no release for the project's Pythons mends it, so look for another package"
    else:
        again = ", and lock again" if is_locked else ""
        advice = f"take {target.version} or newer{again}"
        edits = raised(dependency, text, target.version, exactly=True)
        if edits is not None:
            fix = Fix(f"Raise `{dependency.name}` to {target.version}", edits, safe=False)
    return VULNERABLE_VERSION.at(
        constraint_span(dependency, text),
        value_path(dependency),
        f"`{dotted(dependency.declared.path)}`: `{dependency.name}` {version} ({where}) has a known"
        f" vulnerability ({what}{more}); {advice}.",
        fix=fix,
    )


def _repaired(
    package: Package, version: str, found: tuple[Advisory, ...], each: Known
) -> Release | None:
    """The oldest release above `version` that mends all of `found` and that can be installed."""
    needed: list[str] = []
    for advisory in found:
        fixed = next((one for one in advisory.fixed_in if is_newer(one, version)), None)
        if fixed is None:
            return None
        needed.append(fixed)
    for release in reversed(package.releases):
        if (
            release.yanked is None
            and not release.is_prerelease
            and not any(is_newer(one, release.version) for one in needed)
            and supports(release, each.python, whole=each.whole)
        ):
            return release
    return None
