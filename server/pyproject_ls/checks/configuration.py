"""What is wrong with the configuration of this program itself, in whichever layer it stands."""

from __future__ import annotations

from collections.abc import Iterable

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity, Tag
from pyproject_ls.checks.registry import check, later

EXTEND_FAILED = Rule(
    "extend-failed", Severity.ERROR, "a configuration that cannot be extended", always=True
)
CONFIGURATION_ERROR = Rule(
    "configuration-error",
    Severity.ERROR,
    "a file of configuration that cannot be read, or not wholly",
    always=True,
)
UNKNOWN_RULE = Rule(
    "unknown-rule", Severity.WARNING, "the configuration names what is no rule", always=True
)
UNKNOWN_PLUGIN = Rule(
    "unknown-plugin", Severity.WARNING, "the configuration names what is no plugin", always=True
)
CONTRADICTORY_SELECTION = Rule(
    "contradictory-selection",
    Severity.WARNING,
    "a rule is both selected and ignored",
    tags=(Tag.UNNECESSARY,),
)
OVERRIDE_FORBIDDEN = Rule(
    "override-forbidden",
    Severity.ERROR,
    "a configuration weakens what one below it forbids to weaken",
    always=True,
)


@check(
    EXTEND_FAILED,
    CONFIGURATION_ERROR,
    UNKNOWN_RULE,
    UNKNOWN_PLUGIN,
    CONTRADICTORY_SELECTION,
    OVERRIDE_FORBIDDEN,
)
def configuration(context: Context) -> Iterable[Finding]:
    """All that is wrong with the layers; nothing, and no work, where there are none."""
    found = context.configuration
    if found is None or not (found.layers or found.troubles):
        return ()
    return _LAYERS(context)


_LAYERS = later("configuration_layers", "layers")
