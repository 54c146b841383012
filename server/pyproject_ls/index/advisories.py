"""Known vulnerabilities: the advisory database OSV (its API v1), and what indexes say themselves.

OSV is asked for the identifiers of many versions at a time, then for each identifier once. Only
names and versions are sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from pyproject_ls.facts.packages import Advisory
from pyproject_ls.index.releases import version_of
from pyproject_ls.index.untrusted import items, lines, loads, mapping, one_line, web_address
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.requirement import normalized_name

if TYPE_CHECKING:
    from packaging.version import Version

MAX_BATCH = 1000
"""How many versions may be asked for at a time (OSV's documentation of ``querybatch``)."""

_ECOSYSTEM = "PyPI"
_MAX_FIXED = 50
_ID = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._:-]{0,98}[A-Za-z0-9])?")
_CVE = "CVE-"
_MARKUP = lazy_pattern(r"^[#>*\s=-]+")


def batch_body(pairs: Iterable[tuple[str, str]]) -> bytes:
    """The body of ``POST /v1/querybatch`` for names and versions; at most `MAX_BATCH` pairs."""
    queries = [
        {"package": {"name": name, "ecosystem": _ECOSYSTEM}, "version": version}
        for name, version in pairs
    ]
    return json.dumps({"queries": queries}, separators=(",", ":")).encode()


def parse_batch(body: bytes, expected: int | None = None) -> list[list[str]]:
    """The identifiers of the vulnerabilities of each pair, in the order of the question.

    They are safe to be a part of an address. Where there are more pages (``next_page_token``), the
    first has to do. ValueError: `body` is no such answer, or not for `expected` pairs.
    """
    results = mapping(loads(body)).get("results")
    if not isinstance(results, list):
        raise ValueError("sends no list of vulnerabilities")
    if len(results) > MAX_BATCH or expected not in (None, len(results)):
        raise ValueError("answers another question than was asked")
    return [_ids(mapping(result).get("vulns")) for result in results]


def parse_vulnerability(body: bytes, name: str) -> Advisory | None:
    """What ``/v1/vulns/<id>`` says, as far as it concerns the package `name`.

    None: it was withdrawn. ValueError: `body` is no such answer.
    """
    record = mapping(loads(body))
    if not _ID.fullmatch(one_line(record.get("id"))):
        raise ValueError("sends no description of a vulnerability")
    if record.get("withdrawn"):
        return None
    return Advisory(
        _best_id(record),
        _summary(record),
        oldest_first(_fixed(items(record.get("affected")), normalized_name(name))),
        _reference(items(record.get("references"))),
    )


def parse_listed(values: object) -> tuple[Advisory, ...]:
    """The advisories in the ``vulnerabilities`` of an index's JSON API, without withdrawn ones."""
    found = []
    for each in map(mapping, items(values)):
        if _ID.fullmatch(one_line(each.get("id"))) and not each.get("withdrawn"):
            found.append(
                Advisory(
                    _best_id(each),
                    _summary(each),
                    oldest_first(lines(items(each.get("fixed_in")))),
                    web_address(each.get("link")),
                )
            )
    return merged(found)


def merged(found: Iterable[Advisory]) -> tuple[Advisory, ...]:
    """`found` with those of one identifier as one: databases describe the same CVE twice."""
    by_id: dict[str, Advisory] = {}
    for each in found:
        other = by_id.get(each.id)
        if other is not None:
            each = Advisory(
                each.id,
                other.summary or each.summary,
                oldest_first([*other.fixed_in, *each.fixed_in]),
                other.url or each.url,
            )
        by_id[each.id] = each
    return tuple(by_id.values())


def oldest_first(versions: Iterable[str]) -> tuple[str, ...]:
    """The valid ones of `versions`, each once and normalised, the oldest first."""
    judged: set[Version] = set()
    for each in versions:
        version = version_of(each)
        if version is not None:
            judged.add(version)
    return tuple(map(str, sorted(judged)[:_MAX_FIXED]))


def _ids(vulnerabilities: object) -> list[str]:
    found = (one_line(mapping(each).get("id")) for each in items(vulnerabilities))
    return [each for each in dict.fromkeys(found) if _ID.fullmatch(each)]


def _best_id(record: dict[str, Any]) -> str:
    """The CVE if there is one: people know that best."""
    own = one_line(record["id"])
    others = [each for each in lines(items(record.get("aliases"))) if _ID.fullmatch(each)]
    known = [each for each in (own, *others) if each.startswith(_CVE)]
    return known[0] if known else own


def _summary(record: dict[str, Any]) -> str:
    if summary := one_line(record.get("summary")):
        return summary
    details = record.get("details")
    if isinstance(details, str):
        for line in details[:4000].splitlines():
            if not line.startswith("#") and (text := one_line(_MARKUP.sub("", line))):
                return text
    return ""


def _fixed(affected: Sequence[object], name: str) -> list[str]:
    """The versions that repair it; ranges of commits have other events."""
    found = []
    for each in map(mapping, affected):
        package = mapping(each.get("package"))
        if package.get("ecosystem") != _ECOSYSTEM:
            continue
        if normalized_name(one_line(package.get("name"))) != name:
            continue
        for part in map(mapping, items(each.get("ranges"))):
            if part.get("type") != "GIT":
                found += [mapping(event).get("fixed") for event in items(part.get("events"))]
    return lines(found)


def _reference(references: Sequence[object]) -> str:
    """An address for people: an advisory if one is named, else the first that there is."""
    best = ""
    for each in map(mapping, references):
        url = web_address(each.get("url"))
        if url and each.get("type") == "ADVISORY":
            return url
        best = best or url
    return best
