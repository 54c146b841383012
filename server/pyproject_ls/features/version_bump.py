"""Bumping the project's version, as an edit.

Follows ``poetry version <rule>`` of Poetry 2.5 (`poetry/console/commands/version.py`,
`VersionCommand.increment_version`, and the class `Version` of poetry-core behind it): a pre-release
of the next patch, minor or major version becomes that version (1.2.3a1 by `patch` is 1.2.3), a
part that was not written appears (1.2 by `patch` is 1.2.1), and epochs stay.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, get_args

from pyproject_ls.checks.edits import part_of
from pyproject_ls.features.markdown import visible
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import as_string
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Scalar, Table

Part = Literal["patch", "minor", "major", "prerelease"]

PARTS: tuple[Part, ...] = get_args(Part)

_VERSION = lazy_pattern(
    r"""\s*v?(?:(?P<epoch>\d{1,9})!)?(?P<release>\d{1,9}(?:\.\d{1,9})*)
    (?:[-_.]?(?P<phase>alpha|a|beta|b|preview|pre|c|rc)[-_.]?(?P<number>\d{0,9}))?
    (?P<post>-\d{1,9}|[-_.]?(?:post|rev|r)[-_.]?\d{0,9})?
    (?P<dev>[-_.]?dev[-_.]?\d{0,9})?
    (?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?\s*""",
    re.IGNORECASE | re.VERBOSE,
)
_PHASES = {"alpha": "a", "a": "a", "beta": "b", "b": "b"}
"""How PEP 440 writes the phases of a pre-release; all others are release candidates."""

_PLACES = (("project", "version"), ("tool", "poetry", "version"))


class CannotBump(Exception):
    """The version cannot be bumped by an edit of the file; the text says why, for a person."""


class Bump(NamedTuple):
    """The new version, and the edits that write it."""

    version: str
    edits: Sequence[Edit]


def bumped(snapshot: Snapshot, part: Part) -> Bump:
    """The project's version, one `part` further.

    Both ``[project] version`` and ``[tool.poetry] version`` are written where both are there.
    Raises CannotBump where there is none that can be read, or where it is dynamic.
    """
    nodes = version_nodes(snapshot)
    if not nodes:
        raise CannotBump(_why_not(snapshot))
    version = next_version(nodes[0].value, part)
    edits = [
        Edit(part_of(snapshot.text, node, Span(0, len(node.value))), version) for node in nodes
    ]
    return Bump(version, edits)


def version_nodes(snapshot: Snapshot) -> list[Scalar]:
    """The strings that hold the project's version, that of ``[project]`` first."""
    found = (as_string(snapshot.document.get(*path)) for path in _PLACES)
    return [node for node in found if node is not None and node.closed and node.value.strip()]


def next_version(version: str, part: Part) -> str:
    """`version` one `part` further, as PEP 440 writes it. Raises CannotBump for no version."""
    match = _VERSION.fullmatch(version)
    if match is None:
        raise CannotBump(
            f"`{visible(version, 60)}` is not a version by PEP 440; write one such as `1.2.3`."
        )
    numbers = [int(number) for number in match["release"].split(".")]
    epoch = f"{int(match['epoch'])}!" if match["epoch"] and int(match["epoch"]) else ""
    phase = match["phase"]
    if part == "prerelease":
        if phase:
            number = int(match["number"] or 0) + 1
            release = ".".join(map(str, numbers))
            return f"{epoch}{release}{_PHASES.get(phase.lower(), 'rc')}{number}"
        if match["dev"] and not match["post"]:  # Poetry fails here; this is what comes next
            return f"{epoch}{'.'.join(map(str, numbers))}a0"
        return f"{epoch}{_raised(match, numbers, 2)}a0"
    return f"{epoch}{_raised(match, numbers, ('major', 'minor', 'patch').index(part))}"


def _raised(match: re.Match[str], numbers: list[int], index: int) -> str:
    """The release with the number `index` raised, unless this is a pre-release of that.

    As `next_major`, `next_minor` and `next_patch` of poetry-core's `Version`.
    """
    size = len(numbers)
    kept = [*numbers, 0, 0, 0][: index + 1]
    is_unstable = bool(match["phase"] or match["dev"])
    must_rise = not is_unstable or (not match["phase"] and bool(match["post"]))
    if must_rise or any(numbers[index + 1 :]):
        kept[index] += 1
    elif size <= index:
        return ".".join(map(str, numbers))
    return ".".join(map(str, [*kept, *([0] * (size - len(kept)))]))


def _why_not(snapshot: Snapshot) -> str:
    manifest, document = snapshot.manifest, snapshot.document
    if document.get("project", "version") is not None:
        return "`project.version` is not a version in quotes; write one such as `1.2.3`."
    if "version" not in manifest.dynamic:
        table = (
            "[project]" if manifest.project is not None or not manifest.poetry else "[tool.poetry]"
        )
        return f"The project has no version; add `version` to `{table}`."
    return f"The version is not written in this file: {_origin(snapshot)}. Change it there."


def _origin(snapshot: Snapshot) -> str:
    """Where a dynamic version comes from, in words (the tools' own documentation)."""
    document = snapshot.document
    attribute = document.get("tool", "setuptools", "dynamic", "version")
    if isinstance(attribute, Table):
        for key, words in (("attr", "the attribute"), ("file", "the file")):
            node = as_string(attribute.values.get(key))
            if node is not None:
                return f"setuptools reads it from {words} `{visible(node.value, 80)}`"
    for tool, name in (("hatch", "Hatch"), ("pdm", "PDM")):
        table = document.get("tool", tool, "version")
        if isinstance(table, Table):
            path = as_string(table.values.get("path"))
            source = as_string(table.values.get("source"))
            if path is not None:
                return f"{name} reads it from the file `{visible(path.value, 80)}`"
            if source is not None:
                return f"{name} takes it from `{visible(source.value, 40)}`"
    for where, words in (
        (("tool", "setuptools_scm"), "setuptools-scm takes it from the tags of the repository"),
        (("tool", "setuptools-scm"), "setuptools-scm takes it from the tags of the repository"),
        (("tool", "poetry-dynamic-versioning"), "poetry-dynamic-versioning takes it from the tags"),
        (("tool", "versioningit"), "versioningit takes it from the tags of the repository"),
    ):
        if document.get(*where) is not None:
            return words
    backend = (manifest_backend := snapshot.manifest.build_backend or "").split(".")[0]
    if backend == "flit_core":
        return "Flit reads it from `__version__` in the package"
    if backend == "maturin":
        return "maturin reads it from `Cargo.toml`"
    named = f" (`{visible(manifest_backend, 60)}`)" if manifest_backend else ""
    return f"`project.dynamic` leaves it to the build backend{named}"
