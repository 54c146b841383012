"""Texts of projects and lock files, as the command-line backends have to look at them."""

from __future__ import annotations

from pyproject_ls.project.locked import locked
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.resolver.outcome import Failure, Locked, Request, Trouble
from pyproject_ls.resolver.shadow import MANIFEST
from pyproject_ls.toml import parse


def direct_names(text: str) -> frozenset[str]:
    """The normalised names of all dependencies that the pyproject.toml `text` declares."""
    dependencies = Manifest(parse(text)).dependencies
    # Poetry's tables have the project's Python among the packages
    names = {each.normalized for each in dependencies if each.requirement is not None}
    names |= {each.normalized for each in dependencies if each.normalized != "python"}
    return frozenset(names)


def not_toml(request: Request) -> Failure | None:
    """That the text of `request` is no TOML, which tools say in many ways; None if it is."""
    if all(problem.kind == "toml-1.1" for problem in parse(request.text).problems):
        return None
    return Failure(
        Trouble.INVALID, f"`{MANIFEST}` is not valid TOML at the moment; mend that first."
    )


def new_lock(text: str, request: Request) -> Locked:
    """The lock file `text` as the outcome of `request`."""
    versions = tuple(
        (name, each.version) for name, entries in locked(text).items() for each in entries
    )
    return Locked(text, versions, changed=text != request.lock)
