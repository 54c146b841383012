"""Where a project keeps its modules, as far as the file and the facts tell."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from pathlib import PurePosixPath

from pyproject_ls.checks.context import Context
from pyproject_ls.facts import PathKind
from pyproject_ls.project.manifest import Manifest, as_table, strings, text_of
from pyproject_ls.toml import Array, Table

_COMPILED = ("maturin", "mesonpy", "scikit_build_core", "sipbuild", "py_build_cmake", "enscons")
_HATCH_BUILD = ("tool", "hatch", "build")


class FileState(Enum):
    """What is to be said of a file that must be there."""

    FINE = ""
    MISSING = "does not exist"
    DIRECTORY = "is a folder"
    ABSOLUTE = "must be a path relative to pyproject.toml"


def file_state(context: Context, path: str) -> FileState:
    """What is wrong with the file `path`; `FINE` also while nothing is known."""
    if path.startswith("/") or path[1:3] in {":/", ":\\"}:
        return FileState.ABSOLUTE
    kind = context.facts.path_kind(path)
    if kind is PathKind.MISSING:
        return FileState.MISSING
    return FileState.DIRECTORY if kind is PathKind.DIRECTORY else FileState.FINE


def missing_module(context: Context, module: str) -> str | None:
    """The path without suffix where `module` should be, if it certainly is not in the project.

    Certain only where its top-level package is the project's own (a folder with ``__init__.py``),
    the build adds no modules, and no file of any suffix is there. None otherwise, and while facts
    are unknown.
    """
    parts = module.split(".")
    if len(parts) < 2 or _build_adds_modules(context.manifest):
        return None
    facts = context.facts
    if facts.path_kind("setup.py") is not PathKind.MISSING:
        return None
    missing: str | None = None
    for root in sorted(module_roots(context.manifest)):
        top = facts.path_kind(f"{root}{parts[0]}/__init__.py")
        if top is None:
            missing = None
            continue
        if top is not PathKind.FILE:
            continue
        base = root + "/".join(parts)
        if facts.path_kind(base) is not PathKind.MISSING:
            return None
        if facts.glob_matches(f"{base}.*") is not False:
            return None
        missing = base if missing is None else missing
    return missing


def module_roots(manifest: Manifest) -> set[str]:
    """Folders that may hold top-level packages, each "" or ending in a slash."""
    return {_as_root(root) for root in ("", "src", *_declared_roots(manifest))} - {"/"}


def _declared_roots(manifest: Manifest) -> Iterator[str]:
    document = manifest.document
    packages = document.get("tool", "poetry", "packages")
    if isinstance(packages, Array):
        for item in packages.items:
            yield text_of(item.values.get("from")) or "" if isinstance(item, Table) else ""
    for item in strings(document.get("tool", "setuptools", "packages", "find", "where")):
        yield item.value
    for path in (
        ("tool", "setuptools", "package-dir", ""),
        ("tool", "pdm", "build", "package-dir"),
        ("tool", "uv", "build-backend", "module-root"),
    ):
        yield text_of(document.get(*path)) or ""
    for item in strings(document.get(*_HATCH_BUILD, "targets", "wheel", "packages")):
        yield str(PurePosixPath(item.value).parent)


def _as_root(root: str) -> str:
    root = root.strip().removeprefix("./").rstrip("/")
    return f"{root}/" if root not in {"", "."} else ""


def _build_adds_modules(manifest: Manifest) -> bool:
    """Whether the build compiles, generates or moves modules, unseen in the sources."""
    backend = manifest.build_backend or ""
    document = manifest.document
    if backend.startswith(_COMPILED) or document.get("build-system", "backend-path") is not None:
        return True
    if document.get("tool", "poetry", "build") is not None:
        return True
    packages = document.get("tool", "poetry", "packages")
    if isinstance(packages, Array):
        for item in packages.items:
            if isinstance(item, Table) and "to" in item.values:
                return True
    moved = as_table(document.get("tool", "setuptools", "package-dir"))
    if moved is not None and any(moved.values):
        return True
    if document.get("tool", "setuptools", "ext-modules") is not None:
        return True
    for key in ("hooks", "sources", "force-include"):
        if document.get(*_HATCH_BUILD, key) is not None:
            return True
        if document.get(*_HATCH_BUILD, "targets", "wheel", key) is not None:
            return True
    return False
