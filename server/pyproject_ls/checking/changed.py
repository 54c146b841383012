"""Which projects have changed since a revision of the Git repository they lie in."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator

from pyproject_ls.cli import UsageError
from pyproject_ls.files import nearest, search

POLICY_FILE = "pyproject-ls.toml"
"""A change of it concerns all projects below its folder."""

PATIENCE = 60.0
"""Seconds that git may take."""


def changed_projects(revision: str, given: Iterable[str]) -> list[str]:
    """The ``pyproject.toml`` files at or below the paths `given` whose project has changed.

    A project has changed when any file in its folder differs from `revision`, is new or is gone,
    committed or not: what is found in a ``pyproject.toml`` depends on its neighbours, too. Files
    that Git ignores do not count. Raises UsageError where git cannot tell.
    """
    found: dict[str, None] = {}
    for path in given:
        folder = os.path.abspath(path if os.path.isdir(path) else os.path.dirname(path) or ".")
        wanted = None if os.path.isdir(path) else os.path.abspath(path)
        for project in _projects_of(_changed_files(revision, folder), folder):
            if wanted is None or project == wanted:
                found[project] = None
    return sorted(found)


def _changed_files(revision: str, folder: str) -> Iterator[str]:
    """The changed files of the repository around `folder`, which may be gone."""
    if revision.startswith("-"):
        raise UsageError(f"--changed-since {revision}: this is no revision")
    top = _git(folder, "rev-parse", "--show-toplevel").rstrip("\n")
    changed = _git(top, "diff", "--name-only", "--no-renames", "-z", f"{revision}^{{commit}}", "--")
    unknown = _git(top, "ls-files", "--others", "--exclude-standard", "-z")
    for name in f"{changed}{unknown}".split("\0"):
        if name:
            yield os.path.join(top, name)


def _git(folder: str, *arguments: str) -> str:
    command = ["git", "-C", folder, *arguments]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)
    except FileNotFoundError:
        raise UsageError("--changed-since needs git, which is not on the PATH") from None
    except (OSError, subprocess.SubprocessError) as error:
        raise UsageError(f"--changed-since: git cannot be run: {error}") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise UsageError(f"--changed-since: git says: {said[-1] if said else 'nothing'}")
    return os.fsdecode(done.stdout)


def _projects_of(changed: Iterable[str], folder: str) -> Iterator[str]:
    """The projects below `folder` that `changed` files belong to, or whose policy changed."""
    folder = os.path.realpath(folder)
    nearest_of: dict[str, str | None] = {}
    for path in changed:
        home = os.path.dirname(path)
        if os.path.basename(path) == POLICY_FILE:
            yield from _below(home, folder)
        elif _is_in(home, folder):
            if home not in nearest_of:
                nearest_of[home] = nearest(home)
            project = nearest_of[home]
            if project is not None and _is_in(project, folder):
                yield project


def _below(home: str, folder: str) -> Iterator[str]:
    """The projects that the policy in the folder `home` governs, as far as they are in `folder`."""
    top = home if _is_in(home, folder) else folder
    if _is_in(top, home) and os.path.isdir(top):
        yield from (each for each in search(top) if isinstance(each, str))


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(os.path.join(folder, ""))
