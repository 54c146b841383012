"""Running the checks over one text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from pyproject_ls.checks import syntax, templates
from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import Check, CheckFunction, all_checks, all_rules
from pyproject_ls.config import Settings

MAX_FINDINGS = 5_000
"""More are cut off, the worst stay: nobody reads them, and every editor would have to hold them."""


class Plan(NamedTuple):
    """Which checks to run under some settings, and the severity of each rule that is on."""

    checks: tuple[Check, ...]
    severities: dict[str, Severity]


def run(context: Context) -> list[Finding]:
    """All findings about `context`, by place; the same for the same context.

    With the `poetry` profile a text that is no TOML has its syntax findings only, because Poetry
    reads no further; a template has one message only.
    """
    plan = plan_for(context.settings)
    only_standard = not (context.as_poetry or context.manifest.uses_poetry)
    severities = plan.severities
    findings: list[Finding] = []
    for function in _functions(context, plan):
        for finding in function(context):
            rule = finding.rule
            severity = severities.get(rule.code)
            if severity is None or (only_standard and not rule.standard):
                continue
            if context.as_poetry and not finding.poetry:
                continue
            if severity is not finding.severity:
                finding = finding._replace(severity=severity)
            findings.append(finding)
    if len(findings) > MAX_FINDINGS:
        findings.sort(key=lambda finding: (finding.severity, *_by_place(finding)))
        del findings[MAX_FINDINGS:]
    findings.sort(key=_by_place)
    return findings


def _functions(context: Context, plan: Plan) -> Iterable[CheckFunction]:
    """The check functions of `plan` that the text is fit for."""
    functions = (each.run for each in plan.checks)
    if context.as_poetry:
        if context.document.problems or context.document.has_bom:
            return [each for each in functions if each.__module__ == syntax.__name__]
    elif templates.is_template(context.document):
        return [each for each in functions if each.__module__ == templates.__name__]
    return functions


def plan_for(settings: Settings) -> Plan:
    """The plan for `settings`; equal settings share one."""
    return _plan(
        settings.profile == "poetry",
        settings.select,
        settings.extend_select,
        settings.ignore,
        tuple(sorted(settings.severity.items())),
        settings.online,
        settings.resolve != "off",
    )


@lru_cache(maxsize=64)
def _plan(
    as_poetry: bool,
    select: frozenset[str],
    extend_select: frozenset[str],
    ignore: frozenset[str],
    severity: tuple[tuple[str, Severity], ...],
    online: bool,
    resolves: bool,
) -> Plan:
    severities: dict[str, Severity] = {}
    for rule in all_rules().values():
        is_possible = (online or not rule.online) and (resolves or not rule.resolves)
        if is_possible and _is_on(rule, as_poetry, select, extend_select, ignore):
            severities[rule.code] = rule.poetry if as_poetry and rule.poetry else rule.severity
    for pattern, level in severity:
        for code in severities:
            if matches(code, pattern):
                severities[code] = level
    checks = tuple(
        each for each in all_checks() if any(rule.code in severities for rule in each.rules)
    )
    return Plan(checks, severities)


def _is_on(
    rule: Rule,
    as_poetry: bool,
    select: frozenset[str],
    extend_select: frozenset[str],
    ignore: frozenset[str],
) -> bool:
    if as_poetry and rule.poetry is None:
        return False
    if any(matches(rule.code, pattern) for pattern in ignore):
        return False
    if any(matches(rule.code, pattern) for pattern in extend_select):
        return True
    if select:
        return any(matches(rule.code, pattern) for pattern in select)
    return rule.enabled


def matches(code: str, pattern: str) -> bool:
    """Whether `pattern`, a code or a prefix that ends in ``*``, names the rule `code`."""
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern


def unknown_patterns(patterns: frozenset[str]) -> list[str]:
    """Those of `patterns` that name no rule, sorted."""
    codes = list(all_rules())
    return sorted(p for p in patterns if not any(matches(code, p) for code in codes))


def _by_place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.start, finding.span.end, finding.rule.code
