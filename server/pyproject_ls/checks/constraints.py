"""Poetry's own dependency tables: constraints, markers and places; `poetry-core` judges."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.requirement_reasons import marker_advice
from pyproject_ls.checks.requirements import (
    IMPOSSIBLE_CONSTRAINT,
    INVALID_DIRECT_REFERENCE,
    INVALID_MARKER,
    inside,
)
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.verdicts import (
    FaultKind,
    constraint_fault,
    is_git_url,
    marker_fault,
    platform_fault,
)
from pyproject_ls.toml import Scalar

ERROR = Severity.ERROR

REQUIREMENT_IN_CONSTRAINT = Rule(
    "requirement-in-constraint",
    ERROR,
    "a PEP 508 requirement where Poetry wants a constraint",
    poetry=ERROR,
    standard=False,
)
INVALID_CONSTRAINT = Rule(
    "invalid-constraint",
    ERROR,
    "a version constraint that Poetry cannot read",
    poetry=ERROR,
    standard=False,
)
_REQUIREMENT_LIKE = lazy_pattern(r"\s*[A-Za-z][\w.-]*(\[[^\]]*\])?\s*(@|[<>=!~^]=?)|[^;]*;")


@check(
    INVALID_CONSTRAINT,
    REQUIREMENT_IN_CONSTRAINT,
    IMPOSSIBLE_CONSTRAINT,
    INVALID_MARKER,
    INVALID_DIRECT_REFERENCE,
)
def poetry_constraints(context: Context) -> Iterator[Finding]:
    """Constraints, markers and URLs in Poetry's tables that poetry-core cannot read."""
    for dependency in context.manifest.dependencies:
        if dependency.requirement is not None:
            continue
        home = dependency.declared.home
        is_python = dependency.normalized == "python"
        if is_python and (home is not Home.POETRY or dependency.version is not dependency.node):
            continue  # Poetry reads only the string of the main table
        poetry = home is not Home.POETRY_PLUGIN
        version = dependency.version
        if version is not None:
            if version.value in _GOOD_CONSTRAINTS:
                if version is dependency.node:
                    continue
            elif not _is_located(dependency):
                yield from _constraint(context, version, _value_path(dependency), poetry)
        if version is not dependency.node and not is_python:
            yield from _options(context, dependency, poetry)


_GOOD_CONSTRAINTS: set[str] = set()


def _is_located(dependency: Dependency) -> bool:
    """Whether the package comes from a place, so that Poetry does not look at its version."""
    return any(dependency.option(key) is not None for key in ("git", "file", "path", "url"))


def _value_path(dependency: Dependency) -> TomlPath:
    is_plain = dependency.version is dependency.node
    return dependency.path if is_plain else (*dependency.path, "version")


def _constraint(context: Context, node: Scalar, path: TomlPath, poetry: bool) -> Iterator[Finding]:
    fault = constraint_fault(node.value)
    if fault is None:
        if len(_GOOD_CONSTRAINTS) < 50_000:
            _GOOD_CONSTRAINTS.add(node.value)
        return
    span = inside(context.document, node, fault.span)
    name, part = f"`{dotted(path)}`", node.value[fault.span.start : fault.span.end]
    if fault.kind is FaultKind.IMPOSSIBLE:
        yield IMPOSSIBLE_CONSTRAINT.at(
            span,
            path,
            f"{name}: no version can satisfy `{part}`; change one of the bounds.",
            poetry=False,
        )
    elif _REQUIREMENT_LIKE.match(node.value):
        yield REQUIREMENT_IN_CONSTRAINT.at(
            node,
            path,
            f"{name} must be a version constraint only, such as `^1.2`; write the name as the key,"
            " and extras or markers into a table.",
            poetry=poetry,
        )
    elif not node.value.strip():
        yield INVALID_CONSTRAINT.at(
            node, path, f'{name} is empty; write `"*"` for any version.', poetry=poetry
        )
    else:
        yield INVALID_CONSTRAINT.at(
            span,
            path,
            f"{name}: `{part}` is not a version constraint; write it as `^1.2`, `>=1.2,<2` or"
            " `1.2.*`.",
            poetry=poetry,
        )


def _options(context: Context, dependency: Dependency, poetry: bool) -> Iterator[Finding]:
    """What stands beside or instead of the version in a dependency's table."""
    document, path = context.document, dependency.path
    markers = dependency.text_option("markers")
    if markers is not None and markers.value:
        fault = marker_fault(markers.value)
        if fault is not None:
            part = markers.value[fault.span.start : fault.span.end] or markers.value
            yield INVALID_MARKER.at(
                inside(document, markers, fault.span),
                (*path, "markers"),
                f"`{dotted((*path, 'markers'))}` cannot be read at `{part}`;"
                f" {marker_advice(markers.value)}.",
                poetry=poetry,
            )
    python = dependency.text_option("python")
    if python is not None and python.value:
        yield from _constraint(context, python, (*path, "python"), poetry)
    platform = dependency.text_option("platform")
    if platform is not None and platform.value and platform_fault(platform.value):
        yield INVALID_CONSTRAINT.at(
            platform,
            (*path, "platform"),
            f"`{dotted((*path, 'platform'))}` is not a platform; write it as `linux` or `!=win32`.",
            poetry=poetry,
        )
    git = dependency.text_option("git")
    if git is not None and not is_git_url(git.value):
        yield INVALID_DIRECT_REFERENCE.at(
            git,
            (*path, "git"),
            f"`{dotted((*path, 'git'))}` is not a git URL; write it as"
            " `https://host/owner/name.git`.",
            poetry=poetry,
        )
    url = dependency.text_option("url")
    if git is None and url is not None and not _has_location(url.value):
        yield INVALID_DIRECT_REFERENCE.at(
            url,
            (*path, "url"),
            f"`{dotted((*path, 'url'))}` is not a URL; write it as `https://host/name-1.0.tar.gz`.",
            poetry=poetry,
        )


def _has_location(url: str) -> bool:
    from urllib.parse import urlparse

    try:
        parsed = urlparse(url)
    except ValueError:
        return False
    return bool(parsed.scheme and parsed.netloc)
