"""Hover of rules and plugins: what a name in our own configuration stands for."""

from __future__ import annotations

from pyproject_ls.features.markdown import bullets, code, join
from pyproject_ls.host import Snapshot

MAX_RULES = 15
"""Of a name for several rules no more are listed."""


def rule_text(snapshot: Snapshot, name: str) -> str | None:
    """The rule `name`, or the rules that it stands for; None where there is none."""
    from pyproject_ls.checks.run import matches
    from pyproject_ls.plugins import allowed_by, known_rules

    rules = known_rules(allowed_by(snapshot.configuration.settings))
    found = [rule for rule in rules.values() if matches(rule.code, name)]
    if not found or not name:
        return None
    if len(found) == 1 and found[0].code == name:
        rule = found[0]
        usual = "" if rule.enabled else "Off by default."
        return join([f"{code(name)} · rule, {rule.severity.word}", f"{rule.summary}.", usual])
    listed = [f"{code(rule.code)}: {rule.summary}" for rule in found[:MAX_RULES]]
    if len(found) > MAX_RULES:
        listed.append(f"and {len(found) - MAX_RULES} more")
    return join([f"{code(name)} · {len(found)} rules", bullets(listed)])


def plugin_text(name: str) -> str | None:
    """Where the plugin `name` comes from; None where it is not installed."""
    from pyproject_ls.plugins.discovery import installed

    for each in installed():
        if each.name == name:
            return join([f"{code(name)} · plugin", f"{code(each.source)}, {code(each.value)}."])
    return None
