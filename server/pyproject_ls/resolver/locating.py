"""Finding the user's Poetry and uv: where to look, and asking what is found for its version.

Programs are run here, so nothing of this is for an untrusted workspace: whoever calls sees to that.
Everything blocks; call it in a thread.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Union

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.resolver.interpreters import distinct, interpreters_of
from pyproject_ls.tool_places import (
    home_folder,
    poetry_places,
    programs_in,
    script_folders,
    uv_places,
)

LIMIT = 30.0
"""Seconds in which a program has to say what it is: the first start from a cold disk is slow."""

_QUESTION = """
import importlib.util, json, sys
try:
    from importlib.metadata import version
    found = version("poetry")
except Exception:
    found = ""
try:
    import poetry.puzzle.solver, poetry.installation.installer, poetry.factory
    can_import = True
except BaseException as error:
    can_import = False
print(json.dumps({"poetry": found, "can_import": can_import, "python": sys.executable}))
"""
"""What the interpreter of a Poetry is asked."""

_VERSION = lazy_pattern(r"\b(\d+\.\d+(?:\.\d+)?[\w.+-]*)")
_FIRST_IMPORTABLE = 2
"""The first major version of Poetry that the worker knows."""


class FoundPoetry(NamedTuple):
    """A Poetry: the interpreter that it runs under, its version, and its script.

    `can_import` tells whether the worker can run inside of it: Poetry 2.0 or newer, and whole.
    Where the interpreter was not found (a frozen Poetry, a shim), `python` is the script itself.
    """

    python: Path
    version: str
    executable: Path
    can_import: bool


class FoundUv(NamedTuple):
    """A uv and its version."""

    executable: Path
    version: str


class NotFound(NamedTuple):
    """There is none; `message` says how to get one, for a person."""

    message: str


def find_poetry(
    folder: Path, setting: str, environ: Mapping[str, str]
) -> Union[FoundPoetry, NotFound]:
    """The Poetry for the project in `folder`; `setting` is `poetry.path`, "" for none.

    What the setting or `PYPROJECT_LS_POETRY` names is the only place then; else the first place
    counts whose Poetry answers: the workspace's environment, PATH, pipx, the official installer,
    uv's tools.
    """
    named = _named(folder, setting, "PYPROJECT_LS_POETRY", environ)
    if named is not None:
        what, path = named
        for candidate in _programs_at(path, "poetry"):
            found = ask_poetry(candidate, environ)
            if found is not None:
                return found
        return NotFound(f"{what} is `{path}`, where no Poetry answers; correct it or remove it.")
    for candidate in distinct(poetry_places(folder, environ)):
        found = ask_poetry(candidate, environ)
        if found is not None:
            return found
    return NotFound(
        "Poetry was not found. Install it (`pipx install poetry`), or name it in the setting "
        "`pyproject-ls.poetry.path`."
    )


def find_uv(folder: Path, setting: str, environ: Mapping[str, str]) -> Union[FoundUv, NotFound]:
    """The uv for the project in `folder`; `setting` is `uv.path`, "" for none.

    Looked for like `find_poetry`, with the places of uv's own installer and of cargo.
    """
    named = _named(folder, setting, "PYPROJECT_LS_UV", environ)
    if named is not None:
        what, path = named
        for candidate in _programs_at(path, "uv"):
            version = _says_version(candidate, "uv", environ)
            if version:
                return FoundUv(candidate, version)
        return NotFound(f"{what} is `{path}`, where no uv answers; correct it or remove it.")
    for candidate in distinct(uv_places(folder, environ)):
        version = _says_version(candidate, "uv", environ)
        if version:
            return FoundUv(candidate, version)
    return NotFound(
        "uv was not found. Install it (`pipx install uv`), or name it in the setting "
        "`pyproject-ls.uv.path`."
    )


def ask_poetry(executable: Path, environ: Mapping[str, str]) -> FoundPoetry | None:
    """What the script `executable` is; None if it is no Poetry that works."""
    for python in interpreters_of(executable, environ):
        answer = _asked(python, environ)
        if answer is None:
            continue
        version, can_import = answer
        if version:
            is_known = can_import and _major(version) >= _FIRST_IMPORTABLE
            return FoundPoetry(python, version, executable, is_known)
    version = _says_version(executable, "Poetry", environ)
    return FoundPoetry(executable, version, executable, False) if version else None


def _asked(python: Path, environ: Mapping[str, str]) -> tuple[str, bool] | None:
    out = _output([python, "-I", "-c", _QUESTION], environ)
    try:
        answer = json.loads(out.strip().rpartition("\n")[2])
        return str(answer["poetry"]), answer["can_import"] is True
    except (ValueError, KeyError, TypeError):
        return None


def _says_version(executable: Path, name: str, environ: Mapping[str, str]) -> str:
    """The version that ``--version`` tells, "" if that is not `name`."""
    out = _output([executable, "--version"], environ)
    match = _VERSION.search(out) if name.lower() in out.lower() else None
    return match[1].rstrip(")") if match else ""


def _output(command: list[str | Path], environ: Mapping[str, str]) -> str:
    """What `command` writes to stdout, "" if it cannot be run or does not end in time."""
    try:
        run = subprocess.run(
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environ),
            cwd=tempfile.gettempdir(),
            timeout=LIMIT,
            check=False,
        )
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return ""
    return run.stdout.decode("utf-8", "replace")


def _major(version: str) -> int:
    match = re.match(r"\d+", version)
    return int(match[0]) if match else 0


def _named(
    folder: Path, setting: str, variable: str, environ: Mapping[str, str]
) -> tuple[str, Path] | None:
    """What was named by the user, and where: relative to `folder`, ``~`` is the home folder."""
    kind = "poetry" if variable.endswith("POETRY") else "uv"
    for what, value in (
        (f"The setting `pyproject-ls.{kind}.path`", setting),
        (f"The environment variable `{variable}`", environ.get(variable, "")),
    ):
        if value.strip():
            return what, folder / _expanded(value.strip(), environ)
    return None


def _expanded(value: str, environ: Mapping[str, str]) -> Path:
    home = home_folder(environ)
    if home is not None and (value == "~" or value.startswith(("~/", "~\\"))):
        return home / value[2:]
    return Path(value)


def _programs_at(path: Path, name: str) -> Iterator[Path]:
    """`path` itself, or where it is a folder or an environment, the program in it."""
    if path.is_dir():
        for folder in (path, *script_folders(path)):
            yield from programs_in(folder, name)
    else:
        yield path
