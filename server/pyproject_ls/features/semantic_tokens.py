"""Semantic tokens: what a TOML grammar cannot see.

Package names, specifiers, versions, extras and markers inside strings; references to groups;
targets of scripts; deprecated keys. Everything else is left to the editor's own colours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.finding import Tag
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import as_string, as_table, strings
from pyproject_ls.project.requirement import cut
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Scalar, Table, Value, source_span

NAMESPACE, OPERATOR, NUMBER, EXTRA = "namespace", "operator", "number", "parameter"
VARIABLE, KEYWORD, STRING, FUNCTION = "variable", "keyword", "string", "function"
GROUP, KEY = "enumMember", "property"

TYPES = (
    NAMESPACE,
    OPERATOR,
    NUMBER,
    EXTRA,
    VARIABLE,
    KEYWORD,
    STRING,
    FUNCTION,
    GROUP,
    KEY,
)
"""The types of tokens, all of them standard ones of LSP: packages and modules are namespaces."""

DEPRECATED = "deprecated"
MODIFIERS = (DEPRECATED,)

MAX_LENGTH = 4_000
"""Longer strings are left alone: no person reads them."""


class Token(NamedTuple):
    """A coloured stretch within one line; `type` is one of `TYPES`, `modifiers` of `MODIFIERS`."""

    span: Span
    type: str
    modifiers: tuple[str, ...] = ()


class _Piece(NamedTuple):
    """A token inside the value of a string."""

    start: int
    end: int
    type: str


_CONSTRAINT = lazy_pattern(
    r"(?P<operator>\|\||[<>=!~^]+|[|,])|(?P<number>v?\d[\w.+!*-]*|\*)", re.IGNORECASE
)
_MARKER = lazy_pattern(
    r"""(?P<string>"[^"]*"|'[^']*')
    |(?P<operator>[<>=!~]+)
    |(?P<keyword>\b(?:and|or|not|in)\b)
    |(?P<variable>[A-Za-z_][\w.]*)""",
    re.VERBOSE,
)
_TARGET = lazy_pattern(
    r"\s*(?P<namespace>[^\W\d][\w.]*)\s*(?::\s*(?P<function>[^\W\d][\w.]*)\s*)?"
    r"(?:\[(?P<parameter>[^\]]*)\])?"
)


def semantic_tokens(snapshot: Snapshot, span: Span | None = None) -> list[Token]:
    """The tokens that touch `span`, or all; in the order of the text, none overlaps another.

    Keys are deprecated where a finding says so: the same that the editor strikes through.
    """
    document = snapshot.document
    wanted = span or Span(0, len(snapshot.text))
    tokens: list[Token] = []
    for dependency in snapshot.manifest.dependencies:
        node = dependency.node
        start = dependency.key.start if dependency.key else node.start
        if start <= wanted.end and (node.end >= wanted.start or not _is_inline(node)):
            tokens += _of_dependency(document, dependency)
    for scalar, pieces in _other_strings(snapshot):
        if scalar.start <= wanted.end and scalar.end >= wanted.start:
            tokens += _placed(document, scalar, pieces)
    tokens += _deprecated(snapshot, wanted)
    tokens.sort()
    return list(_apart(tokens, wanted, snapshot.text))


def _is_inline(node: Value) -> bool:
    return not isinstance(node, Table) or node.origin == "inline"


def _of_dependency(document: Document, dependency: Dependency) -> Iterator[Token]:
    if dependency.requirement is not None:
        assert isinstance(dependency.node, Scalar)
        yield from _placed(document, dependency.node, _requirement(dependency.node.value))
        return
    key, home = dependency.key, dependency.declared.home
    if key is not None and dependency.where != "python":
        yield Token(key.span, NAMESPACE)
    version = dependency.version
    if version is not None:
        yield from _placed(document, version, _constraint(version.value))
    if home is Home.POETRY_BUILD_CONSTRAINT or not isinstance(dependency.node, Table):
        return
    for name in ("python", "platform", "markers"):
        option = dependency.text_option(name)
        if option is not None:
            cutter = _marker if name == "markers" else _constraint
            yield from _placed(document, option, cutter(option.value))
    for extra in strings(dependency.option("extras")):
        yield from _placed(document, extra, _whole(extra.value, EXTRA))


def _other_strings(snapshot: Snapshot) -> Iterator[tuple[Scalar, tuple[_Piece, ...]]]:
    """The strings outside of dependencies that have parts to colour."""
    get = snapshot.document.get
    python = as_string(get("project", "requires-python"))
    if python is not None:
        yield python, _constraint(python.value)
    for group in _members(get("dependency-groups")):
        for item in group.items if isinstance(group, Array) else ():
            included = as_string(item.get("include-group")) if isinstance(item, Table) else None
            if included is not None:
                yield included, _whole(included.value, GROUP)
    for group in _members(get("tool", "poetry", "group")):
        for included in strings(group.get("include-groups") if isinstance(group, Table) else None):
            yield included, _whole(included.value, GROUP)
    for included in strings(get("tool", "uv", "default-groups")):
        yield included, _whole(included.value, GROUP)
    for packages in _members(get("tool", "poetry", "extras")):
        for package in strings(packages):
            yield package, _whole(package.value, NAMESPACE)
    for target in _targets(snapshot.document):
        yield target, _target(target.value)


def _targets(document: Document) -> Iterator[Scalar]:
    """The strings that name a function in a module: scripts and entry points."""
    tables = [
        document.get("project", "scripts"),
        document.get("project", "gui-scripts"),
        document.get("tool", "poetry", "scripts"),
        *_members(document.get("project", "entry-points")),
        *_members(document.get("tool", "poetry", "plugins")),
    ]
    for table in tables:
        for value in _members(table):
            target = as_string(value)
            if target is None and isinstance(value, Table):
                kind = as_string(value.get("type"))
                is_file = kind is not None and kind.value == "file"
                target = None if is_file else as_string(value.get("reference"))
            if target is not None:
                yield target


def _members(node: Value | None) -> Iterator[Value]:
    table = as_table(node)
    if table is not None:
        yield from table.values.values()


def _deprecated(snapshot: Snapshot, wanted: Span) -> Iterator[Token]:
    for finding in snapshot.findings:
        if Tag.DEPRECATED in finding.tags and _touch(finding.span, wanted):
            first = snapshot.text[finding.span.start : finding.span.start + 1]
            span = _last_key(snapshot.document, finding.span) if first == "[" else finding.span
            yield Token(span, STRING if first in ("'", '"') else KEY, (DEPRECATED,))


def _last_key(document: Document, span: Span) -> Span:
    """The last key of the header at `span`, or `span`."""
    for header in document.headers:
        if header.start == span.start and header.path:
            return header.path[-1].span
    return span


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end


def _placed(document: Document, scalar: Scalar, pieces: tuple[_Piece, ...]) -> Iterator[Token]:
    """`pieces` of the value of `scalar`, where they stand in the text."""
    text, value = document.text, scalar.value
    if scalar.end - scalar.start == len(value) + 2:  # nothing is escaped: the usual case
        first = scalar.start + 1
        for start, end, kind in pieces:
            yield Token(Span(first + start, first + end), kind)
        return
    for start, end, kind in pieces:
        yield Token(source_span(text, scalar, start, end), kind)


def _apart(tokens: list[Token], wanted: Span, text: str) -> Iterator[Token]:
    """The sorted `tokens` that touch `wanted`, without those that overlap the one before."""
    done = 0
    for token in tokens:
        span = token.span
        if span.start < done or span.start == span.end or not _touch(span, wanted):
            continue
        done = span.end
        written = text[span.start : span.end]
        if "\n" not in written and "\r" not in written:
            yield token
            continue
        start = span.start
        for line in re.split(r"[\r\n]+", written):
            at = text.index(line, start)
            if line:
                yield token._replace(span=Span(at, at + len(line)))
            start = at + len(line)


@lru_cache(maxsize=16384)
def _requirement(text: str) -> tuple[_Piece, ...]:
    """The pieces of a PEP 508 string."""
    if len(text) > MAX_LENGTH:
        return ()
    parts = cut(text)
    pieces: list[_Piece] = []
    if parts.name is not None:
        pieces.append(_Piece(*parts.name.span, NAMESPACE))
    pieces += (_Piece(*extra.span, EXTRA) for extra in parts.extras)
    for clause in parts.specifiers:
        pieces += _shifted(_constraint(clause.text), clause.span.start)
    if parts.url is not None:
        pieces.append(_Piece(*parts.url.span, STRING))
    if parts.marker is not None:
        pieces += _shifted(_marker(parts.marker.text), parts.marker.span.start)
    return tuple(pieces)


@lru_cache(maxsize=8192)
def _constraint(text: str) -> tuple[_Piece, ...]:
    """The pieces of PEP 440 specifiers or of a Poetry constraint; commas have no colour."""
    if len(text) > MAX_LENGTH:
        return ()
    return tuple(
        _Piece(*match.span(), OPERATOR if match["operator"] else NUMBER)
        for match in _CONSTRAINT.finditer(text)
        if match.group() != ","
    )


@lru_cache(maxsize=8192)
def _marker(text: str) -> tuple[_Piece, ...]:
    """The pieces of an environment marker."""
    if len(text) > MAX_LENGTH:
        return ()
    return tuple(_Piece(*match.span(), match.lastgroup or "") for match in _MARKER.finditer(text))


@lru_cache(maxsize=4096)
def _target(text: str) -> tuple[_Piece, ...]:
    """The pieces of ``module:function``."""
    match = _TARGET.match(text) if len(text) <= MAX_LENGTH else None
    if match is None:
        return ()
    groups = (name for name in match.groupdict() if match[name])
    return tuple(_Piece(*match.span(name), name) for name in groups)


def _whole(text: str, kind: str) -> tuple[_Piece, ...]:
    return (_Piece(0, len(text), kind),) if len(text) <= MAX_LENGTH else ()


def _shifted(pieces: tuple[_Piece, ...], by: int) -> Iterator[_Piece]:
    return (_Piece(piece.start + by, piece.end + by, piece.type) for piece in pieces)
