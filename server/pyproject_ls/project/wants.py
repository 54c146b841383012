"""What a declared dependency wants from an index: versions, pre-releases, for which Pythons."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Union

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.claim import claim_of
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.pythons import limited
from pyproject_ls.project.requirement import cut, normalized_name
from pyproject_ls.toml import Array, Scalar, Table

_EXCLUSION = lazy_pattern(r"!=[^,|]*")
_PRERELEASE = lazy_pattern(
    r"\d[._-]?(?:a|b|c|rc|alpha|beta|pre|preview|dev)[._-]?\d*(?![a-z])", re.I
)
_ELSEWHERE = ("git", "url", "path", "file", "workspace")
_APART = frozenset({Home.BUILD, Home.POETRY_BUILD_CONSTRAINT, Home.POETRY_PLUGIN})
"""What stands there is installed for building, or into Poetry: it is not locked with the rest."""


class Want(NamedTuple):
    """Which releases a dependency may be given.

    `constraint` is the constraint as written, "" for any, in Poetry's notation if `is_poetry`.
    `prereleases` is Poetry's ``allow-prereleases``, None where it is not set. `python` and `marker`
    limit the environments (Poetry's ``python``, a PEP 508 marker); "" for no limit.
    """

    constraint: str
    is_poetry: bool
    prereleases: bool | None = None
    python: str = ""
    marker: str = ""

    @property
    def admits_prereleases(self) -> bool:
        """Whether pre-releases are meant: by the option, or because the constraint names one."""
        if self.prereleases is not None:
            return self.prereleases
        return mentions_prerelease(self.constraint)


def want_of(dependency: Dependency, text: str) -> Want | None:
    """What `dependency`, declared in `text`, wants from an index.

    None where it is not taken from one (git, path, url), where it is no package (Poetry's
    ``python``), where its value says nothing of versions, and where its string is being typed.
    """
    if isinstance(dependency.node, Scalar) and not dependency.node.closed:
        return None
    requirement = dependency.requirement
    if requirement is not None:
        return _requirement_want(requirement.text) if dependency.name else None
    version = dependency.version
    if version is None or dependency.normalized in {"", "python"}:
        return None
    if version is dependency.node:
        return _string_want(dependency, version.value, text)
    claim = claim_of(dependency, text)
    if claim is None or claim.place:
        return None
    prereleases = _flag(dependency, "allow-prereleases")
    if prereleases is None:
        prereleases = _flag(dependency, "allows-prereleases")
    python, marker = dependency.text_option("python"), dependency.text_option("markers")
    return Want(
        claim.constraint,
        True,
        prereleases,
        python.value if python is not None else "",
        marker.value if marker is not None else "",
    )


def from_indexes(manifest: Manifest) -> list[tuple[Dependency, Want]]:
    """The dependencies of `manifest` that are taken from an index, with what they want.

    Those on the project itself are left out, and those that another table takes from elsewhere:
    ``[tool.uv.sources]``, or an entry of Poetry for a requirement of ``[project]`` or a group.
    """
    own, text = manifest.normalized_name, manifest.document.text
    placed = _placed(manifest)
    found: list[tuple[Dependency, Want]] = []
    for dependency in manifest.dependencies:
        name = dependency.normalized
        if not name or name == own or (name in placed and dependency.requirement is not None):
            continue
        want = want_of(dependency, text)
        if want is not None:
            found.append((dependency, want))
    return found


def is_locked_apart(dependency: Dependency) -> bool:
    """Whether no lock file of the project knows `dependency`: it is for building, or a plugin."""
    return dependency.declared.home in _APART


def is_limit(dependency: Dependency) -> bool:
    """Whether `dependency` only limits what others ask for: nobody misses newer releases."""
    declared = dependency.declared
    if declared.home is Home.UV:
        return declared.group == "constraint-dependencies"
    return declared.home is Home.POETRY_BUILD_CONSTRAINT


def limited_python(want: Want, python: str) -> str | None:
    """The Pythons of the project's range `python` that `want` is for; "" is any.

    None where there are none, or where the conditions of `want` cannot be read.
    """
    return limited(python, want.python, want.marker) if want.python or want.marker else python


def project_python(manifest: Manifest) -> str:
    """The Pythons that the project supports, "" for any.

    Poetry's ``python`` where it is set, because Poetry locks for these, else
    ``project.requires-python``.
    """
    for path in (("tool", "poetry", "dependencies", "python"), ("project", "requires-python")):
        node = manifest.document.get(*path)
        if isinstance(node, Table):
            node = node.values.get("version")
        if isinstance(node, Scalar) and node.kind == "string" and node.value.strip():
            return node.value if node.value.strip() != "*" else ""
    return ""


@lru_cache(maxsize=8192)
def mentions_prerelease(constraint: str) -> bool:
    """Whether `constraint` names a pre-release, and so asks for them (PEP 440)."""
    return _PRERELEASE.search(_EXCLUSION.sub("", constraint)) is not None


@lru_cache(maxsize=16384)
def _requirement_want(text: str) -> Want | None:
    requirement = cut(text)
    if requirement.url is not None:
        return None
    return Want(
        ",".join(part.text for part in requirement.specifiers),
        False,
        marker=requirement.marker.text if requirement.marker is not None else "",
    )


_wants: dict[str, Union[Want, None]] = {}
"""What Poetry entries want that are a string, by that string."""


def _string_want(dependency: Dependency, written: str, text: str) -> Want | None:
    if written in _wants:
        return _wants[written]
    if len(_wants) >= 8192:
        _wants.clear()
    claim = claim_of(dependency, text)
    want = _wants[written] = Want(claim.constraint, True) if claim is not None else None
    return want


def _flag(dependency: Dependency, name: str) -> bool | None:
    node = dependency.option(name)
    if isinstance(node, Scalar) and node.kind == "boolean":
        return bool(node.value)
    return None


def _placed(manifest: Manifest) -> frozenset[str]:
    """The normalised names of packages that some table takes from a place that is no index."""
    found: set[str] = set()
    sources = manifest.document.get("tool", "uv", "sources")
    if isinstance(sources, Table):
        for name, node in sources.values.items():
            options = node.items if isinstance(node, Array) else (node,)
            if any(isinstance(each, Table) and _has_place(each) for each in options):
                found.add(normalized_name(name))
    for home in (Home.POETRY, Home.POETRY_GROUP, Home.POETRY_DEV):
        for dependency in manifest.by_home.get(home, ()):
            if isinstance(dependency.node, Table) and _has_place(dependency.node):
                found.add(dependency.normalized)
    return frozenset(found)


def _has_place(table: Table) -> bool:
    return any(key in table.values for key in _ELSEWHERE)
