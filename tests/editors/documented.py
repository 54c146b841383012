"""The pages for users in ``docs/editors``: the tests use the very code that they show."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = ROOT / "docs" / "editors"

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def code(page: str, heading: str, language: str, number: int = 0) -> str:
    """A code block under a heading of the second level, "" for what stands before the first."""
    text = (PAGES / f"{page}.md").read_text(encoding="utf-8")
    sections = {"": text.partition("\n## ")[0]}
    for section in text.split("\n## ")[1:]:
        title, _, body = section.partition("\n")
        sections[title] = body
    blocks: list[str] = [
        body for kind, body in _BLOCK.findall(sections[heading]) if kind == language
    ]
    return blocks[number]
