"""One search for names: what is offered, and in which order."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from pyproject_ls.facts.packages import NameFound
from pyproject_ls.index.names_file import MAX_NAME, NAME, SortedNames
from pyproject_ls.index.popular import Popular
from pyproject_ls.index.typos import Lookalikes
from pyproject_ls.project.requirement import normalized_name

MAX_TYPOS = 20
FEW = 20
"""With fewer names that begin with what was typed, even three letters may be a typing error."""

_TYPO_LENGTH = 4
_TYPO_LENGTH_IF_FEW = 3
_TWO_ERRORS_LENGTH = 7
_WORD_LENGTH = 3
_MAX_QUESTIONS = 200
"""So many popular names are looked up in the lists; a list without any of them is no mirror."""

_NO_RANK = 1 << 30


class Known:
    """Names that the user's own projects have."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        sound = [each for each in names if len(each) <= MAX_NAME and NAME.fullmatch(each)]
        self.spelled = {normalized_name(each): each for each in reversed(sound)}
        self.sorted = sorted(self.spelled)
        self._lookalikes: Lookalikes | None = None

    @property
    def lookalikes(self) -> Lookalikes:
        """The sorted names, to be found in spite of typing errors."""
        if self._lookalikes is None:
            self._lookalikes = Lookalikes(self.sorted)
        return self._lookalikes


class Search:
    """One search for the normalised text `wanted`."""

    def __init__(
        self,
        wanted: str,
        lists: list[SortedNames],
        is_complete: bool,
        known: Known,
        ranking: Popular,
    ) -> None:
        self._wanted = wanted
        self._lists = sorted(lists, key=lambda each: -each.count)
        self._is_complete = is_complete
        self._known = known
        self._popular = ranking
        self._questions = 0

    def best(self, limit: int) -> tuple[NameFound, ...]:
        """At most `limit` names, the best first."""
        found: dict[str, NameFound] = {}
        self._add(found, self._first(), limit)
        self._add(found, self._of_known(), limit)
        self._add(found, self._of_popular(), limit)
        others = self._of_lists(limit) if len(found) < limit else []
        typos: dict[str, NameFound] = {}
        self._add(typos, self._typos(len(found) + len(others)), min(MAX_TYPOS, limit - len(found)))
        self._add(found, others, limit - len(typos))
        found.update(typos)
        if len(found) < limit and len(self._wanted) >= _WORD_LENGTH:
            self._add(found, self._with_a_later_word(), limit)
        return tuple(found.values())

    def _add(
        self, found: dict[str, NameFound], names: Iterable[tuple[str, NameFound]], limit: int
    ) -> None:
        """Add names (with their normal forms) that are not there yet, while there is room."""
        for normal, each in names:
            if len(found) >= limit:
                return
            found.setdefault(normal, each)

    def _first(self) -> Iterator[tuple[str, NameFound]]:
        """The very name that was typed, if anybody knows it."""
        wanted = self._wanted
        if not wanted:
            return
        spelled = self._known.spelled.get(wanted) or self._asked(wanted)
        if spelled is None and not self._is_complete and self._popular.rank(wanted) is not None:
            spelled = wanted
        if spelled is not None:
            yield wanted, NameFound(spelled, self._popular.rank(wanted))

    def _of_known(self) -> Iterator[tuple[str, NameFound]]:
        beginning = [each for each in self._known.sorted if each.startswith(self._wanted)]
        beginning.sort(key=lambda each: _or_last(self._popular.rank(each)))
        for name in beginning:
            yield name, NameFound(self._known.spelled[name], self._popular.rank(name))

    def _of_popular(self) -> Iterator[tuple[str, NameFound]]:
        return self._spelled(self._popular.beginning(self._wanted))

    def _of_lists(self, count: int) -> list[tuple[str, NameFound]]:
        """Names by alphabet: so many that `count` are left without those found before."""
        beginnings = [each.beginning(self._wanted) for each in self._lists]
        merged = heapq.merge(*beginnings) if len(beginnings) != 1 else beginnings[0]
        return [
            (normal, NameFound(spelled))
            for normal, spelled in islice(merged, count * len(beginnings))
        ]

    def _typos(self, count: int) -> Iterator[tuple[str, NameFound]]:
        """Lookalikes, if `count` names that begin with what was typed leave the wish for any."""
        length = len(self._wanted)
        if length < (_TYPO_LENGTH_IF_FEW if count < FEW else _TYPO_LENGTH):
            return
        distance = 2 if length >= _TWO_ERRORS_LENGTH else 1
        for each in self._known.lookalikes.near(self._wanted, distance):
            name = self._known.sorted[each.position]
            yield name, NameFound(self._known.spelled[name], self._popular.rank(name), True)
        near = self._popular.lookalikes.near(self._wanted, distance)
        names = (self._popular.names[each.position] for each in near)
        yield from self._spelled(names, is_typo=True)

    def _with_a_later_word(self) -> Iterator[tuple[str, NameFound]]:
        names = chain(
            self._popular.beginning(f"py{self._wanted}"), self._popular.continuing(self._wanted)
        )
        return self._spelled(names)

    def _spelled(
        self, names: Iterable[str], is_typo: bool = False
    ) -> Iterator[tuple[str, NameFound]]:
        """Those of the popular `names` that the lists have, as they spell them."""
        for name in names:
            spelled = self._asked(name) or (None if self._is_complete else name)
            if spelled is not None:
                yield name, NameFound(spelled, self._popular.rank(name), is_typo)

    def _asked(self, name: str) -> str | None:
        """How a list spells `name`; None if none has it, or if we have asked too often."""
        if self._questions >= _MAX_QUESTIONS:
            return None
        self._questions += 1
        for names in self._lists:
            spelled = names.spelling(name)
            if spelled is not None:
                return spelled
        return None


def _or_last(rank: int | None) -> int:
    return _NO_RANK if rank is None else rank
