"""The schema as completion asks it."""

from __future__ import annotations

from pyproject_ls.configuration import OWN
from pyproject_ls.project.schema.lookup import shape_at as shape_of

__all__ = ["OWN", "shape_of"]
