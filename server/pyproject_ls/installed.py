"""Which Poetry is installed, found without running it: by the metadata beside its script."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.tool_places import poetry_places

_METADATA = lazy_pattern(r"poetry-(\d[\w.+]*)\.dist-info")


def installed_poetry(folder: Path, environ: Mapping[str, str]) -> str:
    """The version of the Poetry that the project in `folder` would be locked with; "" for none.

    What ``PYPROJECT_LS_POETRY`` names is the only place then. A script that stands alone, as those
    of pyenv do, tells nothing, and the next place is looked at.
    """
    named = environ.get("PYPROJECT_LS_POETRY")
    places = iter([Path(named)]) if named else poetry_places(folder, environ)
    for script in places:
        for packages in _package_folders(Path(os.path.realpath(script)).parent.parent):
            for name in _names(packages):
                match = _METADATA.fullmatch(name)
                if match is not None:
                    return match[1]
    return ""


def _package_folders(environment: Path) -> Iterator[Path]:
    """Where an environment has its packages, on Windows and elsewhere."""
    yield environment / "Lib" / "site-packages"
    for name in _names(environment / "lib"):
        if name.startswith("python"):
            yield environment / "lib" / name / "site-packages"


def _names(folder: Path) -> list[str]:
    try:
        return sorted(os.listdir(folder))
    except OSError:
        return []
