"""Templates: files that a generator such as Cookiecutter or Jinja turns into a ``pyproject.toml``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.project.manifest import as_string
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Scalar, Table, Value

TEMPLATE_FILE = Rule(
    "template-file",
    Severity.INFORMATION,
    "the file is a template",
)

_MARKER = re.compile(r"\{\{-?\s*[\w.][^{}\n]*\}\}|\{%[-+]?\s*\w[^\n]*?%\}")
_NAMES = (
    ("project", "name"),
    ("tool", "poetry", "name"),
    ("project", "version"),
    ("tool", "poetry", "version"),
)


def is_template(document: Document) -> bool:
    """Whether the text is a template and not yet TOML to be judged.

    A marker (``{{ name }}``, ``{% if ... %}``) counts where TOML has no place for it: outside strings and
    comments, in a table's or a key's name; or in the project's name or version. Markers in other strings
    are ordinary text: many tools have such formats.
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
            match = _MARKER.search(node.value)
            if match is not None:
                place = _MARKER.search(text, node.start, node.end)
                return Span(*place.span()) if place is not None else node.span
    return _outside_strings(document)


@check(TEMPLATE_FILE)
def template(context: Context) -> Iterator[Finding]:
    """One message in place of all that a template breaks."""
    marker = first_marker(context.document)
    if marker is not None:
        yield TEMPLATE_FILE.at(
            marker,
            (),
            "This file is a template: nothing else in it is checked until it has been filled in.",
        )


def _outside_strings(document: Document) -> Span | None:
    """The first marker that does not lie within a string or a comment."""
    text = document.text
    strings: list[Span] | None = None
    for match in _MARKER.finditer(text):
        line_start = max(text.rfind("\n", 0, match.start()), text.rfind("\r", 0, match.start())) + 1
        before = text[line_start : match.start()]
        if not before.strip():
            follows = text[match.end() :].lstrip(" \t")[:1]
            alone = match.group().startswith("{%") or follows in {"=", ".", "", "\n", "\r", "#"}
        else:
            alone = False
        if strings is None:
            strings = _strings(document.root)
        if _covers(strings, match.start()):
            continue
        if "#" in before and not _in_front_of_comment(before):
            continue
        if alone or document.problems:
            return Span(*match.span())
    return None


def _in_front_of_comment(before: str) -> bool:
    """Whether the ``#`` in the text before a marker on its line lies in a string."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'', "", before)
    return "#" not in bare


def _strings(root: Table) -> list[Span]:
    """The places of all strings that are values, in order."""
    spans: list[Span] = []
    stack: list[Value] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, Table):
            stack.extend(node.values.values())
        elif isinstance(node, Array):
            stack.extend(node.items)
        elif isinstance(node, Scalar) and node.kind == "string" and node.closed:
            spans.append(node.span)
    spans.sort()
    return spans


def _covers(spans: list[Span], offset: int) -> bool:
    index = bisect_right(spans, (offset, offset)) - 1
    return index >= 0 and spans[index].start <= offset < spans[index].end
