"""Pin a dependency to the version that the lock file has for it."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.edits import part_of
from pyproject_ls.features.rewrites.action import REWRITE, Action, Request
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Home
from pyproject_ls.project.locked import constraint_of, locked_in
from pyproject_ls.project.requirement import Requirement
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Scalar

_VERSION = lazy_pattern(r"[0-9][0-9A-Za-z.+!_-]{0,80}")
_NAME_AND_EXTRAS = lazy_pattern(r"\s*[A-Za-z0-9._-]+(?:[ \t]*\[[^\]]*\])?")
_NOT_LOCKED = frozenset({Home.BUILD, Home.POETRY_BUILD_CONSTRAINT, Home.POETRY_PLUGIN})


def offers(request: Request) -> Iterator[Action]:
    """Replace the constraint of the dependency by its locked version, where that is one."""
    dependency = request.dependency
    if dependency is None or dependency.declared.home in _NOT_LOCKED:
        return
    if dependency.requirement is not None:
        node = dependency.node if isinstance(dependency.node, Scalar) else None
        if dependency.requirement.url is not None or dependency.requirement.name is None:
            return
    else:
        node = dependency.version
    if node is None or not node.closed or dependency.normalized in {"", "python"}:
        return
    lock = locked_in(request.snapshot.facts, request.snapshot.manifest)
    versions = {each.version for each in lock.of(dependency)} if lock is not None else set()
    version = versions.pop() if len(versions) == 1 else ""
    if not _VERSION.fullmatch(version):
        return
    if dependency.requirement is not None:
        span, new = _pin(dependency.requirement), f"=={version}"
    else:
        span, new = Span(0, len(node.value)), version
    if constraint_of(dependency).strip() in {f"=={version}", new}:
        return
    edit = Edit(part_of(request.text, node, span), new)
    yield Action(f"Pin `{dependency.name}` to {version}", REWRITE, (edit,))


def _pin(requirement: Requirement) -> Span:
    """Where the specifiers of `requirement` stand, or would."""
    span = requirement.specifier_span
    if span is not None:
        return span
    match = _NAME_AND_EXTRAS.match(requirement.text)
    at = match.end() if match else len(requirement.text)
    return Span(at, at)
