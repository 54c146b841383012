"""What indexes said, on disk: parsed records in an SQLite file that several servers share.

Everything in it can be fetched again, so nothing that happens to the file is an error: what is
damaged is set aside, and where nothing can be written the records live in memory. No credentials
come here: a key has the *name* under which they are kept, nothing more.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pyproject_ls.named import NamedTuple

SCHEMA = 2
"""Part of the file's name: versions of pyproject-ls that keep other things have another file."""

MAX_AGE = 90 * 24 * 3600
"""Seconds; what nobody fetched again for so long is dropped."""

MAX_BYTES = 200 * 2**20
"""The oldest records beyond this size are dropped."""

MAX_BYTES_IN_MEMORY = 32 * 2**20
BUSY = 1000
"""Milliseconds to wait for another process that writes."""

PRUNE_EVERY = 500
"""Records written between two looks at age and size."""

KEPT_BROKEN = 2
"""Damaged files that are kept for whoever wants to know what happened."""

_MEMORY = ":memory:"
_TABLE = """
CREATE TABLE IF NOT EXISTS records (
    kind TEXT NOT NULL, address TEXT NOT NULL, name TEXT NOT NULL, credentials TEXT NOT NULL,
    fetched REAL NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, record BLOB NOT NULL,
    size INTEGER NOT NULL,
    PRIMARY KEY (kind, address, name, credentials)
);
CREATE INDEX IF NOT EXISTS records_by_age ON records (fetched, size);
"""
_WHERE = "WHERE kind = ? AND address = ? AND name = ? AND credentials = ?"

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Key(NamedTuple):
    """What a record is about: its kind, the index's address, a name, where credentials were."""

    kind: str
    address: str
    name: str
    credentials: str = ""


class Stored(NamedTuple):
    """A record (JSON) and when it was true: seconds since 1970; `etag` and `modified` as sent."""

    fetched: float
    etag: str
    modified: str
    record: bytes


class Store:
    """The records in `folder`. Belongs to one thread, that of its first use. No method raises."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Callable[[], float] = time.time,
        max_bytes: int = MAX_BYTES,
        busy: int = BUSY,
    ) -> None:
        self.path = folder / f"packages-{SCHEMA}.sqlite"
        self._clock = clock
        self._max_bytes = max_bytes
        self._busy = busy
        self._database: sqlite3.Connection | None = None
        self._inode: int | None = None
        self._is_in_memory = False
        self._is_closed = False
        self._written = 0

    def get(self, key: Key) -> Stored | None:
        """The record of `key`."""
        query = f"SELECT fetched, etag, modified, record FROM records {_WHERE}"
        return self._do(lambda database: _stored(database.execute(query, key).fetchone()), None)

    def put(self, key: Key, stored: Stored) -> None:
        """Keep a record in the place of an earlier one."""
        row = (*key, *stored, len(stored.record))
        self._write("REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._written += 1
        if self._written % PRUNE_EVERY == 0:
            self._do(self._prune, None)

    def touch(self, key: Key, fetched: float) -> None:
        """Note that the record of `key` was still true at `fetched`."""
        self._write(f"UPDATE records SET fetched = ? {_WHERE}", (fetched, *key))

    def remove(self, key: Key) -> None:
        """Forget the record of `key`."""
        self._write(f"DELETE FROM records {_WHERE}", key)

    def close(self) -> None:
        """Close the file; whoever asks later finds nothing."""
        self._is_closed = True
        if self._database is not None:
            self._database.close()
            self._database = None

    # The file

    def _write(self, statement: str, values: tuple[object, ...]) -> None:
        self._do(lambda database: database.execute(statement, values), None)

    def _do(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """What `work` makes of the database; `otherwise` if it cannot be had.

        After a repair it is tried once more.
        """
        for _ in range(3):
            if self._is_closed:
                break
            try:
                return work(self._opened())
            except (sqlite3.Error, OSError) as error:
                if _is_busy(error):
                    logger.debug("the store of packages is busy")
                    break
                self._repair(error)
        return otherwise

    def _opened(self) -> sqlite3.Connection:
        if self._database is None:
            if self._is_in_memory:
                self._connect(_MEMORY)
            else:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._connect(str(self.path))
                self._inode = _inode(self.path)
        assert self._database is not None
        return self._database

    def _connect(self, path: str) -> None:
        database = sqlite3.connect(
            path, timeout=self._busy / 1000, isolation_level=None, check_same_thread=False
        )
        try:
            database.execute("PRAGMA auto_vacuum = INCREMENTAL")
            database.execute("PRAGMA journal_mode = WAL")
            # a crash of this process loses nothing; one of the machine the last records at most
            database.execute("PRAGMA synchronous = NORMAL")
            database.execute("PRAGMA journal_size_limit = 8388608")
            database.executescript(_TABLE)
            self._prune(database)
        except BaseException:
            database.close()
            raise
        self._database = database

    def _prune(self, database: sqlite3.Connection) -> None:
        now = self._clock()
        # what claims to be of the future would never be fetched again
        database.execute(
            "DELETE FROM records WHERE fetched < ? OR fetched > ?", (now - MAX_AGE, now + 3600)
        )
        limit = MAX_BYTES_IN_MEMORY if self._is_in_memory else self._max_bytes
        (size,) = database.execute("SELECT TOTAL(size) FROM records").fetchone()
        if size > limit:
            database.execute(
                """DELETE FROM records WHERE fetched <= (
                    SELECT MAX(fetched) FROM (
                        SELECT fetched, SUM(size) OVER (ORDER BY fetched DESC) AS newer FROM records
                    ) WHERE newer > ?)""",
                (limit,),
            )
            # `execute` would take one step, which is one page
            database.executescript("PRAGMA incremental_vacuum")

    # Repairs

    def _repair(self, error: Exception) -> None:
        """Make another database: a new file for a damaged one, else one in memory."""
        if self._database is not None:
            self._database.close()
            self._database = None
        if not self._is_in_memory and _is_damaged(error) and self._set_aside():
            return
        if not self._is_in_memory:
            logger.warning(
                "what indexes say cannot be kept on disk and is kept in memory: %s", error
            )
        self._is_in_memory = True

    def _set_aside(self) -> bool:
        """Rename the damaged file; whether there is room for a new one now."""
        try:
            if self._inode is not None and _inode(self.path) != self._inode:
                self._inode = None
                return True  # another process was faster
            self._inode = None
            broken = self.path.with_name(f"{self.path.name}.broken-{int(self._clock())}")
            for suffix in ("-wal", "-shm"):
                self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
            os.replace(self.path, broken)
            logger.warning("%s was damaged and has been set aside as %s", self.path, broken.name)
            older = sorted(self.path.parent.glob(f"{self.path.name}.broken-*"))[:-KEPT_BROKEN]
            for each in older:
                each.unlink(missing_ok=True)
        except OSError:
            return False
        return True


def _stored(row: tuple[float, str, str, bytes] | None) -> Stored | None:
    return Stored(*row) if row is not None else None


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


def _is_busy(error: Exception) -> bool:
    text = str(error)
    return isinstance(error, sqlite3.OperationalError) and ("locked" in text or "busy" in text)


def _is_damaged(error: Exception) -> bool:
    """Whether the file is no database, or none of ours (Python 3.10 tells no error codes)."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    text = str(error)
    if isinstance(error, sqlite3.OperationalError):
        return any(each in text for each in ("malformed", "no such", "no column", "columns but"))
    return not isinstance(error, (sqlite3.ProgrammingError, sqlite3.InterfaceError))
