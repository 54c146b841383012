"""The small index in ``fixtures/index``, as facts: what pages know of packages.

`tests.index_server` serves the same files over HTTP.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from pathlib import Path
from typing import Any

from packaging.version import Version

from pyproject_ls.facts import Answer, Question
from pyproject_ls.facts.packages import (
    Advisories,
    AdvisoriesFor,
    Advisory,
    Details,
    DetailsAnswer,
    DetailsOf,
    IndexState,
    Missing,
    NameFound,
    Names,
    NamesLike,
    Package,
    PackageAnswer,
    Release,
    ReleasesOf,
    StateOf,
    Status,
    Unreachable,
)
from pyproject_ls.project.indexes import NOWHERE
from pyproject_ls.project.lookup import IndexRef, Lookup
from pyproject_ls.project.requirement import normalized_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).parent.parent / "fixtures" / "index"
PUBLIC = "public"
PRIVATE = "private"
PRIVATE_NAME = "corp"

Record = dict[str, Any]


@lru_cache(maxsize=8)
def records(index: str) -> dict[str, Record]:
    """The packages of the index `PUBLIC` or `PRIVATE` as their files have them, by normal name."""
    found = (tomllib.loads(path.read_text("utf-8")) for path in sorted((FOLDER / index).iterdir()))
    return {normalized_name(each["name"]): each for each in found}


@lru_cache(maxsize=256)
def package(index: str, name: str, *, is_partial: bool = False) -> Package | None:
    """What the index says of the package `name`."""
    record = records(index).get(name)
    if record is None:
        return None
    listed = sorted(record["releases"], key=lambda each: Version(each["version"]), reverse=True)
    return Package(
        record["name"],
        tuple(map(_release, listed)),
        Status(record.get("status", "active")),
        record.get("status-reason", ""),
        PRIVATE_NAME if index == PRIVATE else "",
        is_partial=is_partial,
    )


@lru_cache(maxsize=256)
def details(index: str, name: str, version: str) -> Details | None:
    """The metadata of a version of `name`, "" for the newest."""
    record, found = records(index).get(name), package(index, name)
    if record is None or found is None:
        return None
    stable = [each for each in found.releases if not each.is_prerelease] or found.releases
    wanted = version or stable[0].version
    release = next((each for each in found.releases if each.version == wanted), None)
    if release is None:
        return None
    return Details(
        name=record["name"],
        version=wanted,
        summary=record.get("summary", ""),
        license=record.get("license", ""),
        requires_python=release.requires_python,
        extras=tuple(record.get("extras", ())),
        links=tuple(record.get("links", {}).items()),
        advisories=advisories(name, wanted, index),
    )


def advisories(name: str, version: str, index: str = PUBLIC) -> tuple[Advisory, ...]:
    """The known vulnerabilities of a version."""
    return tuple(
        Advisory(each["id"], each.get("summary", ""), tuple(each["fixed-in"]), each.get("url", ""))
        for each in records(index).get(name, {}).get("advisories", ())
        if version in each["affects"]
    )


def answers(questions: Iterable[Question]) -> dict[Question, Answer]:
    """The answers to those of `questions` that are about packages."""
    found: dict[Question, Answer] = {}
    for each in questions:
        if isinstance(each, ReleasesOf):
            found[each] = _releases(each)
        elif isinstance(each, DetailsOf):
            found[each] = _details(each)
        elif isinstance(each, NamesLike):
            found[each] = _names(each)
        elif isinstance(each, AdvisoriesFor):
            found[each] = Advisories(advisories(each.name, each.version))
        elif isinstance(each, StateOf):
            problem = "" if _index(each.ref) else "no such host; check its address"
            found[each] = IndexState(problem)
    return found


def _release(record: Record) -> Release:
    return Release(
        version=record["version"],
        uploaded=record.get("uploaded", ""),
        requires_python=record.get("requires-python", ""),
        yanked=record.get("yanked"),
        is_prerelease=Version(record["version"]).is_prerelease,
    )


def _index(ref: IndexRef) -> str | None:
    if ref.name == PRIVATE_NAME:
        return PRIVATE
    return PUBLIC if not ref.url or ref.name.lower() == "pypi" else None


def _tiers(lookup: Lookup) -> tuple[tuple[IndexRef, ...], ...]:
    return lookup.tiers or ((IndexRef("", "", "pip"),),)


def _releases(question: ReleasesOf) -> PackageAnswer:
    if question.lookup == NOWHERE:
        return Unreachable("it comes from no index", True)
    trouble: Unreachable | None = None
    for tier in _tiers(question.lookup):
        for ref in tier:
            index = _index(ref)
            if index is None:
                trouble = Unreachable(f"`{ref.name}` cannot be reached: no such host")
                continue
            found = package(index, question.name, is_partial=trouble is not None)
            if found is not None:
                return found
    return trouble or Missing(
        tuple(ref.name or "PyPI" for tier in _tiers(question.lookup) for ref in tier)
    )


def _details(question: DetailsOf) -> DetailsAnswer:
    if question.lookup == NOWHERE:
        return Unreachable("it comes from no index", True)
    for tier in _tiers(question.lookup):
        for ref in tier:
            index = _index(ref)
            if index is None:
                return Unreachable(f"`{ref.name}` cannot be reached: no such host")
            found = details(index, question.name, question.version)
            if found is not None:
                return found
    return Missing(tuple(ref.name or "PyPI" for tier in _tiers(question.lookup) for ref in tier))


def _names(question: NamesLike) -> Names:
    wanted = normalized_name(question.typed)
    found = []
    for tier in _tiers(question.lookup):
        for ref in tier:
            index = _index(ref)
            for name, record in records(index).items() if index else ():
                is_typo = not name.startswith(wanted)
                if not is_typo or SequenceMatcher(None, name, wanted).ratio() > 0.8:
                    found.append(NameFound(record["name"], record.get("rank"), is_typo))
    return Names(tuple(found), complete=True)
