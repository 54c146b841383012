"""Ranges of Python versions: of a project, of a release, of an environment marker.

Judged by poetry-core; what cannot be read is taken for "any", and every verdict is remembered.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.poetry_grammar import Refusal
from pyproject_ls.project.poetry_markers import marker_of

if TYPE_CHECKING:
    from poetry.core.constraints.version import VersionConstraint

_FLOOR = lazy_pattern(r">=\s*(\d{1,3})\.(\d{1,3})(?:\.0)?")


@lru_cache(maxsize=8192)
def supports_all(release: str, python: str, whole: bool) -> bool:
    """Whether what needs the Pythons `release` runs wherever a project for `python` does.

    `whole`: it allows every Python of the project, as Poetry demands. Otherwise upper bounds do not
    count (uv and pip's users ignore them): it allows a patch release of the lowest Python.
    """
    if not release or not python or release == python:
        return True
    ours, theirs = _FLOOR.fullmatch(python), _FLOOR.fullmatch(release)
    if ours is not None and theirs is not None:  # most are of this form
        return tuple(map(int, theirs.groups())) <= tuple(map(int, ours.groups()))
    project, wanted = _read(python), _read(release)
    if project is None or wanted is None:
        return True
    if whole:
        return wanted.allows_all(project)
    lowest = _lowest(project)
    return wanted.allows_any(project if lowest is None else lowest)


@lru_cache(maxsize=4096)
def overlaps(one: str, other: str) -> bool:
    """Whether some Python lies in both ranges."""
    first, second = _read(one), _read(other)
    return first is None or second is None or first.allows_any(second)


@lru_cache(maxsize=2048)
def limited(python: str, constraint: str, marker: str) -> str | None:
    """`python` as far as Poetry's `constraint` and the environment `marker` go; "" is any.

    None where nothing is left of it, or where the limits cannot be read.
    """
    from poetry.core.packages.utils.utils import get_python_constraint_from_marker

    found, limit = _read(python), _read(constraint)
    if limit is None:
        return None
    if found is not None:
        found = found.intersect(limit)
    if marker and found is not None:
        try:
            environments = marker_of(marker)
            if isinstance(environments, Refusal):
                return None
            found = found.intersect(get_python_constraint_from_marker(environments))
        except (ValueError, RecursionError):
            return None
    if found is None or found.is_empty():
        return None
    return "" if found.is_any() else str(found)


@lru_cache(maxsize=4096)
def _read(constraint: str) -> VersionConstraint | None:
    from poetry.core.constraints.version import parse_constraint

    try:
        return parse_constraint(constraint or "*")
    except (ValueError, RecursionError):
        return None


def _lowest(project: VersionConstraint) -> VersionConstraint | None:
    """All patch releases of the lowest Python of `project`; None where it has no lower end."""
    from poetry.core.constraints.version import Version, VersionRange, VersionRangeConstraint

    ranges = [each for each in project.flatten() if isinstance(each, VersionRangeConstraint)]
    low = ranges[0].min if ranges else None
    if low is None:
        return None
    first = Version.from_parts(low.major, low.minor or 0)
    last = Version.from_parts(low.major, low.minor or 0, 999)
    return VersionRange(first, last, include_min=True)
