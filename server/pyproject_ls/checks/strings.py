"""Places inside strings: from the decoded value back to the text."""

from __future__ import annotations

from pyproject_ls.text import Span
from pyproject_ls.toml import Scalar


def part_of(text: str, node: Scalar, span: Span) -> Span:
    """Where the part `span` of the value of the string `node` stands in `text`.

    The whole string where escapes or multi-line quotes keep the two from running in step.
    """
    value = node.value
    start = node.start + 1
    if not isinstance(value, str) or text[start : start + len(value)] != value:
        return node.span
    return Span(start + span.start, start + span.end)
