"""What the checks of a team's policy have in common: words and places."""

from __future__ import annotations

from pyproject_ls.checks.wording import visible
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.text import Span
from pyproject_ls.toml import Document

LOCKS = ("poetry.lock", "uv.lock", "pdm.lock", "pylock.toml")
"""The lock files of all tools."""

_LONGEST = 200


def because(reason: str) -> str:
    """The reason that a policy gives, as the end of a sentence."""
    return f" (the policy says: {visible(reason.rstrip('.'), _LONGEST)})" if reason else ""


def first_line(document: Document) -> Span:
    """Where something shows that is nowhere."""
    end = document.text.find("\n")
    return Span(0, len(document.text) if end < 0 else end)


def where(dependency: Dependency) -> str:
    """The constraint of a dependency, in words."""
    constraint = constraint_of(dependency)
    return f"`{constraint}`" if constraint else "a dependency without a constraint"
