"""Whether what a plugin yields are findings that everybody can use; it may be anything."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.plugins.guard import Unusable
from pyproject_ls.text import Edit, Span

MAX_LENGTH = 2_000
"""The most characters of a message."""


def sifted(found: object, rules: Collection[Rule], length: int) -> Finding:
    """`found` as a finding of one of `rules` about a text of this length. Raises Unusable."""
    if type(found) is not Finding:
        raise Unusable(f"it yields {type(found).__name__}, which is no Finding")
    if found.rule not in rules:
        code = found.rule.code if type(found.rule) is Rule else repr(found.rule)
        raise Unusable(f"it reports `{code:.60}`, which is not among the rules of its check")
    code = found.rule.code
    _require_span(code, found.span, length)
    _require_message(code, found.message)
    if not isinstance(found.severity, Severity):
        raise Unusable(f"a finding of `{code}` has no Severity")
    if not _is_tuple(found.path, (str, int)):
        raise Unusable(f"the path of `{code}` must be a tuple of keys and indexes")
    if not _is_tuple(found.tags, Tag) or not _is_tuple(found.related, Related):
        raise Unusable(f"`tags` and `related` of `{code}` must be tuples of Tag and Related")
    for span, message in found.related:
        _require_span(code, span, length)
        _require_message(code, message)
    if found.fix is not None:
        _require_fix(code, found.fix, length)
    return found._replace(poetry=False)


def _is_tuple(value: object, kinds: Any) -> bool:
    return type(value) is tuple and all(isinstance(each, kinds) for each in value)


def _require_span(code: str, span: Any, length: int) -> None:
    if type(span) is not Span or not all(type(each) is int for each in span):
        raise Unusable(f"a place of `{code}` is no Span of two numbers")
    if not 0 <= span.start <= span.end <= length:
        raise Unusable(
            f"a place of `{code}` ({span.start} to {span.end}) is not in the text, which has"
            f" {length} characters"
        )


def _require_message(code: str, message: object) -> None:
    if type(message) is not str or not message.strip():
        raise Unusable(f"a finding of `{code}` has no message")
    if len(message) > MAX_LENGTH:
        raise Unusable(f"a message of `{code}` has more than {MAX_LENGTH} characters")


def _require_fix(code: str, fix: Any, length: int) -> None:
    if type(fix) is not Fix or type(fix.title) is not str or not fix.title.strip():
        raise Unusable(f"the fix of `{code}` is no Fix with a title")
    if type(fix.choice) is not str or not all(type(x) is bool for x in (fix.safe, fix.by_hand)):
        raise Unusable(f"`safe`, `by_hand` or `choice` of the fix of `{code}` has a wrong type")
    if not fix.edits or not _is_tuple(fix.edits, Edit):
        raise Unusable(f"the fix of `{code}` must have a tuple of Edits")
    end = 0
    for edit in sorted(fix.edits, key=lambda each: each.span):
        _require_span(code, edit.span, length)
        if type(edit.text) is not str:
            raise Unusable(f"an edit of `{code}` has no text")
        if edit.span.start < end:
            raise Unusable(f"the edits of a fix of `{code}` overlap")
        end = edit.span.end
