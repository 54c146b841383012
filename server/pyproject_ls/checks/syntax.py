"""The file as TOML: everything the tree found wrong with the text.

Poetry reads with tomlkit and tomllib, so every deviation from TOML 1.0 is its error too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Document, Problem
from pyproject_ls.toml.scalars import decode_escape

ERROR = Severity.ERROR

TOML_SYNTAX = Rule("toml-syntax", ERROR, "the text is not valid TOML", poetry=ERROR)
TOML_1_1 = Rule("toml-1-1", ERROR, "syntax that only TOML 1.1 has", poetry=ERROR)
DUPLICATE_KEY = Rule("duplicate-key", ERROR, "a key or table is defined twice", poetry=ERROR)
CONTROL_CHARACTER = Rule(
    "control-character", ERROR, "a control character where TOML allows none", poetry=ERROR
)
NESTED_TOO_DEEPLY = Rule(
    "nested-too-deeply", ERROR, "values nested deeper than tools can read", poetry=ERROR
)
BYTE_ORDER_MARK = Rule(
    "byte-order-mark", ERROR, "the file begins with a byte order mark", poetry=ERROR
)
INVALID_UTF_8 = Rule("invalid-utf-8", ERROR, "the file is not UTF-8 text", poetry=ERROR)
MERGE_CONFLICT = Rule("merge-conflict", ERROR, "a merge conflict is not resolved", poetry=ERROR)
TOO_LARGE = Rule("too-large", ERROR, "the file is too large to be checked", poetry=ERROR)

MAX_LENGTH = 2_000_000
"""Longer texts are not looked into: they were not written by anybody, and editors have to go on."""

_RULES = {
    "syntax": TOML_SYNTAX,
    "toml-1.1": TOML_1_1,
    "duplicate-key": DUPLICATE_KEY,
    "control-character": CONTROL_CHARACTER,
    "nesting": NESTED_TOO_DEEPLY,
}
_CONFLICT_START = lazy_pattern(r"^<{7}(?: .*)?\r?$", re.MULTILINE)
_MINUTES = lazy_pattern(r"[0-9]{2}:[0-9]{2}")
_CONFLICT_END = lazy_pattern(r"^>{7}(?: .*)?\r?$", re.MULTILINE)


@check(
    TOML_SYNTAX,
    TOML_1_1,
    DUPLICATE_KEY,
    CONTROL_CHARACTER,
    NESTED_TOO_DEEPLY,
    BYTE_ORDER_MARK,
    MERGE_CONFLICT,
)
def syntax(context: Context) -> Iterator[Finding]:
    """Every deviation from TOML 1.0; what a merge conflict causes is one finding a conflict."""
    document = context.document
    if document.has_bom:
        yield BYTE_ORDER_MARK.at(
            Span(0, 1),
            (),
            "The file begins with a byte order mark, which Python's TOML readers refuse; save it as"
            " UTF-8 without one.",
            fix=Fix("Remove the byte order mark", (Edit(Span(0, 1), ""),)),
        )
    if not document.problems:
        return
    conflicts = _conflicts(document)
    for conflict in conflicts:
        first_line = document.text[conflict.start : conflict.end].split("\n", 1)[0].rstrip("\r")
        yield MERGE_CONFLICT.at(
            Span(conflict.start, conflict.start + len(first_line)),
            (),
            "A merge conflict begins here; choose one side, and remove the lines that begin with"
            " `<<<<<<<`, `=======` and `>>>>>>>`.",
        )
    for problem in document.problems:
        if not any(_begins_in(problem, conflict) for conflict in conflicts):
            yield _finding(document, problem)


def _finding(document: Document, problem: Problem) -> Finding:
    message = problem.message if problem.message[-1:] in "?." else f"{problem.message}."
    related: tuple[Related, ...] = ()
    if problem.related is not None:
        related = (Related(problem.related, "first defined here"),)
    return _RULES[problem.kind].at(
        problem.span,
        (),
        message[:1].upper() + message[1:],
        related=related,
        fix=_fix(document, problem),
    )


def _fix(document: Document, problem: Problem) -> Fix | None:
    if problem.kind == "toml-1.1":
        return _as_toml_1_0(document, problem)
    written = document.text[problem.span.start : problem.span.end]
    if problem.kind == "control-character" and written == "\r":
        return Fix("Change to a line break", (Edit(problem.span, "\n"),))
    word = written.lower()
    if problem.kind == "syntax" and word in {"true", "false"} and word != written:
        return Fix(f"Change to `{word}`", (Edit(problem.span, word),))
    return None


def _as_toml_1_0(document: Document, problem: Problem) -> Fix | None:
    """The same value in TOML 1.0; None for an inline table over several lines."""
    start, end = problem.span
    written = document.text[start:end]
    if written == ",":
        return Fix("Remove the comma", (Edit(problem.span, ""),))
    if written.startswith("\\"):
        decoded = decode_escape(written)
        if decoded:
            code = f"\\u{ord(decoded):04x}"
            return Fix(f"Change to `{code}`", (Edit(problem.span, code),))
    time = _MINUTES.search(written)
    if time is not None:
        return Fix("Add the seconds", (Edit(Span(start + time.end(), start + time.end()), ":00"),))
    return None


def _begins_in(problem: Problem, stretch: Span) -> bool:
    return stretch.start <= problem.span.start <= stretch.end


def _conflicts(document: Document) -> list[Span]:
    """The stretches between conflict markers; one without an end reaches to the end of the text.

    Markers that do not make the text invalid stand inside a string.
    """
    text = document.text
    if "<<<<<<<" not in text:
        return []
    conflicts = []
    done = 0
    for match in _CONFLICT_START.finditer(text):
        if match.start() >= done:
            end = _CONFLICT_END.search(text, match.end())
            done = end.end() if end else len(text)
            conflict = Span(match.start(), done)
            if any(_begins_in(problem, conflict) for problem in document.problems):
                conflicts.append(conflict)
    return conflicts


@check(INVALID_UTF_8)
def invalid_utf_8(context: Context) -> Iterator[Finding]:
    """The rule is reported by whoever decodes the file (`undecodable`): a text is always text."""
    return iter(())


@check(TOO_LARGE)
def large_text(context: Context) -> Iterator[Finding]:
    """The rule is reported for a text that is never read (`too_large`)."""
    return iter(())


def too_large(text: str, severities: Mapping[str, Severity]) -> list[Finding]:
    """The one finding about a `text` longer than `MAX_LENGTH`, if its rule is in `severities`."""
    severity = severities.get(TOO_LARGE.code)
    if severity is None:
        return []
    end = text.find("\n", 0, 200)
    finding = TOO_LARGE.at(
        Span(0, end if end >= 0 else 200),
        (),
        f"The file has {len(text):,} characters; files of more than {MAX_LENGTH:,} are not"
        " checked. Remove what does not belong in it.",
    )
    return [finding._replace(severity=severity)]


def undecodable(offset: int, reason: str) -> Finding:
    """The finding for a file that is not UTF-8, at the character `offset` of what was decoded."""
    return INVALID_UTF_8.at(
        Span(offset, offset + 1), (), f"The file is not UTF-8: {reason}; save it as UTF-8 text."
    )
