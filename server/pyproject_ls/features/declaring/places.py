"""Where a new dependency belongs: which list or table of the file, by what its tool reads.

Follows ``poetry add`` of Poetry 2.5 (`poetry/console/commands/add.py`) for what is there, and the
standards (PEP 621, PEP 735) for what is not: Poetry's own groups are begun only in files that have
no ``[project]``.
"""

from __future__ import annotations

from collections.abc import Mapping

from pyproject_ls.features.declaring.constraints import checked_name
from pyproject_ls.features.declaring.model import Addition, CannotDeclare
from pyproject_ls.features.markdown import visible
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import Manifest, as_table
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Value

POETRY = ("tool", "poetry")
MAIN_TABLE = (*POETRY, "dependencies")
EXTRAS_TABLE = (*POETRY, "extras")
MAIN_GROUP = "main"


class Target(NamedTuple):
    """A list of PEP 508 strings, or a table of Poetry's (`is_table`), that may not be there yet.

    `extra` is the extra of ``[tool.poetry.extras]`` that the entry is to be listed in.
    """

    path: tuple[str, ...]
    is_table: bool = False
    extra: str = ""

    @property
    def shown(self) -> str:
        """The path for a message."""
        return f"`{visible(dotted(self.path), 100)}`"


def target_of(manifest: Manifest, addition: Addition) -> Target:
    """Where `addition` goes. Raises CannotDeclare where there is no place for it."""
    if addition.group and addition.extra:
        raise CannotDeclare("A dependency goes to a group or to an extra; name one of them.")
    if addition.extra:
        return _extra(manifest, addition.extra)
    if addition.group and not _is_main(manifest, addition.group):
        return _group(manifest, addition.group)
    return _main(manifest)


def _is_main(manifest: Manifest, group: str) -> bool:
    """Whether `group` is Poetry's name for the main dependencies."""
    if normalized_name(group) != MAIN_GROUP:
        return False
    return not any(
        declared.home in {Home.GROUP, Home.POETRY_GROUP}
        and normalized_name(declared.group) == MAIN_GROUP
        for declared, _ in manifest.lists
    )


def uses_poetrys_own(manifest: Manifest) -> bool:
    """Whether the main dependencies stand in Poetry's table and not in ``[project]``.

    Raises CannotDeclare where they can stand in neither.
    """
    project, dynamic = manifest.project, manifest.dynamic
    if project is not None:
        if "dependencies" in project.values or "optional-dependencies" in project.values:
            return False
        own = manifest.by_home.get(Home.POETRY, [])
        if "dependencies" not in dynamic and all(each.normalized == "python" for each in own):
            return False
        if manifest.uses_poetry:
            return True
        if "dependencies" not in dynamic:
            return False
        raise CannotDeclare(
            "The dependencies are not written in this file: `project.dynamic` leaves them to the"
            " build backend. Add the package where it reads them from."
        )
    if manifest.poetry is not None:
        return True
    raise CannotDeclare(
        "The file has no `[project]` table, so there is no place for dependencies; add one first."
    )


def _main(manifest: Manifest) -> Target:
    if uses_poetrys_own(manifest):
        return Target(MAIN_TABLE, is_table=True)
    if "dependencies" in manifest.dynamic and "dependencies" not in _values(manifest.project):
        raise CannotDeclare(
            "`project.dependencies` is dynamic, the build backend reads it from elsewhere; add the"
            " package there."
        )
    return Target(("project", "dependencies"))


def _extra(manifest: Manifest, extra: str) -> Target:
    if uses_poetrys_own(manifest):
        names = _values(manifest.document.get(*EXTRAS_TABLE))
        return Target(MAIN_TABLE, is_table=True, extra=_written(names, extra))
    extras = _values(manifest.document.get("project", "optional-dependencies"))
    if not extras and "optional-dependencies" in manifest.dynamic:
        raise CannotDeclare(
            "`project.optional-dependencies` is dynamic, the build backend reads it from elsewhere;"
            " add the package there."
        )
    return Target(("project", "optional-dependencies", _written(extras, extra)))


def _group(manifest: Manifest, group: str) -> Target:
    """The group if there is one, in whatever form; else a new one in the form of the others."""
    document = manifest.document
    standard = _values(document.get("dependency-groups"))
    own = _values(document.get(*POETRY, "group"))
    pdm = _values(document.get("tool", "pdm", "dev-dependencies"))
    wanted = normalized_name(group)
    for name in standard:
        if normalized_name(name) == wanted:
            return Target(("dependency-groups", name))
    for name in own:
        if normalized_name(name) == wanted:
            return Target((*POETRY, "group", name, "dependencies"), is_table=True)
    for name in pdm:
        if normalized_name(name) == wanted:
            return Target(("tool", "pdm", "dev-dependencies", name))
    if wanted == "dev":
        if as_table(document.get(*POETRY, "dev-dependencies")) is not None:
            return Target((*POETRY, "dev-dependencies"), is_table=True)
        if document.get("tool", "uv", "dev-dependencies") is not None and not standard:
            return Target(("tool", "uv", "dev-dependencies"))
    checked_name(group, "group")
    if not standard and (own or (manifest.poetry is not None and manifest.project is None)):
        return Target((*POETRY, "group", group, "dependencies"), is_table=True)
    if pdm and not standard:
        return Target(("tool", "pdm", "dev-dependencies", group))
    return Target(("dependency-groups", group))


def present_in(manifest: Manifest, target: Target, normalized: str) -> list[Dependency]:
    """The declarations of a package that stand where it would be added."""
    return [
        each
        for each in manifest.dependencies
        if each.normalized == normalized and each.declared.path == target.path
    ]


def _values(node: Value | None) -> Mapping[str, Value]:
    table = as_table(node)
    return table.values if table is not None else {}


def _written(names: Mapping[str, Value], wanted: str) -> str:
    """How the file writes the extra `wanted`; as it is asked for where it is new."""
    normalized = normalized_name(wanted)
    found = next((name for name in names if normalized_name(name) == normalized), None)
    return found if found is not None else checked_name(wanted, "extra")
