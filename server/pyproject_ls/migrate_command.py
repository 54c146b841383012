"""The command ``migrate``: a file from Poetry 1's tables to the standard's, or why not."""

from __future__ import annotations

import argparse
import os
import sys

from pyproject_ls.checking.output import has_colour
from pyproject_ls.cli import FOUND, OK, UNUSABLE, UsageError, complain
from pyproject_ls.features.migrate import Migration, MigrationRefused
from pyproject_ls.features.migrate import migrate as migration_of
from pyproject_ls.files import FILE_NAME, FileError, decode, nearest, read_bytes, write
from pyproject_ls.host import Snapshot
from pyproject_ls.text import apply_edits


def migrate(options: argparse.Namespace) -> int:
    """Run ``pyproject-ls migrate``; the exit status. Raises UsageError."""
    path = _path(options.path)
    name = os.path.relpath(path) if options.path is None else path
    try:
        source = decode(read_bytes(path))
        if source.problem is not None:
            raise FileError(f"it is not UTF-8: {source.problem.reason}")
        snapshot = Snapshot(source.text)
        migration = _migration(snapshot)
        after = apply_edits(source.text, migration.edits)
        if after == source.text:
            complain(f"{name}: there is nothing to migrate")
        elif options.diff:
            from pyproject_ls.report.diff import unified

            colour = has_colour(options.color, sys.stdout)
            escape = sys.stdout.isatty()
            sys.stdout.write(unified(name, source.text, after, colour=colour, escape=escape))
        else:
            write(path, after)
            complain(f"{name}: migrated")
        sys.stdout.flush()
        _tell(name, snapshot, migration)
    except MigrationRefused as refusal:
        complain(f"{name}: not migrated: {refusal}")
        return FOUND
    except FileError as error:
        complain(f"{name}: {error}")
        return UNUSABLE
    return OK


def _path(given: str | None) -> str:
    if given is None:
        path = nearest(os.curdir)
        if path is None:
            raise UsageError(f"there is no {FILE_NAME} in this folder or in one above it")
        return path
    return os.path.join(given, FILE_NAME) if os.path.isdir(given) else given


def _migration(snapshot: Snapshot) -> Migration:
    try:
        return migration_of(snapshot)
    except MigrationRefused:
        raise
    except Exception as error:
        if os.environ.get("PYPROJECT_LS_DEBUG"):
            raise
        raise FileError(
            f"internal error ({type(error).__name__}: {error}); this is a bug of pyproject-ls"
        ) from error


def _tell(name: str, snapshot: Snapshot, migration: Migration) -> None:
    for note in migration.notes:
        line = "" if note.span is None else f":{snapshot.lines.position(note.span.start)[0] + 1}"
        complain(f"{name}{line}: note: {note.message}")
