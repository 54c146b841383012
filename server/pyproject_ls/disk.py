"""The edge to the file system: answers the questions that analysis had."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Mapping
from itertools import islice
from pathlib import Path

from pyproject_ls import config_files
from pyproject_ls.config import Settings
from pyproject_ls.facts import (
    FILE_QUESTIONS,
    Answer,
    ConfigOf,
    Facts,
    FileAnswer,
    FileQuestion,
    FileText,
    GlobMatches,
    InstalledPoetry,
    Listing,
    PathAt,
    PathKind,
    Question,
    TextOf,
)
from pyproject_ls.facts.resolution import Resolution, ResolutionOf
from pyproject_ls.facts.usage import USAGE_QUESTIONS
from pyproject_ls.globs import matches
from pyproject_ls.host import Snapshot
from pyproject_ls.project.locked import UV_LOCK

MAX_ROUNDS = 16
"""How often an analysis may want more; each round asks for what the last one made it look at, such
as the next file of a chain of configurations."""


MAX_BYTES = 32 * 2**20
"""Larger neighbours of a file are not read."""

MAX_NAMES = 2000
"""Of a larger folder only so many names are listed."""

SKIPPED = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        ".venv",
        ".tox",
        ".nox",
        ".mypy_cache",
        ".pytest_cache",
        ".ruff_cache",
        "__pycache__",
        "node_modules",
    }
)
"""Folders that are not listed: nothing in a pyproject.toml means them."""


def answer(root: Path, questions: Iterable[Question]) -> dict[Question, Answer]:
    """The answers to `questions` about files below (or relative to) the folder `root`.

    Never raises: what cannot be looked at is missing or unreadable. Questions about packages stay
    without an answer, and so does what has to be fetched.
    """
    found: dict[Question, Answer] = {}
    for each in questions:
        if isinstance(each, FILE_QUESTIONS):
            found[each] = _answer(root, each)
        elif isinstance(each, ConfigOf):
            answer = config_files.answer(root, each)
            if answer is not None:
                found[each] = answer
        elif isinstance(each, USAGE_QUESTIONS):
            from pyproject_ls import usage

            found[each] = usage.answer(root, each)
    return found


def analyse(
    text: str,
    root: Path,
    settings: Settings | None = None,
    facts: Facts | None = None,
    packages: Callable[[Collection[Question]], Mapping[Question, Answer]] | None = None,
    resolve: Callable[[Snapshot], Resolution] | None = None,
) -> Snapshot:
    """A snapshot of `text`, in the folder `root`, with all facts that it wants from the disk.

    `packages` answers what it wants to know of packages, `resolve` whether its dependencies fit
    together; without them nothing is known of that.
    """
    snapshot = Snapshot(text, facts, settings)
    for _ in range(MAX_ROUNDS):
        snapshot.findings  # noqa: B018  (computing them is what notes the wants)
        new = answer(root, snapshot.facts.wanted)
        if packages is not None:
            new.update(packages(snapshot.facts.wanted))
        if not new and resolve is not None:  # when all is known that decides which tool is used
            wanted = [each for each in snapshot.facts.wanted if isinstance(each, ResolutionOf)]
            new.update((each, resolve(snapshot)) for each in wanted)
        if not new:
            break
        facts = snapshot.facts.with_answers(new)
        snapshot = Snapshot(text, facts, settings, previous=snapshot)
    return snapshot


def _answer(root: Path, question: FileQuestion) -> FileAnswer:
    try:
        if isinstance(question, PathAt):
            return _kind(place_of(root, question.path))
        if isinstance(question, GlobMatches):
            return matches(str(root), question.pattern)
        if isinstance(question, Listing):
            return _names(root / question.path)
        if isinstance(question, InstalledPoetry):
            return _installed_poetry(root)
        assert isinstance(question, TextOf)
        place = place_of(root, question.path)
        return _read(place)._replace(place=_elsewhere(root, question.path, place))
    except (OSError, ValueError):  # a name too long, a NUL byte in it
        if isinstance(question, PathAt):
            return PathKind.MISSING
        if isinstance(question, Listing):
            return ()
        if isinstance(question, InstalledPoetry):
            return ""
        return False if isinstance(question, GlobMatches) else FileText(None, "it cannot be read")


def _installed_poetry(root: Path) -> str:
    from pyproject_ls.installed import installed_poetry

    return installed_poetry(root, os.environ)


def place_of(root: Path, path: str) -> Path:
    """Where the file is that counts as `path` in the folder `root`.

    For a member of a uv workspace that is the workspace's lock file.
    """
    place = root / path
    if path != UV_LOCK or place.exists():
        return place
    from pyproject_ls.uv_members import workspace_root

    home = workspace_root(root)
    return place if home == root else home / path


def _elsewhere(root: Path, path: str, place: Path) -> str:
    """`place` as seen from `root`, "" if it is where `path` says."""
    if path != UV_LOCK or place == root / path:
        return ""
    return Path(os.path.relpath(place, os.path.realpath(root))).as_posix()


def _kind(path: Path) -> PathKind:
    if path.is_dir():
        return PathKind.DIRECTORY
    return PathKind.FILE if path.exists() else PathKind.MISSING


def _names(path: Path) -> tuple[str, ...]:
    """The names in a folder, sorted, those of folders with a "/" behind."""
    found: list[str] = []
    with os.scandir(path) as entries:
        for entry in islice(entries, MAX_NAMES):
            if entry.name in SKIPPED:
                continue
            try:
                is_folder = entry.is_dir()
            except OSError:  # a link that leads to itself
                is_folder = False
            found.append(f"{entry.name}/" if is_folder else entry.name)
    return tuple(sorted(found))


def _read(path: Path) -> FileText:
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            return FileText(None, "it is not a regular file")
        if state.st_size > MAX_BYTES:
            return FileText(None, f"it is larger than {MAX_BYTES // 2**20} MB")
        return FileText(path.read_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        return FileText(None, f"byte {error.start} is not UTF-8")
    except OSError as error:
        return FileText(None, error.strerror or "it cannot be read")
