"""The explanations that Poetry and uv print when dependencies exclude each other, as facts.

Both walk PubGrub's derivation in sentences (``poetry/mixology/failure.py``,
``uv-resolver/src/pubgrub/report.rs``). Only the sentences that state a fact of an index or of the
project are taken, and only where they are understood; conclusions are left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from pyproject_ls.facts.resolution import Conflict, Reason, ReasonKind
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.requirement import normalized_name

MAX_REASONS = 5

_NAME = r"[A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?"
_WORD = lazy_pattern(rf"(?<![\w.-]){_NAME}")

# Poetry

_POETRY_MARK = "version solving failed"
_TERM = rf"{_NAME}(?:\[[^\]]*\])? \([^()]*\)"
_NEEDS = r"(?:depends on|requires)"
_POETRY_NEEDS = lazy_pattern(
    rf"(?P<subject>every version of {_NAME}(?:\[[^\]]*\])?|{_TERM}|{_NAME})"
    rf" {_NEEDS} (?:(?P<first>{_TERM})|both (?P<one>{_TERM}) and (?P<second>{_TERM}))"
    rf"(?: which {_NEEDS} (?P<third>{_TERM}))?(?P<none> which doesn't match any versions)?"
)
_POETRY_PYTHON = lazy_pattern(
    rf"^\s*- (?P<name>{_NAME}) requires Python (?P<needs>[^\n]+?),"
    r" so it will not be (?:satisfied|installable)",
    re.MULTILINE,
)
_POETRY_RANGE = lazy_pattern(r"supported Python range \((?P<range>[^()]*)\)")
_POETRY_NONE = lazy_pattern(
    rf"no versions of (?P<name>{_NAME})(?:\[[^\]]*\])? match (?P<range>\S+)"
)

# uv

_UV_MARK = lazy_pattern(
    r"requirements are unsatisfiable|are incompatible\.|No solution found when resolving"
)
_CLAUSE = r"(?:[<>=!~]=?=?\s?[^\s,;|]+)"
_RANGE = rf"(?:{_CLAUSE}(?:,{_CLAUSE})*)"
_UV_TERM = rf"{_NAME}(?:\[[^\]]*\])?{_RANGE}?"
_UV_SUBJECT = rf"(?P<subject>your project|your workspace|(?:all versions of )?{_UV_TERM})"
_UV_NEEDS = lazy_pattern(
    rf"{_UV_SUBJECT} depends? on (?P<first>{_UV_TERM})"
    rf"(?: and (?P<second>(?!your |all |only |because |there ){_UV_TERM})"
    rf"(?=\s|, )(?! depends? on))?"
)
_UV_CONCLUSION = lazy_pattern(
    r"we can conclude that .*?(?=\. (?:And |Because )|\.?$)|we know from .*?(?=, we can)"
)
_UV_UNKNOWN = lazy_pattern(rf"(?P<name>{_NAME}) was not found in the (?:package registry|provided)")
_UV_NONE = lazy_pattern(rf"there (?:is|are) no versions? of (?P<term>{_UV_TERM})")
_UV_ONLY = lazy_pattern(
    rf"only (?P<name>{_NAME})(?:\[[^\]]*\])?(?P<range>{_RANGE})[^,]*? available"
)
_UV_PYTHON = lazy_pattern(
    r"requested Python version \((?P<own>[^()]*)\) does not satisfy Python(?P<needs>\S+)"
    rf" and (?P<subject>(?:all versions of )?{_UV_TERM}) depends? on Python"
)
_HINTS = lazy_pattern(r"^\s*hint:.*", re.MULTILINE | re.DOTALL)
_BREAKS = lazy_pattern(r"\s*\n\s*")


def of_poetry(text: str, direct: Collection[str]) -> Conflict | None:
    """What Poetry's output `text` says of a conflict; None if it says nothing of one.

    `direct` are the normalised names of the dependencies that the project declares.
    """
    if _POETRY_MARK not in text:
        return None
    said = _BREAKS.sub(" ", text)
    needs = list(_poetry_needs(said))
    subjects = {each.package for each in needs}
    reasons = [*_poetry_pythons(text), *_most_general(needs)]
    for match in _POETRY_NONE.finditer(said):
        name = normalized_name(match["name"])
        if name not in subjects and not any(each.package == name for each in reasons):
            versions = _versions(match["range"].rstrip(",."))
            reasons.append(Reason(ReasonKind.NO_VERSION, name, versions))
    return _conflict(text, direct, reasons)


def of_uv(text: str, direct: Collection[str]) -> Conflict | None:
    """What uv's output `text` says of a conflict; None if it says nothing of one."""
    if not _UV_MARK.search(text):
        return None
    said = _BREAKS.sub(" ", _HINTS.sub("", text))
    facts = _UV_CONCLUSION.sub("", re.sub(r" \(\d+\)(?= |$)", "", said))
    needs = (each for each in _uv_needs(facts) if each.other != "python")
    reasons = [*_uv_pythons(facts), *_uv_missing(facts), *_most_general(needs)]
    return _conflict(said, direct, reasons)


def _conflict(text: str, direct: Collection[str], reasons: Iterable[Reason]) -> Conflict:
    """The conflict of those `direct` dependencies that `text` names, in its order."""
    words = dict.fromkeys(normalized_name(match[0]) for match in _WORD.finditer(text))
    at_fault = tuple(word for word in words if word in direct)
    reasons = list(dict.fromkeys(reasons))
    missing = {
        (each.package, each.versions) for each in reasons if each.kind is ReasonKind.NO_VERSION
    }
    # that the project asks for what is not there is said with that
    kept = (
        each for each in reasons if each.package or (each.other, each.constraint) not in missing
    )
    return Conflict(at_fault, tuple(islice(kept, MAX_REASONS)))


def _most_general(needs: Iterable[Reason]) -> Iterator[Reason]:
    """One reason for each two packages: that of all versions before that of some."""
    best: dict[tuple[str, str], Reason] = {}
    for each in needs:
        key = each.package, each.other
        known = best.get(key)
        if known is None or (known.versions and not each.versions):
            best[key] = each
        elif known.constraint == each.constraint and known.versions != each.versions:
            best[key] = known._replace(releases=known.releases + 1)
    yield from best.values()


def _poetry_needs(said: str) -> Iterator[Reason]:
    for match in _POETRY_NEEDS.finditer(said):
        subject = match["subject"]
        if subject.startswith("every version of "):
            package, versions = _name(subject.removeprefix("every version of ")), ""
        elif "(" in subject:
            package, versions = _poetry_term(subject)
        else:
            package, versions = "", ""  # only the project itself has no version
        if "!=" in versions or "||" in versions:
            continue  # a conclusion
        for term in (match["first"], match["one"], match["second"]):
            if term:
                other, constraint = _poetry_term(term)
                if package or constraint:
                    yield Reason(ReasonKind.NEEDS, package, versions, other, constraint)
        name, needed = _poetry_term(match["second"] or match["first"])
        if match["none"]:
            yield Reason(ReasonKind.NO_VERSION, name, needed)
        elif match["third"]:
            other, constraint = _poetry_term(match["third"])
            yield Reason(ReasonKind.NEEDS, name, needed, other, constraint)


def _poetry_pythons(text: str) -> Iterator[Reason]:
    own = _POETRY_RANGE.search(text)
    supported = own["range"] if own else ""
    for match in _POETRY_PYTHON.finditer(text):
        name = normalized_name(match["name"])
        yield Reason(ReasonKind.PYTHON, name, "", supported, match["needs"].strip())


def _poetry_term(term: str) -> tuple[str, str]:
    """The name and the range of ``name (range)``; "" for any version."""
    name, _, within = term.partition(" (")
    return _name(name), _versions(within.rstrip(")"))


def _uv_needs(said: str) -> Iterator[Reason]:
    for match in _UV_NEEDS.finditer(said):
        package, versions = _uv_subject(match["subject"])
        for term in (match["first"], match["second"]):
            if term:
                other, constraint = _uv_term(term)
                if other == "your" or (not package and not constraint):
                    continue  # "your project depends on x and your .."; any version will do
                yield Reason(ReasonKind.NEEDS, package, versions, other, constraint)


def _uv_missing(said: str) -> Iterator[Reason]:
    for match in _UV_UNKNOWN.finditer(said):
        yield Reason(ReasonKind.UNKNOWN, normalized_name(match["name"]))
    for match in _UV_NONE.finditer(said):
        yield Reason(ReasonKind.NO_VERSION, *_uv_term(match["term"]))
    asked = {each.other: each.constraint for each in _uv_needs(said) if each.constraint}
    for match in _UV_ONLY.finditer(said):
        name = normalized_name(match["name"])
        if name in asked:
            yield Reason(ReasonKind.NO_VERSION, name, asked[name])


def _uv_pythons(said: str) -> Iterator[Reason]:
    for match in _UV_PYTHON.finditer(said):
        package, versions = _uv_subject(match["subject"])
        yield Reason(ReasonKind.PYTHON, package, versions, match["own"], match["needs"])


def _uv_subject(subject: str) -> tuple[str, str]:
    if subject in {"your project", "your workspace"}:
        return "", ""
    return _uv_term(subject.removeprefix("all versions of "))


def _uv_term(term: str) -> tuple[str, str]:
    match = re.match(_NAME, term)
    assert match is not None
    rest = re.sub(r"^\[[^\]]*\]", "", term[match.end() :])
    return normalized_name(match[0]), _versions(rest.rstrip("."))


def _name(text: str) -> str:
    return normalized_name(text.partition("[")[0].strip())


def _versions(range: str) -> str:
    """A range as a person reads it: "" for any, a version alone for just that one."""
    range = range.strip()
    if range == "*":
        return ""
    exact = range.removeprefix("==")
    return exact if re.fullmatch(r"\d[\w.+!-]*", exact) else range
