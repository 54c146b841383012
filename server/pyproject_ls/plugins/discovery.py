"""Which plugins are installed: what the entry points beside this program say. Nothing is imported.

``importlib.metadata`` would answer the same, but takes longer to be imported than a whole check.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

GROUP = "pyproject_ls.checks"
"""The group of entry points that name plugins."""

MAX_BYTES = 2**16
"""Of a longer file of metadata only the beginning is read."""

_MARK = f"[{GROUP}]".encode()
_SUFFIXES = (".dist-info", ".egg-info")
_VALUE = lazy_pattern(r"([A-Za-z_][\w.]*)\s*(?::\s*([A-Za-z_][\w.]*))?\s*(?:\[.*\])?")


class EntryPoint(NamedTuple):
    """One plugin as its distribution announces it. `module` is "" where `value` names none."""

    name: str
    value: str
    module: str
    attribute: str
    distribution: str
    version: str

    @property
    def source(self) -> str:
        """The distribution, as messages name it."""
        return f"{self.distribution} {self.version}".rstrip()


@cache
def installed() -> tuple[EntryPoint, ...]:
    """Every plugin beside this program, by name; the first look is the only one.

    The folder in which the program was started does not count: a project that is checked must not
    run its own code by looking like a package. Of distributions with one name the first counts, as
    it does for Python.
    """
    here = os.path.realpath(os.curdir)
    found: list[EntryPoint] = []
    seen: set[str] = set()
    for folder in dict.fromkeys(sys.path):
        if not os.path.isabs(folder):
            continue
        names = _metadata(folder)
        if not names or os.path.realpath(folder) == here:
            continue
        for name in names:
            distribution = name.rpartition(".")[0].partition("-")[0].lower()
            if distribution not in seen:
                seen.add(distribution)
                found.extend(_entry_points(os.path.join(folder, name)))
    return tuple(sorted(found))


def _metadata(folder: str) -> list[str]:
    """The folders with metadata in a folder for packages."""
    try:
        return sorted(each for each in os.listdir(folder) if each.endswith(_SUFFIXES))
    except OSError:  # not there, or an archive
        return []


def _entry_points(folder: str) -> Iterator[EntryPoint]:
    data = _read(os.path.join(folder, "entry_points.txt"))
    if _MARK not in data:
        return
    about = _read(os.path.join(folder, "METADATA")) or _read(os.path.join(folder, "PKG-INFO"))
    fields = dict(_fields(about.decode("utf-8", "replace")))
    stem = os.path.basename(folder).rpartition(".")[0].partition("-")
    section = ""
    for line in map(str.strip, data.decode("utf-8", "replace").splitlines()):
        if line.startswith("["):
            section = line.strip("[]").strip()
        elif section == GROUP and line and line[0] not in "#;":
            name, _, value = (part.strip() for part in line.partition("="))
            parts = _VALUE.fullmatch(value)
            yield EntryPoint(
                name,
                value,
                parts[1] if parts else "",
                (parts[2] or "") if parts else "",
                fields.get("name", stem[0].replace("_", "-")),
                fields.get("version", stem[2]),
            )


def _fields(text: str) -> Iterator[tuple[str, str]]:
    """The headers of a file of metadata, which end at the first empty line."""
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if not colon:
            return
        yield name.lower(), value.strip()


def _read(path: str) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return b""
    try:
        return os.read(descriptor, MAX_BYTES)
    except OSError:
        return b""
    finally:
        os.close(descriptor)
