"""Hover of a dependency: what it asks for in plain bounds, under which condition, from where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyproject_ls.features.dependency_tree import why_lines
from pyproject_ls.features.hover.markers import marker_in_words
from pyproject_ls.features.hover.origin import address_of, place_of
from pyproject_ls.features.hover.package import package_text
from pyproject_ls.features.hover.versions import alternatives, python_in_words, spelled_out
from pyproject_ls.features.markdown import bullets, code, join
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import constraint_of, locked_in
from pyproject_ls.project.manifest import as_table, strings
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Scalar

MAX_PLACES = 6
MAX_VARIANTS = 8

_STANDARD_MAIN = frozenset({Home.PROJECT, Home.EXTRA})
_NOT_LOCKED = frozenset({Home.BUILD, Home.POETRY_BUILD_CONSTRAINT, Home.POETRY_PLUGIN})
"""What stands there is installed for building, or into Poetry: no lock file knows it."""

_WORDS = {
    Home.PROJECT: "dependency in {}",
    Home.EXTRA: "dependency of an extra in {}",
    Home.GROUP: "dependency of a group in {}",
    Home.POETRY: "dependency in {}",
    Home.POETRY_DEV: "dependency of the group `dev` in {}",
    Home.POETRY_GROUP: "dependency of a group in {}",
    Home.POETRY_BUILD_CONSTRAINT: "limit on build requirements in {}",
    Home.POETRY_PLUGIN: "plugin of Poetry in {}",
    Home.BUILD: "needed to build, in {}",
    Home.UV: "dependency in {}",
    Home.PDM_DEV: "dependency of a group in {}",
}
_POETRY_ONLY = lazy_pattern(r"\^|~(?!=)|\||(?<![<>=!~\d.*])\d")
_PLATFORM = lazy_pattern(r"\s*(?:==\s*)?([\w-]+)\s*")


def dependencies_at(snapshot: Snapshot, path: TomlPath) -> list[Dependency]:
    """The dependencies that are declared at `path`, or the one that `path` lies in."""
    size = len(path)
    return [
        each
        for each in snapshot.manifest.dependencies
        if each.path[:size] == path or path[: len(each.path)] == each.path
    ]


def dependency_text(snapshot: Snapshot, found: Sequence[Dependency]) -> str | None:
    """The text about one dependency; `found` has several items for Poetry's multiple constraints.

    None where there is no name to speak of.
    """
    first = found[0] if found else None
    if first is None or not first.name or not first.normalized:
        return None
    where = code(dotted(first.declared.path))
    title = f"{code(first.name, 100)} · {_WORDS[first.declared.home].format(where)}"
    if len(found) > 1:
        items = [_summary(each) for each in found[:MAX_VARIANTS]]
        body = f"One of these, whichever fits the environment:\n\n{bullets(items)}"
    else:
        body = bullets(_details(snapshot, first))
    locked = _locked(snapshot, found)
    return join([title, body, locked, package_text(snapshot, found), _elsewhere(snapshot, found)])


def condition_of(dependency: Dependency) -> str:
    """When `dependency` is needed, in words (Markdown); "" for always."""
    if dependency.requirement is not None:
        marker = dependency.requirement.marker
        return _marker(marker.text) if marker is not None else ""
    parts: list[str] = []
    python = dependency.text_option("python")
    if python is not None and python.value.strip() not in {"", "*"}:
        words = python_in_words(python.value)
        parts.append(f"on Python {words}" if words else f"on Python {code(python.value)}")
    platform = dependency.text_option("platform")
    if platform is not None and platform.value.strip() not in {"", "*"}:
        parts.append(platform_in_words(platform.value))
    markers = dependency.text_option("markers")
    if markers is not None and markers.value.strip():
        parts.append(_marker(markers.value))
    return " and ".join(parts)


def platform_in_words(platform: str) -> str:
    """Poetry's ``platform`` in words: "on Windows"."""
    names = [_PLATFORM.fullmatch(part) for part in platform.split("||")]
    if not all(names):
        return f"where `sys.platform` is {code(platform)}"
    marker = " or ".join(f"sys_platform == '{name[1]}'" for name in names if name)
    return marker_in_words(marker) or code(platform)


def _marker(marker: str) -> str:
    return marker_in_words(marker) or f"where {code(marker)}"


def _details(snapshot: Snapshot, dependency: Dependency) -> Iterable[str]:
    place = place_of(dependency)
    written = constraint_of(dependency)
    if place:
        yield place
    if written or not place:
        yield _versions(dependency, written)
    extras = _extras(dependency)
    if extras:
        yield f"With the extra{'s' if len(extras) > 1 else ''} {', '.join(extras)}"
    condition = condition_of(dependency)
    if condition:
        yield f"Only {condition}"
    source = dependency.text_option("source")
    if source is not None:
        yield f"Only from the source {code(source.value, 80)}{address_of(snapshot, source.value)}"
    yield from _options(snapshot, dependency)


def _versions(dependency: Dependency, written: str) -> str:
    if not written:
        is_enrichment = dependency.requirement is None and dependency.version is None
        return "No versions of its own" if is_enrichment else "Any version"
    meant = spelled_out(written)
    if meant is None or meant.replace(" ", "") == written.replace(" ", ""):
        return f"Versions {code(written)}"
    if meant == "any version":
        return f"Any version ({code(written)})"
    shown = " or ".join(code(part) for part in meant.split(" or "))
    if dependency.requirement is not None and _POETRY_ONLY.search(written):
        return f"Versions {code(written)}, which only Poetry's tables know; write {shown}"
    return f"Versions {code(written)}, which is {shown}"


def _options(snapshot: Snapshot, dependency: Dependency) -> Iterable[str]:
    if _is_true(dependency, "optional"):
        extras = _extras_with(snapshot, dependency)
        yield f"Optional, installed with the extra {extras}" if extras else "Optional"
    if _is_true(dependency, "allow-prereleases") or _is_true(dependency, "allows-prereleases"):
        yield "Pre-releases are allowed"
    if _is_true(dependency, "develop"):
        yield "Installed so that changes to its code take effect at once"


def _is_true(dependency: Dependency, name: str) -> bool:
    node = dependency.option(name) if dependency.requirement is None else None
    return isinstance(node, Scalar) and node.value is True


def _extras(dependency: Dependency) -> list[str]:
    if dependency.requirement is not None:
        return [code(extra.text, 60) for extra in dependency.requirement.extras[:10]]
    return [code(each.value, 60) for each in strings(dependency.option("extras"))][:10]


def _extras_with(snapshot: Snapshot, dependency: Dependency) -> str:
    """The extras of ``[tool.poetry.extras]`` that list the dependency."""
    table = as_table(snapshot.document.get("tool", "poetry", "extras"))
    names = [
        code(name, 60)
        for name, node in (table.values.items() if table is not None else ())
        if any(normalized_name(each.value) == dependency.normalized for each in strings(node))
    ]
    return " or ".join(names[:5])


def _summary(dependency: Dependency) -> str:
    """What a declaration asks for, in a few words."""
    place = place_of(dependency)
    written = constraint_of(dependency)
    if place:
        text = place
    elif written:
        text = code(written)
    else:
        text = "says nothing of versions" if dependency.requirement is None else "any version"
    extras = _extras(dependency)
    if extras:
        text += f" with {', '.join(extras)}"
    condition = condition_of(dependency)
    return f"{text}, {condition}" if condition else text


def _locked(snapshot: Snapshot, found: Sequence[Dependency]) -> str:
    if found[0].declared.home in _NOT_LOCKED:
        return ""
    lock = locked_in(snapshot.facts, snapshot.manifest)
    if lock is None:
        return ""
    entries = {entry: None for dependency in found for entry in lock.of(dependency)}
    if not entries:
        return f"Not in {code(lock.path)}."
    shown = [
        code(entry.version, 60) + (f" {_marker(entry.marker)}" if entry.marker else "")
        for entry in list(entries)[:5]
        if entry.version
    ]
    why = why_lines(snapshot, found)
    if len(shown) > 1:
        return join([f"Locked in {code(lock.path)}:\n\n{bullets(shown)}", why])
    return f"Locked to {shown[0]} in {code(lock.path)}. {why}".rstrip() if shown else why


def _elsewhere(snapshot: Snapshot, found: Sequence[Dependency]) -> str:
    """The other declarations of the package, and what they mean together."""
    own = {id(each) for each in found}
    first = found[0]
    others = [
        each
        for each in snapshot.manifest.dependencies
        if each.normalized == first.normalized and id(each) not in own
    ]
    together = _together(snapshot, first, others)
    if not others:
        return together
    items = [
        f"{code(dotted(each.declared.path))}, line {_line(snapshot, each)}: {_summary(each)}"
        for each in others[:MAX_PLACES]
    ]
    if len(others) > MAX_PLACES:
        items.append(f"and {len(others) - MAX_PLACES} more")
    return join([f"Also declared in\n\n{bullets(items)}", together])


def _line(snapshot: Snapshot, dependency: Dependency) -> int:
    return snapshot.lines.position(dependency.span.start)[0] + 1


def _together(snapshot: Snapshot, first: Dependency, others: Sequence[Dependency]) -> str:
    """How the tables combine, in a sentence or two."""
    if first.normalized == "python" and first.requirement is None:
        return ""
    homes = {each.declared.home for each in others if _same_list(first, each)}
    home = first.declared.home
    enriches = home in {Home.POETRY, Home.POETRY_GROUP} and homes & {*_STANDARD_MAIN, Home.GROUP}
    enriched = home in {*_STANDARD_MAIN, Home.GROUP} and homes & {Home.POETRY, Home.POETRY_GROUP}
    if enriches or enriched:
        here, there = ("from here", "there") if enriches else ("from the other table", "here")
        both = _both(first, others)
        return (
            f"Poetry puts the two together when it locks{both}: versions and conditions have to fit"
            f" both, extras are those {there}, the source and Poetry's other settings come {here}."
            + (
                " Other tools see `[project]` alone."
                if home in {*_STANDARD_MAIN, Home.POETRY}
                else ""
            )
        )
    if home is Home.POETRY and _ignored(snapshot):
        return (
            "`[project]` has dependencies, and this is not one of them: Poetry ignores the entry."
            " Add the package to `project.dependencies`."
        )
    locked_homes = {each.declared.home for each in others} - _NOT_LOCKED
    if home not in _NOT_LOCKED and locked_homes:
        if any(each.declared.path == first.declared.path for each in others):
            return "Of those in one table, the one whose condition holds counts."
        if any(condition_of(each) for each in (first, *others)):
            return "Where their conditions hold at once, one version has to fit them all."
        return "All of them are locked together, so one version has to fit them all."
    return ""


def _both(first: Dependency, others: Sequence[Dependency]) -> str:
    """The constraints of two declarations together, as far as that is simply both."""
    pair = [first, *(each for each in others if _same_list(first, each))]
    if len(pair) != 2 or any(place_of(each) for each in pair):
        return ""
    found = [alternatives(constraint_of(each)) for each in pair]
    clauses = [each[0] for each in found if each is not None and len(each) == 1]
    if len(clauses) != 2 or not all(clauses):
        return ""
    together = ",".join(clause.text for clause in dict.fromkeys((*clauses[0], *clauses[1])))
    return f" ({code(together)})"


def _same_list(one: Dependency, other: Dependency) -> bool:
    """Whether two declarations belong to the main dependencies, or to the same group."""
    main = {*_STANDARD_MAIN, Home.POETRY}
    if one.declared.home in main:
        return other.declared.home in main
    groups = {Home.GROUP, Home.POETRY_GROUP}
    return (
        one.declared.home in groups
        and other.declared.home in groups
        and normalized_name(one.declared.group) == normalized_name(other.declared.group)
    )


def _ignored(snapshot: Snapshot) -> bool:
    """Whether Poetry takes its main dependencies from ``[project]`` alone (`DependencyGroup`)."""
    dynamic = snapshot.manifest.dynamic
    if "dependencies" in dynamic or "optional-dependencies" in dynamic:
        return False
    homes = snapshot.manifest.by_home
    return bool(homes.get(Home.PROJECT) or homes.get(Home.EXTRA))
