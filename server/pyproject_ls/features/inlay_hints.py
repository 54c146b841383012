"""Inlay hints: what a dependency comes to, shown behind it.

The version that the project's lock file gives it, and (where asked for) the range that a Poetry
constraint stands for.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from pyproject_ls.host import Snapshot
from pyproject_ls.project.caret import as_pep440
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import Lock, Locked, constraint_of, locked_in
from pyproject_ls.text import Span
from pyproject_ls.toml import Scalar, Table

_NOT_LOCKED = frozenset({Home.BUILD, Home.POETRY_BUILD_CONSTRAINT, Home.POETRY_PLUGIN})
"""What stands there is installed for building, or into Poetry: no lock file knows it."""

MAX_VERSIONS = 3
"""More locked versions of one package are cut off in the label."""
MAX_LENGTH = 60

_PIECE = re.compile(
    r"(?P<caret>\^|~(?!=))[ \t]*v?(?P<version>\d[\w.+!-]*)"
    r"|(?<![\w.^~<>=!+-])v?(?P<prefix>\d+(?:\.\d+)*)\.[*xX](?![\w.])"
)


class InlayHint(NamedTuple):
    """A text to show at `offset`, with a blank before it; `tooltip` is plain text."""

    offset: int
    label: str
    tooltip: str


def inlay_hints(snapshot: Snapshot, span: Span | None = None) -> list[InlayHint]:
    """The hints whose place lies in `span` (both ends included), or all; in the order of the text.

    Asks the facts about the lock file. Which kinds are shown: `inlay_locked` and `inlay_ranges` of
    the settings.
    """
    settings = snapshot.settings
    wanted = span or Span(0, len(snapshot.text))
    lock: Lock | None = None
    looked = not settings.inlay_locked
    hints: list[InlayHint] = []
    for dependency in snapshot.manifest.dependencies:
        offset = _place(dependency)
        if offset is None:
            continue
        if settings.inlay_ranges:
            hints += _range_hint(dependency, wanted)
        if settings.inlay_locked and wanted.start <= offset <= wanted.end:
            if not looked:
                lock, looked = locked_in(snapshot.facts, snapshot.manifest), True
            if lock is not None:
                hints += _locked_hint(dependency, lock, offset)
    hints.sort(key=lambda hint: hint.offset)
    return hints


@lru_cache(maxsize=4096)
def spelled_out(constraint: str) -> str | None:
    """The Poetry constraint with ``^``, ``~`` and ``*`` as ranges; None where it has none of them.

    ``^1.4`` is ``>=1.4,<2.0``, ``1.4.*`` is ``>=1.4,<1.5``; what stands beside them stays.
    """
    result = _PIECE.sub(_as_range, constraint)
    return result if result != constraint else None


def _as_range(match: re.Match[str]) -> str:
    if match["caret"]:
        return as_pep440(match["caret"], match["version"]) or match.group()
    low = match["prefix"]
    if max(map(len, low.split("."))) > 9:
        return match.group()
    first, _, last = low.rpartition(".")
    return f">={low},<{first}{'.' if first else ''}{int(last) + 1}"


def _place(dependency: Dependency) -> int | None:
    """Where hints stand: behind the string or the braces, in a table of its own the version."""
    node = dependency.node
    if isinstance(node, Scalar):
        return node.end if node.kind == "string" and node.closed else None
    if not isinstance(node, Table):
        return None
    if node.origin == "inline":
        return node.end if node.closed else None
    version = dependency.version
    if version is not None and version.closed:
        return version.end
    header = node.headers[0] if node.headers else None
    return header.end if header is not None and header.closed else None


def _range_hint(dependency: Dependency, wanted: Span) -> list[InlayHint]:
    version = dependency.version
    if version is None or not version.closed or not wanted.start <= version.end <= wanted.end:
        return []
    if len(version.value) > 4 * MAX_LENGTH:
        return []
    meant = spelled_out(version.value)
    if meant is None:
        return []
    return [InlayHint(version.end, shortened(meant), f"{version.value} means {meant}")]


def _locked_hint(dependency: Dependency, lock: Lock, offset: int) -> list[InlayHint]:
    if dependency.declared.home in _NOT_LOCKED:
        return []
    found = [each for each in lock.of(dependency) if each.version]
    versions = list(dict.fromkeys(each.version for each in found))
    if not versions or _says(dependency, versions):
        return []
    label = ", ".join(versions[:MAX_VERSIONS]) + (", …" if len(versions) > MAX_VERSIONS else "")
    what = "; ".join(map(_described, found[: 2 * MAX_VERSIONS]))
    return [InlayHint(offset, shortened(label), f"{found[0].name} in {lock.path}: {what}")]


def _says(dependency: Dependency, versions: list[str]) -> bool:
    """Whether the declaration itself names its one locked version."""
    written = constraint_of(dependency).strip()
    operator = "==" if dependency.requirement is not None else ""
    return len(versions) == 1 and written in {operator + versions[0], f"=={versions[0]}"}


def _described(locked: Locked) -> str:
    return f"{locked.version} if {locked.marker}" if locked.marker else locked.version


def shortened(label: str) -> str:
    """`label` at a length that fits behind a line, without characters that do not show."""
    label = "".join(char for char in label if char.isprintable())
    return label if len(label) <= MAX_LENGTH else label[: MAX_LENGTH - 1] + "…"
