"""``[tool.pyproject-ls.policy]``: what a team asks of its projects."""

from __future__ import annotations

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.schema.shapes import Boolean, ListOf, OneOf, Shape, TableOf, Text
from pyproject_ls.project.schema.standard import TEXT, TEXTS

_CLAUSE = r"\s*(?:~=|===?|!=|<=|>=|[<>~^])?\s*v?\d[\w.!+*-]*\s*"

_BOOLEAN = Boolean()
_BOUND = Text(values=("required", "forbidden"), hint="`required` or `forbidden`")
_RANGE = Text(
    pattern=lazy_pattern(rf"{_CLAUSE}(?:,{_CLAUSE})*,?\s*"),
    hint="a range of versions such as `>=3.10,<4`",
)
_LICENSES = ListOf(
    Text(
        pattern=lazy_pattern(r"[A-Za-z0-9.+\-:() *?\[\]]+"),
        hint="an SPDX licence such as `MIT` or `GPL-*`",
    )
)
_REQUIRED = OneOf(
    text=TEXT,
    table=TableOf(
        {"name": TEXT, "versions": _RANGE, "group": TEXT, "reason": TEXT}, required=("name",)
    ),
)
_FORBIDDEN = OneOf(
    text=TEXT,
    table=TableOf(
        {"name": TEXT, "versions": _RANGE, "use": TEXT, "group": TEXT, "reason": TEXT},
        required=("name",),
    ),
)
_STYLE: dict[str, Shape] = {"wildcard": _BOOLEAN, "upper-bound": _BOUND, "exact": _BOUND}

_ASKED: dict[str, Shape] = {
    "requires-python": _RANGE,
    "supports-python": _RANGE,
    "required-packages": ListOf(_REQUIRED),
    "forbidden-packages": ListOf(_FORBIDDEN),
    "agreed-constraints": TableOf(others=TEXT),
    "workspace": TEXTS,
    "allowed-sources": TEXTS,
    "forbidden-sources": TEXTS,
    "implicit-pypi": _BOOLEAN,
    "licenses": _LICENSES,
    "forbidden-licenses": _LICENSES,
    "locked-licenses": TableOf(
        {
            "allowed": _LICENSES,
            "forbidden": _LICENSES,
            "except": TEXTS,
            "unknown": Text(values=("ignore", "report"), hint="`ignore` or `report`"),
        }
    ),
    "required-keys": TableOf(others=OneOf(text=TEXT, array=TEXTS)),
    "required-groups": TEXTS,
    "required-tools": TEXTS,
    "names": TableOf({"project": TEXT, "group": TEXT, "extra": TEXT, "script": TEXT}),
    "constraints": TableOf({**_STYLE, "main": TableOf(_STYLE), "groups": TableOf(_STYLE)}),
    "lock": TableOf({"required": _BOOLEAN, "poetry": _RANGE}),
    "direct-references": OneOf(
        boolean=_BOOLEAN, table=TableOf({"git": _BOOLEAN, "path": _BOOLEAN, "url": _BOOLEAN})
    ),
    "pre-releases": _BOOLEAN,
}

POLICY = TableOf({**_ASKED, "reasons": TableOf(dict.fromkeys(_ASKED, TEXT))})
