"""A project as Poetry sees it, made from texts instead of files.

Everything is Poetry's own code (``Factory.create_poetry``, ``Locker``, ``Installer``); what differs
is where texts come from and go to. So each version of Poetry does what it does on its command line.
"""

from __future__ import annotations

import functools
import importlib
import io
import os
import re
import sys
from pathlib import Path
from typing import Any

from .blocks import Blocks
from .memo import LockFiles
from .pools import Repositories

PLUGINS_VARIABLE = "PYPROJECT_LS_POETRY_PLUGINS"
"""An environment variable; with "0" Poetry's plugins are left out."""

repositories = Repositories()
"""What stays warm between requests."""

_texts: dict[Path, dict[str, Any]] = {}
"""The `pyproject.toml` files that are read from memory: their data, by their path."""


class Invalid(Exception):
    """The text is nothing that Poetry accepts; the message says why."""


class LockUnreadable(Exception):
    """The text of the lock file is nothing that Poetry can read; the message says why."""


def open_project(folder: Path, text: str, lock: str | None) -> tuple[Any, Any]:
    """Poetry's `Poetry` for the project, and a `Locker` that holds the new lock file in memory.

    Raises `Invalid`, and whatever Poetry raises.
    """
    data = _parsed(text)
    path = folder / "pyproject.toml"
    _texts.clear()
    _texts[path] = data
    # what a project's poetry.toml says is merged into Poetry's one configuration
    importlib.import_module("poetry.config.config").Config.create(reload=True)
    factory = _factory()()
    try:
        poetry = factory.create_poetry(cwd=folder, disable_plugins=True)
    except (AttributeError, KeyError, TypeError) as error:
        # it trips over what its own validation does not look at
        raise Invalid(f"it trips over it ({type(error).__name__}: {error})") from error
    if os.environ.get(PLUGINS_VARIABLE) != "0":
        _activate_plugins(poetry)
    locker = _locker()(_LockText(folder / "poetry.lock", lock), data)
    poetry.set_locker(locker)
    return poetry, locker


def read_texts_from_memory() -> None:
    """Have Poetry read the `pyproject.toml` of the open project from memory, wherever it does."""
    core = importlib.import_module("poetry.core.pyproject.toml").PyProjectTOML
    own = importlib.import_module("poetry.pyproject.toml").PyProjectTOML
    for kind in (core, own):
        if "data" in vars(kind):
            kind.data = property(functools.partial(_data, vars(kind)["data"].fget))


def _data(original: Any, document: Any) -> Any:
    data = _texts.get(document.path)
    return original(document) if data is None else data


def _parsed(text: str) -> dict[str, Any]:
    toml = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        data: dict[str, Any] = toml.loads(text)
    except (ValueError, RecursionError) as error:
        raise Invalid(f"it is not valid TOML: {error}") from None
    return data


@functools.lru_cache(maxsize=1)
def _factory() -> Any:
    """Poetry's `Factory` with warm repositories."""
    base: Any = importlib.import_module("poetry.factory").Factory

    class WarmFactory(base):  # type: ignore[misc]
        @classmethod
        def locate(cls, cwd: Path | None = None) -> Path:
            assert cwd is not None
            return cwd / "pyproject.toml"  # which need not be saved yet

        @classmethod
        def create_package_source(
            cls, source: dict[str, str], config: Any, *arguments: Any, **named: Any
        ) -> Any:
            made_from = [dict(source), config.raw(), arguments, named]
            make = super().create_package_source
            return repositories.get(made_from, lambda: make(source, config, *arguments, **named))

    return WarmFactory


@functools.lru_cache(maxsize=1)
def _blocks() -> Blocks:
    return Blocks(importlib.import_module("poetry.packages.locker").Locker)


def prepare() -> bool:
    """Do a little of what the next lock file will need; whether there is more to do."""
    return _blocks().prepare()


@functools.lru_cache(maxsize=1)
def _locker() -> Any:
    """Poetry's `Locker`, which keeps what it would write."""
    base: Any = importlib.import_module("poetry.packages.locker").Locker
    blocks = _blocks()
    lock_files = LockFiles()

    class TextLocker(base):  # type: ignore[misc]
        written: str | None = None
        """The new text, None where the lock file would be left alone."""
        solved: Any = ()
        """The packages in it."""

        def locked_repository(self) -> Any:
            try:
                return super().locked_repository()
            except Exception as error:
                raise LockUnreadable(str(error)) from error

        def _get_lock_data(self) -> Any:
            return lock_files.data(self._lock.text, super()._get_lock_data)

        def _compute_lock_data(self, root: Any, packages: Any) -> Any:
            self.solved = packages
            write = functools.partial(super()._compute_lock_data, root)
            return blocks.document(self, root, packages, write)

        def _write_lock_data(self, data: Any) -> None:
            self.written = with_line_ends(data.as_string(), self._lock.line_end)

    return TextLocker


def with_line_ends(text: str, line_end: str) -> str:
    r"""`text` with ``\n`` or ``\r\n``, as ``Locker._write_lock_data`` does it."""
    if line_end == "\r\n":
        return re.sub(r"(?<!\r)\n", "\r\n", text)
    return text.replace("\r\n", "\n")


class _LockText:
    """The lock file for Poetry's `Locker`: as much of a path as that asks for."""

    def __init__(self, path: Path, text: str | None) -> None:
        self._path = path
        self.text = text

    @property
    def parent(self) -> Path:
        return self._path.parent

    @property
    def line_end(self) -> str:
        if self.text is None:
            return os.linesep
        first, newline, _ = self.text.partition("\n")
        return "\r\n" if newline and first.endswith("\r") else "\n"

    def exists(self) -> bool:
        return self.text is not None

    def open(self, mode: str = "r", **named: Any) -> Any:
        if self.text is None:
            raise FileNotFoundError(str(self._path))
        return io.BytesIO(self.text.encode()) if "b" in mode else io.StringIO(self.text)

    def __fspath__(self) -> str:
        return str(self._path)

    def __str__(self) -> str:
        return str(self._path)


def _activate_plugins(poetry: Any) -> None:
    """What ``Factory.create_poetry`` does last, except that a plugin which fails is left out.

    Plugins of the application add commands; they are not for a library. Neither are those of
    ``requires-plugins``, which Poetry installs into the project when one of its commands runs.
    """
    plugins = importlib.import_module("poetry.plugins.plugin_manager").PluginManager
    group = importlib.import_module("poetry.plugins.plugin").Plugin.group
    quiet = importlib.import_module("cleo.io.null_io").NullIO
    for entry in plugins(group).get_plugin_entry_points():
        try:
            entry.load()().activate(poetry, quiet())
        except (Exception, SystemExit) as error:
            print(f"plugin {entry.name} left out: {type(error).__name__}: {error}", file=sys.stderr)
