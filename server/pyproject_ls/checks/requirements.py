"""PEP 508 strings: whether they can be read and satisfied; `packaging` and `poetry-core` judge."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import part_of
from pyproject_ls.checks.finding import Finding, Fix, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.requirement_reasons import (
    URL_REASONS,
    in_words_of_poetry,
    reason,
)
from pyproject_ls.checks.schema import REFUSED_BY_POETRY
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.caret import as_pep440
from pyproject_ls.project.common_forms import is_simple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.verdicts import (
    Fault,
    FaultKind,
    poetry_fault,
    standard_fault,
)
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Document, Scalar

ERROR = Severity.ERROR

INVALID_REQUIREMENT = Rule(
    "invalid-requirement", ERROR, "a dependency is not a valid PEP 508 requirement", poetry=ERROR
)
POETRY_SYNTAX = Rule(
    "poetry-syntax-in-requirement", ERROR, "Poetry's `^` or `~` in a PEP 508 string", poetry=ERROR
)
IMPOSSIBLE_CONSTRAINT = Rule(
    "impossible-constraint", ERROR, "a constraint that no version satisfies", poetry=ERROR
)
INVALID_MARKER = Rule(
    "invalid-marker", ERROR, "an environment marker that cannot be read", poetry=ERROR
)
INVALID_DIRECT_REFERENCE = Rule(
    "invalid-direct-reference", ERROR, "a URL that no package can come from", poetry=ERROR
)

POETRY_READS = frozenset({Home.PROJECT, Home.EXTRA, Home.GROUP})
"""The lists of PEP 508 strings that Poetry reads itself."""

_POETRY_OPERATOR = lazy_pattern(r"(?<![~<>=!^])(\^|~(?!=))\s*v?(\d[\w.]*)")


@check(
    INVALID_REQUIREMENT,
    POETRY_SYNTAX,
    IMPOSSIBLE_CONSTRAINT,
    INVALID_MARKER,
    INVALID_DIRECT_REFERENCE,
    REFUSED_BY_POETRY,
)
def requirement_strings(context: Context) -> Iterator[Finding]:
    """PEP 508 strings that `packaging`, Poetry, or both refuse."""
    for dependency in context.manifest.dependencies:
        requirement = dependency.requirement
        if requirement is None or is_known_good(requirement.text):
            continue
        if dependency.declared.home is Home.PDM_DEV and requirement.text.startswith("-e "):
            continue  # PDM's own notation for an editable one
        by_standard = standard_fault(requirement.text)
        by_poetry = None
        if dependency.declared.home in POETRY_READS:
            by_poetry = poetry_fault(requirement.text)
        if by_standard or by_poetry:
            yield _requirement_finding(context, dependency, by_standard, by_poetry)


_known_good: dict[str, bool] = {}


def is_known_good(requirement: str) -> bool:
    """Whether `requirement` is of the common valid form; remembered, because nearly all are."""
    verdict = _known_good.get(requirement)
    if verdict is None:
        if len(_known_good) > 50_000:
            _known_good.clear()
        verdict = _known_good[requirement] = is_simple(requirement)
    return verdict


def _requirement_finding(
    context: Context, dependency: Dependency, by_standard: Fault | None, by_poetry: Fault | None
) -> Finding:
    fault = by_poetry or by_standard
    assert fault is not None
    assert dependency.requirement is not None
    text, name = dependency.requirement.text, f"`{dotted(dependency.path)}`"
    span = inside(context.document, dependency.node, fault.span)
    poetry = by_poetry is not None
    if _POETRY_OPERATOR.search(text) and fault.kind is FaultKind.SYNTAX:
        return _poetry_syntax(context, dependency, poetry)
    holds_for_all = fault.kind is FaultKind.IMPOSSIBLE or _is_no_url(fault, text)
    if by_standard is None and not holds_for_all:
        return _refused(context, dependency, fault)
    rule = _RULES[fault.kind]
    return rule.at(span, dependency.path, f"{name}: {reason(fault, text)}.", poetry=poetry)


_RULES = {
    FaultKind.SYNTAX: INVALID_REQUIREMENT,
    FaultKind.CONSTRAINT: INVALID_REQUIREMENT,
    FaultKind.IMPOSSIBLE: IMPOSSIBLE_CONSTRAINT,
    FaultKind.MARKER: INVALID_MARKER,
    FaultKind.URL: INVALID_DIRECT_REFERENCE,
}


def _is_no_url(fault: Fault, text: str) -> bool:
    """Whether it is a URL that no installer can use, although `packaging` does not look.

    Braces are filled in by the build backend (``{root:uri}`` of hatchling).
    """
    return (
        fault.kind is FaultKind.URL
        and fault.detail in {"location", "wheel name", "invalid URL"}
        and "{" not in text
    )


def _refused(context: Context, dependency: Dependency, fault: Fault) -> Finding:
    """What only Poetry refuses, with another way to write it."""
    assert dependency.requirement is not None
    text = dependency.requirement.text
    part = text[fault.span.start : fault.span.end]
    other = in_words_of_poetry(part)
    if other is not None:
        advice = f"write `{other}`"
    elif fault.kind is FaultKind.URL:
        advice = URL_REASONS.get(fault.detail, "use another URL")
    elif fault.kind is FaultKind.MARKER:
        advice = "write the marker in another way"
    else:
        advice = "write it as `name[extra]>=1.2; marker`"
    fix = None
    span = part_of(context.document.text, dependency.node, fault.span)  # type: ignore[arg-type]
    if other is not None and context.document.text[span.start : span.end] == part:
        fix = Fix(f"Change to `{other}`", (Edit(span, other),))
    return REFUSED_BY_POETRY.at(
        inside(context.document, dependency.node, fault.span),
        dependency.path,
        f"`{dotted(dependency.path)}` is valid, but Poetry does not accept `{part}`; {advice}.",
        fix=fix,
        poetry=True,
    )


def _poetry_syntax(context: Context, dependency: Dependency, poetry: bool) -> Finding:
    """``^`` and ``~`` are Poetry's; the same range can be written as PEP 440 specifiers."""
    assert dependency.requirement is not None
    text = dependency.requirement.text
    match = _POETRY_OPERATOR.search(text)
    assert match is not None
    span = inside(context.document, dependency.node, Span(*match.span()))
    range_ = as_pep440(match.group(1), match.group(2))
    advice = f"write `{range_}`" if range_ else "write the range with `>=` and `<`"
    fix = None
    rest = text[: match.start()] + (range_ or "") + text[match.end() :]
    if range_ and standard_fault(rest) is None:
        fix = Fix(f"Change to `{range_}`", (Edit(span, range_),))
    return POETRY_SYNTAX.at(
        span,
        dependency.path,
        f"`{match.group().strip()}` in `{dotted(dependency.path)}` is Poetry's own notation and not"
        f" allowed here; {advice}.",
        fix=fix,
        poetry=poetry,
    )


def inside(document: Document, node: object, span: Span) -> Span:
    """`span`, which counts in the value of the string `node`, as a span of the text."""
    assert isinstance(node, Scalar)
    placed = part_of(document.text, node, span)
    return placed if placed.end > placed.start else node.span
