"""A dependency of a Poetry table as a PEP 508 requirement, with exactly the same range.

poetry-core reads the entry; what it means is written down in the standard's form, and read again
where the form is not the plain one. What only Poetry can say (source, allow-prereleases, develop,
path) is left to an entry of ``[tool.poetry.dependencies]`` that enriches the requirement.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.verdicts import poetry_fault, standard_fault

if TYPE_CHECKING:
    from poetry.core.constraints.version import VersionConstraint, VersionUnion

ENRICHING = ("source", "allow-prereleases", "develop")
_LOCAL = ("path", "file")
_KNOWN = frozenset(
    {
        *ENRICHING, "allows-prereleases", "version", "python", "platform", "markers", "extras",
        "optional", "git", "branch", "tag", "rev", "url", "path", "file", "subdirectory",
    }
)  # fmt: skip
_MOST_EXCLUSIONS = 12


class Inexpressible(Exception):
    """A dependency that no PEP 508 requirement can say; the message is the reason."""


class Converted(NamedTuple):
    """A requirement, and the names of the options that only Poetry understands."""

    requirement: str
    kept: tuple[str, ...]
    is_optional: bool
    is_local: bool = False
    """Whether it is a path. Relative ones are valid in PEP 508 and understood by Poetry, which
    writes them as absolute ones into the metadata; other tools may refuse them."""


def convert(name: str, constraint: object) -> Converted:
    """The requirement that one entry (a string or table, no list of them) stands for.

    Raises Inexpressible.
    """
    if isinstance(constraint, str):
        return Converted(_requirement(name, {"version": constraint}), (), False)
    if not isinstance(constraint, Mapping):
        raise Inexpressible("it is neither a string nor a table")
    unknown = sorted(constraint.keys() - _KNOWN)
    if unknown:
        raise Inexpressible(f"Poetry does not know its key `{unknown[0]}`")
    kept = [key for key in constraint if key in ENRICHING]
    if "allows-prereleases" in constraint and "allow-prereleases" not in constraint:
        kept.append("allows-prereleases")
    options = {key: value for key, value in constraint.items() if key not in ENRICHING}
    local = next((constraint[key] for key in _LOCAL if key in constraint), None)
    if local is not None:
        options = {key: value for key, value in options.items() if key not in _LOCAL}
        options.pop("subdirectory", None)
        if constraint.get("subdirectory"):
            local = f"{str(local).rstrip('/')}/{constraint['subdirectory']}"
    if constraint.get("develop") is False:
        kept.remove("develop")
    if constraint.get("allow-prereleases") is None and "allow-prereleases" in kept:
        kept.remove("allow-prereleases")
    requirement = _requirement(name, options, None if local is None else str(local))
    optional = bool(constraint.get("optional"))
    return Converted(requirement, tuple(kept), optional, local is not None)


def _requirement(name: str, options: Mapping[str, Any], local: str | None = None) -> str:
    from poetry.core.factory import Factory

    try:
        if "version" not in options and "git" not in options and "url" not in options:
            options = {**options, "version": "*"}
        dependency = Factory.create_dependency(name, options)
        extras = ",".join(options.get("extras", ()))
        base = name + (f"[{extras}]" if extras else "")
        if local is not None:
            base += f" @ {local}"
        elif "git" in options or "url" in options:
            base = dependency.base_pep_508_name
        else:
            specifiers = specifiers_of(dependency.constraint)
            if specifiers is None or _is_spoilt(specifiers, dependency.base_pep_508_name):
                raise Inexpressible(
                    f"the versions `{options['version']}` cannot be written as one requirement"
                )
            base += specifiers
        marker = dependency.marker
        if marker.is_empty():
            raise Inexpressible("its markers hold nowhere")
        if marker.is_any():
            return _valid(base)
        text = str(marker)
    except Inexpressible:
        raise
    except Exception as error:  # lark's and poetry-core's errors have no common base
        raise Inexpressible(f"Poetry cannot read it ({_first_line(error)})") from error
    if "'" not in text:
        text = text.replace('"', "'")
    return _valid(f"{base} ; {text}" if " @ " in base else f"{base}; {text}")


def _valid(requirement: str) -> str:
    fault = standard_fault(requirement) or poetry_fault(requirement)
    if fault is not None:
        raise Inexpressible(f"`{requirement}` is not a valid requirement ({fault.detail})")
    return requirement


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


def specifiers_of(constraint: VersionConstraint) -> str | None:
    """`constraint` as PEP 440 specifiers, "" for any version; None where there are none.

    A union of ranges is the whole stretch without the gaps, where these can be excluded.
    """
    from poetry.core.constraints.version import Version, VersionUnion

    if constraint.is_any():
        return ""
    if constraint.is_empty():
        return None
    if isinstance(constraint, Version):
        return f"=={constraint.text}"
    if not isinstance(constraint, VersionUnion):
        return str(constraint).replace(" ", "")
    return _punctured(constraint)


def _punctured(union: VersionConstraint) -> str | None:
    """One range with exclusions that is exactly `union`, or None."""
    from poetry.core.constraints.version import VersionUnion, parse_constraint

    assert isinstance(union, VersionUnion)
    plain = str(union).replace(" ", "")
    if "||" not in plain:
        return plain
    ranges = union.ranges
    first, last = ranges[0], ranges[-1]
    parts = []
    if first.min is not None:
        parts.append(f"{'>=' if first.include_min else '>'}{first.min.text}")
    for lower, upper in pairwise(ranges):
        excluded = _gap(lower, upper)
        if excluded is None:
            return None
        parts += excluded
    if last.max is not None:
        parts.append(str(last).rpartition(",")[2])
    if len(parts) > _MOST_EXCLUSIONS:
        return None
    text = ",".join(parts)
    meant = parse_constraint(text)
    return text if meant == union or _same_releases(meant, union) else None


def _same_releases(one: VersionConstraint, other: VersionUnion) -> bool:
    """Whether both allow the same releases around the bounds of `other`.

    Poetry's ``^1 || ^2`` leaves out the pre-releases of 2, which no specifiers do that allow 1 and
    2; so pre-releases are left out of account.
    """
    from poetry.core.constraints.version import Version

    for each in other.ranges:
        for bound in filter(None, (each.min, each.max)):
            parts = list(bound.release.to_parts())
            near = [parts, [*parts, 1], [*parts[:-1], parts[-1] + 1], [*parts, 0, 1]]
            if parts[-1]:
                near += [[*parts[:-1], parts[-1] - 1], [*parts[:-1], parts[-1] - 1, 99]]
            for release in near:
                version = Version.parse(".".join(map(str, release)))
                if one.allows(version) != other.allows(version):
                    return False
    return True


def _is_spoilt(specifiers: str, written: str) -> bool:
    """Whether poetry-core would write valid specifiers into a package only from its own form.

    From several exclusions it reads a union, and writes that with ``||``; `written` is what it
    writes now.
    """
    if "!=" not in specifiers or "||" in written:
        return False
    from poetry.core.packages.dependency import Dependency
    from poetry.core.version.requirements import parse_requirement

    parsed = parse_requirement(f"x{specifiers}").constraint
    return "||" in Dependency("x", parsed).base_pep_508_name


def _gap(lower: Any, upper: Any) -> list[str] | None:
    """The exclusions of what lies between two ranges."""
    start, end = lower.max, upper.min
    if start is None or end is None:
        return None
    # the upper bound `<2` is kept as `<2.dev0`
    start = start.stable if start.is_unstable() else start
    if start == end:  # what meets there leaves out pre-releases only
        return [] if lower.include_max or upper.include_min else [f"!={start.text}"]
    if lower.include_max or not upper.include_min:
        return None
    one, other = list(start.release.to_parts()), list(end.release.to_parts())
    size = max(len(one), len(other))
    one += [0] * (size - len(one))
    other += [0] * (size - len(other))
    at = next((i for i in range(size) if one[i] != other[i]), size)
    if at == size or any(one[at + 1 :]) or any(other[at + 1 :]):
        return None
    if other[at] - one[at] > _MOST_EXCLUSIONS:
        return None
    prefix = "".join(f"{part}." for part in one[:at])
    return [f"!={prefix}{part}.*" for part in range(one[at], other[at])]


class Python(NamedTuple):
    """A ``requires-python``, and whether it says exactly what Poetry's ``python`` says."""

    specifiers: str
    is_exact: bool


@lru_cache(maxsize=256)
def requires_python(constraint: str) -> Python | None:
    """Poetry's ``python = ...`` as ``requires-python``; None for every Python.

    Where a union has no exact form it is the text that Poetry itself writes into the package's
    metadata. Raises Inexpressible for what Poetry cannot read.
    """
    from poetry.core.constraints.version import Version, parse_marker_version_constraint
    from poetry.core.version.helpers import format_python_constraint

    try:
        parsed = parse_marker_version_constraint(constraint)
    except ValueError as error:
        raise Inexpressible(f"Poetry cannot read it ({_first_line(error)})") from error
    if parsed.is_any():
        return None
    if parsed.is_empty():
        raise Inexpressible("no version satisfies it")
    if not isinstance(parsed, Version):
        exact = specifiers_of(parsed)
        if exact is not None:
            return Python(exact, True)
    text = format_python_constraint(parsed).replace(" ", "")
    return Python(text, parse_marker_version_constraint(text) == parsed)
