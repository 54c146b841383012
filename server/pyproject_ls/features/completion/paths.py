"""Paths of files and folders that exist beside the file."""

from __future__ import annotations

from collections.abc import Callable

from pyproject_ls.config import CONFIG_NAME
from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.project.manifest import text_of

_READMES = (".md", ".rst", ".txt", ".markdown")
_LICENSES = ("licen", "copying", "notice", "authors", "unlicense")
_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tgz", ".tar.bz2", ".tar.xz")
_NEVER = ("pyproject.toml", "poetry.lock", "uv.lock", "pylock.toml")

Rank = Callable[[str], int]
"""The rank of a file by its name: lower comes first, negative is left out."""


def readme(request: Request) -> Choices:
    """Readme files first, other texts after them."""

    def rank(name: str) -> int:
        folded = name.lower()
        if folded.startswith("readme"):
            return 0
        return 10 if folded.endswith(_READMES) and not folded.startswith(_LICENSES) else -1

    return _paths(request, rank)


def license_file(request: Request) -> Choices:
    """License files; other texts are left out."""

    def rank(name: str) -> int:
        found = [i for i, word in enumerate(_LICENSES) if name.lower().startswith(word)]
        return found[0] if found else -1

    return _paths(request, rank)


def folder(request: Request) -> Choices:
    """Folders."""
    return _paths(request, lambda name: -1)


def package(request: Request) -> Choices:
    """Packages and modules: relative to ``from`` of the same table."""
    base = text_of(request.table.values.get("from")) if request.table is not None else None
    return _paths(request, lambda name: 10 if name.endswith(".py") else -1, base or "", folders=0)


def any_path(request: Request) -> Choices:
    """Files and folders of every kind."""
    return _paths(request, lambda name: 10)


def python_file(request: Request) -> Choices:
    """Python files: what a build script is."""
    return _paths(request, lambda name: 0 if name.endswith(".py") else -1)


def project_folder(request: Request) -> Choices:
    """Folders of other projects, also those beside this one; archives after them."""
    return _paths(request, lambda name: 10 if name.endswith(_ARCHIVES) else -1, above=True)


def configuration(request: Request) -> Choices:
    """Files of configuration, also those beside this project."""
    return _paths(request, lambda name: 0 if name == CONFIG_NAME else -1, above=True)


def archive(request: Request) -> Choices:
    """Distributions: wheels and source archives."""
    return _paths(request, lambda name: 0 if name.endswith(_ARCHIVES) else -1, above=True)


def _paths(
    request: Request, rank: Rank, base: str = "", above: bool = False, folders: int = 500
) -> Choices:
    """What stands in the folder that is typed; `rank` chooses among the files.

    The choices replace the last part of the path. Folders are followed by a slash, so that one can
    go on; with `above` there is a way out of the project as well. `folders` is the rank of folders.
    """
    content, at = request.content, request.at
    start = content.rfind("/", 0, at) + 1
    end = content.find("/", at)
    end = end if end >= 0 else len(content)
    typed = content[:start]
    if typed.startswith("/") or ":" in typed or "\0" in content:
        return Choices(start, end, [])
    where = "/".join(part.strip("/") for part in (base, typed) if part.strip("/"))
    entries = request.snapshot.facts.listing(where) or ()
    others = set(request.others())
    choices = []
    if above and (not typed or set(typed.split("/")) <= {"..", ""}):
        choices.append(Choice("../", Kind.FOLDER, order=900, retrigger=True))
    follows = content[end : end + 1] == "/"
    for name in entries:
        is_folder = name.endswith("/")
        if typed + name.rstrip("/") in others or (not typed and name in _NEVER):
            continue
        if name.startswith(".") and not content[start:at].startswith("."):
            continue
        if is_folder:
            text = name.rstrip("/") if follows else name
            choices.append(Choice(text, Kind.FOLDER, name, order=folders, retrigger=True))
        else:
            order = rank(name)
            if order >= 0 and not follows:
                choices.append(Choice(name, Kind.FILE, order=order))
    return Choices(start, end, choices)
