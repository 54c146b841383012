"""What PyPI cannot render in a readme of reStructuredText, so that it refuses the whole upload.

It renders with docutils, without Sphinx, and stops at the first warning: at a directive or a role
that docutils does not have, and at those that read files or pass HTML through
(``readme_renderer/rst.py``). Only these are told; nothing is rendered here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.presets import PUBLISH_RST
from pyproject_ls.checks.publish_readme import readmes
from pyproject_ls.checks.wording import shown, visible
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import text_of

_DIRECTIVES = frozenset(
    {
        *("admonition", "attention", "caution", "class", "code", "code-block", "compound"),
        *("container", "contents", "csv-table", "danger", "date", "default-role", "epigraph"),
        *("error", "figure", "footer", "header", "highlights", "hint", "image", "important"),
        *("line-block", "list-table", "math", "meta", "note", "parsed-literal", "pull-quote"),
        *("replace", "restructuredtext-test-directive", "role", "rst-class", "rubric"),
        *("section-numbering", "sectnum", "sidebar", "sourcecode", "table", "target-notes", "tip"),
        *("title", "topic", "unicode", "warning"),
    }
)
"""Those of docutils, without ``include`` and ``raw``, which an index switches off."""

_ROLES = frozenset(
    {
        *("ab", "abbreviation", "ac", "acronym", "anonymous-reference", "citation-reference"),
        *("code", "emphasis", "footnote-reference", "i", "index", "literal", "math"),
        *("named-reference", "pep", "pep-reference", "rfc", "rfc-reference", "strong", "sub"),
        *("subscript", "substitution-reference", "sup", "superscript", "t", "target", "title"),
        *("title-reference", "uri", "uri-reference", "url"),
    }
)
_PARSED = frozenset(
    {
        *("admonition", "attention", "caution", "compound", "container", "danger", "epigraph"),
        *("error", "hint", "important", "list-table", "note", "sidebar", "table", "tip", "topic"),
        *("warning", "figure", "highlights", "pull-quote", "replace", "rubric"),
    }
)
"""Directives whose content is reStructuredText again."""

_NAME = r"[^\W_]+(?:[-._+:][^\W_]+)*"
_DIRECTIVE = lazy_pattern(rf"\.\.[ ]+(?:\|[^|]+\|[ ]+)?({_NAME})[ ]?::(?:[ ]+(.*)|$)")
_COMMENT = lazy_pattern(r"\.\.(?:[ ]+(?![_\[|])|$)")
_ROLE = lazy_pattern(rf"(?:^|[\s'\"(\[{{</-]):({_NAME}):`(?![\s`])")
_DEFINED = lazy_pattern(rf"^[ \t]*\.\.[ ]+role::[ ]+({_NAME})", re.MULTILINE)
_LITERAL = lazy_pattern(r"``.+?``")
_TYPE = "text/x-rst"
_MOST = 3
"""So many are named."""


class Unknown(NamedTuple):
    """Something that cannot be rendered, as one writes it, and its line (from 1)."""

    written: str
    line: int


def unrendered(context: Context) -> Iterator[Finding]:
    """Directives and roles of Sphinx, and what an index switches off."""
    for node, path in readmes(context):
        name = str(node.value)
        beside = ("project", "readme", "content-type") if path[-1] == "file" else ("",)
        kind = text_of(context.document.get(*beside))
        is_rst = kind.startswith(_TYPE) if kind else name.lower().endswith(".rst")
        if not is_rst:
            continue
        source = context.facts.text_of(name)
        found = list(unknown_in(source.text)) if source is not None and source.text else []
        if found:
            named = {each.written: each for each in reversed(found)}
            first = sorted(named.values(), key=lambda each: each.line)
            listed = ", ".join(f"`{each.written}` (line {each.line})" for each in first[:_MOST])
            more = f" and {len(first) - _MOST} more" if len(first) > _MOST else ""
            yield PUBLISH_RST.at(
                node,
                path,
                f"{shown(name)} has what PyPI cannot render, so it refuses the upload:"
                f" {listed}{more}; write it without Sphinx, HTML and other files.",
            )


def unknown_in(text: str) -> Iterator[Unknown]:
    """The directives and roles of a text that an index does not render, in their order."""
    roles = _ROLES | {each.lower() for each in _DEFINED.findall(text)}
    left_out = -1  # lines that are indented further are no reStructuredText; -1: all are
    is_open = is_doctest = False
    for number, whole in enumerate(text.splitlines(), 1):
        line = whole.expandtabs(8)
        content = line.strip()
        indent = len(line) - len(line.lstrip())
        if not content:
            is_open = is_doctest = False
            continue
        if left_out >= 0 and indent > left_out:
            continue
        left_out = -1
        is_doctest = is_doctest or content.startswith(">>>")
        if is_doctest:
            continue
        directive = _DIRECTIVE.match(content)
        if directive is not None:
            kind = directive[1].lower()
            if kind not in _DIRECTIVES:
                yield Unknown(f".. {visible(directive[1], 40)}::", number)
            if kind not in _PARSED:
                left_out = indent
                continue
            content = directive[2] or ""
        elif _COMMENT.match(content):
            left_out = indent
            continue
        elif content.startswith((".. _", "__ ")):  # where a link leads
            continue
        plain = _LITERAL.sub("", content)
        if "``" in plain or is_open:  # a literal over several lines
            is_open = is_open != ("``" in plain)
        else:
            for role in _ROLE.findall(plain):
                if role.lower() not in roles:
                    yield Unknown(f":{visible(role, 40)}:", number)
        if content.endswith("::") and directive is None:
            left_out = indent
