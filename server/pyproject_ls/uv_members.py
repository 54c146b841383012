"""Which uv workspace a project belongs to: there lies its lock file.

Follows uv's pages on workspaces and ``uv-workspace/src/workspace.rs``.
"""

from __future__ import annotations

import fnmatch
import os
import posixpath
import stat
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

from pyproject_ls.named import NamedTuple
from pyproject_ls.toml import parse, to_python

MANIFEST = "pyproject.toml"
MAX_BYTES = 2**20
"""A larger manifest is nobody's workspace."""


class Workspace(NamedTuple):
    """The patterns of ``[tool.uv.workspace]``, as written: which folders belong, and which not."""

    members: tuple[str, ...]
    excluded: tuple[str, ...]

    def has(self, path: PurePosixPath) -> bool:
        """Whether the project at `path`, seen from the workspace, is a member."""
        return _matches_any(self.members, path.parts) and not _matches_any(
            self.excluded, path.parts
        )


def workspace_root(folder: Path) -> Path:
    """The folder of the workspace that the project in `folder` belongs to; itself if to none.

    There lies the lock file, and the environment.
    """
    folder = Path(os.path.realpath(folder))
    if workspace_in(folder) is not None:
        return folder
    for parent in folder.parents:
        workspace = workspace_in(parent)
        if workspace is not None:
            path = PurePosixPath(folder.relative_to(parent).as_posix())
            return parent if workspace.has(path) else folder
    return folder


def workspace_in(folder: Path) -> Workspace | None:
    """The workspace whose root is `folder`; None where none is. What cannot be read is none."""
    path = folder / MANIFEST
    try:
        state = path.stat()
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_BYTES:
        return None
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=64)
def _read(path: Path, changed: int, size: int) -> Workspace | None:
    """The workspace in the file at `path` as it was `changed` last."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    document = parse(text)
    if any(problem.kind != "toml-1.1" for problem in document.problems):
        return None
    content: Any = to_python(document.root)
    for step in ("tool", "uv", "workspace"):
        content = content.get(step) if isinstance(content, dict) else None
    if not isinstance(content, dict):
        return None
    return Workspace(_strings(content.get("members")), _strings(content.get("exclude")))


def _matches_any(patterns: Sequence[str], parts: tuple[str, ...]) -> bool:
    return any(
        _matches(PurePosixPath(posixpath.normpath(pattern)).parts, parts) for pattern in patterns
    )


def _matches(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return any(_matches(pattern[1:], parts[i:]) for i in range(len(parts) + 1))
    return (
        bool(parts)
        and fnmatch.fnmatchcase(parts[0], pattern[0])
        and _matches(pattern[1:], parts[1:])
    )


def _strings(value: object) -> tuple[str, ...]:
    return tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
