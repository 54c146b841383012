"""Which virtual environment a project has, decided as its tool does it.

Poetry is asked (``poetry env info --path``); only where it has none yet is it told from its rules
where it would make one (``poetry/utils/env/env_manager.py``). uv has one place for each project
(``uv/src/commands/project/mod.rs``): it does not look at the active environment.
"""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Union

from pyproject_ls.index.config_files import Reader, table
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.resolver.backend import Environment
from pyproject_ls.resolver.complaints import failure
from pyproject_ls.resolver.outcome import Failure
from pyproject_ls.resolver.running import run
from pyproject_ls.resolver.shadow import MANIFEST

LIMIT = 60.0
"""Seconds that Poetry gets to answer a question about itself."""

_ACTIVE = ("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV")

_NOT_IN_NAMES = lazy_pattern(r'[ $`!*@"\\\r\n\t]')
_SETTING = lazy_pattern(r"^(?P<key>[\w.-]+) = (?P<value>.*?)(?:  # (?P<resolved>.*))?$")


def without_vanished(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` without an active environment that is not there any more."""
    kept = dict(environ)
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if name in kept and not os.path.isdir(kept[name]):
            del kept[name]
    return kept


def without_active(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ` as if no environment was active."""
    return {name: value for name, value in environ.items() if name not in _ACTIVE}


def python_in(environment: Path) -> Path:
    """The interpreter of the virtual environment at this path, whether it is there or not."""
    if sys.platform == "win32":
        return environment / "Scripts" / "python.exe"
    return environment / "bin" / "python"


def uv_environment(root: Path, environ: Mapping[str, str]) -> Environment:
    """The environment that uv has for the project or workspace whose root is `root`."""
    chosen = environ.get("UV_PROJECT_ENVIRONMENT", "")
    path = root / (chosen or ".venv")
    origin = "by `UV_PROJECT_ENVIRONMENT`" if chosen else "in the project"
    return Environment(path, origin, python_in(path).exists())


async def poetry_environment(
    command: Sequence[str | Path], folder: Path, environ: Mapping[str, str]
) -> Union[Environment, Failure]:
    """Poetry's environment for the project in `folder`.

    `command` runs Poetry. Raises OSError if it cannot be started.
    """
    environ = without_vanished(environ)
    asked = await run([*command, "env", "info", "--path", *QUIET], folder, environ, limit=LIMIT)
    found = _printed_path(asked.out)
    if found is not None and python_in(found).exists():
        return Environment(found, _origin(found, folder, environ), True)
    settings = await run([*command, "config", "--list", *QUIET], folder, environ, limit=LIMIT)
    if not settings.is_good:
        return failure("Poetry", settings, "when it was asked for the project's environment")
    if asked.status is None or asked.err:
        return failure("Poetry", asked, "when it was asked for the project's environment")
    return await _to_be(command, folder, environ, _settings(settings.out), found)


QUIET = ("--no-ansi", "--no-interaction")


class _Settings(NamedTuple):
    """What Poetry's configuration says of environments."""

    create: bool
    in_project: bool | None
    path: str
    use_poetry_python: bool


def _printed_path(lines: Sequence[str]) -> Path | None:
    # plugins may write before it
    return next((Path(line) for line in reversed(lines) if os.path.isabs(line)), None)


def _settings(lines: Sequence[str]) -> _Settings:
    found = {
        match["key"]: (match["resolved"] or match["value"]).strip('"')
        for match in map(_SETTING.match, lines)
        if match is not None
    }
    in_project = found.get("virtualenvs.in-project", "null")
    # Poetry 1 asks the other way round
    prefers_active = found.get("virtualenvs.prefer-active-python")
    return _Settings(
        create=found.get("virtualenvs.create") != "false",
        in_project=None if in_project == "null" else in_project == "true",
        path=found.get("virtualenvs.path", ""),
        use_poetry_python=(
            found.get("virtualenvs.use-poetry-python") == "true"
            if prefers_active is None
            else prefers_active != "true"
        ),
    )


async def _to_be(
    command: Sequence[str | Path],
    folder: Path,
    environ: Mapping[str, str],
    settings: _Settings,
    broken: Path | None,
) -> Union[Environment, Failure]:
    """Where Poetry would make the environment; `broken` is one that it will make anew."""
    if broken is not None:
        return Environment(broken, _origin(broken, folder, environ), False)
    in_project = settings.in_project
    if in_project is None:
        in_project = (folder / ".venv").is_dir()
    if settings.create and in_project:
        return Environment(folder / ".venv", "in the project", False)
    if not settings.create:
        # safe: nothing is made
        asked = await run(
            [*command, "run", "python", "-c", "import sys; print(sys.prefix)"],
            folder,
            environ,
            limit=LIMIT,
        )
        prefix = _printed_path(asked.out)
        if prefix is None:
            return failure("Poetry", asked, "when it was asked which Python it uses")
        return Environment(prefix, "no virtual one: `virtualenvs.create` is off", True)
    minor = await _minor_version(command, folder, environ, settings)
    name = f"{_environment_name(folder)}-py{minor}"
    return Environment(Path(settings.path) / name, "Poetry's own", False)


async def _minor_version(
    command: Sequence[str | Path], folder: Path, environ: Mapping[str, str], settings: _Settings
) -> str:
    """The version of the Python that Poetry would take, if the project allows that one."""
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    own = python_beside(Path(command[0]))
    candidates: list[str | Path] = [own] if settings.use_poetry_python else ["python", "python3"]
    for python in (*candidates, own):
        try:
            asked = await run([python, "-c", program], folder, environ, limit=LIMIT)
        except OSError:
            continue
        if asked.is_good and asked.out:
            return asked.out[-1]
    return "{}.{}".format(*sys.version_info[:2])


def python_beside(executable: Path) -> Path:
    """The interpreter in the folder of `executable`, where the script of a tool really lies."""
    return Path(os.path.realpath(executable)).with_name(
        "python.exe" if sys.platform == "win32" else "python"
    )


def _environment_name(folder: Path) -> str:
    """The name of the project's environment without the Python (`EnvManager.generate_env_name`)."""
    content = Reader().toml(folder / MANIFEST)
    name = table(content.get("project")).get("name")
    if not isinstance(name, str):
        name = table(table(content.get("tool")).get("poetry")).get("name")
    if not isinstance(name, str):
        name = "non-package-mode"
    sanitized = _NOT_IN_NAMES.sub("_", name.lower())[:42]
    place = os.path.normcase(os.path.realpath(folder))
    digest = base64.urlsafe_b64encode(hashlib.sha256(place.encode()).digest()).decode()[:8]
    return f"{sanitized}-{digest}"


def _origin(path: Path, folder: Path, environ: Mapping[str, str]) -> str:
    real = os.path.realpath(path)
    if real == os.path.realpath(folder / ".venv"):
        return "in the project"
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        if environ.get(name) and os.path.realpath(environ[name]) == real:
            return "active"
    return "Poetry's own"
