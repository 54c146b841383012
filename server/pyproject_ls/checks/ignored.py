"""The work behind `ignores`, for texts that have such comments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from pyproject_ls.checks.configuration import OVERRIDE_FORBIDDEN
from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Fix, Rule, Severity
from pyproject_ls.checks.ignores import IGNORE_UNKNOWN_RULE, IGNORE_WITHOUT_RULE, UNUSED_IGNORE
from pyproject_ls.checks.registry import all_checks, all_rules
from pyproject_ls.checks.run import demanded, matches, unknown_patterns
from pyproject_ls.checks.suggest import closest
from pyproject_ls.checks.syntax import syntax
from pyproject_ls.configuration.comments import Code, Ignore, ignores_in
from pyproject_ls.facts import FILE_QUESTIONS, ConfigOf
from pyproject_ls.plugins import allowed_by, known_rules
from pyproject_ls.text import Edit, Span


def applied(
    context: Context, findings: list[Finding], severities: Mapping[str, Severity]
) -> list[Finding]:
    """`findings` without those that a comment covers, and with what is wrong with the comments."""
    found = list(ignores_in(context.document))
    if not found:
        return findings
    plugins = allowed_by(context.settings)
    fixed = protected() | demanded(context.settings.below, plugins).keys()
    used: set[Code] = set()
    kept = []
    for finding in findings:
        codes = [] if finding.code in fixed else list(_codes_for(finding, found))
        used.update(codes)
        if not codes:
            kept.append(finding)
    is_settled = not any(
        isinstance(each, (*FILE_QUESTIONS, ConfigOf)) for each in context.facts.wanted
    )
    for ignore in found:
        for each in _wrong(context, ignore, used, severities, is_settled):
            severity = severities.get(each.code)
            if severity is not None:
                kept.append(each._replace(severity=severity))
    return kept


def _codes_for(finding: Finding, found: list[Ignore]) -> Iterator[Code]:
    """The codes in comments that cover `finding`."""
    for ignore in found:
        if ignore.codes and ignore.covers(finding.span):
            yield from (each for each in ignore.codes if matches(finding.code, each.pattern))


@cache
def protected() -> frozenset[str]:
    """The rules whose findings no comment takes away: what they say makes the rest doubtful."""
    module = syntax.__module__
    found = {
        rule.code for each in all_checks() if each.run.__module__ == module for rule in each.rules
    }
    return frozenset(found | {code for code, rule in all_rules().items() if rule.always})


def _wrong(
    context: Context,
    ignore: Ignore,
    used: set[Code],
    severities: Mapping[str, Severity],
    is_settled: bool,
) -> Iterator[Finding]:
    if not ignore.codes:
        yield IGNORE_WITHOUT_RULE.at(
            ignore.span,
            (),
            "This comment names no rule, so it ignores nothing; write the rule's code, such as"
            " `# pyproject-ls: ignore[readme-missing] because …`.",
        )
        return
    plugins = allowed_by(context.settings)
    for code in ignore.codes:
        meant = [r for r in known_rules(plugins).values() if matches(r.code, code.pattern)]
        if not meant:
            if unknown_patterns(frozenset({code.pattern}), plugins):
                yield _unknown(context, ignore, code)
            continue
        ignorable = [each for each in meant if each.code not in protected()]
        if not ignorable:
            yield IGNORE_UNKNOWN_RULE.at(
                code.span,
                (),
                f"`{code.pattern}` cannot be ignored: what it finds makes all other findings"
                " doubtful. Remove it here.",
                fix=_removal(context, ignore, code),
            )
            continue
        demands = demanded(context.settings.below, plugins)
        if all(each.code in demands for each in ignorable):
            yield OVERRIDE_FORBIDDEN.at(
                code.span,
                (),
                f"`{code.pattern}` cannot be ignored here: the configuration demands it, and does"
                " not allow to override it.",
            )
        elif code not in used and is_settled and _are_sure(ignorable, severities):
            yield UNUSED_IGNORE.at(
                code.span,
                (),
                f"`{code.pattern}` has no finding here, so there is nothing to ignore; remove"
                f" {'the comment' if len(ignore.codes) == 1 else 'it'}.",
                fix=_removal(context, ignore, code),
            )


def _are_sure(rules: list[Rule], severities: Mapping[str, Severity]) -> bool:
    """Whether all `rules` have run, and would have found now what they ever find."""
    return all(each.code in severities and not each.online and not each.resolves for each in rules)


def _unknown(context: Context, ignore: Ignore, code: Code) -> Finding:
    meant = closest(code.pattern.rstrip("*"), known_rules(allowed_by(context.settings)))
    if meant is not None:
        advice = f"did you mean `{meant}`?"
        fix = Fix(f"Change to `{meant}`", (Edit(code.span, meant),), safe=False)
    else:
        advice = "`pyproject-ls rules` lists all."
        fix = _removal(context, ignore, code)
    return IGNORE_UNKNOWN_RULE.at(
        code.span, (), f"`{code.pattern}` is no rule, so it ignores nothing; {advice}", fix=fix
    )


def _removal(context: Context, ignore: Ignore, code: Code) -> Fix:
    """Take `code` out of the comment, or the comment out of the text."""
    text = context.document.text
    others = [each for each in ignore.codes if each is not code]
    if others:
        assert ignore.listed is not None
        rest = ", ".join(each.pattern for each in others)
        return Fix(f"Remove `{code.pattern}`", (Edit(ignore.listed, f"[{rest}]"),))
    if ignore.is_alone:
        end = ignore.line.end
        end += 2 if text.startswith("\r\n", end) else int(text[end : end + 1] in ("\n", "\r"))
        return Fix("Remove the comment", (Edit(Span(ignore.line.start, end), ""),))
    start = ignore.span.start
    while text[start - 1 : start] in (" ", "\t"):
        start -= 1
    return Fix("Remove the comment", (Edit(Span(start, ignore.span.end), ""),))
