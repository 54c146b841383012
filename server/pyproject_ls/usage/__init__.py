"""Answers what a project's files use of its dependencies: by reading them, nothing is run.

Imported only where somebody asks.
"""

from __future__ import annotations

from pathlib import Path

from pyproject_ls.facts.usage import ImportsOf, MentionsOf, UsageAnswer, UsageQuestion
from pyproject_ls.usage.imported import imports
from pyproject_ls.usage.installed import installed
from pyproject_ls.usage.mentioned import mentions

__all__ = ["answer"]


def answer(root: Path, question: UsageQuestion) -> UsageAnswer:
    """The answer for the project in the folder `root`. Never raises."""
    if isinstance(question, ImportsOf):
        return imports(root, question.roots)
    if isinstance(question, MentionsOf):
        return mentions(root, question.words)
    return installed(root)
