"""Pieces of messages."""

from __future__ import annotations


def shown(value: str, limit: int = 60) -> str:
    """`value` in quotes for a message, on one line and not too long."""
    line = " ".join(value.split()) if "\n" in value or "\r" in value else value
    return f'"{line}"' if len(line) <= limit else f'"{line[:limit]}…"'
