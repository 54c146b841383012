"""uv, which has a command line only; it is fast enough to be started for each question.

A resolve runs ``uv lock`` in a shadow of the project's workspace (`shadow`): unlike ``uv lock
--dry-run`` in the project that gives the text of the lock file, for a text that is not saved.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Union

from pyproject_ls.index.config_files import Reader
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.locked import UV_LOCK
from pyproject_ls.resolver import explanations
from pyproject_ls.resolver.backend import Environment, ExportFormat, InstallOptions, ToolName
from pyproject_ls.resolver.complaints import ACCESS, failure, first_of, not_started
from pyproject_ls.resolver.environments import uv_environment, without_active
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
from pyproject_ls.resolver.uv_workspace import texts_of_others, workspace_root

if TYPE_CHECKING:
    from pyproject_ls.resolver.locating import FoundUv

_TOOL = "uv"
_QUIET = ("--color", "never", "--no-progress")
_QUIET_VARIABLES = {"NO_COLOR": "1", "UV_NO_PROGRESS": "1"}
_EXPORT_LIMIT = 120.0
_OUTPUT_IN_HEADER = lazy_pattern(r"^(?P<command>#    uv export .*?) -o .*$", re.MULTILINE)
_FORMATS: dict[ExportFormat, str] = {
    "requirements.txt": "requirements-txt",  # what older ones call it, too
    "pylock.toml": "pylock.toml",
}


class UvCommand:
    """The uv that was `found`, run in the environment `environ`."""

    def __init__(self, found: FoundUv, environ: Mapping[str, str] | None = None) -> None:
        self._found = found
        # uv takes the environment of the project, and warns if another one is active
        self._environ = without_active(os.environ if environ is None else environ)

    @property
    def name(self) -> ToolName:
        """Which tool it is."""
        return "uv"

    @property
    def version(self) -> str:
        """Its own version."""
        return self._found.version

    @property
    def limits(self) -> tuple[str, ...]:
        """What it cannot do, in sentences for a person."""
        return ("uv does not say how far it has come, and its reasons are known only in part.",)

    async def resolve(self, request: Request, on_step: OnStep) -> Outcome:
        """Resolve; writes nothing into the project.

        The lock file of a member of a workspace is that of the workspace (`workspace_root`):
        `request.lock` is its text, and so is the outcome.
        """
        invalid = not_toml(request)
        if invalid is not None:
            return invalid
        on_step(Step(0, ""))
        root = await asyncio.to_thread(workspace_root, request.folder)
        try:
            shadow = await asyncio.to_thread(_shadow_of, root, request)
            async with shadowed(shadow):
                environ = with_temporary(self._environ, shadow.scratch)
                # its Python counts for a project that asks for none
                environ["UV_PROJECT_ENVIRONMENT"] = str(uv_environment(root, environ).path)
                ran = await run(
                    [*self._command, "lock", *_lock_arguments(request), *_QUIET],
                    shadow.folder,
                    environ,
                    limit=request.budget,
                )
                return _outcome(request, shadow, ran)
        except ShadowError as error:
            return Failure(Trouble.BROKEN, str(error))
        except OSError as error:
            return not_started(_TOOL, error)

    async def environment(self, folder: Path) -> Union[Environment, Failure]:
        """Where `install` would install."""
        root = await asyncio.to_thread(workspace_root, folder)
        return uv_environment(root, self._environ)

    async def install(
        self, folder: Path, options: InstallOptions, on_line: OnLine
    ) -> Union[Environment, Failure]:
        """Install what the lock file of the project says, with uv's output line by line."""
        root = await asyncio.to_thread(workspace_root, folder)
        if not (root / UV_LOCK).is_file():
            return Failure(Trouble.INVALID, f"There is no `{UV_LOCK}` yet; lock first.")
        arguments = ["sync", "--locked", *_QUIET]
        if options.only:
            arguments += [part for name in options.only for part in ("--only-group", name)]
        else:
            arguments += [part for name in options.groups for part in ("--group", name)]
            arguments += [part for name in options.extras for part in ("--extra", name)]
        try:
            async with scratch_folder() as scratch:
                environ = with_temporary(self._environ, scratch)
                ran = await run([*self._command, *arguments], folder, environ, on_line=on_line)
        except OSError as error:
            return not_started(_TOOL, error)
        if not ran.is_good:
            return failure(_TOOL, ran, "while it installed")
        return uv_environment(root, self._environ)

    async def export(self, folder: Path, format: ExportFormat) -> Union[str, Failure]:
        """The lock file of the project in another format."""
        root = await asyncio.to_thread(workspace_root, folder)
        if not (root / UV_LOCK).is_file():
            return Failure(Trouble.INVALID, f"There is no `{UV_LOCK}` yet; lock first.")
        try:
            async with scratch_folder() as scratch:
                target = scratch / format
                # what is said once and for all is no part of the command that the file tells of
                environ = with_temporary(self._environ, scratch) | _QUIET_VARIABLES
                arguments = ["export", "--frozen", "--format", _FORMATS[format]]
                command = [*self._command, *arguments, "-o", target]
                ran = await run(command, folder, environ, limit=_EXPORT_LIMIT)
                if ran.is_good:
                    text = target.read_bytes().decode("utf-8")
                    return _OUTPUT_IN_HEADER.sub(r"\g<command>", text, count=1)
        except OSError as error:
            return not_started(_TOOL, error)
        if "invalid value" in ran.text and "--format" in ran.text:
            return Failure(Trouble.BROKEN, f"This uv cannot write `{format}`; upgrade uv.")
        return failure(_TOOL, ran, "while it exported")

    async def close(self) -> None:
        """Nothing runs in the background."""

    @property
    def _command(self) -> list[str | Path]:
        return [self._found.executable]


def _shadow_of(root: Path, request: Request) -> Shadow:
    """A shadow of the workspace in `root` in which the project has the text of `request`."""
    folder = Path(os.path.realpath(request.folder))
    texts = {(folder.relative_to(root) / MANIFEST).as_posix(): request.text}
    if folder != root:
        own = Reader().text(root / MANIFEST)
        if own is None:
            raise ShadowError(f"The workspace's own `{MANIFEST}` in `{root}` cannot be read.")
        texts[MANIFEST] = own
    others = texts_of_others(root, texts[MANIFEST])
    return Shadow(root, texts, UV_LOCK, request.lock, others)


def _lock_arguments(request: Request) -> list[str]:
    if request.mode == "keep":
        return []
    if request.mode == "update" and request.names:
        return [part for name in request.names for part in ("--upgrade-package", name)]
    return ["--upgrade"]


def _outcome(request: Request, shadow: Shadow, ran: Ran) -> Outcome:
    """What came of locking in the shadow."""
    if not ran.is_good:
        refused = first_of(ACCESS, _TOOL, ran)
        if refused is not None:
            return refused
        conflict = explanations.of_uv(ran.text, direct_names(request.text))
        if conflict is not None and conflict.direct:
            return conflict
        return failure(_TOOL, ran, "while it locked")
    text = shadow.lock_text()
    if text is None:
        return failure(_TOOL, ran, "to write a lock file")
    return new_lock(text, request)
