"""Environment markers as poetry-core understands them, made without its slow parser."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pyproject_ls.project.poetry_grammar import Kind, Refusal, Token, read_marker

if TYPE_CHECKING:
    from poetry.core.version.markers import BaseMarker


def marker_of(text: str) -> BaseMarker | Refusal:
    """What poetry-core's ``parse_marker`` makes of `text`, or where its grammar refuses it.

    Raises ValueError where a comparison means nothing (``python_version > "x"``), RecursionError
    where parentheses are nested too deeply.
    """
    from poetry.core.version.markers import AnyMarker, EmptyMarker

    if text == "<empty>":
        return EmptyMarker()
    if text in {"", "*"}:
        return AnyMarker()
    tokens = read_marker(text)
    return tokens if isinstance(tokens, Refusal) else marker_from(tokens)


def marker_from(tokens: Iterable[Token]) -> BaseMarker:
    """What poetry-core makes of the `tokens` of a marker; raises as `marker_of` does."""
    from poetry.core.version.markers import union

    return union(*_alternatives(iter(tokens)))


def _alternatives(tokens: Iterator[Token]) -> list[BaseMarker]:
    """What stands between the ``or``s, up to the end or the next ``)`` that was not opened."""
    from poetry.core.version.markers import MarkerUnion, MultiMarker

    alternatives: list[list[BaseMarker]] = [[]]
    for token in tokens:
        if token.kind is Kind.CLOSE:
            break
        if token.kind is Kind.OPEN:
            alternatives[-1].append(MarkerUnion(*_alternatives(tokens)))
        elif token.kind is not Kind.BOOLEAN:
            alternatives[-1].append(_test(token, next(tokens), next(tokens)))
        elif token.text == "or":
            alternatives.append([])
    return [each[0] if len(each) == 1 else MultiMarker(*each) for each in alternatives]


def _test(left: Token, operator: Token, right: Token) -> BaseMarker:
    """One comparison; poetry-core writes one that begins with the value in its own way."""
    from poetry.core.version.markers import SingleMarker

    if left.kind is Kind.VARIABLE:
        return SingleMarker(left.text, f"{operator.text} {right.text[1:-1]}")
    value = f'"{left.text[1:-1]}" {operator.text}'
    return SingleMarker(right.text, value, swapped_name_value=True)
