"""Running the checks over one text."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pyproject_ls.checks import configuration, ignores, own_table, poetry_1, syntax, templates
from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import Check, CheckFunction, all_checks, all_rules
from pyproject_ls.config import Plugins, Selection, Settings
from pyproject_ls.configuration import Configuration
from pyproject_ls.named import NamedTuple
from pyproject_ls.plugins import allowed, allowed_by, checks_of, known_rules, owner_of

OF_CONFIGURATION = frozenset(each.__name__ for each in (configuration, own_table, syntax))
"""The modules with the checks that a file of configuration gets."""

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
    is_old = poetry_1.target_of(context)[0] == "1.8"
    findings: list[Finding] = []
    for function in _functions(context, plan):
        is_ours = function is own_table.own_table  # nobody wants to overlook a fault in these
        for finding in function(context):
            rule = finding.rule
            severity = finding.severity if is_ours else severities.get(rule.code)
            if severity is None or (only_standard and not rule.standard):
                continue
            if is_old:
                held = poetry_1.in_poetry_1(finding, context)
                if held is None:
                    continue
                finding = held
            if context.as_poetry and not finding.poetry and not (rule.always or is_ours):
                continue
            if severity is not finding.severity:
                finding = finding._replace(severity=severity)
            findings.append(finding)
    if context.document.base:
        findings = [own_table.in_own_file(each, context.document.base) for each in findings]
    found = context.configuration
    if found is not None and (found.unsafe or found.fixable or found.unfixable):
        findings = [_with_fixing(each, found) for each in findings]
    if ignores.MARK in context.document.text:
        findings = ignores.without_ignored(context, findings, severities)
    if len(findings) > MAX_FINDINGS:
        findings.sort(key=lambda finding: (finding.severity, *_by_place(finding)))
        del findings[MAX_FINDINGS:]
    findings.sort(key=_by_place)
    return findings


def _functions(context: Context, plan: Plan) -> Iterable[CheckFunction]:
    """The check functions of `plan` that the text is fit for."""
    functions = (each.run for each in plan.checks)
    if context.settings.subject == "configuration":
        return [each for each in functions if each.__module__ in OF_CONFIGURATION]
    if context.as_poetry:
        if context.document.problems or context.document.has_bom:
            return [each for each in functions if each.__module__ == syntax.__name__]
    elif templates.is_template(context.document):
        return [each for each in functions if each.__module__ == templates.__name__]
    return functions


def _with_fixing(finding: Finding, fixing: Configuration) -> Finding:
    """`finding` with its fix as safe as the configuration says."""
    fix, code = finding.fix, finding.code
    if fix is None:
        return finding
    is_barred = fixing.fixable and not _names(fixing.fixable, code)
    if is_barred or _names(fixing.unfixable, code):
        return finding._replace(fix=fix._replace(safe=False, by_hand=True))
    return finding._replace(fix=fix._replace(safe=fix.safe or fixing.unsafe))


def plan_for(settings: Settings) -> Plan:
    """The plan for `settings`; equal settings share one."""
    return _plan(
        settings.profile == "poetry",
        (*settings.below, selection_of(settings)),
        settings.online,
        settings.resolve != "off",
        allowed_by(settings),
    )


def selection_of(settings: Settings) -> Selection:
    """What `settings` select themselves, above the layers below them."""
    return Selection(
        settings.select,
        settings.extend_select,
        settings.ignore,
        tuple(sorted(settings.severity.items())) if settings.severity else (),
        settings.presets,
    )


@lru_cache(maxsize=64)
def _plan(
    as_poetry: bool,
    layers: tuple[Selection, ...],
    online: bool,
    resolves: bool,
    plugins: Plugins,
) -> Plan:
    severities: dict[str, Severity] = {}
    for rule in known_rules(plugins).values():
        is_possible = (online or not rule.online) and (resolves or not rule.resolves)
        if rule.always:
            severities[rule.code] = rule.severity
        elif is_possible and (rule.poetry is not None or not as_poetry):
            severity = severity_in(layers, rule, as_poetry)
            if severity is not None:
                severities[rule.code] = severity
    checks = tuple(
        each
        for each in (*all_checks(), *checks_of(plugins))
        if any(rule.code in severities for rule in each.rules)
    )
    return Plan(checks, severities)


def severity_in(
    layers: tuple[Selection, ...], rule: Rule, as_poetry: bool = False
) -> Severity | None:
    """How grave `rule` is where `layers` hold, the lowest first; None: it is off.

    Each layer changes what those below it say, but for what a final layer demands.
    """
    usual = rule.poetry if as_poetry and rule.poetry else rule.severity
    on, severity, least = rule.enabled, usual, None
    for layer in layers:
        code = rule.code
        if layer.select:
            on = _names(layer.select, code)
        if (layer.presets and not layer.presets.isdisjoint(rule.presets)) or (
            layer.extend_select and _names(layer.extend_select, code)
        ):
            on = True
        if layer.ignore and _names(layer.ignore, code):
            on = False
        for pattern, level in layer.severity:
            if matches(code, pattern):
                severity = level
        if least is not None:
            on, severity = True, min(severity, least)
        if layer.final and on:
            least = severity
    return severity if on else None


def demanded(layers: tuple[Selection, ...], plugins: Plugins) -> dict[str, Severity]:
    """What the final ones of `layers` demand: the least severity of each rule that must be on.

    Of the rules of plugins those count whose plugin is one of `plugins`.
    """
    last = max((at for at, each in enumerate(layers) if each.final), default=-1)
    return dict(_demanded(layers[: last + 1], plugins)) if last >= 0 else {}


@lru_cache(maxsize=64)
def _demanded(layers: tuple[Selection, ...], plugins: Plugins) -> tuple[tuple[str, Severity], ...]:
    found = ((code, severity_in(layers, rule)) for code, rule in known_rules(plugins).items())
    return tuple((code, severity) for code, severity in found if severity is not None)


def _names(patterns: frozenset[str], code: str) -> bool:
    return code in patterns or any(matches(code, pattern) for pattern in patterns)


def matches(code: str, pattern: str) -> bool:
    """Whether `pattern`, a code or a prefix that ends in ``*``, names the rule `code`."""
    return code.startswith(pattern[:-1]) if pattern.endswith("*") else code == pattern


def unknown_patterns(patterns: frozenset[str], plugins: Plugins = True) -> list[str]:
    """Those of `patterns` that name no rule, sorted.

    Which rules there are is not known of a plugin that is not one of `plugins`, or cannot be used.
    """
    codes = list(all_rules())
    unknown = [p for p in patterns if not any(matches(code, p) for code in codes)]
    return sorted(p for p in unknown if not _is_of_plugin(p, plugins)) if unknown else []


def _is_of_plugin(pattern: str, plugins: Plugins) -> bool:
    """Whether `pattern` names rules of a plugin, as far as can be told."""
    owner = owner_of(pattern)
    if owner is None:
        return False
    may_run = owner.name in plugins if isinstance(plugins, frozenset) else plugins
    found = allowed(frozenset({owner.name})) if may_run else ()
    rules = [rule for each in found for rule in each.rules]
    return not rules or any(matches(rule.code, pattern) for rule in rules)


def _by_place(finding: Finding) -> tuple[int, int, str]:
    return finding.span.start, finding.span.end, finding.rule.code
