"""What a person who picks a package wants to know: names that match, and the releases of one."""

from __future__ import annotations

from pyproject_ls.checks.wording import visible
from pyproject_ls.facts.packages import Details, Names, Package
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.selection import Release, project_python, supports

MAX_RELEASES = 200
"""Nobody looks further back."""


class Choosable(NamedTuple):
    """A release, and whether it runs on the project's Pythons."""

    release: Release
    is_supported: bool


class PackageChoice(NamedTuple):
    """A package. `summary` and `extras` are those of its newest version, "" and () if unknown."""

    name: str
    summary: str
    releases: tuple[Choosable, ...]
    extras: tuple[str, ...]


def names_like(snapshot: Snapshot, typed: str) -> Names | None:
    """Names on the project's indexes that match what was typed; None while unknown."""
    return snapshot.facts.names_like(typed.strip(), snapshot.manifest.lookups.default)


def package_choice(snapshot: Snapshot, name: str) -> PackageChoice | None:
    """The package `name` on the project's indexes; None while unknown, or where there is none."""
    manifest = snapshot.manifest
    name = normalized_name(name.strip())
    lookup = manifest.lookups.default
    package = snapshot.facts.releases(name, lookup)
    details = snapshot.facts.details(name, lookup)
    if not isinstance(package, Package):
        return None
    python = project_python(manifest)
    releases = tuple(
        Choosable(each, supports(each, python, whole=manifest.uses_poetry))
        for each in package.releases[:MAX_RELEASES]
    )
    if not isinstance(details, Details):
        return PackageChoice(package.name, "", releases, ())
    extras = tuple(visible(each, 60) for each in details.extras)
    return PackageChoice(package.name, visible(details.summary, 200), releases, extras)
