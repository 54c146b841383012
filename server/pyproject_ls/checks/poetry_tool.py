"""Poetry itself: which one the project asks for, and whether its own settings can be read."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.constraints import INVALID_CONSTRAINT
from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.facts import PathKind
from pyproject_ls.project.manifest import as_string
from pyproject_ls.project.verdicts import allows_version, constraint_fault
from pyproject_ls.text import Span
from pyproject_ls.toml import parse

POETRY_VERSION = "2.5.1"
"""The Poetry whose rules the checks follow."""

POETRY_NOT_ALLOWED = Rule(
    "poetry-not-allowed",
    Severity.INFORMATION,
    "the project excludes the Poetry that it is checked for",
    poetry=Severity.ERROR,
    standard=False,
)
POETRY_TOML_UNREADABLE = Rule(
    "poetry-toml-unreadable",
    Severity.ERROR,
    "poetry.toml beside the file cannot be read",
    poetry=Severity.ERROR,
    standard=False,
)


@check(POETRY_NOT_ALLOWED, INVALID_CONSTRAINT)
def requires_poetry(context: Context) -> Iterator[Finding]:
    """``requires-poetry`` against the Poetry of these rules (`_ensure_valid_poetry_version`)."""
    node = as_string(context.document.get("tool", "poetry", "requires-poetry"))
    if node is None or not node.value:
        return
    path = ("tool", "poetry", "requires-poetry")
    allowed = allows_version(node.value, POETRY_VERSION)
    if allowed is None and constraint_fault(node.value) is not None:
        yield INVALID_CONSTRAINT.at(
            node,
            path,
            f'`tool.poetry.requires-poetry` is "{node.value}", which is not a version constraint;'
            " write it as `>=2.0`.",
        )
    elif allowed is False:
        yield POETRY_NOT_ALLOWED.at(
            node,
            path,
            f'`tool.poetry.requires-poetry` ("{node.value}") excludes Poetry {POETRY_VERSION},'
            " whose rules are checked here; use a Poetry that it allows, or widen it.",
        )


@check(POETRY_TOML_UNREADABLE)
def poetry_toml(context: Context) -> Iterator[Finding]:
    """A poetry.toml that is not TOML, with which Poetry runs no command at all."""
    if not (context.as_poetry or context.manifest.uses_poetry):
        return
    if context.facts.path_kind("poetry.toml") is not PathKind.FILE:
        return
    source = context.facts.text_of("poetry.toml")
    if source is None:
        return
    reason = source.error
    if source.text is not None:
        problems = parse(source.text).problems
        if not problems:
            return
        line = source.text.count("\n", 0, problems[0].span.start) + 1
        reason = f"line {line} is not valid TOML"
    yield POETRY_TOML_UNREADABLE.at(
        Span(0, 0),
        (),
        f"`poetry.toml` beside this file cannot be read: {reason}; mend it, or delete it.",
    )
