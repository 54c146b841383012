"""What the indexes know of a package: for the hover of a dependency, and for names to choose.

Nothing is asked unless the settings are `online`. Indexes are not trusted: what they say is
escaped, links have labels of our own, and only safe addresses become links.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pyproject_ls.config import INDEX_PAGE
from pyproject_ls.facts.packages import (
    Advisory,
    Details,
    Missing,
    Package,
    PackageAnswer,
    Release,
    Status,
    Unreachable,
)
from pyproject_ls.features.markdown import bullets, code, escape, join, link, safe_url
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import constraint_of, locked_in
from pyproject_ls.project.lookup import Lookup
from pyproject_ls.project.selection import allows, newest, range_for
from pyproject_ls.project.wants import is_locked_apart, project_python

MAX_VERSIONS = 3
"""Of so many locked versions it is told whether they are yanked or vulnerable."""

MAX_ADVISORIES = 5
MAX_LINKS = 4

_PLACES = ("git", "path", "file", "url")
_EXACT = lazy_pattern(r"(?:==?=?)?\s*v?(\d[A-Za-z0-9.+!_-]*)")
_STATUS = {
    Status.ARCHIVED: "Archived: no new releases are to be expected",
    Status.DEPRECATED: "Deprecated by its authors",
    Status.QUARANTINED: "Quarantined: the index takes it for dangerous and serves no files of it",
}
_LABELS = (
    ("Documentation", frozenset({"documentation", "docs", "doc"})),
    ("Source", frozenset({"source", "sourcecode", "repository", "code", "github", "gitlab"})),
    ("Changelog", frozenset({"changelog", "changes", "releasenotes", "whatsnew", "history"})),
    ("Home page", frozenset({"homepage", "home"})),
)
"""Labels that packages give to their links, normalised as the standard has it, and ours."""


def package_text(snapshot: Snapshot, found: Sequence[Dependency]) -> str:
    """What the indexes know of the package that `found`, its declarations, mean; "" for nothing."""
    chosen = [each for each in found if _is_from_index(snapshot, each)]
    if not snapshot.settings.online or not chosen:
        return ""
    first = chosen[0]
    name, lookup = first.normalized, snapshot.manifest.lookups.of(first)
    answer = snapshot.facts.releases(name, lookup)
    if isinstance(answer, (Missing, Unreachable)):
        return _no_package(answer)
    details = snapshot.facts.details(name, lookup)
    versions = _versions_of(snapshot, chosen)
    warnings = [*_status(answer), *_of_versions(snapshot, name, lookup, versions, answer)]
    lines: list[str] = []
    best: Release | None = None
    if isinstance(answer, Package):
        python, whole = range_for(snapshot.manifest, first)
        best = newest(answer, python, whole=whole)
        lines += _newest(snapshot, answer, best, chosen)
    if isinstance(details, Details):
        lines += _metadata(details, name, answer, best)
    summary = details.summary if isinstance(details, Details) else ""
    return join([bullets(warnings), escape(summary, 200), bullets(lines), _age(answer)])


def package_documentation(snapshot: Snapshot, name: str) -> str | None:
    """What the indexes know of the package `name` (normalised); None while it is not known."""
    if not snapshot.settings.online:
        return None
    manifest = snapshot.manifest
    declared = (each for each in manifest.dependencies if each.normalized == name)
    lookups = [manifest.lookups.of(each) for each in declared]
    lookup = next((each for each in lookups if each.is_bound), manifest.lookups.default)
    details = snapshot.facts.details(name, lookup)
    answer = snapshot.facts.releases(name, lookup)
    if not isinstance(details, Details):
        return _no_package(details) if details is not None else None
    lines: list[str] = []
    best: Release | None = None
    if isinstance(answer, Package):
        best = newest(answer, project_python(manifest), whole=manifest.uses_poetry)
        lines.append(f"Newest {_release(best)}" if best is not None else _nothing_usable(answer))
    elif details.version:
        lines.append(f"Newest {code(details.version, 60)}")
    lines += _metadata(details, name, answer, best)
    summary = escape(details.summary, 200)
    return join([bullets(_status(answer)), summary, bullets(lines), _age(answer)]) or None


def _is_from_index(snapshot: Snapshot, dependency: Dependency) -> bool:
    """Whether the package of `dependency` is looked up in an index."""
    name = dependency.normalized
    if not name or name == snapshot.manifest.normalized_name:
        return False
    if dependency.requirement is not None:
        return dependency.requirement.url is None
    return name != "python" and all(dependency.option(key) is None for key in _PLACES)


def _no_package(answer: Missing | Unreachable) -> str:
    if isinstance(answer, Missing):
        where = ", ".join(code(each, 60) for each in answer.indexes[:5])
        return f"No package of this name on {where or 'the index'}."
    return f"Nothing is known from the index: {escape(answer.reason, 160)}."


def _status(answer: PackageAnswer | None) -> list[str]:
    words = _STATUS.get(answer.status, "") if isinstance(answer, Package) else ""
    if not words or not isinstance(answer, Package):
        return []
    reason = escape(answer.status_reason, 160)
    head, colon, tail = words.partition(":")
    return [f"**{head}**{colon}{tail}{f' ({reason})' if reason else ''}"]


def _newest(
    snapshot: Snapshot, package: Package, best: Release | None, found: Sequence[Dependency]
) -> Iterator[str]:
    """The newest version that the project can use, and one that is newer still."""
    if best is None:
        yield _nothing_usable(package)
        return
    text = snapshot.document.text
    verdicts = [allows(each, text, best.version) for each in found if constraint_of(each)]
    where = f" on {code(package.found_on, 60)}" if package.found_on else ""
    verdict = ""
    if verdicts and None not in verdicts:
        does = "allows" if any(verdicts) else "does not allow"
        verdict = f", which the constraint {does}"
    yield f"Newest {_release(best)}{where}{verdict}"
    last = newest(package, "")
    if last is not None and last is not best and last.requires_python:
        yield f"{_release(last)} needs Python {code(last.requires_python, 60)}"


def _nothing_usable(package: Package) -> str:
    if not package.releases:
        return "It has no releases"
    if all(each.yanked is not None for each in package.releases):
        return "All releases are yanked"
    return "No release fits the Python versions of this project"


def _release(release: Release) -> str:
    date = f" ({escape(release.uploaded, 10)})" if release.uploaded else ""
    kind = ", a pre-release" if release.is_prerelease else ""
    return f"{code(release.version, 60)}{date}{kind}"


def _metadata(
    details: Details, name: str, answer: PackageAnswer | None, best: Release | None
) -> Iterator[str]:
    """License and Pythons on a line, links on another; the Pythons are those of `best`."""
    python = best.requires_python if best is not None else ""
    if not python and (best is None or best.version == details.version):
        python = details.requires_python
    parts = []
    if details.license.strip():
        parts.append(f"License {escape(details.license, 60)}")
    if python:
        parts.append(f"Python {code(python, 60)}")
    if parts:
        yield " · ".join(parts)
    is_public = isinstance(answer, Package) and not answer.found_on
    links = list(_links(details.links, name if is_public else ""))
    if links:
        yield " · ".join(links)


def _links(given: Iterable[tuple[str, str]], name: str) -> Iterator[str]:
    """Links under our own labels, at most `MAX_LINKS`; `name` is "" off the public index."""
    pages: dict[str, str] = {}
    if name:
        pages["Project page"] = INDEX_PAGE.format(name=name)
    known = [(re.sub(r"[^a-z0-9]", "", label.lower()), url) for label, url in given]
    for label, theirs in _LABELS:
        url = next((url for key, url in known if key in theirs and safe_url(url)), None)
        if url is not None and url not in pages.values():
            pages[label] = url
    for label, url in list(pages.items())[:MAX_LINKS]:
        yield link(label, url)


def _versions_of(snapshot: Snapshot, found: Sequence[Dependency]) -> list[str]:
    """The versions that the project has: the locked ones, else those that are asked for exactly."""
    versions: dict[str, None] = {}
    if not is_locked_apart(found[0]):
        lock = locked_in(snapshot.facts, snapshot.manifest)
        for dependency in found if lock is not None else ():
            assert lock is not None
            versions.update(dict.fromkeys(each.version for each in lock.of(dependency)))
    if not versions:
        matches = (_EXACT.fullmatch(constraint_of(each).strip()) for each in found)
        for dependency, match in zip(found, matches, strict=True):
            is_exact = match is not None and (
                dependency.requirement is None or match.group().startswith("==")
            )
            if match is not None and is_exact:
                versions[match[1]] = None
    return [each for each in versions if each][:MAX_VERSIONS]


def _of_versions(
    snapshot: Snapshot,
    name: str,
    lookup: Lookup,
    versions: Sequence[str],
    answer: PackageAnswer | None,
) -> Iterator[str]:
    """What is wrong with the versions that the project has."""
    for version in versions:
        release = _release_of(answer, version)
        if release is not None and release.yanked is not None:
            reason = escape(release.yanked, 160)
            yield f"**Yanked**: {code(version, 60)}{f', {reason}' if reason else ''}"
        details = snapshot.facts.details(name, lookup, _canonical(version))
        if isinstance(details, Details):
            shown = details.advisories[:MAX_ADVISORIES]
            yield from (_advisory(each, version) for each in shown)
            more = len(details.advisories) - len(shown)
            if more:
                yield f"and {more} more of {code(version, 60)}"


def _advisory(advisory: Advisory, version: str) -> str:
    label = link(escape(advisory.id, 60), advisory.url)
    summary = escape(advisory.summary, 160).rstrip(".")
    fixed = ", ".join(code(each, 40) for each in advisory.fixed_in[:3])
    return (
        f"**Vulnerable**: {code(version, 60)}, {label}"
        + (f": {summary}" if summary else "")
        + (f"; fixed in {fixed}" if fixed else "")
    )


def _release_of(answer: PackageAnswer | None, version: str) -> Release | None:
    wanted = _canonical(version)
    releases = answer.releases if isinstance(answer, Package) else ()
    return next((each for each in releases if each.version == wanted), None)


def _canonical(version: str) -> str:
    """`version` as `Release.version` writes it; what is no version stays as it is."""
    from packaging.version import InvalidVersion, Version

    try:
        return str(Version(version))
    except (InvalidVersion, ValueError):
        return version


def _age(answer: PackageAnswer | None) -> str:
    since = answer.stale_since if isinstance(answer, Package) else ""
    return f"Offline, data from {escape(since, 16)}." if since else ""
