"""Formatting through the user's own pyproject-fmt, where there is one.

It is never a dependency of ours: the program is looked for, run with the text on its standard
input, and stopped after a time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Edit, edits_between

PROGRAM = "pyproject-fmt"
TIME_LIMIT = 10.0
"""Seconds."""


class Formatted(NamedTuple):
    """The edits that format a text; or none, and why not ("" where it is formatted already)."""

    edits: tuple[Edit, ...] = ()
    reason: str = ""


def find_program(root: Path, *, trusted: bool = True) -> str | None:
    """The user's pyproject-fmt: of the project's environment, of ours, or on the path.

    The environment in the project's folder `root` is only looked at where the project is `trusted`:
    what lies there is run.
    """
    from shutil import which

    for folder in _folders(root, trusted):
        found = which(PROGRAM, path=str(folder))
        if found is not None:
            return found
    found = which(PROGRAM)
    # a relative entry of the path, or the current folder on Windows, would be the project's again
    return found if found is not None and os.path.isabs(found) else None


def format_text(
    text: str, root: Path, *, trusted: bool = True, time_limit: float = TIME_LIMIT
) -> Formatted:
    """`text`, of a pyproject.toml in the folder `root`, as pyproject-fmt writes it.

    Never raises; waits for at most `time_limit` seconds. A result that is no TOML is refused.
    """
    program = find_program(root, trusted=trusted)
    if program is None:
        return Formatted(reason=f"{PROGRAM} is not installed")
    return _run([program, "-"], text, root, time_limit)


def _folders(root: Path, trusted: bool) -> Iterator[Path]:
    bin_folder = "Scripts" if os.name == "nt" else "bin"
    if trusted:
        for name in (".venv", "venv"):
            yield root / name / bin_folder
    yield Path(sys.executable).parent


def _run(command: list[str], text: str, root: Path, time_limit: float) -> Formatted:
    import subprocess

    try:
        done = subprocess.run(
            command,
            input=text.encode("utf-8"),
            capture_output=True,
            cwd=root if root.is_dir() else None,
            timeout=time_limit,
            check=False,
        )
        new = done.stdout.decode("utf-8")
    except subprocess.TimeoutExpired:
        return Formatted(reason=f"{PROGRAM} did not end within {time_limit:g} seconds")
    except (OSError, ValueError) as error:
        return Formatted(reason=f"{PROGRAM} cannot be run: {error}")
    # it ends with 1 where it changes something, and with other statuses or an empty output in error
    if done.returncode not in {0, 1} or not new.strip():
        return Formatted(reason=f"{PROGRAM} failed: {_last_line(done.stderr)}")
    return _edits(text, new)


def _edits(text: str, new: str) -> Formatted:
    from pyproject_ls.toml import parse

    new = new.replace("\r\n", "\n")
    if "\r\n" in text:
        new = new.replace("\n", "\r\n")
    if any(problem.kind != "toml-1.1" for problem in parse(new).problems):
        return Formatted(reason=f"{PROGRAM} wrote something that is not TOML")
    return Formatted(tuple(edits_between(text, new)))


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else "it wrote nothing"
