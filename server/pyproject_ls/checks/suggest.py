"""Did you mean: the known word that a misspelt one is closest to."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The one of `candidates` that `word` is most likely meant to be, or None."""
    return _closest(word, tuple(candidates))


@lru_cache(maxsize=4096)
def _closest(word: str, candidates: tuple[str, ...]) -> str | None:
    by_folded = {_folded(candidate): candidate for candidate in candidates}
    folded = _folded(word)
    if folded in by_folded:
        return by_folded[folded]
    from difflib import get_close_matches

    matches = get_close_matches(folded, list(by_folded), n=1, cutoff=0.78)
    return by_folded[matches[0]] if matches else None


def _folded(word: str) -> str:
    return word.lower().replace("_", "-")


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """``; did you mean `name`?`` or nothing, to end a message with."""
    match = closest(word, candidates)
    return f"; did you mean `{match}`?" if match else ""
