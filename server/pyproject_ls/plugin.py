"""The API for plugins: rules of your own, in a distribution of your own (docs/plugins.md).

What is named here stays as it is in every pyproject-ls whose `API_VERSION` is the same; all other
modules may change at any time.
"""

from __future__ import annotations

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.plugins.loading import API_VERSION
from pyproject_ls.project.manifest import as_string, as_table, strings, text_of
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Document, Key, Scalar, Table, Value

__all__ = [
    "API_VERSION",
    "Array",
    "Context",
    "Document",
    "Edit",
    "Finding",
    "Fix",
    "Key",
    "Related",
    "Rule",
    "Scalar",
    "Severity",
    "Span",
    "Table",
    "Tag",
    "Value",
    "as_string",
    "as_table",
    "check",
    "findings_in",
    "strings",
    "text_of",
]


def findings_in(text: str, folder: str = ".", plugin: str = "") -> list[Finding]:
    """What is found in `text` as the ``pyproject.toml`` of a folder: for the tests of plugins.

    With `plugin` only what is found by the plugin of this name, and why it cannot be used.
    """
    from pathlib import Path

    from pyproject_ls.config import Settings
    from pyproject_ls.disk import analyse

    select = frozenset({f"{plugin}-*"}) if plugin else frozenset()
    found = analyse(text, Path(folder), Settings(select=select)).findings
    return [
        each
        for each in found
        if not plugin or each.code.startswith(f"{plugin}-") or each.code == "plugin-failed"
    ]
