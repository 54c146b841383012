"""Reading and replacing a lock file: whole or not at all, and never over somebody else's work."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path
from types import TracebackType

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.locked import LOCK_FILES
from pyproject_ls.resolver.backend import ToolName
from pyproject_ls.toml import parse

MAX_BYTES = 64 * 2**20
"""A larger file is no lock file that a tool wrote."""


class LockFileError(Exception):
    """The lock file cannot be read or written; the message is a sentence for a person."""


def lock_path(tool: ToolName, folder: Path) -> Path:
    """Where the lock file of the project in `folder` is, which may not be there.

    A member of a uv workspace has none of its own: that of the workspace counts.
    """
    if tool == "uv":
        from pyproject_ls.resolver.uv_workspace import workspace_root

        folder = workspace_root(folder)
    return folder / LOCK_FILES[tool]


class Present(NamedTuple):
    """A lock file as it is: its bytes, None where there is none; its text, None if not UTF-8."""

    data: bytes | None
    text: str | None

    @property
    def usable(self) -> str | None:
        """The text to start from; None where no tool could read it (a merge conflict in it)."""
        return self.text if self.text is not None and not parse(self.text).problems else None


def read(path: Path) -> Present:
    """What is at `path`. Raises LockFileError where that cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return Present(None, None)
    except OSError as error:
        raise LockFileError(f"`{path.name}` cannot be read: {_why(error)}.") from error
    if len(data) > MAX_BYTES:
        raise LockFileError(
            f"`{path.name}` is too large for a lock file; delete it and lock again."
        )
    try:
        return Present(data, data.decode("utf-8"))
    except UnicodeDecodeError:
        return Present(data, None)


class Replacement:
    """A new text for a lock file, safe on the disk beside it; nothing has changed yet.

    `old` is what it replaces. Used as a context manager: what was not committed at the end is
    thrown away. Raises LockFileError where there is no room, or no right to write.
    """

    def __init__(self, path: Path, text: str, old: Present) -> None:
        # a link stays a link: what it leads to is replaced
        self._path = Path(os.path.realpath(path))
        self._name = path.name
        self._old = old
        self._temporary: Path | None = self._write(text)

    def _write(self, text: str) -> Path:
        descriptor = -1
        name = ""
        try:
            descriptor, name = tempfile.mkstemp(
                prefix=f".{self._name}.", suffix=".new", dir=self._path.parent
            )
            with os.fdopen(descriptor, "wb") as file:
                file.write(text.encode("utf-8"))
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, self._mode())
        except OSError as error:
            if name:
                with contextlib.suppress(OSError):
                    os.unlink(name)
            raise LockFileError(f"`{self._name}` cannot be written: {_why(error)}.") from error
        return Path(name)

    def _mode(self) -> int:
        try:
            return self._path.stat().st_mode & 0o777
        except OSError:
            umask = os.umask(0)
            os.umask(umask)
            return 0o666 & ~umask

    def commit(self) -> None:
        """Put the new text in place. Raises LockFileError if another one is there meanwhile."""
        if self._temporary is None:
            return
        if read(self._path) != self._old:
            raise LockFileError(
                f"`{self._name}` was changed by another program meanwhile; it was left as it is."
            )
        try:
            os.replace(self._temporary, self._path)
        except OSError as error:
            raise LockFileError(f"`{self._name}` cannot be replaced: {_why(error)}.") from error
        self._temporary = None

    def __enter__(self) -> Replacement:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._temporary is not None:
            with contextlib.suppress(OSError):
                self._temporary.unlink()
            self._temporary = None


def _why(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
