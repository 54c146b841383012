"""Declaring dependencies: edits that add one, take one away, or give it another constraint.

All keep comments and the style of the neighbours, and leave a file that parses. Line ends in the
edits are those of the file.
"""

from __future__ import annotations

from pyproject_ls.features.declaring.adding import added, constraint_for
from pyproject_ls.features.declaring.constraints import renamed_constraint
from pyproject_ls.features.declaring.model import Addition, CannotDeclare
from pyproject_ls.features.declaring.removing import removed

__all__ = [
    "Addition",
    "CannotDeclare",
    "added",
    "constraint_for",
    "removed",
    "renamed_constraint",
]
