"""From ``[tool.poetry]`` to the standard's tables: what every user of Poetry 1 has to do.

`migrate` does it for a file, `migrate_field` for one field; both give edits and notes, or raise
`MigrationRefused`.
"""

from pyproject_ls.features.migrate.model import Migration, MigrationRefused, Note
from pyproject_ls.features.migrate.whole import migrate, migrate_field

__all__ = ["Migration", "MigrationRefused", "Note", "migrate", "migrate_field"]
