"""The dependencies that a team's policy judges: where they come from, what they ask for."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.ranges import same_constraint
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Array, Table

MAIN = frozenset({Home.PROJECT, Home.EXTRA, Home.POETRY})
"""What is installed with the project."""

NOT_JUDGED = frozenset({Home.BUILD, Home.POETRY_BUILD_CONSTRAINT, Home.POETRY_PLUGIN, Home.UV})

PLACES = {"git": "a repository", "path": "a path", "url": "an address"}
"""The kinds of places outside of an index, in words."""

_POETRY_KINDS = (("git", "git"), ("path", "path"), ("file", "path"), ("url", "url"))
_UV_KINDS = ("git", "path", "url")
_STANDARD = lazy_pattern(r"(?:\s*(?:~=|===?|!=|<=|>=|<|>)\s*[\w.!+*-]+\s*,?)+")


def judged(manifest: Manifest) -> Iterator[Dependency]:
    """The dependencies of the project itself, without ``python`` and the build system's."""
    for each in manifest.dependencies:
        if (
            each.normalized not in ("", "python")
            and each.declared.home not in NOT_JUDGED
            and not _only_adds(manifest, each)
        ):
            yield each


def is_in(dependency: Dependency, group: str) -> bool:
    """Whether `dependency` is declared in `group`: a group, an extra, ``main``, "" for anywhere."""
    if group == "main":
        return dependency.declared.home in (Home.PROJECT, Home.POETRY)
    return not group or normalized_name(dependency.declared.group) == normalized_name(group)


def direct_kind(manifest: Manifest, dependency: Dependency) -> str:
    """The kind of place that is no index and that `dependency` comes from; "" for an index."""
    requirement = dependency.requirement
    if requirement is None:
        found = (kind for key, kind in _POETRY_KINDS if dependency.option(key) is not None)
        return next(found, "")
    if requirement.url is not None:
        url = requirement.url.text.lower()
        if url.startswith(("git+", "hg+", "svn+", "bzr+")):
            return "git"
        return "path" if url.startswith(("file:", ".", "/")) else "url"
    return _uv_kind(manifest, dependency.normalized)


def alike(first: str, second: str) -> bool:
    """Whether two constraints allow the same versions, in whichever form they are written."""
    if same_constraint(first, second):
        return True
    if not first.strip("* ") or not second.strip("* "):
        return False
    from pyproject_ls.project.verdicts import is_subset

    return is_subset(first, second) is True and is_subset(second, first) is True


def is_standard(constraint: str) -> bool:
    """Whether a constraint is one that a PEP 508 requirement may have (not Poetry's ``^``)."""
    return _STANDARD.fullmatch(constraint) is not None


def _only_adds(manifest: Manifest, dependency: Dependency) -> bool:
    """Whether an entry of Poetry's only says more of what ``project.dependencies`` asks for."""
    return (
        dependency.declared.home is Home.POETRY
        and isinstance(dependency.node, Table)
        and not constraint_of(dependency)
        and manifest.project is not None
        and any(
            each.normalized == dependency.normalized
            for home in (Home.PROJECT, Home.EXTRA)
            for each in manifest.by_home.get(home, ())
        )
    )


def _uv_kind(manifest: Manifest, normalized: str) -> str:
    """What ``[tool.uv.sources]`` says of a package."""
    sources = manifest.document.get("tool", "uv", "sources")
    for name, value in sources.values.items() if isinstance(sources, Table) else ():
        if normalized_name(name) != normalized:
            continue
        for item in value.items if isinstance(value, Array) else (value,):
            if isinstance(item, Table):
                return next((kind for kind in _UV_KINDS if kind in item.values), "")
    return ""
