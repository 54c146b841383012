"""What a team asks about constraints: their style, pre-releases, direct references."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding
from pyproject_ls.checks.team import CONSTRAINT_STYLE, DIRECT_REFERENCE, PRE_RELEASE
from pyproject_ls.checks.team_dependencies import MAIN, PLACES, direct_kind, judged
from pyproject_ls.checks.team_fixes import with_constraint
from pyproject_ls.checks.team_wording import because
from pyproject_ls.configuration.policy import Style, Styles
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.ranges import Stretch, stretches

_NO_STYLE = Styles()
_EXACT = lazy_pattern(r"(?:={1,3}\s*|)v?\d[^*,|<>~^ ]*")
_PLAIN = lazy_pattern(r"[\s\d.,|<>=~^!*xXv]*")


def style(context: Context) -> Iterator[Finding]:
    """Constraints that are missing, open upwards, or exact, as the policy forbids or asks."""
    styles = context.policy.styles
    if styles == _NO_STYLE:
        return
    for dependency in judged(context.manifest):
        if direct_kind(context.manifest, dependency):
            continue
        wanted = _style_of(styles, dependency)
        constraint = constraint_of(dependency)
        problem, better = _problem(constraint, wanted)
        if problem:
            yield CONSTRAINT_STYLE.at(
                dependency.span,
                dependency.path,
                f"`{dependency.name}` {problem}{because(context.policy, 'constraints')}.",
                fix=with_constraint(dependency, better) if better else None,
            )


def _style_of(styles: Styles, dependency: Dependency) -> Style:
    """What is asked where `dependency` stands."""
    here = styles.main if dependency.declared.home in MAIN else styles.groups
    return Style(
        styles.anywhere.wildcard if here.wildcard is None else here.wildcard,
        here.upper_bound or styles.anywhere.upper_bound,
        here.exact or styles.anywhere.exact,
    )


def _problem(constraint: str, wanted: Style) -> tuple[str, str]:
    """What is wrong with a constraint, as the end of a sentence, and what would be right."""
    if constraint.strip() in ("", "*"):
        if wanted.wildcard is False or "required" in (wanted.upper_bound, wanted.exact):
            return "allows every version, which the policy forbids; write a constraint", ""
        return "", ""
    if _EXACT.fullmatch(constraint.strip()):
        if wanted.exact != "forbidden":
            return "", ""
        says = f"is pinned to `{constraint}`, which the policy forbids; write a range"
        return says, _range_from(constraint, wanted)
    if wanted.exact == "required":
        return f"allows a range (`{constraint}`), but the policy asks for one exact version", ""
    if not _PLAIN.fullmatch(constraint):
        return "", ""
    found = stretches(constraint)
    is_bounded = bool(found) and all(each.high is not None for each in found)
    if not is_bounded and wanted.upper_bound == "required":
        limit = _limit(found[0]) if len(found) == 1 else ""
        example = f"<{limit or '2'}"
        says = f"has no upper bound (`{constraint}`), which the policy asks for; add one, as in"
        better = f"{constraint.strip().rstrip(',')},{example}" if limit else ""
        return f"{says} `{example}`", better
    if is_bounded and wanted.upper_bound == "forbidden":
        says = f"has an upper bound (`{constraint}`), which the policy forbids; leave it out"
        return says, "" if "!" in constraint else _range_from(constraint, wanted)
    return "", ""


def _range_from(constraint: str, wanted: Style) -> str:
    """The range from the least version of `constraint` on, "" where that is not clear."""
    found = stretches(constraint)
    low = found[0].low if len(found) == 1 else None
    if low is None or not low.included or not _PLAIN.fullmatch(constraint):
        return ""
    least = re.search(r"\d[\d.]*\d|\d", constraint) if constraint.count(",") == 0 else None
    written = least.group() if least is not None else ".".join(map(str, low.release))
    upper = f",<{_limit(found[0])}" if wanted.upper_bound == "required" else ""
    return f">={written}{upper}"


def _limit(stretch: Stretch) -> str:
    """The first major version above a stretch without an end, "" where it has no beginning."""
    return str(stretch.low.release[0] + 1) if stretch.low is not None else ""


def direct_references(context: Context) -> Iterator[Finding]:
    """Dependencies from repositories, paths and addresses that the policy forbids."""
    allowed = context.policy.direct_references
    if not allowed:
        return
    for dependency in judged(context.manifest):
        kind = direct_kind(context.manifest, dependency)
        if kind and allowed.get(kind) is False:
            yield DIRECT_REFERENCE.at(
                dependency.span,
                dependency.path,
                f"`{dependency.name}` comes from {PLACES[kind]}, which the policy forbids; depend"
                f" on a release in an index{because(context.policy, 'direct-references')}.",
            )


def pre_releases(context: Context) -> Iterator[Finding]:
    """Constraints that name or allow pre-releases."""
    if context.policy.pre_releases is not False:
        return
    for dependency in judged(context.manifest):
        allows = dependency.option("allow-prereleases")
        is_allowed = getattr(allows, "value", None) is True
        if is_allowed or _names_pre_release(constraint_of(dependency)):
            yield PRE_RELEASE.at(
                dependency.span,
                dependency.path,
                f"`{dependency.name}` allows pre-releases, which the policy forbids; ask for final"
                f" releases only{because(context.policy, 'pre-releases')}.",
            )


def _names_pre_release(constraint: str) -> bool:
    """Whether a clause names a version with ``a``, ``b``, ``rc`` or ``dev``."""
    from packaging.version import InvalidVersion, Version

    for part in re.split(r"[,|\s]+", constraint):
        version = part.lstrip("<>=!~^")
        if part.startswith(("<", "!")) or not version or version.replace(".", "").isdigit():
            continue  # an upper end such as `<2.0.dev0` keeps them out
        try:
            if Version(version).is_prerelease:
                return True
        except InvalidVersion:
            continue
    return False


CHECKS = (style, direct_references, pre_releases)
