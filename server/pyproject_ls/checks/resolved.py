"""What the project's own resolver says of its dependencies, shown where they are declared."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule
from pyproject_ls.checks.known import known
from pyproject_ls.checks.remedy import declarations, remedy_edits
from pyproject_ls.checks.resolution import (
    BUILD_FAILED,
    RESOLUTION_CONFLICT,
    RESOLUTION_FAILED,
    RESOLUTION_PYTHON,
    RESOLUTION_UNKNOWN_PACKAGE,
)
from pyproject_ls.checks.wording import visible
from pyproject_ls.facts.resolution import (
    Conflict,
    Reason,
    ReasonKind,
    Remedy,
    RemedyKind,
    Unresolved,
)
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.loosening import ANY
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.project.selection import Outlook
from pyproject_ls.project.upgrades import constraint_span
from pyproject_ls.project.wants import want_of
from pyproject_ls.text import Span

MAX_LENGTH = 120

_TO_LINE_END = lazy_pattern(r"[^\r\n]*")

_LACKING = (Outlook.YANKED, Outlook.PRERELEASES)
"""With these there are releases: some resolvers take them."""


def resolution(context: Context) -> Iterator[Finding]:
    """One finding at each direct dependency at fault; what an index rule says is not said again."""
    digest = digest_of(context.manifest)
    answer = context.facts.resolution(digest) if digest is not None else None
    if isinstance(answer, Unresolved):
        if not answer.is_lasting:
            yield _failed(context, answer)
    elif isinstance(answer, Conflict):
        yield from _conflict(context, answer)


def build_failed(context: Context) -> Iterator[Finding]:
    """The dependency that the last installation stopped at."""
    problem = context.facts.build_problem()
    if problem is None:
        return
    for dependency in _declarations(context, problem.package)[:1]:
        message = visible(problem.message)
        yield BUILD_FAILED.at(_place(context, dependency), dependency.path, message)


def _failed(context: Context, answer: Unresolved) -> Finding:
    return RESOLUTION_FAILED.at(_first_line(context), (), visible(answer.reason))


def _conflict(context: Context, conflict: Conflict) -> Iterator[Finding]:
    rule = _rule(conflict)
    told = _told(conflict)
    at_fault = [(name, _declarations(context, name)) for name in conflict.direct]
    places = [(name, members[0]) for name, members in at_fault if members]
    if not places:  # what it is about comes from elsewhere: from a setup.py, or another project
        yield rule.at(_first_line(context), (), _message(rule, conflict, "", told))
    for name, members in at_fault:
        fix = _fix(context, conflict, name)
        for dependency in members:
            if _is_said_already(context, conflict, dependency):
                continue
            related = tuple(
                Related(_place(context, other), f"`{other.name}` is part of it")
                for other_name, other in places
                if other_name != name
            )
            yield rule.at(
                _place(context, dependency),
                dependency.path,
                f"`{dotted(dependency.declared.path)}`:"
                f" {_message(rule, conflict, dependency.name, told)}",
                related=related,
                fix=fix,
            )
            fix = None  # it changes all declarations at once


def _rule(conflict: Conflict) -> Rule:
    kinds = {each.kind for each in conflict.reasons}
    if ReasonKind.UNKNOWN in kinds:
        return RESOLUTION_UNKNOWN_PACKAGE
    return RESOLUTION_PYTHON if ReasonKind.PYTHON in kinds else RESOLUTION_CONFLICT


def _message(rule: Rule, conflict: Conflict, written: str, told: str) -> str:
    """What to say at the dependency `written`; "" for the file as a whole."""
    name = f"`{visible(written, 60)}`" if written else "the file"
    if not told:
        others = [each for each in conflict.direct if each != normalized_name(written)]
        if not written or not others:
            return f"nothing can be resolved while {name} asks for what it does; change it."
        listed = _listed([f"`{visible(each, 60)}`" for each in others])
        return f"{name} does not fit together with {listed}; loosen one of them."
    if rule is RESOLUTION_UNKNOWN_PACKAGE:
        return f"{told}; correct the name, or declare the index that has it."
    if rule is RESOLUTION_PYTHON:
        return f"{told}; narrow the project's Pythons, or take other versions."
    return (
        f"{name} does not fit: {told}."
        if written
        else f"the project's dependencies conflict: {told}."
    )


def _told(conflict: Conflict) -> str:
    """The reasons as a sentence without its end: what others need, then what this file asks for."""
    told = [each for each in conflict.reasons if not _is_own(each)]
    facts = [_fact(each) for each in told]
    own = [
        f"`{visible(each.other, 60)}` {_constraint(each.constraint)}".rstrip()
        for each in conflict.reasons
        if _is_own(each) and not any(_tells(fact, each) for fact in told)
    ]
    asks = f"this file asks for {_listed(own)}" if own else ""
    return ", but ".join(filter(None, (_listed(facts), asks)))


def _tells(fact: Reason, asked: Reason) -> bool:
    """Whether who has read `fact` knows what this file asks for there."""
    if fact.package != asked.other:
        return False
    return fact.kind is not ReasonKind.NO_VERSION or fact.versions == asked.constraint


def _is_own(reason: Reason) -> bool:
    return reason.kind is ReasonKind.NEEDS and not reason.package


def _fact(reason: Reason) -> str:
    package = f"`{visible(reason.package, 60)}`"
    versions = f" {_constraint(reason.versions)}" if reason.versions else ""
    constraint = _constraint(reason.constraint)
    if reason.kind is ReasonKind.NEEDS:
        return f"{package}{versions} needs `{visible(reason.other, 60)}` {constraint}".rstrip()
    if reason.kind is ReasonKind.NO_VERSION:
        return f"there is no release of {package}{versions}"
    if reason.kind is ReasonKind.UNKNOWN:
        return f"no index has a package {package}"
    if reason.kind is ReasonKind.PYTHON:
        project = f", and the project supports {_constraint(reason.other)}" if reason.other else ""
        return f"{package}{versions} needs Python {constraint}{project}"
    return f"{package}{versions} is for {constraint or 'other platforms'} only"


def _constraint(text: str) -> str:
    return visible(text, MAX_LENGTH)


def _listed(items: Sequence[str]) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


_TITLES = {
    RemedyKind.RAISE: "Raise `{}` to {}",
    RemedyKind.LOWER: "Lower `{}` to {}",
    RemedyKind.LOOSEN: "Allow `{}` {}",
    RemedyKind.DROP: "Remove `{}`",
}


def _fix(context: Context, conflict: Conflict, name: str) -> Fix | None:
    """The first remedy for the package that can be written."""
    for remedy in conflict.remedies:
        if remedy.name == name:
            edits = remedy_edits(context.manifest, remedy)
            if edits:
                return Fix(_title(context, remedy), edits, safe=False, choice="resolution")
    return None


def _title(context: Context, remedy: Remedy) -> str:
    members = _declarations(context, remedy.name)
    written = members[0].name if members else remedy.name
    title = _TITLES[remedy.kind].format(visible(written, 60), visible(remedy.version, 60))
    return f"{title} (then all fits together)"


def _declarations(context: Context, name: str) -> list[Dependency]:
    """The declarations of the package; those for any version only if there are no others."""
    found = declarations(context.manifest, name)
    text = context.document.text
    wants = [(each, want_of(each, text)) for each in found]
    asking = [each for each, want in wants if want is None or want.constraint.strip() not in ANY]
    return asking or found


def _place(context: Context, dependency: Dependency) -> Span:
    return constraint_span(dependency, context.document.text)


def _first_line(context: Context) -> Span:
    match = _TO_LINE_END.match(context.document.text)
    return Span(0, match.end() if match is not None else 0)


def _is_said_already(context: Context, conflict: Conflict, dependency: Dependency) -> bool:
    """Whether a rule about packages has a finding for this declaration: one for each cause."""
    if not context.settings.online:
        return False
    known_here = known(context.manifest, context.facts)
    each = next((each for each in known_here if each.dependency is dependency), None)
    if each is None:
        return False
    if each.package is None:
        return True
    if each.choice is None or each.package.is_partial:
        return False
    if each.choice.outlook in _LACKING:
        lacking = {each.package for each in conflict.reasons if each.kind is ReasonKind.NO_VERSION}
        return dependency.normalized in lacking
    return each.choice.outlook in (Outlook.NO_VERSION, Outlook.PYTHON)
