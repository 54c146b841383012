"""The old address of these functions: see `edits` and `wording`."""

from pyproject_ls.checks.edits import quoted, without_item
from pyproject_ls.checks.wording import shown

__all__ = ["quoted", "shown", "without_item"]
