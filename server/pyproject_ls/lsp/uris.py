"""What the URIs of documents say: the file's name, and the folder that it lies in.

`pygls.uris` splits a path at ``;`` and raises where `urllib` does; documents may be named anything.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from pyproject_ls.config import CONFIG_NAME
from pyproject_ls.lazy import lazy_pattern

FILE_NAME = "pyproject.toml"

_OURS = frozenset({FILE_NAME, CONFIG_NAME})

_DRIVE = lazy_pattern(r"/[A-Za-z]:(?=/|$)")


def is_ours(uri: str) -> bool:
    """Whether the document is one of ours: a ``pyproject.toml`` or a file of configuration."""
    return name_of(uri) in _OURS


def is_project(uri: str) -> bool:
    """Whether the document is a ``pyproject.toml``, in a file or not."""
    return name_of(uri) == FILE_NAME


def name_of(uri: str) -> str:
    """The name of the document, without its folder."""
    return _path(uri)[1].rsplit("/", 1)[-1]


def file_path(uri: str) -> Path | None:
    """The path of a ``file:`` URI; None for all others."""
    scheme, path, host = _path(uri)
    if scheme != "file" or "\0" in path:
        return None
    if os.name == "nt":
        if host:
            path = f"//{host}{path}"
        elif _DRIVE.match(path):
            path = path[1:]
    return Path(path)


def uri_in(folder: Path | None, path: str) -> str | None:
    """The URI of the file at `path`, which is absolute or relative to `folder`, if it has one."""
    try:
        return Path(os.path.normpath((folder or Path()) / path)).as_uri()
    except ValueError:  # relative to no folder, or characters that no path has
        return None


def is_below(uri: str, folder: str) -> bool:
    """Whether the document lies in the folder with the URI `folder`, at any depth."""
    return unquote(uri).startswith(unquote(folder).rstrip("/") + "/")


def _path(uri: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(uri)
    except ValueError:  # a host that is none
        return "", "", ""
    return parts.scheme, unquote(parts.path), unquote(parts.netloc)
