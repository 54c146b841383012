"""The projects of the workspace: every ``pyproject.toml`` below its folders, open or not.

They are looked for when somebody first asks for them all, in the background and with a bound on the
work. Their texts are read when they are needed, and kept until the file changes.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeVar

from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.client import Client
from pyproject_ls.lsp.convert import View
from pyproject_ls.lsp.documents import Documents
from pyproject_ls.lsp.threads import in_background
from pyproject_ls.lsp.uris import FILE_NAME, file_path
from pyproject_ls.named import NamedTuple

MAX_FOLDERS = 20_000
"""The most folders that are looked into."""

MAX_PROJECTS = 500
"""The most projects that are taken from the disk."""

MAX_BYTES = 2**20
"""Larger files that are not open are left out."""

GOOD_FOR = 30.0
"""Seconds for which a list of files is believed, in case nobody tells of new ones."""

SKIPPED = frozenset({"node_modules", "site-packages", "__pycache__", "__pypackages__"})
"""Folders that hold what others have made; those that begin with a dot are left out, too."""

T = TypeVar("T")


class Project(NamedTuple):
    """One project; `version` is that of the open document, None for a file on the disk."""

    uri: str
    path: Path | None
    snapshot: Snapshot
    version: int | None = None

    def view(self, client: Client) -> View:
        """The file as `client` sees it."""
        folder = self.path.parent if self.path is not None else None
        return View(self.snapshot, self.uri, self.version, folder, client)


class Projects:
    """The projects of one session. Methods are for the event loop's thread.

    `folders` gives the URIs of the workspace's folders.
    """

    def __init__(self, documents: Documents, folders: Callable[[], Iterable[str]]) -> None:
        self._documents = documents
        self._folders = folders
        self._paths: list[Path] = []
        self._until = 0.0
        self._forgotten = 0
        self._read: dict[Path, tuple[tuple[int, int], Snapshot]] = {}

    def forget(self) -> None:
        """Look for the files again when they are needed: some have come or gone."""
        self._until = 0.0
        self._forgotten += 1

    async def ask(self, question: Callable[[list[Project]], T]) -> T:
        """The answer to `question` about all projects, computed in the background."""
        is_known, forgotten = time.monotonic() < self._until, self._forgotten
        folders = [path for path in map(file_path, self._folders()) if path is not None]
        opened = [
            Project(each.uri, file_path(each.uri), each.snapshot(), each.version)
            for each in self._documents
            if not each.is_large
        ]
        open_paths = {each.path for each in opened}

        def work() -> tuple[list[Path], T]:
            paths = self._paths if is_known else list(find(folders))
            read = [self._project(path) for path in paths if path not in open_paths]
            return paths, question([*opened, *(each for each in read if each is not None)])

        paths, answer = await in_background(work)
        if not is_known and forgotten == self._forgotten:  # else it may have been found too early
            self._paths, self._until = paths, time.monotonic() + GOOD_FOR
            gone = self._read.keys() - set(paths)
            for path in gone:
                self._read.pop(path, None)
        return answer

    def _project(self, path: Path) -> Project | None:
        """The project in the file `path`, if it can be read. In a worker thread."""
        try:
            state = path.stat()
            if not stat.S_ISREG(state.st_mode) or state.st_size > MAX_BYTES:
                return None
            stamp = (state.st_mtime_ns, state.st_size)
            kept = self._read.get(path)
            if kept is None or kept[0] != stamp:
                text = path.read_bytes().decode("utf-8")
                kept = self._read[path] = (stamp, Snapshot(text))
        except (OSError, ValueError):
            return None
        return Project(path.as_uri(), path, kept[1])


def find(folders: Iterable[Path]) -> Iterator[Path]:
    """Every ``pyproject.toml`` at or below `folders`, the nearest first, up to the bounds.

    Symbolic links to folders are not followed, environments (``pyvenv.cfg``) not looked into.
    """
    queue = list(dict.fromkeys(folders))
    known = set(queue)  # a folder of the workspace may lie in another one
    found = 0
    for folder in queue:  # grows meanwhile
        below, names = _look_into(folder)
        if "pyvenv.cfg" in names:
            continue
        if FILE_NAME in names:
            found += 1
            yield folder / FILE_NAME
            if found >= MAX_PROJECTS:
                return
        if len(queue) + len(below) <= MAX_FOLDERS:
            queue += [each for each in below if each not in known]


def _look_into(folder: Path) -> tuple[list[Path], set[str]]:
    """The folders to go on with, and the names of the files."""
    below: list[Path] = []
    names: set[str] = set()
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    names.add(entry.name)
                elif not entry.name.startswith(".") and entry.name not in SKIPPED:
                    below.append(folder / entry.name)
    except OSError:
        return [], set()
    return sorted(below), names
