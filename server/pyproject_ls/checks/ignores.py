"""Comments that ignore findings: what they take away, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity, Tag
from pyproject_ls.checks.registry import check

MARK = "pyproject-ls:"
"""What every such comment has in it."""

UNUSED_IGNORE = Rule(
    "unused-ignore",
    Severity.WARNING,
    "a comment that ignores a rule which has no finding there",
    tags=(Tag.UNNECESSARY,),
)
IGNORE_UNKNOWN_RULE = Rule(
    "ignore-unknown-rule",
    Severity.WARNING,
    "a comment that ignores what is no rule, or cannot be ignored",
)
IGNORE_WITHOUT_RULE = Rule(
    "ignore-without-rule", Severity.WARNING, "a comment that names no rule to ignore"
)


@check(UNUSED_IGNORE, IGNORE_UNKNOWN_RULE, IGNORE_WITHOUT_RULE)
def comments(context: Context) -> Iterator[Finding]:
    """These rules are reported when all the others have said what they find: `without_ignored`."""
    return iter(())


def without_ignored(
    context: Context, findings: list[Finding], severities: Mapping[str, Severity]
) -> list[Finding]:
    """`findings` without those that a comment covers, and with what is wrong with the comments."""
    from pyproject_ls.checks.ignored import applied

    return applied(context, findings, severities)
