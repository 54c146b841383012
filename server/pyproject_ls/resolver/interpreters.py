"""Under which interpreter a Python program runs, read from its file without running it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

_WINDOWS = sys.platform == "win32"


def interpreters_of(executable: Path, environ: Mapping[str, str]) -> Iterator[Path]:
    """The interpreters that the script `executable` may run under, the likeliest first.

    From its first lines (``#!``, ``/usr/bin/env``, and the ``exec`` with which installers get
    around long paths), and from what is beside it and beside the file that it links to.
    """
    candidates = [_shebang(executable, environ)]
    for script in (executable, _resolved(executable)):
        if script is not None:
            folder = script.parent
            candidates += [folder / "python.exe"] if _WINDOWS else [folder / "python"]
            candidates += [folder / "python3"]
            candidates += [_home_of(folder.parent)]
    yield from distinct(path for path in candidates if path is not None)


def _shebang(script: Path, environ: Mapping[str, str]) -> Path | None:
    try:
        with script.open("rb") as file:
            head = file.read(4096)
    except OSError:
        return None
    if not head.startswith(b"#!"):
        return _launcher(head, script)
    lines = head.decode("utf-8", "replace").splitlines()
    words = lines[0][2:].split()
    if not words:
        return None
    if Path(words[0]).name == "env":
        names = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
        found = shutil.which(names[0], path=environ.get("PATH", "")) if names else None
        return Path(found) if found else None
    if Path(words[0]).name in {"sh", "bash", "dash"}:
        return _executed(lines[1:4])
    if lines[0][2:].strip() != words[0] and Path(lines[0][2:].strip()).exists():
        return Path(lines[0][2:].strip())  # a path with spaces
    return Path(words[0])


def _executed(lines: Iterable[str]) -> Path | None:
    """The interpreter in ``'''exec' "/long path/python" "$0" "$@"`` (pip, distlib, uv)."""
    for line in lines:
        match = re.match(r"""'''exec' (?:"([^"]+)"|'([^']+)'|(\S+))""", line)
        if match:
            path = match[1] or match[2] or match[3]
            if "$" not in path:
                return Path(path)
    return None


def _launcher(head: bytes, script: Path) -> Path | None:
    """The interpreter at the end of a launcher (``.exe``) of pip or distlib for Windows."""
    if not head.startswith(b"MZ"):
        return None
    try:
        with script.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - 256 * 1024))
            tail = file.read()
    except OSError:
        return None
    start = tail.rfind(b"#!")
    if start < 0:
        return None
    line = tail[start + 2 :].splitlines()[0].decode("utf-8", "replace").strip().strip('"')
    return Path(line) if line.lower().endswith(".exe") else None


def _home_of(environment: Path) -> Path | None:
    """The interpreter that ``pyvenv.cfg`` in `environment` says that it was made with."""
    if not (environment / "pyvenv.cfg").is_file():
        return None
    for name in ("Scripts/python.exe", "bin/python", "bin/python3"):
        if (environment / name).exists():
            return environment / name
    return None


def _resolved(path: Path) -> Path | None:
    try:
        resolved = path.resolve(strict=True)
    except (OSError, RuntimeError):
        return None
    return resolved if resolved != path else None


def distinct(paths: Iterable[Path]) -> Iterator[Path]:
    """`paths` that exist, each once."""
    seen = set()
    for path in paths:
        if path not in seen and path.exists():
            seen.add(path)
            yield path
