"""What a project depends on, for the report that people read."""

from __future__ import annotations

from pyproject_ls.facts import Facts
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import constraint_of, locked_in
from pyproject_ls.project.manifest import Manifest, as_string
from pyproject_ls.project.paths import dotted


class Used(NamedTuple):
    """One declared dependency: its normalized name, and the version in the lock file or ""."""

    name: str
    constraint: str
    where: str
    locked: str


class Overview(NamedTuple):
    """What one project is called, which Python it is for, what it depends on."""

    name: str
    version: str
    requires_python: str
    dependencies: tuple[Used, ...]


def overview_of(facts: Facts, manifest: Manifest) -> Overview:
    """The overview of a project, with what is known of its lock file."""
    lock = locked_in(facts, manifest)

    def used(dependency: Dependency) -> Used:
        versions = lock.of(dependency) if lock is not None else ()
        return Used(
            dependency.normalized,
            constraint_of(dependency),
            dotted(dependency.declared.path),
            ", ".join(dict.fromkeys(each.version for each in versions)),
        )

    def text(*keys: str) -> str:
        for table in (manifest.project, manifest.poetry):
            for key in keys:
                found = as_string(table.get(key)) if table is not None else None
                if found is not None:
                    return str(found.value)
        return ""

    found = (used(each) for each in manifest.dependencies if each.normalized not in ("", "python"))
    return Overview(text("name"), text("version"), text("requires-python"), tuple(found))
