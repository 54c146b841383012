"""Questions about what a project's own files use of its dependencies, and the answers."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum
from typing import Literal, Union

from pyproject_ls.named import NamedTuple


class ImportsOf(NamedTuple):
    """Which modules do the project's own Python files import? Answer: `Imports`.

    `roots` are folders that may hold modules of the project besides its own folder and ``src``.
    """

    roots: tuple[str, ...] = ()
    about: Literal["imports"] = "imports"


class MentionsOf(NamedTuple):
    """Which of `words` does the project mention? Answer: `Mentions`.

    What counts are the strings of Python files, and files of configuration; not prose, and not
    lists of dependencies.
    """

    words: tuple[str, ...]
    about: Literal["mentions"] = "mentions"


class InstalledIn(NamedTuple):
    """Which modules have the packages of the project's environment? Answer: `Installed`.

    That is the one in its folder, else the active one.
    """

    about: Literal["installed"] = "installed"


class UseKind(IntEnum):
    """How a module is imported."""

    NEEDED = 0
    """By code that runs for users, so that it fails without the module."""
    LATER = 1
    """The same, but only when a function is called."""
    OPTIONAL = 2
    """By such code, but only under a condition, or where it is there."""
    ASIDE = 3
    """By tests, documentation, scripts and notebooks; or for types, or only a part of it if any."""
    OWN = 4
    """There is a module of this name in the project, which may well be meant."""


class Use(NamedTuple):
    """That a file imports `module`: its top-level name, in full below shared namespaces.

    `path` is relative to the project's folder, with slashes; `line` counts from 1.
    """

    module: str
    kind: UseKind
    path: str
    line: int


class Imports(NamedTuple):
    """One use for each kind of each module, in the order of the names.

    `complete` is False where there was more than is looked at; `has_code` where any file was read.
    """

    uses: tuple[Use, ...] = ()
    complete: bool = True
    has_code: bool = False


class Mentions(NamedTuple):
    """Those of the words that were found; all of them where there was too much to look at."""

    words: frozenset[str]


class Installed(NamedTuple):
    """The importable modules of each package by its normalised name; empty where none is known."""

    modules: Mapping[str, tuple[str, ...]]


UsageQuestion = Union[ImportsOf, MentionsOf, InstalledIn]
UsageAnswer = Union[Imports, Mentions, Installed]

USAGE_QUESTIONS = (ImportsOf, MentionsOf, InstalledIn)
"""The same, for `isinstance`."""
