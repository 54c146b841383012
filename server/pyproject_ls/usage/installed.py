"""Which modules the installed packages of a project have, told from their metadata."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyproject_ls.facts.usage import Installed
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.module_names import SHARED
from pyproject_ls.project.requirement import normalized_name

MAX_RECORD = 8 * 2**20
MAX_PACKAGES = 3000

_FILE = lazy_pattern(
    r'^"?((?!\.\.)[^,"\n]+?)\.(?:py|pyi|so|pyd|[^/,\n]*\.(?:so|pyd))"?,', re.MULTILINE
)
_METADATA = lazy_pattern(r"(?P<name>.+?)-[^-]+(?:-py[\d.]+)?\.(?:dist-info|egg-info)\Z")

_kept: dict[str, tuple[int, tuple[str, ...]]] = {}


def installed(root: Path) -> Installed:
    """The modules of the packages in the project's own environment, or else in the active one."""
    modules: dict[str, tuple[str, ...]] = {}
    for folder in _site_packages(root):
        try:
            with os.scandir(folder) as entries:
                names = sorted(each.name for each in entries if "-info" in each.name)
        except OSError:
            continue
        for name in names[:MAX_PACKAGES]:
            match = _METADATA.match(name)
            if match is not None:
                found = _modules(os.path.join(folder, name))
                modules.setdefault(normalized_name(match["name"]), found)
        if modules:
            break
    return Installed(modules)


def _site_packages(root: Path) -> Iterator[str]:
    environments = [root / ".venv", root / "venv"]
    active = os.environ.get("VIRTUAL_ENV", "")
    if active:
        environments.append(Path(active))
    for each in environments:
        yield from sorted(map(str, each.glob("lib/python3*/site-packages")), reverse=True)
        yield str(each / "Lib" / "site-packages")


def _modules(metadata: str) -> tuple[str, ...]:
    """The modules of one package, from the list of its files, else from ``top_level.txt``."""
    record = os.path.join(metadata, "RECORD")
    try:
        stamp = os.stat(metadata).st_mtime_ns
    except OSError:
        return ()
    kept = _kept.get(metadata)
    if kept is not None and kept[0] == stamp:
        return kept[1]
    text = _read(record)
    found = tuple(sorted(modules_of(each[1] for each in _FILE.finditer(text))))
    if not found:
        lines = _read(os.path.join(metadata, "top_level.txt")).split()
        found = tuple(sorted(each for each in lines if each.isidentifier()))
    _kept[metadata] = stamp, found
    return found


def modules_of(paths: Iterable[str]) -> set[str]:
    """The modules that users import of a package with files at `paths` (without suffixes).

    Each is a module or package that lies in no package; a shared namespace is none.
    """
    files = [path.split("/") for path in paths]
    packages = {"/".join(path[:-1]) for path in files if path[-1] == "__init__"}
    found: set[str] = set()
    for path in files:
        if path[0].startswith(("__editable__", "__pycache__", ".")) or "-" in path[0]:
            continue
        steps = path[:-1] if path[-1] == "__init__" else path
        for depth in range(1, len(steps) + 1):
            name = "/".join(steps[:depth])
            is_shared = depth == 1 and steps[0] in SHARED
            if (name in packages and not is_shared) or depth == len(steps):
                if all(step.isidentifier() for step in steps[:depth]):
                    found.add(".".join(steps[:depth]))
                break
    return {each for each in found if each not in SHARED}


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read(MAX_RECORD)
    except OSError:
        return ""
