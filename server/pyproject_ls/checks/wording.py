"""Pieces of messages."""

from __future__ import annotations

MAX_TEXT = 300
"""How much of a text from elsewhere is shown, in code points, unless the caller says otherwise."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def shown(value: str, limit: int = 60) -> str:
    """`value` in quotes for a message, on one line and not too long."""
    line = " ".join(value.split()) if "\n" in value or "\r" in value else value
    return f'"{line}"' if len(line) <= limit else f'"{line[:limit]}…"'


def visible(text: str, limit: int = MAX_TEXT) -> str:
    """`text` on one line, without characters that do not show, at most `limit` code points long."""
    text = text[: limit * 4]  # enough, and no more work than that
    if not text.isascii() or not text.isprintable():
        from unicodedata import category, normalize

        text = "".join(
            " " if category(char) in _UNSEEN else char for char in normalize("NFC", text)
        )
        text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
