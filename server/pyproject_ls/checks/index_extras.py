"""Extras that are asked for, against those that the package has."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import part_of
from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.checks.known import Known, known, lock_of
from pyproject_ls.checks.online import PACKAGE_EXTRA_UNKNOWN
from pyproject_ls.checks.suggest import closest
from pyproject_ls.checks.wording import visible
from pyproject_ls.facts.packages import Details
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.selection import Outlook
from pyproject_ls.project.upgrades import locked_version
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Scalar

MAX_NAMED = 6


class _Extra(NamedTuple):
    """An extra as it is written."""

    name: str
    span: Span
    path: TomlPath


def package_extra_unknown(context: Context) -> Iterator[Finding]:
    """Extras that the metadata of the locked, else of the newest allowed version does not name."""
    for each in known(context.manifest, context.facts):
        if _may_have_extras(each.dependency):
            extras = list(_extras(each.dependency, context.document.text))
            if extras:
                yield from _unknown(context, each, extras)


def _unknown(context: Context, each: Known, extras: list[_Extra]) -> Iterator[Finding]:
    dependency = each.dependency
    version = _version(context, each)
    details = version and context.facts.details(dependency.normalized, each.lookup, version)
    if not isinstance(details, Details) or not details.extras:
        return  # old files name none, whatever they have
    names = {normalized_name(name): visible(name, 40) for name in details.extras}
    for extra in extras:
        if normalized_name(extra.name) in names:
            continue
        meant = closest(extra.name, names.values())
        listed = ", ".join(f"`{name}`" for name in sorted(names.values())[:MAX_NAMED])
        more = " and others" if len(names) > MAX_NAMED else ""
        advice = f"did you mean `{meant}`?" if meant else f"it has {listed}{more}."
        fix = None
        if meant and normalized_name(meant) not in {normalized_name(each.name) for each in extras}:
            title = f"Write `{dependency.name}[{meant}]`"
            fix = Fix(title, (Edit(extra.span, meant),), safe=False)
        yield PACKAGE_EXTRA_UNKNOWN.at(
            extra.span,
            extra.path,
            f"`{dotted(dependency.declared.path)}`: `{dependency.name}` {version} has no extra"
            f" `{extra.name}`; {advice}",
            fix=fix,
        )


def _version(context: Context, each: Known) -> str:
    locked = locked_version(each.dependency, lock_of(context.manifest, context.facts))
    if locked:
        return locked
    found = each.choice
    if found is None or found.release is None or found.outlook is not Outlook.FINE:
        return ""
    return found.release.version


def _may_have_extras(dependency: Dependency) -> bool:
    requirement = dependency.requirement
    if requirement is not None:
        return bool(requirement.extras)
    return dependency.option("extras") is not None


def _extras(dependency: Dependency, text: str) -> Iterator[_Extra]:
    node = dependency.node
    if dependency.requirement is not None and isinstance(node, Scalar):
        for part in dependency.requirement.extras:
            yield _Extra(part.text, part_of(text, node, part.span), dependency.path)
        return
    listed = dependency.option("extras")
    for index, item in enumerate(listed.items if isinstance(listed, Array) else ()):
        if isinstance(item, Scalar) and item.kind == "string" and item.value.strip():
            span = part_of(text, item, Span(0, len(item.value)))
            yield _Extra(item.value, span, (*dependency.path, "extras", index))
