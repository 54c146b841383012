"""From the files that an index lists to releases: what JSON and HTML pages have in common.

Names of files are read as the specifications have them (binary distribution format, source
distribution format), with the project's name known: it may hold hyphens of its own. What is no
wheel or source distribution of the project, or has no version by PEP 440, is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from pyproject_ls.facts.packages import Release, Status
from pyproject_ls.index.priority import give_way
from pyproject_ls.index.records import Project
from pyproject_ls.index.untrusted import one_line, web_address
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.requirement import normalized_name

if TYPE_CHECKING:
    from packaging.version import Version

MAX_RELEASES = 5_000
"""Of a project with more, only the newest are known."""

TOGETHER = 20
"""So many files are looked at before others get a turn: half a millisecond."""

WITH_METADATA = 40
"""For how many releases, the newest ones, the address of the metadata is kept."""

_SDIST = (".tar.gz", ".zip", ".tar.bz2", ".tgz", ".tar.xz", ".tar.Z", ".tar")
_MAX_FILENAME = 300
_MAX_VERSION = 100
_DATE = lazy_pattern(r"\d{4}-\d\d-\d\d", re.ASCII)


class File(NamedTuple):
    """One file as a page lists it, nothing of it judged yet."""

    filename: str
    url: str = ""
    """As written: it may be relative to the page."""
    uploaded: str = ""
    """When, in the form of PEP 700; "" where the page does not say."""
    requires_python: str = ""
    yanked: str | None = None
    has_metadata: bool = False
    """Whether the metadata of the wheel can be fetched by itself (PEP 658, PEP 714)."""


class _Found:
    """What is known of one release while its files are read."""

    __slots__ = ("metadata_url", "requires_python", "uploaded", "version", "yanked")

    def __init__(self, version: Version, first: File) -> None:
        self.version = version
        self.uploaded = ""
        self.requires_python = first.requires_python
        self.yanked = first.yanked
        self.metadata_url = ""

    def add(self, file: File) -> None:
        if file.uploaded and (not self.uploaded or file.uploaded < self.uploaded):
            self.uploaded = file.uploaded
        if file.requires_python != self.requires_python:
            self.requires_python = ""
        if self.yanked is not None:
            self.yanked = None if file.yanked is None else self.yanked or file.yanked
        if file.has_metadata and not self.metadata_url and file.filename.endswith(".whl"):
            self.metadata_url = file.url

    def release(self) -> Release:
        date = _DATE.match(self.uploaded)
        return Release(
            version=str(self.version),
            uploaded=date[0] if date else "",
            requires_python=one_line(self.requires_python, 200),
            yanked=None if self.yanked is None else one_line(self.yanked),
            is_prerelease=self.version.is_prerelease,
        )


def project_of(
    name: str,
    files: Iterable[File],
    base: str,
    status: str = "",
    status_reason: str = "",
) -> Project:
    """The project `name` of a page at the address `base` (absolute) that lists `files`.

    A release is as old as its first file, and yanked if all its files are (the first reason that
    there is counts). Where its files ask for different Pythons nothing can be said of the release:
    its `requires_python` is "". A release without a file cannot be installed and is none (PEP 700
    lists such versions). Versions that are equal though written differently are one release.
    """
    wanted = normalized_name(name)
    by_text: dict[str, _Found | None] = {}
    by_version: dict[Version, _Found] = {}
    for number, file in enumerate(files):
        if number % TOGETHER == 0:
            give_way()
        text = version_text(file.filename, wanted)
        if text is None:
            continue
        if text not in by_text:
            version = version_of(text)
            by_text[text] = (
                None if version is None else by_version.setdefault(version, _Found(version, file))
            )
        found = by_text[text]
        if found is not None:
            found.add(file)
    newest = sorted(by_version.values(), key=_version_of_found, reverse=True)[:MAX_RELEASES]
    metadata = []
    for each in newest[:WITH_METADATA]:
        if url := metadata_address(each.metadata_url, base):
            metadata.append((str(each.version), url))
    return Project(
        name=name,
        releases=tuple(each.release() for each in newest),
        status=status_of(status),
        status_reason=one_line(status_reason),
        metadata=tuple(metadata),
    )


def newest_first(releases: Iterable[Release]) -> tuple[Release, ...]:
    """`releases` by version, the newest first; those that have no valid version are left out."""
    judged = [(version_of(each.version), each) for each in releases]
    valid = [(version, each) for version, each in judged if version is not None]
    valid.sort(key=_first, reverse=True)
    return tuple(each for _, each in valid)


@lru_cache(maxsize=4096)
def version_of(text: str) -> Version | None:
    """`text` as a version by PEP 440; None if it is no such thing."""
    if len(text) > _MAX_VERSION:
        return None
    from packaging.version import InvalidVersion, Version  # what is stored needs no judge

    try:
        return Version(text)
    except InvalidVersion:
        return None


def version_text(filename: str, wanted: str) -> str | None:
    """The version that `filename` gives to the project with the normalised name `wanted`.

    It is as written, and perhaps no valid version. None: it is no file of this project, or none
    that is installed nowadays (eggs, Windows installers).
    """
    if len(filename) > _MAX_FILENAME:
        return None
    if filename.endswith(".whl"):
        parts = filename[:-4].split("-")
        if len(parts) not in (5, 6) or not _is_same(parts[0], wanted):
            return None
        return parts[1]
    for suffix in _SDIST:
        if filename.endswith(suffix):
            return _sdist_version(filename[: -len(suffix)], wanted)
    return None


def metadata_address(url: str, base: str) -> str:
    """Where the metadata of the wheel at `url` is: beside it (PEP 658).

    "" if that is not on the web, or less safe than the page at `base`.
    """
    joined = web_address(url.partition("#")[0], base) if url else ""
    if base.startswith("https:") and not joined.startswith("https:"):
        return ""
    path, mark, query = joined.partition("?")
    return f"{path}.metadata{mark}{query}" if joined else ""


def status_of(value: str) -> Status:
    """The status of a project (PEP 792); one that is not known means nothing, as for installers."""
    try:
        return Status(value)
    except ValueError:
        return Status.ACTIVE


def _sdist_version(stem: str, wanted: str) -> str | None:
    end = len(wanted)
    if stem[end : end + 1] == "-" and _is_same(stem[:end], wanted):
        return stem[end + 1 :]
    at = stem.find("-")
    while at > 0:
        if _is_same(stem[:at], wanted):
            return stem[at + 1 :]
        at = stem.find("-", at + 1)
    return None


def _is_same(name: str, wanted: str) -> bool:
    return name == wanted or _normalized(name) == wanted


_normalized = lru_cache(maxsize=1024)(normalized_name.__wrapped__)
"""`normalized_name` with a memory of its own: pages must not push out the names of projects."""


def _version_of_found(found: _Found) -> Version:
    return found.version


def _first(pair: tuple[Version, Release]) -> Version:
    return pair[0]
