"""Text from files and file names as a terminal may show it: none of it is a command to it."""

from __future__ import annotations

from functools import lru_cache

TAB = "    "


def visible(text: str, encoding: str = "utf-8") -> str:
    r"""`text` with every character that is no plain one written as ``\x1b`` or ``\u202e``.

    That are control characters, line and paragraph separators, bidirectional and invisible ones,
    lone surrogates, and what `encoding` cannot carry. A tab becomes four blanks.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(cell(character, encoding) for character in text)


@lru_cache(maxsize=4096)
def cell(character: str, encoding: str = "utf-8") -> str:
    """What is shown for one character."""
    if character == "\t":
        return TAB
    point = ord(character)
    if not character.isprintable() and not _is_harmless(character):
        return _escaped(point)
    if point > 0x7E:
        try:
            character.encode(encoding)
        except (UnicodeEncodeError, LookupError):
            return _escaped(point)
    return character


@lru_cache(maxsize=4096)
def width(character: str, encoding: str = "utf-8") -> int:
    """How many columns of a terminal `cell` takes."""
    shown = cell(character, encoding)
    if len(shown) > 1 or shown.isascii():
        return len(shown)
    import unicodedata

    if unicodedata.combining(shown) or unicodedata.category(shown) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(shown) in "WF" else 1


def columns(text: str, encoding: str = "utf-8") -> int:
    """How many columns of a terminal ``visible(text)`` takes."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(width(character, encoding) for character in text)


def _is_harmless(character: str) -> bool:
    """Other blanks, the joiner within an emoji: not "printable" for Python, but harmless."""
    return character in "\u00a0\u200d\u3000"


def _escaped(point: int) -> str:
    if point < 0x100:
        return f"\\x{point:02x}"
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"
