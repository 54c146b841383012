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
from urllib.parse import unquote, urlparse

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.common_forms import (
    ARCHIVES,
    is_simple,
    is_simple_constraint,
    is_simple_marker,
)
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
    from poetry.core.packages.dependency import Dependency
    from poetry.core.version.requirements import InvalidRequirementError, parse_requirement

    everything = Span(0, len(requirement))
    text = _without_comment(requirement)
    try:
        parsed = parse_requirement(text)
    except InvalidRequirementError as error:
        return _grammar_fault(str(error), text, everything)
    except (ValueError, RecursionError) as error:
        return Fault(FaultKind.MARKER, _marker_span(requirement), str(error))
    try:
        if parsed.url:
            fault = _direct_reference_fault(parsed.url, text)
            return fault and fault._replace(span=_find(requirement, parsed.url))
        if parsed.name.endswith(ARCHIVES):
            return Fault(FaultKind.URL, _find(requirement, parsed.name), "file name")
        if parsed.marker:
            Dependency(parsed.name, parsed.constraint, extras=parsed.extras).marker = parsed.marker
    except (ValueError, RecursionError) as error:
        return Fault(FaultKind.MARKER, _marker_span(requirement), str(error))
    return None


def _without_comment(requirement: str) -> str:
    """`requirement` without a trailing `` # comment``, as Poetry cuts it."""
    text, hash_mark, comment = requirement.partition(" #")
    text = text.strip()
    if hash_mark and " ;" in comment:
        text += " ;" + comment.split(" ;", 1)[1]
    return text


def _grammar_fault(message: str, text: str, everything: Span) -> Fault:
    if "invalid version constraint" in message:
        return Fault(FaultKind.CONSTRAINT, _quoted_span(message, text), message)
    if "unsatisfiable" in message:
        return Fault(FaultKind.IMPOSSIBLE, _quoted_span(message, text), message)
    if "invalid URL" in message:
        return Fault(FaultKind.URL, _quoted_span(message, text), message)
    column = re.search(r"at column (\d+)", message)
    if column is None:
        return Fault(FaultKind.SYNTAX, everything, message)
    start = int(column.group(1)) - 1
    if _in_marker(text, start):
        return Fault(FaultKind.MARKER, _word(text, start), message)
    return Fault(FaultKind.SYNTAX, _within(Span(start, start + 1), text), message)


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


def _quoted_span(message: str, text: str) -> Span:
    quoted = message[message.find('"') + 1 : message.rfind('"')]
    at = text.find(quoted)
    if at < 0:  # poetry-core joins the clauses again, so spaces may differ
        match = re.search(r"[<>=!~]", text)
        at = match.start() if match else 0
        return Span(at, text.find(";") if ";" in text else len(text))
    return Span(at, at + len(quoted))


def _direct_reference_fault(url: str, text: str) -> Fault | None:
    """Why Poetry refuses the `url` of a ``name @ url`` requirement."""
    span = Span(0, len(text))
    parsed = urlparse(url)
    if parsed.scheme == "file":
        if parsed.netloc not in {"", "localhost"}:
            return Fault(FaultKind.URL, span, "host")
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


def _find(requirement: str, part: str) -> Span:
    at = max(requirement.find(part), 0)
    return Span(at, at + len(part))


def _marker_span(requirement: str) -> Span:
    at = requirement.find(";") + 1
    while at < len(requirement) and requirement[at].isspace():
        at += 1
    return _within(Span(at, len(requirement)), requirement)


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
    from poetry.core.version.markers import parse_marker

    try:
        parse_marker(marker)
    except Exception as error:  # lark's errors have no common public base
        column = getattr(error, "column", None)
        span = Span(0, len(marker))
        if isinstance(column, int) and column > 0:
            span = _word(marker, column - 1)
        return Fault(FaultKind.MARKER, span, str(error))
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
