"""The old address of this function: see `edits`."""

from pyproject_ls.checks.edits import part_of

__all__ = ["part_of"]
