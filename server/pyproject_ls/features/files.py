"""Where a file names other files: readme, license, packages, path dependencies, scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from pathlib import PurePosixPath

from pyproject_ls.facts import Facts, PathKind
from pyproject_ls.features.names import POETRY_TABLES
from pyproject_ls.features.python_targets import package_path, python_target
from pyproject_ls.features.walk import Patterns
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import as_table, is_truthy, strings
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Scalar, Table, Value, source_span


class FileKind(Enum):
    """What a string that names a file stands for."""

    FILE = "a file or folder"
    PROJECT = "the folder of another project, or an archive"
    PACKAGE = "a package that is packed"
    REFERENCE = "a module and an object in it"


class Named(NamedTuple):
    """A string that names a file; `span` is its text without quotes."""

    kind: FileKind
    node: Scalar
    span: Span
    path: TomlPath


_VALUES: dict[str, FileKind] = {
    "project/readme": FileKind.FILE,
    "project/readme/file": FileKind.FILE,
    "project/license/file": FileKind.FILE,
    "project/license-files/#": FileKind.FILE,
    "project/scripts/*": FileKind.REFERENCE,
    "project/gui-scripts/*": FileKind.REFERENCE,
    "project/entry-points/*/*": FileKind.REFERENCE,
    "build-system/backend-path/#": FileKind.FILE,
    "tool/poetry/readme": FileKind.FILE,
    "tool/poetry/readme/#": FileKind.FILE,
    "tool/poetry/packages/#/include": FileKind.PACKAGE,
    "tool/poetry/packages/#/from": FileKind.FILE,
    "tool/poetry/include/#": FileKind.FILE,
    "tool/poetry/include/#/path": FileKind.FILE,
    "tool/poetry/exclude/#": FileKind.FILE,
    "tool/poetry/exclude/#/path": FileKind.FILE,
    "tool/poetry/build": FileKind.FILE,
    "tool/poetry/build/script": FileKind.FILE,
    "tool/poetry/scripts/*": FileKind.REFERENCE,
    "tool/poetry/scripts/*/callable": FileKind.REFERENCE,
    "tool/poetry/scripts/*/reference": FileKind.REFERENCE,
    "tool/poetry/plugins/*/*": FileKind.REFERENCE,
    "tool/setuptools/packages/find/where/#": FileKind.FILE,
    "tool/setuptools/license-files/#": FileKind.FILE,
    "tool/setuptools/dynamic/*/file": FileKind.FILE,
    "tool/setuptools/dynamic/*/file/#": FileKind.FILE,
    "tool/hatch/version/path": FileKind.FILE,
    "tool/hatch/build/targets/*/packages/#": FileKind.PACKAGE,
    "tool/pdm/version/path": FileKind.FILE,
    "tool/pdm/build/package-dir": FileKind.FILE,
    "tool/uv/build-backend/module-root": FileKind.FILE,
    "tool/uv/workspace/members/#": FileKind.PROJECT,
    "tool/uv/sources/*/path": FileKind.PROJECT,
    "tool/uv/sources/*/#/path": FileKind.PROJECT,
}
for _table in POETRY_TABLES:
    for _item in ("", "/#"):
        _VALUES[f"{_table}{_item}/path"] = FileKind.PROJECT
        _VALUES[f"{_table}{_item}/file"] = FileKind.FILE

_PATTERNS = Patterns[FileKind]({}, _VALUES)
_MAX_LENGTH = 1000
# the folder of the project is `{root:uri}` for Hatch, `${PROJECT_ROOT}` for PDM
_LOCAL_URL = lazy_pattern(
    r"(?:(?:\{root:uri\}|file:(?://)?/?\$\{PROJECT_ROOT\})/(?P<below>[^#\s]+)"
    r"|file:(?://(?:localhost)?(?=/))?(?P<absolute>[^#\s]+))",
    re.IGNORECASE,
)


class FileTarget(NamedTuple):
    """A file that a string stands for; line and column (code points) from 0.

    `path` is as the string has it: relative to the project's folder, or absolute.
    """

    path: str
    line: int = 0
    column: int = 0


def named_files(snapshot: Snapshot) -> tuple[Named, ...]:
    """The strings of the file that may name files, in the order of the text."""
    return _named_files(snapshot.document)


@lru_cache(maxsize=8)
def _named_files(document: Document) -> tuple[Named, ...]:
    found = []
    for match in _PATTERNS.find(document):
        if isinstance(match.node, Scalar):
            value = match.node.value
            if value.strip() and len(value) <= _MAX_LENGTH and "\0" not in value:
                span = source_span(document.text, match.node, 0, len(value))
                found.append(Named(match.kind, match.node, span, match.path))
    found.sort(key=lambda named: named.span)
    return tuple(found)


def file_target(snapshot: Snapshot, named: Named) -> FileTarget | None:
    """The file behind a name; None where there is none, or while that is not known."""
    facts, value = snapshot.facts, named.node.value.strip()
    if "{{" in value:
        return None
    if named.kind is FileKind.REFERENCE:
        if named.path[:3] == ("tool", "poetry", "scripts") and _is_file_script(snapshot, named):
            return _existing(facts, value)
        target = python_target(snapshot, value)
        if target is None:
            return None
        if target.object is None:
            return FileTarget(target.path)
        return FileTarget(target.path, target.object.line, target.object.column)
    value = _before_globs(value)
    if not value:
        return None
    if named.kind is FileKind.PROJECT:
        manifest = f"{value.rstrip('/')}/pyproject.toml"
        if not value.endswith((".whl", ".gz", ".zip")):
            kind = facts.path_kind(manifest)
            if kind is not PathKind.MISSING:
                return FileTarget(manifest) if kind is PathKind.FILE else None
        return _existing(facts, value)
    if named.kind is FileKind.PACKAGE:
        folder = _beside(snapshot, named, "from")
        base = str(PurePosixPath(folder, value)) if folder else value
        path = package_path(facts, base.rstrip("/").removesuffix(".py"))
        return FileTarget(path) if path else None
    return _existing(facts, value)


def workspace_member(snapshot: Snapshot, package: str) -> str | None:
    """The pyproject.toml of a package of the uv workspace that this file is the root of.

    `package` is a normalised name. Members are looked for in folders that are called like them.
    """
    sources = as_table(snapshot.document.get("tool", "uv", "sources"))
    for name, value in sources.values.items() if sources is not None else ():
        source = as_table(value)
        workspace = source.values.get("workspace") if source is not None else None
        if normalized_name(name) != package or workspace is None or not is_truthy(workspace):
            continue
        for member in strings(snapshot.document.get("tool", "uv", "workspace", "members")):
            folder = PurePosixPath(member.value)
            if any(mark in folder.name for mark in "*?["):
                folders = [folder.with_name(each) for each in (name, name.replace("-", "_"))]
            else:
                folders = [folder] if normalized_name(folder.name) == package else []
            for each in folders:
                path = str(each / "pyproject.toml")
                if snapshot.facts.path_kind(path) is PathKind.FILE:
                    return path
    return None


def path_dependencies(snapshot: Snapshot) -> Iterator[tuple[str, str]]:
    """The packages that come from folders: (normalised name, path as written).

    Of Poetry's ``path``, of ``[tool.uv.sources]``, and of direct references to ``file:`` URLs.
    """
    for named in named_files(snapshot):
        if named.kind is FileKind.PROJECT and named.path[-1] == "path":
            keys = [step for step in named.path[:-1] if isinstance(step, str)]
            yield normalized_name(keys[-1]), named.node.value
    for dependency in snapshot.manifest.dependencies:
        url = dependency.requirement.url if dependency.requirement is not None else None
        match = _LOCAL_URL.match(url.text) if url is not None else None
        if match is not None:
            yield dependency.normalized, match["below"] or match["absolute"]


def _is_file_script(snapshot: Snapshot, named: Named) -> bool:
    kind = _beside(snapshot, named, "type")
    return kind == "file"


def _beside(snapshot: Snapshot, named: Named, key: str) -> str:
    """The string under `key` in the table that `named` stands in; "" where there is none."""
    node: Value | None = snapshot.document.root
    for step in named.path[:-1]:
        if isinstance(node, Table) and isinstance(step, str):
            node = node.values.get(step)
        elif isinstance(node, Array) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return ""
    value = node.values.get(key) if isinstance(node, Table) else None
    if isinstance(value, Scalar) and value.kind == "string":
        return str(value.value)
    return ""


def _before_globs(value: str) -> str:
    """The part of a path before its first step with a wildcard, "" where nothing is left."""
    if not any(mark in value for mark in "*?["):
        return value
    steps = []
    for step in value.split("/"):
        if any(mark in step for mark in "*?["):
            break
        steps.append(step)
    return "/".join(steps)


def _existing(facts: Facts, path: str) -> FileTarget | None:
    kind = facts.path_kind(path)
    return FileTarget(path) if kind in (PathKind.FILE, PathKind.DIRECTORY) else None
