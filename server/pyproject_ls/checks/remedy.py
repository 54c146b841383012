"""What a remedy does to the text. Whoever tries one tries the very same edits."""

from __future__ import annotations

from pyproject_ls.checks.edits import delete_key, without_item
from pyproject_ls.facts.resolution import Remedy, RemedyKind
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.selection import judge
from pyproject_ls.project.upgrades import raised_from
from pyproject_ls.project.wants import is_limit, is_locked_apart, want_of
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Table


def remedy_edits(manifest: Manifest, remedy: Remedy) -> tuple[Edit, ...] | None:
    """The edits of `remedy`; None where it cannot be written with certainty.

    All declarations of the package that are resolved together are changed, those whose constraint
    allows the version already stay.
    """
    found: list[Edit] = []
    for dependency in declarations(manifest, remedy.name):
        if remedy.kind is RemedyKind.DROP:
            edits = _without(manifest, dependency)
        else:
            edits = _allowing(manifest, dependency, remedy.version)
        if edits is None:
            return None
        found += edits
    return tuple(found) or None


def declarations(manifest: Manifest, name: str) -> list[Dependency]:
    """The declarations of the package `name` (normalised) that a resolver looks at."""
    return [
        each
        for each in manifest.dependencies
        if each.normalized == name and not is_locked_apart(each) and not is_limit(each)
    ]


def _allowing(manifest: Manifest, dependency: Dependency, version: str) -> tuple[Edit, ...] | None:
    """The edits after which the constraint of `dependency` begins at `version`, in its style."""
    text = manifest.document.text
    want = want_of(dependency, text)
    if want is None:  # taken from elsewhere, or it says nothing of versions
        return ()
    test = judge(want.constraint, want.is_poetry) if want.constraint.strip() else None
    if not want.constraint.strip() or (test is not None and test(version)):
        return ()
    return raised_from(dependency, want, text, version)


def _without(manifest: Manifest, dependency: Dependency) -> tuple[Edit, ...] | None:
    """The edits that take the declaration away; None where that takes more than one place."""
    document, path = manifest.document, dependency.path
    node = document.get(*(str(step) for step in path[:-1]))
    if isinstance(node, Array) and isinstance(path[-1], int):
        return (without_item(document.text, node, path[-1]),)
    if isinstance(node, Table) and isinstance(path[-1], str):
        return delete_key(document.text, node, path[-1]) or None
    return None
