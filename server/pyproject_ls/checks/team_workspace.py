"""What a team asks of all projects together: the same constraint for the same package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.team import AGREED_CONSTRAINT
from pyproject_ls.checks.team_dependencies import alike, direct_kind, judged
from pyproject_ls.checks.team_fixes import with_constraint
from pyproject_ls.checks.team_wording import because, is_literal
from pyproject_ls.facts import Facts
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.paths import dotted

MAX_PROJECTS = 200
"""Of a larger workspace only so many projects are compared."""

MAX_FOLDERS = 500
"""How many folders are looked at to find them."""

FILE_NAME = "pyproject.toml"


class Sibling(NamedTuple):
    """Another project: what people call it, and the constraints that it has on each package."""

    name: str
    constraints: Mapping[str, tuple[str, ...]]


def agreed(context: Context) -> Iterator[Finding]:
    """Dependencies with another constraint than was agreed on."""
    constraints = context.policy.agreed_constraints
    for dependency in judged(context.manifest) if constraints else ():
        wanted = constraints.get(dependency.normalized)
        if wanted is None or alike(constraint_of(dependency), wanted):
            continue
        yield AGREED_CONSTRAINT.at(
            dependency.span,
            dependency.path,
            f"{_says(dependency)}, but the policy has all projects write `{wanted}`"
            f"{because(context.policy, 'agreed-constraints')}.",
            fix=with_constraint(dependency, wanted),
        )


def workspace(context: Context) -> Iterator[Finding]:
    """Dependencies with another constraint than another project of the workspace has."""
    policy = context.policy
    if not policy.workspace:
        return
    siblings = list(_siblings(context))
    for dependency in judged(context.manifest) if siblings else ():
        name, constraint = dependency.normalized, constraint_of(dependency)
        if name in policy.agreed_constraints or direct_kind(context.manifest, dependency):
            continue
        theirs = [
            (each.name, each.constraints[name]) for each in siblings if name in each.constraints
        ]
        others = [
            (each, found[0])
            for each, found in theirs
            if not any(alike(constraint, one) for one in found)
        ]
        if not others:
            continue
        first, found = others[0]
        count = len(others) - 1
        more = f" (and {count} more {'projects' if count > 1 else 'project'})" if count else ""
        is_certain = found and all(alike(one, found) for _, all_of in theirs for one in all_of)
        yield AGREED_CONSTRAINT.at(
            dependency.span,
            dependency.path,
            f"{_says(dependency)}, but `{first}`{more} {_has(found)}; the policy asks the projects"
            f" of the workspace for the same{because(policy, 'workspace')}.",
            fix=with_constraint(dependency, found) if is_certain else None,
        )


def _says(dependency: Dependency) -> str:
    where = dotted(dependency.declared.path)
    return f"`{dependency.name}` in `{where}` {_has(constraint_of(dependency))}"


def _has(constraint: str) -> str:
    return f"has `{constraint}`" if constraint else "has no constraint"


def _siblings(context: Context) -> Iterator[Sibling]:
    """The other projects of the workspace, sorted; those that are not known yet are left out."""
    facts, config = context.facts, context.facts.config()
    own = (config.folder if config is not None else "").replace("\\", "/").rstrip("/")
    folders = sorted({each for glob in context.policy.workspace for each in _folders(facts, glob)})
    for folder in folders[:MAX_PROJECTS]:
        if folder in (own, "."):
            continue
        source = facts.text_of(f"{folder}/{FILE_NAME}")
        if source is not None and source.text is not None:
            yield _sibling(source.text, _relative(folder, own))


def _folders(facts: Facts, glob: str) -> list[str]:
    """The folders that `glob` means; patterns stand for one name each."""
    absolute = glob.startswith("/")
    found = ["/" if absolute else "."]
    for part in glob.split("/"):
        if part in ("", "."):
            continue
        if is_literal(part) or part == "..":
            found = [_joined(folder, part) for folder in found]
            continue
        found = [
            _joined(folder, name[:-1])
            for folder in found[:MAX_FOLDERS]
            for name in facts.listing(folder) or ()
            if name.endswith("/") and fnmatchcase(name[:-1], part)
        ]
    return found[:MAX_FOLDERS]


def _joined(folder: str, name: str) -> str:
    if name == ".." and "/" in folder.strip("/"):
        return folder.rsplit("/", 1)[0]
    return name if folder == "." else f"{folder.rstrip('/')}/{name}"


def _relative(folder: str, own: str) -> str:
    """`folder` as seen from the project, as far as both are absolute."""
    from pyproject_ls.configuration.paths import relative

    return relative(folder, own) or folder if own and folder.startswith("/") else folder


@lru_cache(maxsize=512)
def _sibling(text: str, name: str) -> Sibling:
    from pyproject_ls.toml import parse

    manifest = Manifest(parse(text))
    constraints: dict[str, list[str]] = {}
    for each in judged(manifest):
        if not direct_kind(manifest, each):
            known = constraints.setdefault(each.normalized, [])
            constraint = constraint_of(each)
            if constraint not in known:
                known.append(constraint)
    return Sibling(name, {key: tuple(found) for key, found in constraints.items()})


CHECKS = (agreed, workspace)
