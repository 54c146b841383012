"""``[tool.pyproject-ls.policy]``: what a team asks of its projects."""

from __future__ import annotations

from pyproject_ls.project.schema.shapes import Boolean, ListOf, OneOf, TableOf, Text
from pyproject_ls.project.schema.standard import TEXT, TEXTS

_BOOLEAN = Boolean()
_BOUND = Text(values=("required", "forbidden"), hint="`required` or `forbidden`")
_REQUIRED = OneOf(
    text=TEXT,
    table=TableOf({"name": TEXT, "group": TEXT, "reason": TEXT}, required=("name",)),
)
_FORBIDDEN = OneOf(
    text=TEXT,
    table=TableOf(
        {"name": TEXT, "versions": TEXT, "use": TEXT, "reason": TEXT}, required=("name",)
    ),
)

POLICY = TableOf(
    {
        "requires-python": TEXT,
        "required-packages": ListOf(_REQUIRED),
        "forbidden-packages": ListOf(_FORBIDDEN),
        "agreed-constraints": TableOf(others=TEXT),
        "allowed-sources": TEXTS,
        "implicit-pypi": _BOOLEAN,
        "licenses": TEXTS,
        "required-keys": TableOf(others=TEXT),
        "required-groups": TEXTS,
        "required-tools": TEXTS,
        "names": TableOf({"project": TEXT, "group": TEXT, "extra": TEXT, "script": TEXT}),
        "constraints": TableOf({"wildcard": _BOOLEAN, "upper-bound": _BOUND, "exact": _BOUND}),
        "lock": TableOf({"required": _BOOLEAN, "poetry": TEXT}),
        "direct-references": _BOOLEAN,
        "pre-releases": _BOOLEAN,
    }
)
