"""What the checks of a team's policy have in common: words and places."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Fix, Rule
from pyproject_ls.checks.wording import visible
from pyproject_ls.configuration.policy import Policy
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.text import Span
from pyproject_ls.toml import Document

LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")
"""The lock files of all tools."""

MAX_REASON = 200

MAX_COMPARED = 200
"""Longer texts are not compared with patterns."""


def because(policy: Policy, key: str, reason: str = "") -> str:
    """The reason that a policy gives, for one entry or for the whole `key`: a sentence's end."""
    said = reason or policy.reasons.get(key, "")
    return f" (the policy says: {visible(said.rstrip('.'), MAX_REASON)})" if said else ""


def absent(context: Context, rule: Rule, message: str, fix: Fix | None = None) -> Iterator[Finding]:
    """A finding of `rule` about what is nowhere, shown on the first line.

    Nothing while the text is not valid TOML, as it may be there, and for files without a project.
    """
    manifest = context.manifest
    if context.document.problems or (manifest.project is None and manifest.poetry is None):
        return
    yield rule.at(first_line(context.document), (), message, fix=fix)


def first_line(document: Document) -> Span:
    """Where something shows that is nowhere."""
    end = document.text.find("\n")
    return Span(0, len(document.text) if end < 0 else end)


def where(dependency: Dependency) -> str:
    """The constraint of a dependency, in words."""
    constraint = constraint_of(dependency)
    return f"`{constraint}`" if constraint else "a dependency without a constraint"


def fits(text: str, pattern: str) -> bool:
    """Whether `text` looks like `pattern`, in which ``*`` is any run of characters."""
    return len(text) > MAX_COMPARED or fnmatchcase(text, pattern)


def listed(values: tuple[str, ...]) -> str:
    """`values` in a sentence: "`a`, `b`"."""
    return ", ".join(f"`{each}`" for each in values) or "none"


def is_literal(pattern: str) -> bool:
    """Whether `pattern` means one text only."""
    return not any(char in pattern for char in "*?[")
