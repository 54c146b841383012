"""The preset `publish`: links in a readme that an index shows, and that lead nowhere."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.presets import PUBLISH_RELATIVE_LINK
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import as_string
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.toml import Scalar

_CODE = lazy_pattern(r"^(`{3,}|~{3,}).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = lazy_pattern(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^\s)>]+)")
_REFERENCE = lazy_pattern(r"^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)", re.MULTILINE)
_IMAGE = lazy_pattern(r"<(?:img|a)\b[^>]*?\b(?:src|href)\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
_ABSOLUTE = lazy_pattern(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_MOST = 3
"""So many links are named."""


def relative_links(context: Context) -> Iterator[Finding]:
    """Links and images of a Markdown readme that are relative: an index has only the text."""
    for node, path in readmes(context):
        name = str(node.value)
        if not name.lower().endswith((".md", ".markdown")):
            continue
        source = context.facts.text_of(name)
        text = source.text if source is not None else None
        if text is None:
            continue
        found = list(dict.fromkeys(_relative(_CODE.sub("", text))))
        if found:
            listed = ", ".join(f"`{shown(each)[1:-1]}`" for each in found[:_MOST])
            more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
            yield PUBLISH_RELATIVE_LINK.at(
                node,
                path,
                f"{shown(name)} has links that lead nowhere on an index: {listed}{more}; write"
                " whole addresses.",
            )


def _relative(text: str) -> Iterator[str]:
    for pattern in (_LINK, _REFERENCE, _IMAGE):
        for match in pattern.finditer(text):
            if not _ABSOLUTE.match(match[1]):
                yield match[1]


def readmes(context: Context) -> Iterator[tuple[Scalar, TomlPath]]:
    """The strings of the file that name its readme, and their paths."""
    paths: tuple[tuple[str, ...], ...] = (
        ("project", "readme"),
        ("project", "readme", "file"),
        ("tool", "poetry", "readme"),
    )
    for path in paths:
        node = as_string(context.document.get(*path))
        if node is not None:
            yield node, path
