"""Matters of good practice and of the package index's limits."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import as_string
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.toml import Document, Scalar

WARNING, INFORMATION = Severity.WARNING, Severity.INFORMATION

PYTHON_UPPER_BOUND = Rule(
    "python-upper-bound",
    INFORMATION,
    "the supported Python versions have an upper bound",
    enabled=False,
)
DESCRIPTION_MULTILINE = Rule(
    "description-multiline", WARNING, "a description of more than one line"
)
DESCRIPTION_TOO_LONG = Rule(
    "description-too-long", WARNING, "a description of more than 512 characters"
)

_MAX_DESCRIPTION = 512
_UPPER = lazy_pattern(r"<|~=|(?<![=!<>~])==(?!=)|\^|(?<![!<>=~])~(?!=)")


@check(PYTHON_UPPER_BOUND)
def upper_bound(context: Context) -> Iterator[Finding]:
    """A bound that keeps the project from Python versions to come."""
    for path in (("project", "requires-python"), ("tool", "poetry", "dependencies", "python")):
        node = as_string(context.document.get(*path))
        if node is not None and _UPPER.search(node.value):
            yield PYTHON_UPPER_BOUND.at(
                node,
                path,
                f"`{dotted(path)}` ({shown(node.value)}) excludes Python versions to come; a lower"
                " bound alone lets users try them.",
            )


@check(DESCRIPTION_MULTILINE, DESCRIPTION_TOO_LONG)
def description(context: Context) -> Iterator[Finding]:
    """The description becomes the one-line field Summary of the core metadata."""
    for path, node in _descriptions(context.document):
        value = node.value
        # Poetry's schema has its own word on lines in [tool.poetry].
        if path[0] == "project" and ("\n" in value or "\r" in value):
            yield DESCRIPTION_MULTILINE.at(
                node,
                path,
                f"`{dotted(path)}` has more than one line; it must be a single one, longer texts"
                " belong into the readme.",
            )
        elif len(value) > _MAX_DESCRIPTION:
            yield DESCRIPTION_TOO_LONG.at(
                node,
                path,
                f"`{dotted(path)}` has {len(value)} characters; the package index takes"
                f" {_MAX_DESCRIPTION} at most.",
            )


def _descriptions(document: Document) -> Iterator[tuple[TomlPath, Scalar]]:
    for path in (("project", "description"), ("tool", "poetry", "description")):
        node = as_string(document.get(*path))
        if node is not None:
            yield path, node
