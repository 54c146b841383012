"""TOML paths: the way from the root of a document to a value."""

from __future__ import annotations

from typing import Union

from pyproject_ls.lazy import lazy_pattern

TomlPath = tuple[Union[str, int], ...]
"""Keys and indexes: ``("project", "dependencies", 3)``."""

_BARE_KEY = lazy_pattern(r"[A-Za-z0-9_-]+\Z")


def dotted(path: TomlPath) -> str:
    """`path` as people write it: ``project.authors[0].name``, odd keys in quotes."""
    parts: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        else:
            parts.append("." if parts else "")
            parts.append(step if _BARE_KEY.match(step) else f'"{step}"')
    return "".join(parts)
