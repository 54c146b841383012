"""The file with all names of an index: sorted, mapped into memory, and searched by bisection.

A list is ``names-<key>-<serial>.txt``: a header with its size, then a line for each name, sorted by
the normalised name (PEP 503). A line is the normalised name and, where the index spells it
otherwise, a tab and the index's spelling. Nothing of it is copied into the process; the system
shares the pages among all servers.

A file is never changed: a newer list is a file of its own, the highest serial counts, and older
files are removed as soon as the system allows it (Windows does not while somebody maps them).
"""

from __future__ import annotations

import contextlib
import hashlib
import mmap
import os
import re
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyproject_ls.lazy import lazy_pattern

MAX_NAME = 200
"""Longer names are dropped: no project has one."""

NAME = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
"""A name of a project (PEP 508); to be matched as a whole."""

NORMAL = lazy_pattern(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""A normalised one (PEP 503)."""

_HEADER = re.compile(rb"#names 1 ([0-9]{10}) ([0-9]{12})\n")
_LINE = re.compile(rb"[a-z0-9]+(?:-[a-z0-9]+)*(?:\t[A-Za-z0-9._-]+)?")
_FILE = lazy_pattern(r"names-([0-9a-f]{16})-([0-9]{1,20})\.txt")
_SAMPLES = 32
_ATTEMPTS = 4
_BATCH = 10_000
ABANDONED = 3600.0
"""Seconds after which a file that was being written is not going to be finished."""


class BrokenListError(Exception):
    """A file is no list of names, or only a part of one."""


class SortedNames:
    """An open list of `count` names. Raises OSError or BrokenListError if `path` cannot be one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with open(path, "rb") as file:
            self.fetched = os.fstat(file.fileno()).st_mtime
            """When the index was last asked: seconds since 1970."""
            try:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            except ValueError as error:
                raise BrokenListError("it is empty") from error
        try:
            self._start, self.count = self._check_header()
            self._end = len(self._bytes)
            self._check_samples()
        except BrokenListError:
            self._bytes.close()  # Windows would not let it be set aside
            raise

    def is_newest(self) -> bool:
        """Whether this is still the newest list of its index; also looks when it was confirmed."""
        path = newest(self.path.parent, self.path.name.split("-")[1])
        if path != self.path:
            return False
        with contextlib.suppress(OSError):
            self.fetched = path.stat().st_mtime
        return True

    def beginning(self, prefix: str) -> Iterator[tuple[str, str]]:
        """Names that begin with `prefix`, sorted: normalised, and as the index spells them."""
        wanted = prefix.encode("ascii", "replace")
        position = self._first(wanted)
        while position < self._end:
            end = self._bytes.find(b"\n", position)
            line = self._bytes[position:end]
            if not line.startswith(wanted):
                return
            position = end + 1
            if _LINE.fullmatch(line) is not None:  # the samples may have missed damage
                normal, _, spelling = line.decode("ascii").partition("\t")
                yield normal, spelling or normal

    def spelling(self, name: str) -> str | None:
        """How the index spells the normalised `name`; None if it has no such project."""
        for normal, spelling in self.beginning(name):
            return spelling if normal == name else None
        return None

    def _first(self, wanted: bytes) -> int:
        """Where the first line stands that is not before `wanted`."""
        low, high = self._start, self._end
        names = self._bytes
        while low < high:
            begin = names.rfind(b"\n", low - 1, (low + high) // 2) + 1
            end = names.find(b"\n", begin)
            if names[begin:end] < wanted:
                low = end + 1
            else:
                high = begin
        return low

    def _check_header(self) -> tuple[int, int]:
        """Where the first line begins, and how many there are."""
        header = _HEADER.match(self._bytes)
        if header is None:
            raise BrokenListError("it has no header")
        if len(self._bytes) - header.end() != int(header[2]):
            raise BrokenListError("it is cut off")
        return header.end(), int(header[1])

    def _check_samples(self) -> None:
        """Look at a few places: are there lines, and are they in order."""
        names, step = self._bytes, max(1, (self._end - self._start) // _SAMPLES)
        if self._end > self._start and names[self._end - 1 :] != b"\n":
            raise BrokenListError("its last line is cut off")
        last = b""
        for near in range(self._start, self._end, step):
            begin = names.rfind(b"\n", self._start - 1, near) + 1
            end = names.find(b"\n", begin, begin + 2 * MAX_NAME + 2)
            line = names[begin:end] if end >= 0 else b""
            if _LINE.fullmatch(line) is None or line < last:
                raise BrokenListError("its lines are not sorted names")
            last = line


def key_of(url: str) -> str:
    """What stands for the index at `url` in names of files."""
    return hashlib.sha256(f"{url.rstrip('/')}/".encode()).hexdigest()[:16]


def newest(folder: Path, key: str) -> Path | None:
    """The newest list of an index; None if there is none."""
    lists = _lists(folder, key)
    return lists[-1][1] if lists else None


def newest_sound(folder: Path, key: str) -> Path | None:
    """The newest list of an index that is no broken one; broken ones are set aside."""
    names = open_newest(folder, key)
    return names.path if names is not None else None


def open_newest(folder: Path, key: str) -> SortedNames | None:
    """The newest list of an index, open; broken ones are set aside."""
    for _ in range(_ATTEMPTS):
        path = newest(folder, key)
        if path is None:
            return None
        try:
            return SortedNames(path)
        except BrokenListError:
            set_aside(path)
        except OSError:  # just removed, perhaps: there is a newer one
            continue
    return None


def notes_of(path: Path) -> Path:
    """The file beside a list that says how the index may be asked whether there is news."""
    return path.with_suffix(".json")


def set_aside(path: Path) -> None:
    """Let a broken list count no more; the last one is kept for whoever wonders."""
    with contextlib.suppress(OSError):
        os.replace(path, path.with_name(f"{path.stem.rpartition('-')[0]}.broken"))


def write(folder: Path, key: str, names: Iterable[tuple[str, str]]) -> tuple[Path, int]:
    """Make a new list of `names` (normalised, and as spelled); where it is, and its length.

    Of two that differ only in spelling one is kept. What is not finished never counts. Raises
    OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = [normal if normal == name else f"{normal}\t{name}" for normal, name in names]
    lines.sort()  # a tab sorts before all that names consist of
    lines = list(_distinct(lines))
    last = _lists(folder, key)
    serial = max(int(time.time()), last[-1][0] + 1 if last else 0)
    path = folder / f"names-{key}-{serial}.txt"
    write_whole(path, _file_of(lines))
    return path, len(lines)


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write a file so that it is there as a whole or not at all. Raises OSError."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}.tmp")
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with open(descriptor, "wb") as file:
            file.writelines(pieces)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def remove_older(folder: Path, key: str) -> None:
    """Remove all lists of an index but the newest one, and what was left half-written."""
    lists = _lists(folder, key)
    for _, path in lists[:-1]:
        with contextlib.suppress(OSError):
            path.unlink()
            notes_of(path).unlink()
    for path in folder.glob(f".names-{key}-*.tmp"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > ABANDONED:
                path.unlink()


def _lists(folder: Path, key: str) -> list[tuple[int, Path]]:
    """The lists of an index with their serials, the newest last."""
    found = []
    with contextlib.suppress(OSError):
        for name in os.listdir(folder):
            match = _FILE.fullmatch(name)
            if match is not None and match[1] == key:
                found.append((int(match[2]), folder / name))
    return sorted(found)


def _distinct(lines: Iterable[str]) -> Iterator[str]:
    last = ""
    for line in lines:
        name = line.partition("\t")[0]
        if name != last:
            yield line
        last = name


def _file_of(lines: list[str]) -> Iterator[bytes]:
    size = sum(map(len, lines)) + len(lines)
    yield b"#names 1 %010d %012d\n" % (len(lines), size)
    for start in range(0, len(lines), _BATCH):
        yield "".join([f"{line}\n" for line in lines[start : start + _BATCH]]).encode("ascii")
