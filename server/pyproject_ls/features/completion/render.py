"""From choices to the items of a list: what matches, in which order, written how."""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.features.completion.cursors import HeaderCursor, KeyCursor, ValueCursor
from pyproject_ls.features.completion.model import (
    BEGINS,
    INSIDE,
    MAX_ITEMS,
    WORD_BEGINS,
    Choice,
    Choices,
    Completion,
    Completions,
    Kind,
    escaped,
    in_string,
    without_placeholders,
)
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.text import Edit, Span

_DOT = lazy_pattern(r"[ \t]*\.[ \t]*")
_HEADERS = 20
"""So many headers have a place behind keys, however many keys there are."""


def ranked(
    choices: Iterable[Choice], typed: str, worst: int = INSIDE
) -> tuple[list[tuple[int, Choice]], bool]:
    """The choices that match `typed`, each with how well, best first; whether some were left off.

    What begins with `typed` comes before what has it inside; then `order` counts, then the text.
    None matches worse than `worst`, but those that know their `fit`.
    """
    folded = _folded(typed)
    found = []
    for choice in choices:
        quality = _quality(choice.shown, folded) if choice.fit < 0 else choice.fit
        if quality is not None and (quality <= worst or choice.fit >= 0):
            found.append((quality, choice))
    found.sort(key=lambda pair: (pair[0], pair[1].order, pair[1].shown.lower()))
    return found[:MAX_ITEMS], len(found) > MAX_ITEMS


def _folded(text: str) -> str:
    return text.lower().replace("_", "-")


def _quality(label: str, typed: str) -> int | None:
    """How well a label matches what is typed; None for not at all."""
    if not typed:
        return BEGINS
    folded = _folded(label)
    if folded.startswith(typed):
        return BEGINS
    at = folded.find(typed)
    if at > 0 and len(typed) > 1:
        return INSIDE if folded[at - 1].isalnum() else WORD_BEGINS
    return None


def render_keys(
    text: str, cursor: KeyCursor, offset: int, keys: list[Choice], tables: list[Choice]
) -> Completions:
    """Items for the key at `cursor`; `tables` are headers that may stand on this line instead."""
    typed = cursor.typed
    found, more = ranked(keys, typed, WORD_BEGINS)
    headers, more_headers = ranked(tables, typed, WORD_BEGINS) if tables else ([], False)
    room = MAX_ITEMS - min(len(headers), _HEADERS)
    if len(found) > room:
        found, more = found[:room], True
    written = text[cursor.span.start : offset]
    items: list[Completion] = []
    for index, (_, choice) in enumerate([*found, *headers][:MAX_ITEMS]):
        new, edits = choice.text, choice.more_edits
        if cursor.comma_at >= 0:
            if cursor.comma_at == cursor.span.start:
                new = f", {new}"
            else:
                edits = (*edits, Edit(Span(cursor.comma_at, cursor.comma_at), ","))
        if index >= len(found):
            filter_text = _filter(choice.shown.strip("[]"), written)
        else:
            quote = written[:1] if written[:1] in ("'", '"') else ""
            filter_text = _filter(quote + choice.shown, written)
            new += cursor.comma_after
        items.append(_item(choice, Edit(cursor.span, new), filter_text, edits, len(items)))
    cut = more or more_headers or len(found) + len(headers) > MAX_ITEMS
    return Completions(items, cut or _has_late([*found, *headers]))


def render_headers(cursor: HeaderCursor, choices: list[Choice]) -> Completions:
    """Items for the inside of a header."""
    found, more = ranked(choices, _DOT.sub(".", cursor.typed.strip()), WORD_BEGINS)
    items = [
        _item(
            choice,
            Edit(cursor.span, choice.text),
            _filter(choice.shown, cursor.typed),
            choice.more_edits,
            index,
        )
        for index, (_, choice) in enumerate(found)
    ]
    return Completions(items, more or _has_late(found))


def render_values(
    text: str, cursor: ValueCursor, offset: int, choices: Choices, wrap: bool
) -> Completions:
    """Items for the value at `cursor`; with `wrap` each becomes the one item of an array."""
    content = text[cursor.content.start : cursor.content.end]
    at = offset - cursor.content.start
    start = max(0, min(choices.start, at))
    end = min(max(choices.end, at), len(content))
    typed = content[start:at]
    found: list[tuple[int, Choice]]
    if choices.is_filtered:
        listed = list(choices.items)
        found, more = [(BEGINS, each) for each in listed[:MAX_ITEMS]], len(listed) > MAX_ITEMS
    else:
        found, more = ranked(choices.items, typed)
    late = choices.is_filtered or _has_late(found)
    span = cursor.span
    if cursor.quote:
        first = cursor.content.start
        span = Span(first + start, first + end if cursor.is_closed else span.end)
    if "\n" in text[span.start : span.end] or "\r" in text[span.start : span.end]:
        found = []  # no editor replaces more than a line
    items: list[Completion] = []
    for _, choice in found:
        if choice.raw and cursor.quote:
            continue
        encoded = choice.text if choice.raw else in_string(choice.text, cursor.quote or '"')
        if encoded is None:
            continue
        if encoded.endswith(" ") and content[end : end + 1] == " ":
            encoded = encoded.rstrip(" ")
        new, edits = encoded, choice.more_edits
        is_snippet = choice.snippet
        if cursor.quote:
            if cursor.comma_at >= 0:
                edits = (*edits, Edit(Span(cursor.comma_at, cursor.comma_at), ","))
            filter_text = _filter(_meant(choice), typed)
            if not cursor.is_closed:
                new, is_snippet = _goes_on(new, choice, is_snippet)
                new += _plain(content[end:], is_snippet) + cursor.quote + cursor.comma_after
        else:
            written = choice.shown if choice.raw else _meant(choice)
            filter_text = _filter(content[:start] + written, content[:at])
            if not choice.raw:
                new, is_snippet = _goes_on(new, choice, is_snippet)
                before, after = (
                    _plain(content[:start], is_snippet),
                    _plain(content[end:], is_snippet),
                )
                new = f'"{before}{new}{after}"'
            if wrap:
                new = f"[{new}]"
            new += cursor.comma_after
            if cursor.comma_at >= 0:
                if cursor.comma_at == span.start:
                    new = f", {new}"
                else:
                    edits = (*edits, Edit(Span(cursor.comma_at, cursor.comma_at), ","))
        commit = choice.commit if cursor.quote and cursor.is_closed else ()
        if is_snippet != choice.snippet or commit != choice.commit:
            choice = choice._replace(commit=commit, snippet=is_snippet)
        items.append(_item(choice, Edit(span, new), filter_text, edits, len(items)))
    return Completions(items, more or choices.incomplete or late)


def _goes_on(new: str, choice: Choice, is_snippet: bool) -> tuple[str, bool]:
    """`new` with the cursor left behind it, in front of the closing quote, where more follows."""
    if choice.retrigger and not is_snippet:
        return f"{escaped(new)}$0", True
    return new, is_snippet


def _plain(text: str, is_snippet: bool) -> str:
    return escaped(text) if is_snippet else text


def _item(
    choice: Choice, edit: Edit, filter_text: str, more: tuple[Edit, ...], index: int
) -> Completion:
    is_snippet = choice.snippet
    new = edit.text
    if choice.raw and not is_snippet and "\\" in new:
        new = without_placeholders(new)  # raw texts are escaped for the case of a snippet
        edit = Edit(edit.span, new)
    return Completion(
        choice.shown,
        choice.kind,
        edit,
        snippet=is_snippet,
        detail=choice.detail,
        sort_text=f"{index:03d}",
        filter_text=filter_text,
        deprecated=choice.deprecated,
        commit_characters=choice.commit,
        more_edits=more,
        retrigger=choice.retrigger,
        data=choice.data,
    )


def _meant(choice: Choice) -> str:
    """What people type who mean `choice`: of a package its name, not the constraint behind it.

    Helix keeps a list as long as something in it matches, also when an operator is typed.
    """
    return choice.shown if choice.kind is Kind.PACKAGE else choice.text


def _filter(text: str, typed: str) -> str:
    """A text to filter by that begins with what is typed, whatever editors make of case."""
    if text.startswith(typed):
        return text
    if _folded(text).startswith(_folded(typed)):
        return typed + text[len(typed) :]
    return f"{typed} {text}"


def _has_late(found: list[tuple[int, Choice]]) -> bool:
    """Whether something matches in its middle only, so that the list changes as more is typed."""
    return any(quality > BEGINS for quality, _ in found)
