"""Which projects uv locks together: those of a workspace, and what its members refer to."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pyproject_ls.index.config_files import Reader, table
from pyproject_ls.resolver.shadow import MANIFEST
from pyproject_ls.toml import parse, to_python
from pyproject_ls.uv_members import workspace_root

__all__ = ["texts_of_others", "workspace_root"]

MAX_PROJECTS = 200
"""Projects of a workspace that are looked at; more would take longer than they are worth."""


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


def _strings(value: object) -> list[str]:
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
