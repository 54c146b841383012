"""Names that the file itself declares: packages, groups, extras, sources."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.host import Snapshot
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import Manifest, as_string, as_table
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Array, Table, Value

_LINK_LABELS = (
    "Homepage",
    "Documentation",
    "Repository",
    "Issues",
    "Changelog",
    "Source",
    "Download",
    "Releasenotes",
    "Funding",
)
"""Labels that indexes know by heart (well-known labels of the project metadata specification)."""

_ENTRY_POINT_GROUPS = ("pytest11", "flake8.extension", "sphinx.builders", "babel.extractors")
_POETRY_PLUGIN_GROUPS = ("poetry.plugin", "poetry.application.plugin")


def packages(manifest: Manifest, but: int = -1) -> dict[str, str]:
    """Every package that is declared anywhere, by normalised name, as first written.

    The declaration that begins at `but` does not count.
    """
    found: dict[str, str] = {}
    for dependency in manifest.dependencies:
        if dependency.node.start == but:
            continue
        if dependency.name and dependency.declared.home is not Home.BUILD:
            found.setdefault(dependency.normalized, dependency.name)
    found.pop("python", None)
    found.pop(manifest.normalized_name, None)
    return found


def main_packages(manifest: Manifest) -> dict[str, str]:
    """The packages of ``[project]`` and its extras, by normalised name."""
    homes = (Home.PROJECT, Home.EXTRA)
    listed = [each for home in homes for each in manifest.by_home.get(home, ()) if each.name]
    found = {each.normalized: each.name for each in listed}
    found.pop(manifest.normalized_name, None)
    return found


def standard_groups(manifest: Manifest) -> list[str]:
    """The names of ``[dependency-groups]``."""
    table = manifest.dependency_groups
    return list(table.values) if table is not None else []


def poetry_groups(manifest: Manifest) -> list[str]:
    """The names below ``[tool.poetry.group]``."""
    return _names(manifest.document.get("tool", "poetry", "group"))


def extras(manifest: Manifest) -> list[str]:
    """The extras of the project, wherever they are defined, each once."""
    document = manifest.document
    found: dict[str, str] = {}
    for node in (
        document.get("project", "optional-dependencies"),
        document.get("tool", "poetry", "extras"),
    ):
        for name in _names(node):
            found.setdefault(normalized_name(name), name)
    return list(found.values())


def poetry_extras(manifest: Manifest) -> list[str]:
    """The names of ``[tool.poetry.extras]``."""
    return _names(manifest.document.get("tool", "poetry", "extras"))


def extras_of(manifest: Manifest, package: str, but: Dependency | None = None) -> list[str]:
    """The extras of `package` that the file names somewhere; all of them for the project's own.

    Those that `but` asks for do not count.
    """
    wanted = normalized_name(package)
    if wanted and wanted == manifest.normalized_name:
        return extras(manifest)
    found: dict[str, str] = {}
    for dependency in manifest.dependencies:
        if dependency.normalized != wanted or dependency is but:
            continue
        if dependency.requirement is not None:
            for part in dependency.requirement.extras:
                found.setdefault(normalized_name(part.text), part.text)
        listed = dependency.option("extras")
        for item in listed.items if isinstance(listed, Array) else ():
            node = as_string(item)
            if node is not None:
                found.setdefault(normalized_name(node.value), node.value)
    return list(found.values())


def sources(manifest: Manifest) -> list[tuple[str, str]]:
    """The names of ``[[tool.poetry.source]]``, each with its URL; PyPI where it is not declared."""
    node = manifest.document.get("tool", "poetry", "source")
    found: list[tuple[str, str]] = []
    for item in node.items if isinstance(node, Array) else ():
        name = as_string(item.values.get("name")) if isinstance(item, Table) else None
        if name is not None and isinstance(item, Table) and name.value:
            url = as_string(item.values.get("url"))
            found.append((name.value, url.value if url is not None else ""))
    if not any(name.lower() == "pypi" for name, _ in found):
        found.append(("PyPI", "the public index"))
    return found


def people(manifest: Manifest) -> Iterator[tuple[str, str]]:
    """The name and e-mail address of everyone who is named as author or maintainer."""
    for key in ("authors", "maintainers"):
        node = manifest.document.get("project", key)
        for item in node.items if isinstance(node, Array) else ():
            if isinstance(item, Table):
                name, mail = (as_string(item.values.get(each)) for each in ("name", "email"))
                yield (name.value if name else ""), (mail.value if mail else "")


def free_names(snapshot: Snapshot, path: TomlPath) -> list[str]:
    """Likely names for the keys of the table at `path`, whose keys the author chooses."""
    manifest = snapshot.manifest
    if path[:2] == ("project", "urls") or path == ("tool", "poetry", "urls"):
        return list(_LINK_LABELS)
    if path == ("tool", "pyproject-ls", "severity"):
        from pyproject_ls.plugins import allowed_by, known_rules

        return list(known_rules(allowed_by(snapshot.configuration.settings)))
    if path == ("project", "entry-points"):
        return list(_ENTRY_POINT_GROUPS)
    if path == ("tool", "poetry", "plugins"):
        return [*_POETRY_PLUGIN_GROUPS, *_ENTRY_POINT_GROUPS]
    if path in (("project", "scripts"), ("tool", "poetry", "scripts")):
        return [manifest.name.value] if manifest.name is not None else []
    if path == ("tool", "poetry", "group"):
        return standard_groups(manifest)
    if path == ("tool", "poetry", "dependencies"):
        return ["python", *(main_packages(manifest) or packages(manifest)).values()]
    if path[:3] == ("tool", "poetry", "build-constraints"):
        return list(packages(manifest).values()) if len(path) == 3 else []
    if path == ("tool", "poetry", "dev-dependencies") or (
        path[:3] == ("tool", "poetry", "group") and path[4:] == ("dependencies",)
    ):
        group = as_table(manifest.document.get("dependency-groups"))
        name = path[3] if len(path) > 3 and isinstance(path[3], str) else ""
        if group is not None and name in group.values:
            return [
                each.name
                for each in manifest.by_home.get(Home.GROUP, ())
                if each.declared.group == name and each.name
            ]
        return list(packages(manifest).values())
    return []


def _names(node: Value | None) -> list[str]:
    return list(node.values) if isinstance(node, Table) else []
