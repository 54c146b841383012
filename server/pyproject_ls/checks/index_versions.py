"""Constraints against the releases that there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Fix, Related
from pyproject_ls.checks.known import Known, known, lock_of, value_path
from pyproject_ls.checks.online import (
    LOCKED_YANKED,
    NEEDS_OTHER_PYTHON,
    NEWER_VERSION,
    NO_MATCHING_VERSION,
    ONLY_PRERELEASES,
    ONLY_YANKED,
)
from pyproject_ls.checks.wording import visible
from pyproject_ls.facts.packages import Package
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import POETRY_LOCK, UV_LOCK
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.ranges import stretches
from pyproject_ls.project.selection import Choice, Outlook, newest
from pyproject_ls.project.upgrades import (
    constraint_node,
    constraint_span,
    name_span,
    raised_from,
)
from pyproject_ls.project.wants import Want, is_limit, is_locked_apart, limited_python
from pyproject_ls.text import Span

MAX_REASON = 160

MAX_SAID = 2048


def constraints(context: Context) -> Iterator[Finding]:
    """What each constraint leaves of the releases: one finding a dependency at most."""
    for each in known(context.manifest, context.facts):
        found = each.choice
        if found is None:
            continue
        if found.outlook is Outlook.FINE:
            if found.newer is not None and not is_limit(each.dependency):
                yield _newer(context, each, found.newer.version)
        elif found.outlook is not Outlook.UNREADABLE and not _may_be_elsewhere(each):
            yield from _SAY[found.outlook](context, each, found)


def _may_be_elsewhere(found: Known) -> bool:
    """Whether an index that was not asked may have the release that is missing."""
    return found.package is not None and found.package.is_partial


def locked_yanked(context: Context) -> Iterator[Finding]:
    """Dependencies whose version in the lock file was withdrawn since."""
    lock = lock_of(context.manifest, context.facts)
    if lock is None:
        return
    seen: set[str] = set()
    for each in known(context.manifest, context.facts):
        dependency, package = each.dependency, each.package
        if package is None or is_locked_apart(dependency) or dependency.normalized in seen:
            continue
        yanked = _yanked(package)
        if not yanked:
            continue
        for locked in lock.of(dependency):
            found = each.choice
            if locked.version in yanked and not (found and found.outlook is Outlook.YANKED):
                seen.add(dependency.normalized)
                yield LOCKED_YANKED.at(
                    name_span(dependency, context.document.text),
                    dependency.path,
                    f"`{_field(each)}`: `{lock.path}` has `{dependency.name}` {locked.version},"
                    f" which was yanked{_why(yanked[locked.version])};"
                    f" {_how_to_update(lock.path, dependency)}.",
                )
                break


def _no_version(context: Context, each: Known, found: Choice) -> Iterator[Finding]:
    package = each.answer
    assert isinstance(package, Package)
    if not stretches(each.want.constraint):
        return  # nothing can satisfy it: another rule says so
    best = newest(package, each.python, whole=each.whole) or package.releases[0]
    stale = (
        f" (as of {visible(package.stale_since, 20)}; the index cannot be asked now)"
        if package.stale_since
        else ""
    )
    yield NO_MATCHING_VERSION.at(
        constraint_span(each.dependency, context.document.text),
        value_path(each.dependency),
        f"`{_field(each)}`: no release of `{each.dependency.name}` satisfies"
        f" `{each.want.constraint}`{stale}; the newest is {best.version}.",
        fix=_fix(context, each, best.version),
    )


def _only_yanked(context: Context, each: Known, found: Choice) -> Iterator[Finding]:
    package, release = each.answer, found.release
    assert isinstance(package, Package)
    assert release is not None
    best = newest(package, each.python, whole=each.whole)
    advice = f"the newest that was not is {best.version}" if best else "look for another package"
    which = f" that satisfies `{each.want.constraint}`" if each.want.constraint else ""
    yield ONLY_YANKED.at(
        constraint_span(each.dependency, context.document.text),
        value_path(each.dependency),
        f"`{_field(each)}`: every release of `{each.dependency.name}`{which} was yanked,"
        f" {release.version} too{_why(release.yanked or '')}; {advice}.",
        fix=_fix(context, each, best.version) if best is not None else None,
    )


def _only_prereleases(context: Context, each: Known, found: Choice) -> Iterator[Finding]:
    release = found.release
    assert release is not None
    if each.want.prereleases is False:
        advice = "set `allow-prereleases` to true, or allow an older release"
    else:
        advice = "begin with it if you mean it, or allow an older release"
    what = f"satisfy `{each.want.constraint}`" if each.want.constraint else "are left"
    yield ONLY_PRERELEASES.at(
        constraint_span(each.dependency, context.document.text),
        value_path(each.dependency),
        f"`{_field(each)}`: only pre-releases of `{each.dependency.name}` {what}, up to"
        f" {release.version}, and not every installer takes them; {advice}.",
        fix=_fix(context, each, release.version) if each.want.prereleases is None else None,
    )


def _needs_other_python(context: Context, each: Known, found: Choice) -> Iterator[Finding]:
    package, release = each.answer, found.release
    assert isinstance(package, Package)
    assert release is not None
    older = newest(package, each.python, whole=each.whole)
    other = older.version if older is not None else "another release"
    advice = f"narrow the project's range, or allow {other}"
    needed = visible(release.requires_python, 60)
    which = f" that satisfies `{each.want.constraint}`" if each.want.constraint else ""
    name = each.dependency.name
    pythons = limited_python(each.want, each.python) or each.python
    which_ones = "all" if each.whole else "any"
    yield NEEDS_OTHER_PYTHON.at(
        constraint_span(each.dependency, context.document.text),
        value_path(each.dependency),
        f"`{_field(each)}`: no release of `{name}`{which} runs on {which_ones} of the Pythons"
        f" that it is wanted for (`{pythons}`): {release.version} needs `{needed}`; {advice}.",
        related=_python_place(context),
    )


def _newer(context: Context, each: Known, version: str) -> Finding:
    """That `version` is out, which the constraint does not allow.

    Most dependencies have this, at every keystroke, and most of them have only moved since.
    """
    dependency, text = each.dependency, context.document.text
    node = constraint_node(dependency) or dependency.node
    key = (dependency.path, text[node.start : node.end], each.want, version)
    if key in _said:
        start, finding = _said[key]
        return finding if start == node.start else finding.shifted(node.start - start)
    finding = NEWER_VERSION.at(
        constraint_span(dependency, text),
        value_path(dependency),
        f"`{_field(each)}`: `{dependency.name}` {version} is out, which"
        f" `{each.want.constraint}` does not allow.",
        fix=_fix(context, each, version, "Raise `{}` to {}"),
    )
    if len(_said) >= MAX_SAID:
        _said.clear()
    _said[key] = node.start, finding
    return finding


_said: dict[tuple[TomlPath, str, Want, str], tuple[int, Finding]] = {}
"""What `_newer` has said, and where the string stood that it was said of."""


_SAY = {
    Outlook.NO_VERSION: _no_version,
    Outlook.YANKED: _only_yanked,
    Outlook.PRERELEASES: _only_prereleases,
    Outlook.PYTHON: _needs_other_python,
}


@lru_cache(maxsize=1024)
def _yanked(package: Package) -> Mapping[str, str]:
    """Why its yanked releases were withdrawn, by version."""
    return {
        release.version: release.yanked
        for release in package.releases
        if release.yanked is not None
    }


def _field(each: Known) -> str:
    return _dotted(each.dependency.declared.path)


_dotted = lru_cache(maxsize=1024)(dotted)


def _why(reason: str) -> str:
    words = visible(reason.strip(), MAX_REASON).rstrip(".")
    return f" ({words})" if words else ""


def _fix(context: Context, each: Known, version: str, title: str = "Take `{}` {}") -> Fix | None:
    edits = raised_from(each.dependency, each.want, context.document.text, version)
    if edits is None:
        return None
    return Fix(title.format(each.dependency.name, version), edits, safe=False)


def _how_to_update(path: str, dependency: Dependency) -> str:
    if path == POETRY_LOCK:
        return f"run `poetry update {dependency.normalized}`"
    if path.endswith(UV_LOCK):  # a workspace has it above its members
        return f"run `uv lock --upgrade-package {dependency.normalized}`"
    return "lock again"


def _python_place(context: Context) -> tuple[Related, ...]:
    document = context.document
    for path in (("tool", "poetry", "dependencies", "python"), ("project", "requires-python")):
        node = document.get(*path)
        if node is not None:
            return (Related(Span(node.start, node.end), "the Pythons of the project"),)
    return ()
