"""The official list of classifiers, and which of them a wrong one is meant to be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from pyproject_ls.named import NamedTuple


class Trove(NamedTuple):
    """The classifiers that exist, and the former ones with what replaces them."""

    known: frozenset[str]
    deprecated: Mapping[str, list[str]]


@cache
def trove() -> Trove:
    """The lists of the installed `trove_classifiers`."""
    from trove_classifiers import classifiers, deprecated_classifiers

    return Trove(frozenset(classifiers), deprecated_classifiers)


@lru_cache(maxsize=4096)
def closest_classifier(value: str) -> tuple[str, bool]:
    """The known classifier that `value` is meant to be ("": none), and whether that is certain."""
    folded = _folded(value)
    exact = _by_folded().get(folded)
    if exact:
        return exact, True
    short = folded[folded.rfind("(") :] if folded.endswith(")") else ""
    same_end = _by_last_segment().get(folded.rpartition("::")[2]) or _by_last_segment().get(short)
    if same_end and folded.partition("::")[0] == _folded(same_end).partition("::")[0]:
        return same_end, False
    from difflib import get_close_matches

    top = folded.partition("::")[0]
    candidates = [each for each in _by_folded() if each.startswith(top)] or list(_by_folded())
    matches = get_close_matches(folded, candidates, n=5, cutoff=0.9)
    if not matches:
        return "", False
    # A wrong digit may be a version that does not exist yet: nothing there is certain.
    near = [
        each
        for each in matches
        if abs(len(each) - len(folded)) <= 2 and _digits(each) == _digits(folded)
    ]
    best = near[0] if near else matches[0]
    if _without_digits(best) == _without_digits(folded):
        return "", False
    return _by_folded()[best], len(near) == 1


def _folded(classifier: str) -> str:
    return "::".join(" ".join(part.split()) for part in classifier.lower().split("::"))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _without_digits(text: str) -> str:
    return "".join(each for each in text if not each.isdigit())


@cache
def _by_folded() -> dict[str, str]:
    return {_folded(each): each for each in sorted(trove().known)}


@cache
def _by_last_segment() -> dict[str, str | None]:
    """The classifier that ends in a segment or a short name ``(...)``, None where several do."""
    found: dict[str, str | None] = {}
    for folded, classifier in _by_folded().items():
        last = folded.rpartition("::")[2]
        found[last] = None if last in found else classifier
        if last.endswith(")"):
            short = last[last.rfind("(") :]
            found[short] = None if short in found else classifier
    return found
