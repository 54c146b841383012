"""Templates: files that a generator such as Cookiecutter turns into a ``pyproject.toml``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import as_string
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Entry, Scalar, Table, Value

TEMPLATE_FILE = Rule("template-file", Severity.INFORMATION, "the file is a template")

# Bounded, so that a long line of half markers costs no more than its length.
_MARKER = lazy_pattern(
    r"\{\{[-~]?[ \t]{0,20}[\w.\"'(][^{}\r\n]{0,300}\}\}|\{%[-+~]?[ \t]{0,20}\w[^\r\n{]{0,300}?%\}"
)
_COMPLETE_STRING = lazy_pattern(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'')
_NAMES = (
    ("project", "name"),
    ("tool", "poetry", "name"),
    ("project", "version"),
    ("tool", "poetry", "version"),
)
_MAX_MARKERS = 500
_MAX_LINE = 2000


def is_template(document: Document) -> bool:
    """Whether the text is a template, so that it is no use to judge it as it stands.

    A marker (``{{ name }}``, ``{% if ... %}``) counts where TOML has no place for it, outside of
    strings and comments, and in the project's name or version. In other strings it is ordinary
    text: many tools have formats with such marks.
    """
    return first_marker(document) is not None


def first_marker(document: Document) -> Span | None:
    """Where the first marker stands that makes the text a template."""
    text = document.text
    if "{{" not in text and "{%" not in text:
        return None
    for path in _NAMES:
        node = as_string(document.get(*path))
        if node is not None:
            match = _MARKER.search(text, node.start, node.end)
            if match is not None:
                return Span(*match.span())
    return _outside_strings(document) if document.problems else None


@check(TEMPLATE_FILE)
def template(context: Context) -> Iterator[Finding]:
    """One message in place of all that a template breaks."""
    marker = first_marker(context.document)
    if marker is not None:
        yield TEMPLATE_FILE.at(
            marker,
            (),
            "This file is a template; nothing else in it is checked before it has been filled in.",
        )


def _outside_strings(document: Document) -> Span | None:
    """The first marker that does not lie within a string or a comment; each is a syntax error."""
    text = document.text
    strings: list[Span] | None = None
    for match in islice(_MARKER.finditer(text), _MAX_MARKERS):
        if strings is None:
            strings = _strings(document)
        if _covers(strings, match.start()):
            continue
        from_here = max(0, match.start() - _MAX_LINE)
        before = re.split(r"[\r\n]", text[from_here : match.start()])[-1]
        bare = _COMPLETE_STRING.sub("", before)
        if not any(mark in bare for mark in "#\"'"):
            return Span(*match.span())
    return None


def _strings(document: Document) -> list[Span]:
    """The places of all strings that are values, in the order of the text."""
    spans: list[Span] = []
    entries: list[Entry] = [entry for header in document.headers for entry in header.entries]
    values: list[Value] = [entry.value for entry in entries if entry.value is not None]
    while values:
        node = values.pop()
        if isinstance(node, Table):
            values.extend(entry.value for entry in node.entries if entry.value is not None)
        elif isinstance(node, Array):
            values.extend(node.items)
        elif isinstance(node, Scalar) and node.kind == "string":
            spans.append(node.span)
    spans.sort()
    return spans


def _covers(spans: list[Span], offset: int) -> bool:
    index = bisect_right(spans, Span(offset, offset)) - 1
    return index >= 0 and spans[index].start <= offset < spans[index].end
