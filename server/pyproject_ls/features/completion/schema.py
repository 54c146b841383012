"""The schema as completion asks it: that of the project, with the table of this program."""

from __future__ import annotations

from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.schema.lookup import shape_at
from pyproject_ls.project.schema.shapes import Anything, Boolean, ListOf, Shape, TableOf, Text
from pyproject_ls.toml import Table

OWN = ("tool", "pyproject-ls")

_RULES = ListOf(Text())
_OWN_TABLE = TableOf(
    {
        "profile": Text(values=("all", "poetry"), hint="`all` or `poetry`"),
        "select": _RULES,
        "extend-select": _RULES,
        "ignore": _RULES,
        "severity": TableOf(
            others=Text(values=("error", "warning", "information", "hint"), hint="a severity")
        ),
        "lock": Boolean(),
    }
)

OWN_DETAILS = {
    "profile": "`poetry` reports what `poetry check` would, and nothing else",
    "select": "the only rules to run, by code; `deprecated-*` stands for several",
    "extend-select": "rules to run besides those that are on by default",
    "ignore": "rules not to run",
    "severity": "how serious the findings of a rule are",
    "lock": "whether poetry.lock has to exist",
}


def shape_of(path: TomlPath, root: Table | None) -> Shape | None:
    """The shape of what may stand at `path`; None outside of what is known."""
    found = shape_at(path, root)
    if path[:2] == OWN and (found is None or isinstance(found, Anything)):
        found = _OWN_TABLE
        for step in path[2:]:
            if isinstance(found, TableOf) and isinstance(step, str):
                found = found.fields.get(step, found.others)
            elif isinstance(found, ListOf) and isinstance(step, int):
                found = found.item
            else:
                return None
    return found
