"""Go to definition: from a name to what it names, in this file or in another one."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.features.files import file_target, named_files, workspace_member
from pyproject_ls.features.names import (
    NameKind,
    Occurrence,
    Role,
    declarations_of,
    is_own_name,
    occurrence_at,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import locked_in
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import LineIndex, Span


class Location(NamedTuple):
    """A place to go to.

    `path` is None for this file; for others it is relative to the project's folder, or absolute.
    `line` and `column` (code points) count from 0; `end_column` ends the name on the same line.
    `span` is the same place in this file, None in others. `origin` is the place in this file that
    led there.
    """

    path: str | None
    line: int
    column: int
    end_column: int
    origin: Span
    span: Span | None = None


def definitions(snapshot: Snapshot, offset: int) -> list[Location]:
    """Where what stands at `offset` (code points) is defined.

    - the use of a group, extra or source: its declarations, in this file;
    - a dependency: the pyproject.toml of its path; or else its entries in the lock file; or else
      the other places that declare it. An item that only refers to one: its declarations;
    - a script or entry point: the Python definition; a readme, license, package or path: the file.

    What the facts do not know yet is left out.
    """
    occurrence = occurrence_at(snapshot, offset)
    found: list[Location] = []
    if occurrence is not None:
        found = _of_name(snapshot, occurrence)
    if not found:
        found = list(_of_file(snapshot, offset))
    if not found and occurrence is None:
        dependency = _dependency_at(snapshot, offset)
        if dependency is not None:
            found = _outside(snapshot, dependency, dependency.span)
    return found


def _of_name(snapshot: Snapshot, here: Occurrence) -> list[Location]:
    name = here.name
    if name.kind is NameKind.PACKAGE:
        return _of_package(snapshot, here)
    if name.kind is NameKind.EXTRA and name.scope:
        dependency = _dependency_at(snapshot, here.span.start)
        return _outside(snapshot, dependency, here.span) if dependency is not None else []
    found = [_here(snapshot, each.span, here) for each in declarations_of(snapshot, name)]
    if not found and name.kind is NameKind.GROUP and name.text == "dev":
        legacy = snapshot.manifest.poetry
        key = legacy.keys.get("dev-dependencies") if legacy is not None else None
        if key is not None:
            found.append(_here(snapshot, key.span, here))
    return found


def _of_package(snapshot: Snapshot, here: Occurrence) -> list[Location]:
    declared = [each for each in declarations_of(snapshot, here.name) if each.span != here.span]
    others = [_here(snapshot, each.span, here) for each in declared]
    if is_own_name(snapshot, here.name):
        return others
    dependency = _dependency_at(snapshot, here.span.start)
    if dependency is None or here.role is Role.USE:
        return others or _locked(snapshot, here.name.text, None, here.span)
    found: list[Location] = []
    for each in _declared_together(snapshot, dependency):
        found += [place for place in _outside(snapshot, each, here.span) if place not in found]
    return found or others


def _declared_together(snapshot: Snapshot, dependency: Dependency) -> list[Dependency]:
    """The dependency, with the others of its list where a Poetry key has several."""
    if dependency.key is None:
        return [dependency]
    return [each for each in snapshot.manifest.dependencies if each.key is dependency.key]


def _outside(snapshot: Snapshot, dependency: Dependency, origin: Span) -> list[Location]:
    """Where a dependency comes from: another project's folder, or the lock file."""
    for path in _folders(snapshot, dependency):
        return [Location(path, 0, 0, 0, origin)]
    return _locked(snapshot, dependency.normalized, dependency, origin)


def _folders(snapshot: Snapshot, dependency: Dependency) -> Iterator[str]:
    """The pyproject.toml or archive that a dependency is taken from; its own path comes first.

    ``[tool.uv.sources]`` and ``[tool.poetry.dependencies]`` may tell it for a requirement that
    stands elsewhere.
    """
    others = []
    for named in named_files(snapshot):
        keys = [step for step in named.path if isinstance(step, str)]
        if keys[-1] not in {"path", "file"} or normalized_name(keys[-2]) != dependency.normalized:
            continue
        target = file_target(snapshot, named)
        if target is None:
            continue
        if dependency.node.start <= named.node.start < dependency.node.end:
            yield target.path
        else:
            others.append(target.path)
    yield from others
    member = workspace_member(snapshot, dependency.normalized)
    if member is not None:
        yield member


def _locked(
    snapshot: Snapshot, name: str, dependency: Dependency | None, origin: Span
) -> list[Location]:
    lock = locked_in(snapshot.facts, snapshot.manifest)
    if lock is None:
        return []
    entries = lock.of(dependency) if dependency is not None else lock.packages.get(name, ())
    source = snapshot.facts.text_of(lock.path)
    text = source.text if source is not None else None
    if text is None:
        return []
    found = []
    for entry in entries:
        start = max(text.rfind("\n", 0, entry.span.start) + 1, 0)
        column = entry.span.start - start
        end = column + entry.span.end - entry.span.start
        found.append(Location(lock.path, entry.line, column, end, origin))
    return found


def _of_file(snapshot: Snapshot, offset: int) -> Iterator[Location]:
    for named in named_files(snapshot):
        if named.node.start <= offset <= named.node.end:
            target = file_target(snapshot, named)
            if target is not None:
                end = target.column
                yield Location(target.path, target.line, target.column, end, named.span)


def _dependency_at(snapshot: Snapshot, offset: int) -> Dependency | None:
    """The dependency whose declaration `offset` touches."""
    inner: Dependency | None = None
    for each in snapshot.manifest.dependencies:
        around = each.key is not None and each.key.start <= offset <= each.key.end
        if around or each.node.start <= offset <= each.node.end:
            if each.node.start <= offset <= each.node.end:
                return each
            inner = inner or each
    return inner


def _here(snapshot: Snapshot, span: Span, origin: Occurrence) -> Location:
    lines: LineIndex = snapshot.lines
    line, column = lines.position(span.start)
    return Location(None, line, column, column + span.end - span.start, origin.span, span)
