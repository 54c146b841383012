"""Questions about files, and their answers."""

from __future__ import annotations

from enum import Enum
from typing import Literal, Union

from pyproject_ls.named import NamedTuple

# `about` keeps questions of different kinds about one path apart: equal tuples are equal


class PathKind(Enum):
    """What a path is."""

    MISSING = "missing"
    FILE = "file"
    DIRECTORY = "directory"


class PathAt(NamedTuple):
    """What is at `path` (relative to the project's folder, or absolute)? Answer: `PathKind`."""

    path: str
    about: Literal["kind"] = "kind"


class GlobMatches(NamedTuple):
    """Does any file or folder match the glob `pattern` below the project's folder? Answer: bool."""

    pattern: str
    about: Literal["glob"] = "glob"


class TextOf(NamedTuple):
    """What does the UTF-8 file at `path` hold? Answer: `FileText`."""

    path: str
    about: Literal["text"] = "text"


class Listing(NamedTuple):
    """Which files and folders are in the folder `path`? Answer: a tuple of names.

    Folders have a "/" behind their names. Folders that no project means (``.git``, virtual
    environments, caches) are left out; a folder that is not there or cannot be read has nothing.
    """

    path: str
    about: Literal["listing"] = "listing"


class InstalledPoetry(NamedTuple):
    """Which Poetry would lock the project? Answer: its version, "" where none is found."""

    about: Literal["installed-poetry"] = "installed-poetry"


class FileText(NamedTuple):
    """The contents of a file; `text` is None where it cannot be read, and `error` says why.

    `place` is the path of the file that counts instead of the one at the path of the question, ""
    if it is that: the ``uv.lock`` of the workspace, for its members.
    """

    text: str | None
    error: str = ""
    place: str = ""


FileQuestion = Union[PathAt, GlobMatches, TextOf, Listing, InstalledPoetry]
FileAnswer = Union[PathKind, bool, FileText, tuple[str, ...], str]

FILE_QUESTIONS = (PathAt, GlobMatches, TextOf, Listing, InstalledPoetry)
"""The same, for `isinstance`, which takes its time with a Union."""
