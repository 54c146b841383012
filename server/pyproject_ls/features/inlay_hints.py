"""Inlay hints: what a dependency comes to, shown behind it.

The version that the project's lock file gives it, the newest one of its index, and (where asked
for) the range that a Poetry constraint stands for.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pyproject_ls.checks.known import Known, known
from pyproject_ls.checks.wording import visible
from pyproject_ls.features.newest import Newest, newest_of, with_newest
from pyproject_ls.features.next_lock import next_versions
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.caret import as_pep440
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import Lock, Locked, constraint_of, locked_in
from pyproject_ls.project.wants import is_locked_apart
from pyproject_ls.text import Span
from pyproject_ls.toml import Scalar, Table

MAX_VERSIONS = 3
"""More locked versions of one package are cut off in the label."""
MAX_LENGTH = 60

_PIECE = lazy_pattern(
    r"(?P<caret>\^|~(?!=))[ \t]*v?(?P<version>\d[\w.+!-]*)"
    r"|(?<![\w.^~<>=!+-])v?(?P<prefix>\d+(?:\.\d+)*)\.[*xX](?![\w.])"
)


class InlayHint(NamedTuple):
    """A text to show at `offset`, with a blank before it; `tooltip` is plain text."""

    offset: int
    label: str
    tooltip: str


class _Words(NamedTuple):
    """What a hint says; both are "" where there is nothing to say."""

    label: str
    tooltip: str


NOTHING = _Words("", "")


def inlay_hints(snapshot: Snapshot, span: Span | None = None) -> list[InlayHint]:
    """The hints whose place lies in `span` (both ends included), or all; in the order of the text.

    Asks the facts about the lock file and, if `online`, about the packages. Which kinds are shown:
    `inlay_locked`, `inlay_newest` and `inlay_ranges` of the settings. The locked and the newest
    version are one hint, so that every editor has them in this order.
    """
    settings = snapshot.settings
    wanted = span or Span(0, len(snapshot.text))
    answers = _answers(snapshot)
    coming = next_versions(snapshot) if settings.inlay_locked and settings.resolve != "off" else {}
    lock: Lock | None = None
    looked = not (settings.inlay_locked or answers)
    hints: list[InlayHint] = []
    for dependency in snapshot.manifest.dependencies:
        offset = _place(dependency)
        if offset is None:
            continue
        if settings.inlay_ranges:
            hints += _range_hint(dependency, wanted)
        if (settings.inlay_locked or answers) and wanted.start <= offset <= wanted.end:
            if not looked:
                lock, looked = locked_in(snapshot.facts, snapshot.manifest), True
            locked = _locked(dependency, lock) if settings.inlay_locked else NOTHING
            locked = _with_next(locked, dependency, lock, coming.get(dependency.normalized, ""))
            answer = answers.get(id(dependency))
            newest = newest_of(answer, lock) if answer is not None else None
            if newest is not None and not (newest.is_behind or settings.inlay_newest == "all"):
                newest = None
            hints += _version_hint(offset, locked, newest)
    hints.sort(key=lambda hint: hint.offset)
    return hints


def _answers(snapshot: Snapshot) -> dict[int, Known]:
    """What is known of the packages, by the identity of the dependency."""
    settings = snapshot.settings
    if not settings.online or settings.inlay_newest == "off":
        return {}
    return {id(each.dependency): each for each in known(snapshot.manifest, snapshot.facts)}


def _version_hint(offset: int, locked: _Words, newest: Newest | None) -> list[InlayHint]:
    label, tooltip = locked
    if newest is not None:
        label = with_newest(label, newest)
        tooltip = f"{tooltip}. {newest.tooltip}" if tooltip else newest.tooltip
    return [InlayHint(offset, shortened(label), tooltip)] if label else []


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


def _locked(dependency: Dependency, lock: Lock | None) -> _Words:
    if lock is None or is_locked_apart(dependency):
        return NOTHING
    found = [each for each in lock.of(dependency) if each.version]
    versions = list(dict.fromkeys(each.version for each in found))
    if not versions or _says(dependency, versions):
        return NOTHING
    label = ", ".join(versions[:MAX_VERSIONS]) + (", …" if len(versions) > MAX_VERSIONS else "")
    what = "; ".join(map(_described, found[: 2 * MAX_VERSIONS]))
    return _Words(label, visible(f"{found[0].name} in {lock.path}: {what}"))


def _with_next(words: _Words, dependency: Dependency, lock: Lock | None, version: str) -> _Words:
    """The hint with the version that the next lock will hold, if it is another one."""
    if not version or is_locked_apart(dependency):
        return words
    if lock is not None and version in {each.version for each in lock.of(dependency)}:
        return words
    tooltip = visible(f"{dependency.name} {version} is what locking would take now")
    if not words.label:
        return _Words(f"next lock {version}", tooltip)
    return _Words(f"{words.label}, next lock {version}", f"{words.tooltip}. {tooltip}")


def _says(dependency: Dependency, versions: list[str]) -> bool:
    """Whether the declaration itself names its one locked version."""
    written = constraint_of(dependency).strip()
    operator = "==" if dependency.requirement is not None else ""
    return len(versions) == 1 and written in {operator + versions[0], f"=={versions[0]}"}


def _described(locked: Locked) -> str:
    return f"{locked.version} if {locked.marker}" if locked.marker else locked.version


def shortened(label: str) -> str:
    """`label` at a length that fits behind a line, without characters that do not show."""
    return visible(label, MAX_LENGTH)
