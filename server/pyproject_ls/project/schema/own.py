"""``[tool.pyproject-ls]``, and the content of ``pyproject-ls.toml``: our own configuration."""

from __future__ import annotations

from pyproject_ls.project.schema.own_policy import POLICY
from pyproject_ls.project.schema.shapes import Boolean, ListOf, OneOf, TableOf, Text
from pyproject_ls.project.schema.standard import TEXT, TEXTS

PRESETS = ("strict", "publish")
"""The groups of rules that a project can choose."""

SEVERITIES = ("error", "warning", "information", "hint")

_BOOLEAN = Boolean()

OWN = TableOf(
    {
        "extend": OneOf(text=TEXT, array=TEXTS),
        "overridable": _BOOLEAN,
        "profile": Text(values=("all", "poetry"), hint="`all` or `poetry`"),
        "presets": ListOf(Text(values=PRESETS, hint="`strict` or `publish`")),
        "select": TEXTS,
        "extend-select": TEXTS,
        "ignore": TEXTS,
        "severity": TableOf(
            others=Text(values=SEVERITIES, hint="`error`, `warning`, `information` or `hint`")
        ),
        "per-path-ignores": TableOf(others=TEXTS),
        "poetry": Text(values=("1.8", "2"), hint='`"1.8"` or `"2"`'),
        "online": _BOOLEAN,
        "lock": _BOOLEAN,
        "plugins": OneOf(boolean=_BOOLEAN, array=TEXTS),
        "fix": TableOf({"unsafe": _BOOLEAN, "fixable": TEXTS, "unfixable": TEXTS}),
        "policy": POLICY,
    }
)
