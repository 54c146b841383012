"""Poetry through its command line: for Poetry 1, and for one that cannot be imported.

A resolve runs ``poetry lock`` in a shadow of the project (`shadow`), with an environment of its own
that goes with it, so that the project and Poetry's own environments stay as they are.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Union

from pyproject_ls.project.locked import POETRY_LOCK
from pyproject_ls.resolver import explanations
from pyproject_ls.resolver.backend import Environment, ExportFormat, InstallOptions, ToolName
from pyproject_ls.resolver.complaints import ACCESS, failure, first_of, not_started
from pyproject_ls.resolver.environments import (
    QUIET,
    poetry_environment,
    without_active,
    without_vanished,
)
from pyproject_ls.resolver.outcome import (
    Failure,
    OnLine,
    OnStep,
    Outcome,
    Request,
    Step,
    Trouble,
)
from pyproject_ls.resolver.running import Ran, run
from pyproject_ls.resolver.shadow import MANIFEST, Shadow, ShadowError, shadowed
from pyproject_ls.resolver.shadow_lock import direct_names, new_lock, not_toml
from pyproject_ls.resolver.temporary import scratch_folder, with_temporary

if TYPE_CHECKING:
    from pyproject_ls.resolver.locating import FoundPoetry

_TOOL = "Poetry"
_EXPORT_LIMIT = 120.0


class PoetryCommand:
    """The Poetry that was `found`, run anew for each question in the environment `environ`."""

    def __init__(self, found: FoundPoetry, environ: Mapping[str, str] | None = None) -> None:
        self._found = found
        self._environ = without_vanished(os.environ if environ is None else environ)
        self._environ["POETRY_NO_INTERACTION"] = "1"

    @property
    def name(self) -> ToolName:
        """Which tool it is."""
        return "poetry"

    @property
    def version(self) -> str:
        """Its own version."""
        return self._found.version

    @property
    def limits(self) -> tuple[str, ...]:
        """What it cannot do, in sentences for a person."""
        slow = "Poetry is started anew for each lock, so nothing is known while the file is typed."
        if self._is_first:
            return (
                f"Poetry {self.version} is asked through its command line; Poetry 2 or newer also"
                " resolves in the background and tries remedies for conflicts.",
                slow,
            )
        return (f"Poetry {self.version} cannot be imported, so its command line is asked.", slow)

    @property
    def _is_first(self) -> bool:
        """It is a Poetry 1, where keeping what is locked has to be asked for."""
        return self.version.split(".")[0] in {"0", "1"}

    async def resolve(self, request: Request, on_step: OnStep) -> Outcome:
        """Resolve; writes nothing into the project."""
        invalid = not_toml(request)
        if invalid is not None:
            return invalid
        on_step(Step(0, ""))
        shadow = Shadow(request.folder, {MANIFEST: request.text}, POETRY_LOCK, request.lock)
        try:
            async with shadowed(shadow):
                ran = await run(
                    [*self._command, *self._lock_arguments(request), *QUIET],
                    shadow.folder,
                    self._shadow_environ(shadow),
                    limit=request.budget,
                )
                return _outcome(request, shadow, ran)
        except ShadowError as error:
            return Failure(Trouble.BROKEN, str(error))
        except OSError as error:
            return not_started(_TOOL, error)

    async def environment(self, folder: Path) -> Union[Environment, Failure]:
        """Where `install` would install."""
        try:
            return await poetry_environment(self._command, folder, self._environ)
        except OSError as error:
            return not_started(_TOOL, error)

    async def install(
        self, folder: Path, options: InstallOptions, on_line: OnLine
    ) -> Union[Environment, Failure]:
        """Install what the lock file in `folder` says, with Poetry's output line by line."""
        missing = _without_lock(folder)
        if missing is not None:
            return missing
        arguments = ["install", *QUIET]
        if options.only:
            arguments += ["--only", ",".join(options.only)]
        elif options.groups:
            arguments += ["--with", ",".join(options.groups)]
        for extra in options.extras:
            arguments += ["--extras", extra]
        try:
            async with scratch_folder() as scratch:
                ran = await run(
                    [*self._command, *arguments],
                    folder,
                    with_temporary(self._environ, scratch),
                    on_line=on_line,
                )
        except OSError as error:
            return not_started(_TOOL, error)
        if not ran.is_good:
            return failure(_TOOL, ran, "while it installed")
        return await self.environment(folder)

    async def export(self, folder: Path, format: ExportFormat) -> Union[str, Failure]:
        """The lock file in `folder` in another format, by poetry-plugin-export."""
        missing = _without_lock(folder)
        if missing is not None:
            return missing
        try:
            async with scratch_folder() as scratch:
                target = scratch / format
                ran = await run(
                    [*self._command, "export", "-f", format, "-o", target, *QUIET],
                    folder,
                    with_temporary(self._environ, scratch),
                    limit=_EXPORT_LIMIT,
                )
                if ran.is_good:
                    return target.read_bytes().decode("utf-8")
        except OSError as error:
            return not_started(_TOOL, error)
        return _no_export(ran, format) or failure(_TOOL, ran, "while it exported")

    async def close(self) -> None:
        """Nothing runs in the background."""

    @property
    def _command(self) -> list[str | Path]:
        return [self._found.executable]

    def _lock_arguments(self, request: Request) -> list[str]:
        if request.mode == "update" and request.lock is not None:
            return ["update", "--lock", *request.names]
        if self._is_first:
            return ["lock"] if request.mode == "regenerate" else ["lock", "--no-update"]
        return ["lock", "--regenerate"] if request.mode == "regenerate" else ["lock"]

    def _shadow_environ(self, shadow: Shadow) -> dict[str, str]:
        """Poetry wants an environment even to lock: one for this time only, without pip."""
        return with_temporary(without_active(self._environ), shadow.scratch) | {
            "POETRY_VIRTUALENVS_CREATE": "true",
            "POETRY_VIRTUALENVS_IN_PROJECT": "false",
            "POETRY_VIRTUALENVS_PATH": str(shadow.scratch / "environments"),
            "POETRY_VIRTUALENVS_OPTIONS_NO_PIP": "true",
            "POETRY_VIRTUALENVS_OPTIONS_NO_SETUPTOOLS": "true",
        }


def _outcome(request: Request, shadow: Shadow, ran: Ran) -> Outcome:
    """What came of locking in the shadow."""
    if not ran.is_good:
        refused = first_of(ACCESS, _TOOL, ran)
        if refused is not None:
            return refused
        conflict = explanations.of_poetry(ran.text, direct_names(request.text))
        if conflict is not None and conflict.direct:
            return conflict
        return failure(_TOOL, ran, "while it locked")
    text = shadow.lock_text()
    if text is None:
        return failure(_TOOL, ran, "to write a lock file")
    return new_lock(shadow.outwards(text), request)


def _without_lock(folder: Path) -> Failure | None:
    """Poetry would lock on its own if there is no lock file, which is not what was asked for."""
    if (folder / POETRY_LOCK).is_file():
        return None
    return Failure(Trouble.INVALID, f"There is no `{POETRY_LOCK}` yet; lock first.")


def _no_export(ran: Ran, format: ExportFormat) -> Failure | None:
    if "export" in ran.text and "does not exist" in ran.text:
        return Failure(
            Trouble.BROKEN,
            "This Poetry has no `export`: add `poetry-plugin-export` to it, for example with"
            " `poetry self add poetry-plugin-export`.",
        )
    if "Invalid export format" in ran.text:
        return Failure(
            Trouble.BROKEN,
            f"The `poetry-plugin-export` of this Poetry cannot write `{format}`; upgrade it with"
            " `poetry self update`.",
        )
    return None
