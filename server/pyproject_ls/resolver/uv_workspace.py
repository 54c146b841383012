"""Which projects uv locks together: the workspace of a project, and what its members refer to.

Follows uv's pages on workspaces and ``uv-workspace/src/workspace.rs``.
"""

from __future__ import annotations

import fnmatch
import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from pyproject_ls.index.config_files import Reader, table
from pyproject_ls.resolver.shadow import MANIFEST
from pyproject_ls.toml import parse, to_python

MAX_PROJECTS = 200
"""Projects of a workspace that are looked at; more would take longer than they are worth."""


def workspace_root(folder: Path) -> Path:
    """The folder of the workspace that the project in `folder` belongs to; itself if to none.

    There lies the lock file, and the environment.
    """
    folder = Path(os.path.realpath(folder))
    reader = Reader()
    if _workspace(reader.toml(folder / MANIFEST)) is not None:
        return folder
    for parent in folder.parents:
        workspace = _workspace(reader.toml(parent / MANIFEST))
        if workspace is not None:
            return parent if _is_member(workspace, folder.relative_to(parent)) else folder
    return folder


def texts_of_others(root: Path, text: str) -> dict[str, str]:
    """The texts that a lock of the project in `root` with `text` also depends on.

    Those of workspace members and of dependencies with paths, by their paths from `root`; and, as
    if it was named in a text, the ``uv.toml`` of a folder above, which counts for all below.
    """
    found: dict[str, str] = {}
    reader = Reader()
    waiting = [(".", table(to_python(parse(text).root)))]
    while waiting and len(found) < MAX_PROJECTS:
        place, content = waiting.pop()
        for other in _projects(root, place, content):
            path = posixpath.normpath(posixpath.join(other, MANIFEST))
            below = reader.text(root / path) if path not in found and path != MANIFEST else None
            if below is not None:
                found[path] = below
                waiting.append((other, table(to_python(parse(below).root))))
    for height, parent in enumerate(root.parents, 1):
        if (parent / "uv.toml").is_file():
            found["/uv.toml"] = "../" * height + "uv.toml"
            break
    return found


def _projects(root: Path, place: str, content: Mapping[str, Any]) -> Iterator[str]:
    """The projects that the one at `place` refers to, by their paths from `root`."""
    uv = table(table(content.get("tool")).get("uv"))
    for source in table(uv.get("sources")).values():
        for each in source if isinstance(source, list) else [source]:
            path = table(each).get("path")
            if isinstance(path, str) and not os.path.isabs(path):
                yield posixpath.normpath(posixpath.join(place, path.replace("\\", "/")))
    for pattern in _strings(table(uv.get("workspace")).get("members")) if place == "." else ():
        try:
            folders = sorted(root.glob(pattern))[:MAX_PROJECTS]
        except (ValueError, NotImplementedError, OSError):
            continue
        yield from (each.relative_to(root).as_posix() for each in folders if each.is_dir())


def _workspace(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = table(table(content.get("tool")).get("uv")).get("workspace")
    return found if isinstance(found, dict) else None


def _is_member(workspace: Mapping[str, Any], path: Path) -> bool:
    parts = PurePosixPath(path.as_posix()).parts
    members, excluded = _strings(workspace.get("members")), _strings(workspace.get("exclude"))
    return _matches_any(members, parts) and not _matches_any(excluded, parts)


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


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
