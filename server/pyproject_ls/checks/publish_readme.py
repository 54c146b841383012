"""The preset `publish`: what an index cannot show of a readme, or shows badly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.presets import PUBLISH_README_NOT_RENDERED, PUBLISH_RELATIVE_LINK
from pyproject_ls.checks.wording import shown
from pyproject_ls.project.manifest import as_string
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.toml import Scalar

_CODE = re.compile(r"^(`{3,}|~{3,}).*?^\1|`[^`\n]*`", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^\s)>]+)")
_REFERENCE = re.compile(r"^ {0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)", re.MULTILINE)
_IMAGE = re.compile(r"<(?:img|a)\b[^>]*?\b(?:src|href)\s*=\s*[\"']([^\"']+)", re.IGNORECASE)
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_MOST = 3
"""So many links are named."""
_DIRECTIVE = re.compile(r"\s*\.\. (?:\|[^|]+\| )?([A-Za-z][\w:.+-]*)::(?:\s|$)")
_COMMENT = re.compile(r"\s*\.\.(?:\s+(?![\[|_])|$)")
_LITERAL = re.compile(r"``.+?``")
_ROLE = re.compile(r"(?<![\w:`]):([a-z][a-z0-9:+-]*):`[^`]")
_LINE_BELOW = re.compile(r"([=\-`:.'\"~^_*+#])\1{3,}\s*")
"""Docutils takes shorter ones for text where they do not fit."""
_OF_CODE = frozenset({"code", "code-block", "sourcecode", "parsed-literal", "math", "raw"})
_SWITCHED_OFF = frozenset({"include", "raw"})
_NO_DIRECTIVES = frozenset(
    {
        *("autoclass", "autofunction", "automethod", "automodule", "autosummary", "autoprogram"),
        *("centered", "click", "codeauthor", "currentmodule", "deprecated", "doctest", "glossary"),
        *("graphviz", "highlight", "hlist", "index", "literalinclude", "mermaid", "only"),
        *("productionlist", "program-output", "sectionauthor", "seealso", "tab-set"),
        *("tabularcolumns", "testcode", "toctree", "versionadded", "versionchanged"),
    }
)
_NO_ROLES = frozenset(
    {
        *("abbr", "any", "attr", "class", "command", "const", "data", "dfn", "doc", "download"),
        *("envvar", "exc", "file", "func", "guilabel", "kbd", "keyword", "mailheader", "manpage"),
        *("menuselection", "meth", "mimetype", "mod", "numref", "obj", "option", "program", "ref"),
        *("regexp", "samp", "term", "token"),
    }
)
_DOMAINS = frozenset({"py", "c", "cpp", "js", "rst", "std", "ref"})


def relative_links(context: Context) -> Iterator[Finding]:
    """Links and images of a Markdown readme that are relative: an index has only the text."""
    for node, path in _readmes(context):
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


def not_rendered(context: Context) -> Iterator[Finding]:
    """What docutils warns of in a reStructuredText readme: PyPI then refuses the whole of it.

    Only what is sure: directives and roles of Sphinx, those that PyPI has switched off, and lines
    below a title that are too short (docutils' ``parsers/rst``, the settings of readme-renderer).
    """
    for node, path in _readmes(context):
        name = str(node.value)
        if not name.lower().endswith((".rst", ".rest")):
            continue
        source = context.facts.text_of(name)
        problem = _problem(source.text) if source is not None and source.text else None
        if problem is not None:
            line, what = problem
            yield PUBLISH_README_NOT_RENDERED.at(
                node,
                path,
                f"`{dotted(path)}`: line {line} of {shown(name)} {what}; PyPI shows no readme with"
                " that.",
            )


def _problem(text: str) -> tuple[int, str] | None:
    """The first line that cannot be rendered, counted from 1, and what is wrong there."""
    lines = text.splitlines()
    for number, line in _plain_lines(lines):
        directive = _DIRECTIVE.match(line)
        if directive is not None and directive[1].lower() in _NO_DIRECTIVES:
            return number, f"has the directive `{directive[1]}`, which only Sphinx knows"
        if directive is not None and directive[1].lower() in _SWITCHED_OFF:
            return number, f"has the directive `{directive[1]}`, which PyPI does not allow"
        role = _ROLE.search(_LITERAL.sub("", line))
        if role is not None and _is_of_sphinx(role[1]):
            return number, f"has the role `:{role[1]}:`, which only Sphinx knows"
        above = lines[number - 2] if number > 1 else ""
        if _LINE_BELOW.fullmatch(line) and _is_title(lines, number) and len(line) < _width(above):
            return number, "is shorter than the title above it"
    return None


def _plain_lines(lines: list[str]) -> Iterator[tuple[int, str]]:
    """The lines that are no code: outside of literal blocks, of code blocks and of comments."""
    depth: int | None = None
    for number, line in enumerate(lines, 1):
        indent = len(line) - len(line.lstrip())
        if not line.strip():
            continue
        if depth is not None and indent > depth:
            continue
        depth = None
        directive = _DIRECTIVE.match(line)
        yield number, line
        if directive is not None:
            holds_code = directive[1].lower() in _OF_CODE
        else:
            holds_code = line.rstrip().endswith("::") or _COMMENT.match(line) is not None
        if holds_code:
            depth = indent


def _is_title(lines: list[str], number: int) -> bool:
    """Whether line `number` is the line below a title: text above it, nothing like a table."""
    title = lines[number - 2].rstrip() if number > 1 else ""
    before = lines[number - 3].rstrip() if number > 2 else ""
    if not title or title[0].isspace() or _LINE_BELOW.fullmatch(title):
        return False
    return not before or bool(_LINE_BELOW.fullmatch(before))


def _width(title: str) -> int:
    """The columns that `title` takes, as docutils counts them."""
    from unicodedata import combining, east_asian_width

    return sum(
        2 if east_asian_width(each) in "WF" else 1 for each in title.rstrip() if not combining(each)
    )


def _is_of_sphinx(role: str) -> bool:
    return role in _NO_ROLES or role.partition(":")[0] in _DOMAINS


def _relative(text: str) -> Iterator[str]:
    for pattern in (_LINK, _REFERENCE, _IMAGE):
        for match in pattern.finditer(text):
            if not _ABSOLUTE.match(match[1]):
                yield match[1]


def _readmes(context: Context) -> Iterator[tuple[Scalar, TomlPath]]:
    paths: tuple[tuple[str, ...], ...] = (
        ("project", "readme"),
        ("project", "readme", "file"),
        ("tool", "poetry", "readme"),
    )
    for path in paths:
        node = as_string(context.document.get(*path))
        if node is not None:
            yield node, path
