"""The result of reading: a cursor with all that its completion has to know."""

from __future__ import annotations

from pyproject_ls.features.completion.cursors import KeyCursor, ValueCursor
from pyproject_ls.features.completion.frames import State
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Table

_EMPTY_REST = lazy_pattern(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")
_KEY_FOLLOWS = lazy_pattern(r"[ \t]*[.=]")
_TRIVIA = lazy_pattern(r"(?:[ \t\r\n]+|#[^\r\n]*)*")
_CONTENT_REST = lazy_pattern(r"[\w./+:-]*")


def key_cursor(state: State, start: int, end: int) -> KeyCursor:
    """The cursor at the key part from `start` to `end`, which is empty where none is written."""
    text, offset = state.text, state.offset
    frame = state.stack[-1]
    is_fresh = frame.phase == "after"
    keys = [] if is_fresh else frame.keys
    table = frame.node if isinstance(frame.node, Table) else None
    for name in keys:
        below = table.values.get(name) if table is not None else None
        table = below if isinstance(below, Table) else None
    has_value = start < end and _KEY_FOLLOWS.match(text, end) is not None
    comma = ""
    if frame.kind == "inline" and not has_value:
        comma = _comma_after(state, end)
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    fits = (
        frame.kind == "line"
        and not keys
        and not text[line_start:start].strip(" \t\ufeff")
        and _EMPTY_REST.match(text, end) is not None
        and _ends_section(state.text, end)
    )
    typed_from = start + 1 if text[start:end][:1] in ("'", '"') else start
    return KeyCursor(
        (*state.base(), *frame.path, *keys),
        table,
        Span(start, end),
        text[typed_from:offset],
        len(keys),
        has_value,
        frame.kind == "inline",
        frame.last_end if is_fresh else -1,
        comma,
        fits,
    )


def string_cursor(state: State, start: int, end: int, quote: str, closed: bool) -> ValueCursor:
    """The cursor in a string; where it is not `closed`, its end is a guess."""
    if closed:
        return value_cursor(state, Span(start, end), Span(start + 1, end - 1), quote, True)
    rest = _CONTENT_REST.match(state.text, state.offset)
    assert rest is not None
    return value_cursor(state, Span(start, rest.end()), Span(start + 1, rest.end()), quote, False)


def value_cursor(state: State, span: Span, content: Span, quote: str, closed: bool) -> ValueCursor:
    """The cursor at the value under `span`, which is empty where none is written."""
    frame = state.stack[-1]
    table: Table | None = None
    for each in reversed(state.stack):
        if each.kind == "array":
            continue
        table = each.node if isinstance(each.node, Table) else None
        for name in each.keys[:-1]:
            below = table.values.get(name) if table is not None else None
            table = below if isinstance(below, Table) else None
        break
    comma_at, comma_after = -1, ""
    if frame.kind == "array":
        comma_at = frame.last_end if frame.phase == "after" else -1
        if closed or not state.text[span.end : span.end + 1].strip():
            comma_after = _comma_after(state, span.end)
    return ValueCursor(
        (*state.base(), *frame.value_path),
        span,
        content,
        quote,
        closed,
        table,
        frame.node if isinstance(frame.node, Array) else None,
        comma_at,
        comma_after,
    )


def _ends_section(text: str, end: int) -> bool:
    """Whether nothing but a header follows; a header here would take over what follows."""
    match = _TRIVIA.match(text, end)
    assert match is not None
    return text[match.end() : match.end() + 1] in ("[", "")


def _comma_after(state: State, end: int) -> str:
    """The comma that is due behind what ends at `end`, "" for none."""
    text = state.text
    match = _TRIVIA.match(text, end)
    assert match is not None
    following = text[match.end() : match.end() + 1]
    if following in (",", "=", ":", "."):
        return ""
    breaks = "\n" in match.group() or "\r" in match.group()
    if state.stack[-1].kind == "inline":
        if following in ("}", "]", "") or breaks:
            return ""
        return "," if match.end() > end else ", "
    if following in ("]", "}", ""):
        line_start = max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1
        begins_line = state.stack[-1].entry_start < line_start
        return "," if breaks and begins_line else ""
    return "," if match.end() > end else ", "
