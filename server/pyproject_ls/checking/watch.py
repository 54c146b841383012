"""Checking again whenever a file has changed, until somebody interrupts it."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator

from pyproject_ls.checking.inputs import Input, inputs
from pyproject_ls.cli import OK, UsageError, complain

PAUSE = 0.5
"""Seconds between looks at the files."""

_NEIGHBOURS = (
    *("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml", "poetry.toml", "uv.toml"),
    *("README", "README.md", "README.rst", "README.txt", "LICENSE", "pyproject-ls.toml"),
)
"""What beside a ``pyproject.toml`` decides what is found in it, among others."""

_CLEAR = "\x1b[2J\x1b[H"

State = dict[str, tuple[int, int]]


def watch(options: argparse.Namespace, check: Callable[[], int]) -> int:
    """Call `check` at once and whenever the files of `options` change; OK when interrupted.

    A usage error ends it at the first check only: later ones may come from a file that somebody is
    about to write.
    """
    known: State | None = None
    try:
        while True:
            if known is None or _state(options) != known:
                _check_again(check, is_first=known is None)
                known = _state(options)  # after the check, which may have fixed files
            time.sleep(PAUSE)
    except KeyboardInterrupt:
        return OK


def _check_again(check: Callable[[], int], *, is_first: bool) -> None:
    if sys.stdout.isatty():
        sys.stdout.write(_CLEAR)
    try:
        check()
    except UsageError as error:
        if is_first:
            raise
        complain(str(error))
    sys.stdout.write("Watching for changes; Ctrl-C ends it\n")
    sys.stdout.flush()


def _state(options: argparse.Namespace) -> State:
    """When each file was changed, and how long it is; what is not there is left out."""
    found: State = {}
    for path in _watched(options):
        try:
            file = os.stat(path)
        except OSError:
            continue
        found[path] = file.st_mtime_ns, file.st_size
    return found


def _watched(options: argparse.Namespace) -> Iterator[str]:
    try:
        for each in inputs(options):
            if isinstance(each, Input):
                folder = os.path.dirname(each.path)
                yield from (each.path, *(os.path.join(folder, name) for name in _NEIGHBOURS))
    except UsageError:  # the only file is gone, and may come back
        return
