"""Which Poetry the project asks for."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.requirements import INVALID_CONSTRAINT
from pyproject_ls.project.manifest import as_string
from pyproject_ls.project.verdicts import allows_version, constraint_fault

POETRY_VERSION = "2.5.1"
"""The Poetry whose rules the checks follow."""

POETRY_NOT_ALLOWED = Rule(
    "poetry-not-allowed",
    Severity.INFORMATION,
    "the project excludes the Poetry that it is checked for",
    poetry=Severity.ERROR,
    standard=False,
)


@check(POETRY_NOT_ALLOWED, INVALID_CONSTRAINT)
def requires_poetry(context: Context) -> Iterator[Finding]:
    """``requires-poetry`` against the Poetry whose rules hold here (`_ensure_valid_poetry_version`)."""
    node = as_string(context.document.get("tool", "poetry", "requires-poetry"))
    if node is None or not node.value:
        return
    path = ("tool", "poetry", "requires-poetry")
    allowed = allows_version(node.value, POETRY_VERSION)
    if allowed is None and constraint_fault(node.value) is not None:
        yield INVALID_CONSTRAINT.at(
            node,
            path,
            f'`tool.poetry.requires-poetry` is "{node.value}", which is not a version constraint; write it as'
            " `>=2.0`.",
        )
    elif allowed is False:
        yield POETRY_NOT_ALLOWED.at(
            node,
            path,
            f'`tool.poetry.requires-poetry` ("{node.value}") excludes Poetry {POETRY_VERSION}, whose rules are'
            " checked here; use a Poetry that it allows, or widen it.",
        )
