"""A shadow of a project: a folder in which a tool may lock another text than the project's own.

The shadow has links to all that is in the project, and a `pyproject.toml` and a lock file of its
own. What the text names above the project (``../lib``) is linked at the same distance. Nothing is
ever written into the project, except by builds of path dependencies that write beside themselves,
as they do whenever their tool locks.

Poetry resolves links before it writes the path of a dependency into the lock file, so the paths are
those seen from the shadow (``poetry/packages/locker.py``): `Shadow.outwards` turns them around,
which gives the bytes that Poetry would have written in the project. uv keeps paths as they are
written, and needs none of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import posixpath
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType, TracebackType

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.resolver.running import to_the_end

MANIFEST = "pyproject.toml"

_PATH = lazy_pattern(r"[^;:@='\"#,\[\]{}\n]+")
"""What may be a path, wherever it stands in a text: in a string, or behind the @ of one."""

_SOURCE = lazy_pattern(
    r'(?P<before>^\[package\.source\]\r?\ntype = "(?:directory|file)"\r?\nurl = ")'
    r'(?P<path>[^"\\\r\n]*)(?=")',
    re.MULTILINE,
)
"""Where Poetry's lock file has the path of a dependency."""

_LEFT_OUT = frozenset({".venv"})
"""What no tool needs to lock, and what it must not change."""


class ShadowError(Exception):
    """The shadow cannot be made; the message is a sentence for a person."""


class Shadow:
    """A shadow of the project in `project` as a context manager.

    `texts` are the texts of `MANIFEST` files in it, by their path from `project` with "/"
    (``pyproject.toml`` is the project's own); `lock_name` is the lock file's name, `lock` its text,
    None for none. `others` are further texts, by their path, that may name what is above the
    project. Work that blocks: for a thread. Raises ShadowError.
    """

    def __init__(
        self,
        project: Path,
        texts: Mapping[str, str],
        lock_name: str,
        lock: str | None,
        others: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._project = Path(os.path.realpath(project))
        self._texts = texts
        self._others = others
        self._lock_name = lock_name
        self._lock = lock
        self._scratch: Path | None = None
        self.folder = self._project
        """Where the tool has to run."""

    @property
    def scratch(self) -> Path:
        """A folder for what the tool writes on its way; it goes with the shadow."""
        assert self._scratch is not None
        return self._scratch / "scratch"

    @property
    def lock_path(self) -> Path:
        """The lock file of the shadow."""
        return self.folder / self._lock_name

    def __enter__(self) -> Shadow:
        try:
            self._scratch = Path(os.path.realpath(tempfile.mkdtemp(prefix="pyproject-ls-")))
            self.scratch.mkdir()
            self._make()
        except (OSError, ValueError) as error:
            self.close()
            why = getattr(error, "strerror", None) or str(error)
            raise ShadowError(
                f"No temporary folder can be made to lock in: {str(why).lower()}."
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Take it away."""
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def lock_text(self) -> str | None:
        """The text of its lock file as it is now; None where there is none. Raises OSError."""
        try:
            return self.lock_path.read_bytes().decode("utf-8")
        except FileNotFoundError:
            return None

    def outwards(self, lock: str) -> str:
        """Poetry's lock file `lock` of the shadow as it would be in the project."""
        return _with_paths(lock, lambda path: _moved(path, self.folder, self._project))

    def _inwards(self, lock: str) -> str:
        return _with_paths(lock, lambda path: _moved(path, self._project, self.folder))

    def _make(self) -> None:
        assert self._scratch is not None
        wanted = sorted({*_above(self._others), *_above(self._texts)})
        height = max((ups for ups, _ in wanted), default=0)
        # the folders above the project that paths lead through have the same names here
        ancestors = self._project.parts[1:]
        height = min(height, len(ancestors))
        root = self._scratch / "project"
        self.folder = root.joinpath(*ancestors[len(ancestors) - max(height, 1) :])
        self.folder.mkdir(parents=True)
        self._fill(self._project, self.folder, PurePosixPath())
        for ups, below in wanted:
            if 0 < ups <= height:
                self._link_above(ups, below)
        if self._lock is not None:
            lock = self._inwards(self._lock) if self._lock_name == "poetry.lock" else self._lock
            self.lock_path.write_bytes(lock.encode("utf-8"))

    def _fill(self, source: Path, target: Path, place: PurePosixPath) -> None:
        """Link what is in `source` into the folder `target`, but for the texts of its own."""
        own = {
            PurePosixPath(path).relative_to(place).parts: text
            for path, text in self._texts.items()
            if PurePosixPath(path).is_relative_to(place)
        }
        inner = {parts[0] for parts in own if len(parts) > 1}
        left_out = inner | {parts[0] for parts in own} | _LEFT_OUT | {self._lock_name}
        with os.scandir(source) as entries:
            for entry in entries:
                if entry.name not in left_out:
                    _link(Path(entry.path), target / entry.name)
        for parts, text in own.items():
            if len(parts) == 1:
                (target / parts[0]).write_bytes(text.encode("utf-8"))
        for name in sorted(inner):
            (target / name).mkdir()
            self._fill(source / name, target / name, place / name)

    def _link_above(self, ups: int, below: str) -> None:
        """Link what is at `below`, seen from `ups` folders above the project."""
        source, target = self._project, self.folder
        for _ in range(ups):
            source, target = source.parent, target.parent
        for part in PurePosixPath(below).parts:
            source, target = source / part, target / part
            if target.is_symlink() or target.is_file():
                return
            if not target.is_dir():  # else it is a folder that leads to the project
                if source.exists():
                    _link(source, target)
                return


@contextlib.asynccontextmanager
async def shadowed(shadow: Shadow) -> AsyncIterator[Shadow]:
    """`shadow`, made and taken away in a thread; also when the task is cancelled meanwhile."""
    making = asyncio.ensure_future(asyncio.to_thread(shadow.__enter__))
    try:
        yield await asyncio.shield(making)
    finally:
        await to_the_end(_taken_away(making, shadow))


async def _taken_away(making: asyncio.Future[Shadow], shadow: Shadow) -> None:
    await asyncio.wait([making])
    making.exception()  # it has been raised already, or nobody waits for it
    await asyncio.to_thread(shadow.close)


def _above(texts: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """What `texts` name above the project: how many folders up, and the path from there."""
    for path, text in texts.items():
        for match in _PATH.finditer(text.replace("\\\\", "/")):
            written = match[0].strip()
            if ".." not in written.split("/") or written.startswith("/"):
                continue
            named = posixpath.normpath(posixpath.join(posixpath.dirname(path), written))
            parts = PurePosixPath(named).parts
            ups = next((i for i, part in enumerate(parts) if part != ".."), len(parts))
            if ups:
                yield ups, "/".join(parts[ups:])


def _with_paths(lock: str, change: Callable[[str], str]) -> str:
    return _SOURCE.sub(lambda match: match["before"] + change(match["path"]), lock)


def _moved(path: str, old: Path, new: Path) -> str:
    """The relative `path` seen from `old`, seen from `new`."""
    if os.path.isabs(path):
        return path
    target = os.path.normpath(old / path)
    try:
        return Path(os.path.relpath(target, new)).as_posix()
    except ValueError:  # another drive
        return path


def _link(source: Path, target: Path) -> None:
    try:
        target.symlink_to(source, target_is_directory=source.is_dir())
    except OSError:
        if sys.platform != "win32":
            raise
        _link_on_windows(source, target)


def _link_on_windows(source: Path, target: Path) -> None:
    """Without the right to make links: junctions for folders, copies of files."""
    if source.is_dir():
        import _winapi

        _winapi.CreateJunction(str(source), str(target))  # type: ignore[attr-defined,unused-ignore]
    elif source.is_file():
        shutil.copyfile(source, target)
