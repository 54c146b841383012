"""What analysis may know of the world outside the text.

Checks and features never touch the disk or the network: they ask `Facts`. A question that has no
answer yet is answered by None, nothing is reported, and it is noted in `Facts.wanted`; the edge
(`pyproject_ls.disk`, later the index and the resolver) answers what is wanted and analyses again.
Same text and same facts give the same findings.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Literal, NamedTuple, Union


class PathKind(Enum):
    """What a path is."""

    MISSING = "missing"
    FILE = "file"
    DIRECTORY = "directory"


# `about` keeps questions of different kinds about one path apart: equal tuples are equal


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


class FileText(NamedTuple):
    """The contents of a file; `text` is None where it cannot be read, and `error` says why."""

    text: str | None
    error: str = ""


Question = Union[PathAt, GlobMatches, TextOf, Listing]
Answer = Union[PathKind, bool, FileText, tuple[str, ...]]


class Facts:
    """Immutable answers, with a note of what was asked in vain.

    `answers` holds what is known. The note (`wanted`) and the record of what was used (`asked`) are
    the only things that change; they do not change any answer.
    """

    __slots__ = ("_answers", "asked", "wanted")

    def __init__(self, answers: Mapping[Question, Answer] | None = None) -> None:
        self._answers: Mapping[Question, Answer] = answers or {}
        self.asked: set[Question] = set()
        self.wanted: set[Question] = set()

    def path_kind(self, path: str) -> PathKind | None:
        """What is at `path`; None while unknown."""
        answer = self._ask(PathAt(path))
        return answer if isinstance(answer, PathKind) else None

    def glob_matches(self, pattern: str) -> bool | None:
        """Whether anything matches `pattern`; None while unknown."""
        answer = self._ask(GlobMatches(pattern))
        return answer if isinstance(answer, bool) else None

    def text_of(self, path: str) -> FileText | None:
        """The contents of the file at `path`; None while unknown."""
        answer = self._ask(TextOf(path))
        return answer if isinstance(answer, FileText) else None

    def listing(self, path: str) -> tuple[str, ...] | None:
        """The names in the folder `path`, folders with a "/" behind; None while unknown."""
        answer = self._ask(Listing(path))
        if isinstance(answer, tuple) and not isinstance(answer, FileText):
            return answer
        return None

    def with_answers(self, answers: Mapping[Question, Answer]) -> Facts:
        """New facts that know `answers` as well."""
        return Facts({**self._answers, **answers})

    def _ask(self, question: Question) -> Answer | None:
        self.asked.add(question)
        answer = self._answers.get(question)
        if answer is None:
            self.wanted.add(question)
        return answer
