"""Files of the command line: finding, reading whatever they hold, writing back."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.run import plan_for
from pyproject_ls.checks.syntax import INVALID_UTF_8, undecodable
from pyproject_ls.config import Settings
from pyproject_ls.named import NamedTuple

FILE_NAME = "pyproject.toml"

MAX_BYTES = 64 * 1024 * 1024
"""Larger files are not read: they are no ``pyproject.toml``, and a device may never end."""

BINARY_HEAD = 8192
"""How many bytes are searched for a NUL, which no text has."""

SKIPPED_FOLDERS = frozenset(
    (
        *(".bzr", ".cache", ".direnv", ".eggs", ".git", ".hatch", ".hg", ".jj", ".mypy_cache"),
        *(".nox", ".pixi", ".pytest_cache", ".ruff_cache", ".svn", ".tox", ".venv"),
        *("__pycache__", "__pypackages__", "buck-out", "build", "dist", "node_modules"),
        *("site-packages", "venv"),
    )
)
"""Folders in which a search does not look: copies, caches and installed packages."""


class FileError(Exception):
    """A file or folder cannot be used; the message says why, without its name."""


class Source(NamedTuple):
    """What a file holds. Where it is not UTF-8, `text` has U+FFFD for the bytes that are wrong."""

    text: str
    problem: BadByte | None = None


class BadByte(NamedTuple):
    """The first byte that is not UTF-8: the offset of its character in the text, and what it is."""

    character: int
    reason: str


def nearest(folder: str) -> str | None:
    """The ``pyproject.toml`` in `folder` or in the nearest folder above it."""
    folder = os.path.abspath(folder)
    while True:
        path = os.path.join(folder, FILE_NAME)
        if os.path.isfile(path):
            return path
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def search(folder: str) -> Iterator[str | tuple[str, FileError]]:
    """Every ``pyproject.toml`` below `folder`, by name, and the folders that cannot be read.

    Symbolic links to folders are not followed; `SKIPPED_FOLDERS` and virtual environments (they
    hold a ``pyvenv.cfg``) are left out.
    """
    waiting = [top := folder]
    while waiting:
        folder = waiting.pop()
        try:
            with os.scandir(folder) as entries:
                below = sorted(entries, key=lambda entry: entry.name)
        except OSError as error:
            yield folder, FileError(_why(error))
            continue
        names = {entry.name for entry in below}
        if "pyvenv.cfg" in names and folder != top:
            continue
        if FILE_NAME in names:
            path = os.path.join(folder, FILE_NAME)
            if not os.path.isdir(path):  # a broken link is reported when it is read
                yield path
        waiting += [
            os.path.join(folder, entry.name)
            for entry in reversed(below)
            if entry.name not in SKIPPED_FOLDERS
            and not entry.name.endswith(".egg-info")
            and entry.is_dir(follow_symlinks=False)
        ]


def read_bytes(path: str) -> bytes:
    """The bytes of the file at `path`. Raises FileError."""
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        raise FileError(_why(error)) from error
    if len(data) > MAX_BYTES:
        raise FileError(f"it is larger than {MAX_BYTES // 2**20} MB")
    return data


def read_source(path: str) -> Source:
    """The text of the file at `path`, whatever its bytes are. Raises FileError."""
    return decode(read_bytes(path))


def decode(data: bytes) -> Source:
    """`data` as text. A byte order mark stays in the text, and so do all line ends."""
    try:
        return Source(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        at = error.start
        character = len(data[:at].decode("utf-8"))
        if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
            reason = "it is UTF-16"
        else:
            reason = f"byte {at} is 0x{data[at]:02x}"
            if b"\0" in data[:BINARY_HEAD]:
                reason += ", and it looks like a binary file"
        return Source(data.decode("utf-8", "replace"), BadByte(character, reason))


def decoding_findings(source: Source, settings: Settings) -> list[Finding]:
    """What is wrong with a file that is not UTF-8: one finding, unless its rule is off."""
    severity = plan_for(settings).severities.get(INVALID_UTF_8.code)
    problem = source.problem
    if severity is None or problem is None:
        return []
    return [undecodable(problem.character, problem.reason)._replace(severity=severity)]


def write(path: str, text: str) -> None:
    """Replace the file at `path` by `text`, wholly or not at all. Raises FileError.

    Its permissions stay, and a symbolic link stays a link. Nothing is written over a file that may
    not be written to, although its folder would allow it.
    """
    import contextlib
    import tempfile

    path = os.path.realpath(path)
    temporary = ""
    try:
        before = os.stat(path)
        if not stat.S_ISREG(before.st_mode):
            raise FileError("it is not a regular file, and cannot be fixed")
        if not os.access(path, os.W_OK):
            raise FileError("it is read-only")
        data = text.encode("utf-8")
        number, temporary = tempfile.mkstemp(
            prefix=f".{os.path.basename(path)}.", dir=os.path.dirname(path)
        )
        with open(number, "wb") as file:
            file.write(data)
        os.chmod(temporary, stat.S_IMODE(before.st_mode))
        if hasattr(os, "chown") and os.stat(temporary).st_uid != before.st_uid:
            with contextlib.suppress(OSError):
                os.chown(temporary, before.st_uid, before.st_gid)
        os.replace(temporary, path)
    except (OSError, ValueError) as error:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
        raise FileError(_why(error)) from error


def _why(error: Exception) -> str:
    """The reason of an error of the operating system, as the rest of a sentence."""
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return reason[:1].lower() + reason[1:] if reason else type(error).__name__
