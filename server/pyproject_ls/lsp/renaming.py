"""A rename in a document and in the projects of the workspace that depend on it by path."""

from __future__ import annotations

import os

from pyproject_ls.features.files import path_dependencies
from pyproject_ls.features.names import Name
from pyproject_ls.features.rename import (
    RenameError,
    concerns_others,
    prepare_rename,
    rename,
    rename_in,
)
from pyproject_ls.lsp.asking import refused
from pyproject_ls.lsp.convert import View
from pyproject_ls.lsp.projects import Project
from pyproject_ls.named import NamedTuple
from pyproject_ls.text import Edit


class Rename(NamedTuple):
    """A rename in one document; `concerns_others` if other projects may use the name."""

    view: View
    name: Name
    new_name: str
    edits: list[Edit]
    concerns_others: bool


def rename_at(view: View, offset: int, new_name: str) -> Rename | None:
    """What a rename at `offset` does in the document itself; None where no name stands.

    Raises JsonRpcException with the reason where it cannot be done.
    """
    snapshot = view.snapshot
    try:
        found = prepare_rename(snapshot, offset)
        if found is None:
            return None
        edits = rename(snapshot, offset, new_name)
    except RenameError as error:
        raise refused(str(error)) from error
    others = view.folder is not None and concerns_others(snapshot, found.name)
    return Rename(view, found.name, new_name.strip(), edits, others)


def rename_elsewhere(own: Rename, projects: list[Project]) -> list[tuple[View, list[Edit]]]:
    """What it does in other projects. Raises JsonRpcException where one of them is in the way."""
    owner = own.view.snapshot.manifest.normalized_name
    found = []
    for project in projects:
        if owner and project.uri != own.view.uri and _uses(project, owner, own.view):
            try:
                edits = rename_in(project.snapshot, own.name, owner, own.new_name)
            except RenameError as error:
                raise refused(f"{error} (in {project.path})") from error
            if edits:
                found.append((project.view(own.view.client), edits))
    return found


def _uses(project: Project, owner: str, view: View) -> bool:
    """Whether no path of `project` leads to another project of the same name."""
    paths = [path for name, path in path_dependencies(project.snapshot) if name == owner]
    if not paths or project.path is None or view.folder is None:
        return True
    folder = os.path.realpath(view.folder)
    return any(os.path.realpath(project.path.parent / path) == folder for path in paths)
