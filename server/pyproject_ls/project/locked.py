"""What lock files say: the version that each package is locked to, and where the file says so.

Reads poetry.lock, uv.lock (``[[package]]``) and pylock.toml (PEP 751, ``[[packages]]``) line by
line instead of as TOML: machines write these files, they are megabytes large, and a merge conflict
in one must not hide the rest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Protocol

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.ranges import are_disjoint
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Span

POETRY_LOCK = "poetry.lock"
UV_LOCK = "uv.lock"
PYLOCK = "pylock.toml"

LOCK_FILES = {"poetry": POETRY_LOCK, "uv": UV_LOCK}
"""By the tool that writes them."""

_HEADER = lazy_pattern(r"^\[\[packages?\]\]", re.MULTILINE)
_FIELD = lazy_pattern(
    r"""^(?:
        (?P<key>name|version|markers?)[ \t]*=[ \t]*
        (?:"(?P<basic>[^"\\\r\n]*(?:\\.[^"\\\r\n]*)*)"|'(?P<literal>[^'\r\n]*)')
        |(?P<end>\[))""",
    re.MULTILINE | re.VERBOSE,
)
_ESCAPE = lazy_pattern(r'\\(["\\])')


class Locked(NamedTuple):
    """One locked version of a package.

    `span` is the package's name in the lock file (code points, without quotes), `line` its line
    (from 0). `version` is "" where the lock file leaves it open. `marker` says for which
    environments this version is meant; "" for all.
    """

    name: str
    version: str
    span: Span
    line: int
    marker: str = ""


class Lock(NamedTuple):
    """A lock file: its path (relative to the project), its packages by normalised name."""

    path: str
    packages: Mapping[str, tuple[Locked, ...]]

    def of(self, dependency: Dependency) -> tuple[Locked, ...]:
        """The versions that `dependency` may mean.

        Where a package is locked several times, those that its constraint certainly excludes are
        left out, unless that leaves none.
        """
        found = self.packages.get(dependency.normalized, ())
        constraint = constraint_of(dependency)
        if len(found) < 2 or not constraint:
            return found
        fitting = tuple(each for each in found if not are_disjoint(f"=={each.version}", constraint))
        return fitting or found


class _Files(Protocol):
    """What is asked here of `pyproject_ls.facts.Facts`, which this layer must not know."""

    def path_kind(self, path: str) -> Any:
        """What is at `path`; None while unknown."""

    def text_of(self, path: str) -> Any:
        """What the file at `path` holds; None while unknown."""


def locked_in(facts: _Files, manifest: Manifest | None = None) -> Lock | None:
    """The project's lock file; None where it has none, or while that is not known.

    `manifest` decides which comes first where there are several: that of the tool in use.
    """
    paths = _candidates(manifest)
    kinds = [facts.path_kind(path) for path in paths]  # all at once: one round of questions
    for path, kind in zip(paths, kinds, strict=True):
        if kind is None:
            return None
        if kind.value == "file":
            source = facts.text_of(path)
            if source is None:
                return None
            if source.text is not None:
                return Lock(source.place or path, locked(source.text))
    return None


@lru_cache(maxsize=8)
def locked(text: str) -> Mapping[str, tuple[Locked, ...]]:
    """The packages of the lock file `text`, by normalised name, each in the order of the file."""
    found: dict[str, list[Locked]] = {}
    line = counted = 0
    header = _HEADER.search(text)
    while header is not None:
        start = header.end()
        header = _HEADER.search(text, start)
        fields: dict[str, tuple[str, int]] = {}
        for match in _FIELD.finditer(text, start, header.start() if header else len(text)):
            if match["end"]:
                break
            group = "basic" if match["basic"] is not None else "literal"
            fields.setdefault(match["key"].rstrip("s"), (match[group], match.start(group)))
        if "name" in fields:
            name, at = fields["name"]
            line += text.count("\n", counted, at)
            counted = at
            version = fields.get("version", ("", 0))[0]
            marker = _ESCAPE.sub(r"\1", fields.get("marker", ("", 0))[0])
            entry = Locked(name, version, Span(at, at + len(name)), line, marker)
            found.setdefault(normalized_name(name), []).append(entry)
    return MappingProxyType({name: tuple(entries) for name, entries in found.items()})


def constraint_of(dependency: Dependency) -> str:
    """What `dependency` asks for, as written (PEP 440 or Poetry's form); "" for anything."""
    if dependency.requirement is not None:
        return ",".join(clause.text for clause in dependency.requirement.specifiers)
    version = dependency.version
    return str(version.value) if version is not None else ""


def _candidates(manifest: Manifest | None) -> tuple[str, ...]:
    if manifest is not None and not manifest.uses_poetry:
        uses_uv = manifest.document.get("tool", "uv") is not None
        if uses_uv or (manifest.build_backend or "").startswith("uv_build"):
            return UV_LOCK, PYLOCK, POETRY_LOCK
        return UV_LOCK, POETRY_LOCK, PYLOCK
    return POETRY_LOCK, UV_LOCK, PYLOCK
