"""Whether a requirement, constraint, marker or URL is valid, and for whom.

The judges are `packaging` (the standards) and `poetry-core` (Poetry). Both are slow to import and
to ask, so what every project is full of (``name>=1.2,<2; python_version < "3.11"``, ``^1.2``) is
recognised as valid for both by a regular expression, and every other verdict is remembered by its
string.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from urllib.parse import unquote, urlparse, urlunparse

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.common_forms import (
    ARCHIVES,
    is_simple,
    is_simple_constraint,
    is_simple_marker,
)
from pyproject_ls.project.poetry_grammar import Kind, Refusal, Token, read_requirement
from pyproject_ls.project.poetry_markers import marker_from, marker_of
from pyproject_ls.text import Span

_WORD = lazy_pattern(r"[<>=!~]+|[^\s();,<>=!~]+")


class FaultKind(Enum):
    """What is wrong with a string."""

    SYNTAX = "syntax"
    CONSTRAINT = "constraint"
    IMPOSSIBLE = "impossible"
    MARKER = "marker"
    URL = "url"


class Fault(NamedTuple):
    """Why a judge refuses a string; `span` is the part at fault, in code points from its start."""

    kind: FaultKind
    span: Span
    detail: str = ""


@lru_cache(maxsize=8192)
def standard_fault(requirement: str) -> Fault | None:
    """Why `packaging` refuses `requirement` as PEP 508, or None."""
    if is_simple(requirement):
        return None
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        Requirement(requirement)
    except InvalidRequirement as error:
        message, start, end = _syntax_error(error, requirement)
        if "URL" in message:
            return Fault(FaultKind.URL, _within(Span(start, end), requirement), message)
        if _in_marker(requirement, start):
            return Fault(FaultKind.MARKER, _word(requirement, start), message)
        return Fault(FaultKind.SYNTAX, _within(Span(start, end), requirement), message)
    except RecursionError:
        return Fault(FaultKind.MARKER, Span(0, len(requirement)), "nested too deeply")
    except ValueError as error:  # a number of more digits than Python reads
        return Fault(FaultKind.CONSTRAINT, Span(0, len(requirement)), str(error))
    return None


def _syntax_error(error: ValueError, requirement: str) -> tuple[str, int, int]:
    """What `packaging` says of `requirement`, and where.

    Not in the function that asks: a variable with the error's cause would be in a circle with the
    traceback, which keeps whatever all callers had in their hands.
    """
    cause = error.__cause__
    start, end = getattr(cause, "span", (0, len(requirement)))
    return str(getattr(cause, "message", error)), start, end


def _within(span: Span, text: str) -> Span:
    """`span` inside `text`, at least one character long where there is one."""
    start = min(span.start, max(len(text) - 1, 0))
    return Span(start, min(max(span.end, start + 1), len(text)))


@lru_cache(maxsize=8192)
def poetry_fault(requirement: str) -> Fault | None:
    """Why Poetry refuses the PEP 508 string `requirement`, or None.

    Follows ``Dependency.create_from_pep_508`` of poetry-core, without its looks at the disk.
    """
    if is_simple(requirement):
        return None
    text = _without_comment(requirement)
    tokens = read_requirement(text)
    if isinstance(tokens, Refusal):
        if _in_marker(text, tokens.at):
            return Fault(FaultKind.MARKER, _word(text, tokens.at))
        return Fault(FaultKind.SYNTAX, _within(Span(tokens.at, tokens.at + 1), text))
    fault = _source_fault(tokens)
    return _marker_part_fault(text, tokens) if fault is None else fault


def _source_fault(tokens: list[Token]) -> Fault | None:
    """Why Poetry refuses what the requirement of `tokens` comes from: versions, URL or file."""
    name = tokens[0]
    urls = [each for each in tokens if each.kind is Kind.URL]
    if urls:
        fault = _url_fault(urls[0].text)
        return fault and fault._replace(span=urls[0].span)
    clauses = [each for each in tokens if each.kind is Kind.CLAUSE]
    if clauses:
        fault = constraint_fault(",".join(each.text for each in clauses))
        if fault is not None:
            return fault._replace(span=Span(clauses[0].start, clauses[-1].span.end))
    if name.text.endswith(ARCHIVES):
        return Fault(FaultKind.URL, name.span, "file name")
    return None


def _without_comment(requirement: str) -> str:
    """`requirement` without a trailing `` # comment``, as Poetry cuts it; offsets stay."""
    text, hash_mark, comment = requirement.partition(" #")
    text = text.strip().rjust(len(text.rstrip()))  # it strips line ends, too
    if hash_mark and " ;" in comment:
        text += " ;" + comment.split(" ;", 1)[1]
    return text


def _marker_part_fault(text: str, tokens: list[Token]) -> Fault | None:
    """Why Poetry refuses the marker of the requirement `text`, which consists of `tokens`."""
    at = next((i for i, token in enumerate(tokens) if token.text == ";"), None)
    if at is None or is_simple_marker(text[tokens[at].start + 1 :]):
        return None
    from poetry.core.packages.dependency import Dependency

    try:
        Dependency("x", "*").marker = marker_from(tokens[at + 1 :])
    except (ValueError, RecursionError) as error:
        return Fault(FaultKind.MARKER, Span(tokens[at + 1].start, len(text)), str(error))
    return None


def _in_marker(requirement: str, at: int) -> bool:
    """Whether the offset `at` of `requirement` stands behind the ``;`` that begins a marker."""
    return ";" in requirement[:at]


def _word(text: str, at: int) -> Span:
    """The first word or operator that ends behind the offset `at`, else the last one."""
    found = Span(0, len(text))
    for match in _WORD.finditer(text):
        found = Span(*match.span())
        if found.end > at:
            break
    return found


def _url_fault(url: str) -> Fault | None:
    """Why Poetry refuses the `url` of a ``name @ url`` requirement."""
    span = Span(0, len(url))
    try:
        parsed = urlparse(url)
    except ValueError:  # brackets around what is no IPv6 address
        return Fault(FaultKind.URL, span, "invalid URL")
    if parsed.scheme == "file":
        if urlunparse(parsed) != url:
            return Fault(FaultKind.URL, span, "invalid URL")
        if parsed.netloc not in {"", "localhost"}:
            return Fault(FaultKind.URL, span, "host")
    elif not (parsed.scheme and parsed.netloc) and not parsed.path:
        return Fault(FaultKind.URL, span, "invalid URL")
    elif parsed.scheme.startswith("git"):
        if parsed.scheme != "git" and not is_git_url(url):
            return Fault(FaultKind.URL, span, "git")
    elif parsed.scheme in {"http", "https"} and not parsed.netloc:
        return Fault(FaultKind.URL, span, "location")
    name = unquote(parsed.path.rsplit("/", 1)[-1])
    if "/" in name:
        return Fault(FaultKind.URL, span, "file name")
    if name.endswith(".whl"):
        from poetry.core.utils.patterns import wheel_file_re

        if not wheel_file_re.match(name):
            return Fault(FaultKind.URL, span, "wheel name")
    return None


@lru_cache(maxsize=8192)
def constraint_fault(constraint: str) -> Fault | None:
    """Why poetry-core cannot read `constraint` (``^1.2 || >=3``), or that nothing satisfies it."""
    if is_simple_constraint(constraint):
        return None
    from poetry.core.constraints.version import parse_constraint

    try:
        parsed = parse_constraint(constraint)
    except (ValueError, RecursionError) as error:
        return Fault(FaultKind.CONSTRAINT, _unreadable_part(constraint, str(error)), str(error))
    if parsed.is_empty():
        return Fault(FaultKind.IMPOSSIBLE, Span(0, len(constraint)))
    return None


def _unreadable_part(constraint: str, message: str) -> Span:
    part = message.rpartition("constraint: ")[2]
    at = constraint.find(part) if part else -1
    return Span(at, at + len(part)) if at >= 0 else Span(0, len(constraint))


@lru_cache(maxsize=8192)
def marker_fault(marker: str) -> Fault | None:
    """Why poetry-core refuses the environment marker `marker`, or None."""
    if is_simple_marker(marker):
        return None
    try:
        found = marker_of(marker)
    except (ValueError, RecursionError) as error:
        return Fault(FaultKind.MARKER, Span(0, len(marker)), str(error))
    if isinstance(found, Refusal):
        return Fault(FaultKind.MARKER, _word(marker, found.at))
    return None


@lru_cache(maxsize=4096)
def platform_fault(platform: str) -> Fault | None:
    """Why poetry-core refuses `platform` as a constraint on ``sys_platform``, or None."""
    if re.fullmatch(r"[\w-]+", platform):
        return None
    from poetry.core.constraints.generic import parse_constraint

    try:
        parse_constraint(platform)
    except ValueError as error:
        return Fault(FaultKind.CONSTRAINT, Span(0, len(platform)), str(error))
    return None


@lru_cache(maxsize=8192)
def is_git_url(url: str) -> bool:
    """Whether Poetry can make sense of `url` as a git repository."""
    from poetry.core.vcs.git import ParsedUrl

    try:
        ParsedUrl.parse(url)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def is_subset(constraint: str, of: str) -> bool | None:
    """Whether `of` allows all Pythons that `constraint` does; None where one cannot be read."""
    if constraint == of:
        return True
    from poetry.core.constraints.version import parse_marker_version_constraint

    try:
        wide = parse_marker_version_constraint(of)
        return wide.allows_all(parse_marker_version_constraint(constraint))
    except (ValueError, RecursionError):
        return None


@lru_cache(maxsize=1024)
def allows_version(constraint: str, version: str) -> bool | None:
    """Whether `constraint` allows `version`; None where one cannot be read."""
    from poetry.core.constraints.version import Version, parse_constraint

    try:
        return parse_constraint(constraint).allows(Version.parse(version))
    except (ValueError, RecursionError):
        return None
