"""What the next lock will hold, where a resolver has said so and the lock file is another one."""

from __future__ import annotations

from collections.abc import Mapping

from pyproject_ls.facts.resolution import Solution
from pyproject_ls.features.lock_status import Status, lock_status, said
from pyproject_ls.host import Snapshot


def next_versions(snapshot: Snapshot) -> Mapping[str, str]:
    """The version of each package, by normalised name, that locking would give it.

    Nothing while that is not known, and where the lock file was made for this very text. A package
    with several versions, each for other environments, is left out.
    """
    resolution = said(snapshot)
    if not isinstance(resolution, Solution) or lock_status(snapshot).status is Status.FRESH:
        return {}
    found: dict[str, str] = {}
    several: set[str] = set()
    for name, version in resolution.packages:
        if found.setdefault(name, version) != version:
            several.add(name)
    return {name: version for name, version in found.items() if name not in several}
