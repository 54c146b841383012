"""What is wrong with plugins: what they find themselves is in `pyproject_ls.plugins`."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check

PLUGIN_FAILED = Rule(
    "plugin-failed", Severity.ERROR, "an installed plugin cannot be used", always=True
)


@check(PLUGIN_FAILED)
def failed(context: Context) -> Iterator[Finding]:
    """The rule is reported by whoever runs a plugin (`pyproject_ls.plugins.running`)."""
    return iter(())
