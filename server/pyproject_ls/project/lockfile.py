"""poetry.lock, as far as it tells whether it belongs to a ``pyproject.toml``.

The hash follows `Locker._get_content_hash` of Poetry 2.5: a sha256 over the sorted JSON of the
tables that decide what is locked.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Any

from pyproject_ls.lazy import lazy_pattern

_LEGACY_KEYS = ("dependencies", "source", "extras", "dev-dependencies")
_PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
_GENERATED_BY = lazy_pattern(r"Poetry ([^ ]+)")
_GROUPS_SINCE = (2, 3)
"""The first Poetry whose hash covers ``[dependency-groups]``."""


class LockState(Enum):
    """How poetry.lock stands to a ``pyproject.toml``."""

    FRESH = "fresh"
    OUTDATED = "outdated"
    UNREADABLE = "unreadable"
    UNKNOWN = "unknown"


def content_hash(content: dict[str, Any], with_groups: bool = True) -> str:
    """The content hash of the parsed ``pyproject.toml`` `content`.

    Raises TypeError where a date stands in a relevant table (JSON has none, and Poetry fails too).
    """
    import json
    from hashlib import sha256

    project = _table(content.get("project"))
    groups = _table(content.get("dependency-groups")) if with_groups else {}
    poetry = _table(_table(content.get("tool")).get("poetry"))
    from_project = {key: project[key] for key in _PROJECT_KEYS if project.get(key) is not None}
    from_poetry: dict[str, Any] = {}
    for key in (*_LEGACY_KEYS, "group"):
        value = poetry.get(key)
        if value is not None or (key in _LEGACY_KEYS and not from_project and not groups):
            from_poetry[key] = value
    relevant: dict[str, Any] = {}
    if from_project:
        relevant["project"] = from_project
    if groups:
        relevant["dependency-groups"] = groups
    relevant = {**relevant, "tool": {"poetry": from_poetry}} if relevant else from_poetry
    return sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()


def lock_state(content: dict[str, Any], lock_text: str) -> LockState:
    """Whether the poetry.lock with the text `lock_text` belongs to the parsed `content`."""
    locked = _locked_hash(lock_text)
    if locked is None:
        return LockState.UNREADABLE
    try:
        if content_hash(content) == locked:
            return LockState.FRESH
        if _predates_groups(lock_text) and content_hash(content, with_groups=False) == locked:
            return LockState.FRESH
    except TypeError:
        return LockState.UNKNOWN
    return LockState.OUTDATED


@lru_cache(maxsize=8)
def _locked_hash(lock_text: str) -> str | None:
    """The hash that a lock file records, "" where it has none, None where it is not TOML."""
    from pyproject_ls.toml import Scalar, parse

    document = parse(lock_text)
    if document.problems:
        return None
    recorded = document.get("metadata", "content-hash")
    return str(recorded.value) if isinstance(recorded, Scalar) else ""


def _predates_groups(lock_text: str) -> bool:
    match = _GENERATED_BY.search(lock_text.split("\n", 1)[0])
    numbers = re.findall(r"\d+", match.group(1)) if match else []
    return bool(numbers) and tuple(int(number) for number in numbers[:2]) < _GROUPS_SINCE


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
