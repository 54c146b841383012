"""Which files a command line means."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Iterator

from pyproject_ls.cli import UsageError
from pyproject_ls.files import FILE_NAME, nearest, search
from pyproject_ls.named import NamedTuple
from pyproject_ls.report import Failure

STDIN = "-"
STDIN_NAME = "<stdin>"


class Input(NamedTuple):
    """A text to check: its name in reports, where it belongs, whether it comes from stdin."""

    name: str
    path: str
    is_stdin: bool = False


def inputs(options: argparse.Namespace) -> Iterator[Input | Failure]:
    """What to check, each file once, in a fixed order. Raises UsageError."""
    if options.changed_since is not None:
        from pyproject_ls.checking.changed import changed_projects

        yield from _named(changed_projects(options.changed_since, options.paths or [os.curdir]))
        return
    if not options.paths:
        path = nearest(os.curdir)
        if path is None:
            raise UsageError(f"there is no {FILE_NAME} in this folder or in one above it")
        yield Input(relative(path), path)
        return
    seen: set[str] = set()
    for given in options.paths:
        for found in _below(given, options.stdin_filename):
            key = STDIN if isinstance(found, Input) and found.is_stdin else found.path
            key = os.path.abspath(key) if key != STDIN else key
            if key not in seen:
                seen.add(key)
                yield found


def _named(paths: Iterable[str]) -> Iterator[Input]:
    return (Input(relative(path), path) for path in paths)


def _below(given: str, stdin_name: str | None) -> Iterator[Input | Failure]:
    if given == STDIN:
        yield Input(stdin_name or STDIN_NAME, stdin_name or FILE_NAME, is_stdin=True)
        return
    if not os.path.isdir(given):
        yield Input(given, given)
        return
    empty = True
    for found in search(given):
        empty = False
        if isinstance(found, tuple):
            yield Failure(os.path.normpath(found[0]), str(found[1]))
        else:
            yield Input(os.path.normpath(found), found)
    if empty:
        yield Failure(given, f"there is no {FILE_NAME} in this folder or below it")


def relative(path: str) -> str:
    """`path` as seen from the present folder, if it can be."""
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive
        return path
