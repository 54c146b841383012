"""The newest release of a dependency in few words, to be shown behind it."""

from __future__ import annotations

from pyproject_ls.checks.known import Known
from pyproject_ls.checks.wording import visible
from pyproject_ls.facts.packages import Package
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.locked import Lock
from pyproject_ls.project.selection import Outlook, Release, is_newer, judge
from pyproject_ls.project.upgrades import locked_version, newer_releases
from pyproject_ls.project.wants import is_limit

NEWEST = "newest"


class Newest(NamedTuple):
    """What is said of the newest release: behind the line, and when one points at it.

    `is_behind` says that there is something newer than what the dependency has.
    """

    version: str
    is_behind: bool
    tooltip: str


def newest_of(known: Known, lock: Lock | None) -> Newest | None:
    """The newest release for the dependency, against its locked version or its constraint.

    None for constraints on what others ask for, and where a rule says that there is no release.
    """
    package, found = known.package, known.choice
    if package is None or found is None or found.outlook is not Outlook.FINE:
        return None
    if found.release is None or is_limit(known.dependency):
        return None
    locked = locked_version(known.dependency, lock)
    _, newer = newer_releases(package, known.want, known.python, known.whole, locked)
    release = newer or found.release
    if newer is None and is_newer(locked, release.version):
        return None  # a pre-release is locked, or one that is gone
    return Newest(release.version, newer is not None, _tooltip(known, package, release))


def with_newest(label: str, newest: Newest) -> str:
    """The `label` of a hint, "" for none, with the newest release behind it."""
    if newest.is_behind:
        return f"{label} → {newest.version}".lstrip()
    if label:
        return f"{label} ({NEWEST})"
    return f"{NEWEST} {newest.version}"


def _tooltip(known: Known, package: Package, release: Release) -> str:
    """``Newest of Flask: 3.1.0 of 2024-11-13, for Python >=3.9; not allowed by ^2.2``."""
    text = f"Newest of {visible(package.name, 60)}: {release.version}"
    if release.uploaded:
        text += f" of {visible(release.uploaded, 10)}"
    if release.requires_python:
        text += f", for Python {visible(release.requires_python, 60)}"
    constraint = known.want.constraint
    test = judge(constraint, known.want.is_poetry)
    if constraint and test is not None:
        verdict = "allowed" if test(release.version) else "not allowed"
        text += f"; {verdict} by {visible(constraint, 60)}"
    if package.stale_since:
        text += f"; as of {visible(package.stale_since, 20)}, the index cannot be asked now"
    return text
