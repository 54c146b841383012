"""Other tools' tables, from the JSON schemas that the package validate-pyproject-schema-store has.

The package is optional: without it nothing is known of these tables, and nothing is said of them.
Its schemas become shapes of the same vocabulary as ours (`translate`), key by key as they are asked
for: ruff's alone has a thousand definitions.
"""

from __future__ import annotations

from pyproject_ls.project.schema.tools.store import tool_names
from pyproject_ls.project.schema.tools.tables import tool_doc, tool_shape

__all__ = ["tool_doc", "tool_names", "tool_shape"]
