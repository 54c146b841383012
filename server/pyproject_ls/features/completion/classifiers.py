"""Classifiers, narrowing segment by segment: ``Programming Language ::`` shows what follows it."""

from __future__ import annotations

from functools import cache

from pyproject_ls.checks.trove import trove
from pyproject_ls.features.completion.model import MAX_ITEMS, Choice, Choices, Kind, Request
from pyproject_ls.named import NamedTuple

_SEPARATOR = " :: "
_FEW = 12
"""With no more than so many classifiers left, they are listed as a whole."""


class Branch(NamedTuple):
    """A segment with those below it; `is_whole` if a classifier ends here."""

    below: dict[str, Branch]
    is_whole: bool


def classifier(request: Request) -> Choices:
    """The next segments behind what is typed; whole classifiers where none goes on like that."""
    typed = request.typed
    present = set(request.others())
    above, _, last = typed.rpartition("::")
    segments = [part.strip() for part in above.split("::")] if above else []
    branch, written = _tree(), []
    for segment in segments:
        found = _child(branch, segment)
        if found is None:
            return request.whole(_search(typed, present))._replace(is_filtered=True)
        written.append(found)
        branch = branch.below[found]
    wanted = last.strip().lower()
    base = "".join(f"{segment}{_SEPARATOR}" for segment in written)
    items: list[Choice] = []
    exact = _child(branch, wanted) if last.endswith(" ") and wanted else None
    for order, (segment, below) in enumerate(branch.below.items()):
        if exact is not None and segment != exact:
            continue
        if segment.lower().startswith(wanted):
            items += _choices(base, segment, below, present, order)
    if not items:
        return request.whole(_search(typed, present))._replace(is_filtered=True)
    if wanted and not written:  # the word may stand further on as well: `python 3.12`
        items += [
            each for each in _search(typed, present) if each.text not in {i.text for i in items}
        ]
    return request.whole(items[:MAX_ITEMS])._replace(is_filtered=True, incomplete=True)


def _choices(
    base: str, segment: str, branch: Branch, present: set[str], order: int
) -> list[Choice]:
    text = base + segment
    deprecated = text.startswith("License ::") or text == "License"
    found = []
    if branch.is_whole and text not in present:
        found.append(_whole(text, segment, order))
    left = _count(branch, text, present) - (branch.is_whole and text not in present)
    if left:
        detail = f"{left} classifier{'' if left == 1 else 's'}"
        found.append(
            Choice(
                text + _SEPARATOR,
                Kind.CLASSIFIER,
                f"{segment} ::",
                detail,
                order,
                deprecated,
                retrigger=True,
            )
        )
    return found


def _whole(text: str, label: str, order: int) -> Choice:
    """A classifier; those about licenses are deprecated by PEP 639."""
    deprecated = text.startswith("License ::")
    return Choice(text, Kind.CLASSIFIER, label, "", order, deprecated)


def _count(branch: Branch, text: str, present: set[str]) -> int:
    own = branch.is_whole and text not in present
    return own + sum(
        _count(below, f"{text}{_SEPARATOR}{segment}", present)
        for segment, below in branch.below.items()
    )


def _search(typed: str, present: set[str]) -> list[Choice]:
    """The classifiers that have every typed word in them."""
    words = typed.lower().replace("::", " ").split()
    found = [
        _whole(text, text, order)
        for order, (folded, text) in enumerate(_folded())
        if text not in present and all(word in folded for word in words)
    ]
    found.sort(key=lambda choice: (choice.deprecated, choice.order))
    return found[: MAX_ITEMS + 1]


@cache
def _tree() -> Branch:
    root = Branch({}, False)
    for text in sorted(trove().known, key=_natural):
        branch = root
        parts = text.split(_SEPARATOR)
        for index, part in enumerate(parts):
            below = branch.below.get(part)
            is_whole = index + 1 == len(parts)
            if below is None or (is_whole and not below.is_whole):
                below = Branch(below.below if below is not None else {}, is_whole)
                branch.below[part] = below
            branch = below
    return root


def _natural(text: str) -> list[tuple[int, int, str]]:
    """A key that sorts ``3.9`` before ``3.10``."""
    import re

    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part.lower())
        for part in re.split(r"(\d+)", text)
    ]


@cache
def _folded() -> list[tuple[str, str]]:
    return [(text.lower(), text) for text in sorted(trove().known, key=_natural)]


def _child(branch: Branch, segment: str) -> str | None:
    if segment in branch.below:
        return segment
    folded = segment.lower()
    return next((each for each in branch.below if each.lower() == folded), None)
