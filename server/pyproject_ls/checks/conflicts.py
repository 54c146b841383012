"""``[project]`` beside ``[tool.poetry]``, ``[dependency-groups]`` beside ``[tool.poetry.group]``.

Where both have an entry for a package, Poetry *enriches* the standard requirement with its own
entry when it locks (``poetry.core.packages.dependency_group``). Entries that enrich nothing are
ignored, and two that exclude each other make ``poetry lock`` fail; ``poetry check`` says nothing of
either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Related, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.project.claim import Claim, claim_of
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import normalized_name

ERROR, WARNING = Severity.ERROR, Severity.WARNING

ENRICHMENT_CONFLICT = Rule(
    "enrichment-conflict",
    ERROR,
    "a Poetry entry contradicts the requirement that it belongs to",
    standard=False,
)
IGNORED_POETRY_DEPENDENCY = Rule(
    "ignored-poetry-dependency",
    WARNING,
    "a Poetry entry for a package that the standard list does not have",
    standard=False,
    tags=(Tag.UNNECESSARY,),
)


@check(ENRICHMENT_CONFLICT, IGNORED_POETRY_DEPENDENCY)
def enrichment(context: Context) -> Iterator[Finding]:
    """Poetry's entries for the lists of ``[project]`` and for groups that both forms define."""
    homes, text = context.manifest.by_home, context.document.text
    entries = [each for each in homes.get(Home.POETRY, ()) if each.normalized != "python"]
    if entries:
        standard = [*homes.get(Home.PROJECT, ()), *homes.get(Home.EXTRA, ())]
        yield from _compare(text, standard, entries, _used_beside(context.manifest))
    if Home.GROUP not in homes:
        return
    poetry = _by_group([*homes.get(Home.POETRY_GROUP, ()), *homes.get(Home.POETRY_DEV, ())])
    if poetry:
        for group, members in _by_group(homes[Home.GROUP]).items():
            entries = [each for each in poetry.get(group, ()) if each.normalized != "python"]
            yield from _compare(text, members, entries, frozenset())


def _by_group(dependencies: Iterable[Dependency]) -> dict[str, list[Dependency]]:
    groups: dict[str, list[Dependency]] = {}
    for dependency in dependencies:
        groups.setdefault(normalized_name(dependency.declared.group), []).append(dependency)
    return groups


def _used_beside(manifest: Manifest) -> frozenset[bool]:
    """Which of Poetry's own entries count beside static lists: the optional ones (True), or not."""
    if not ("dependencies" in manifest.dynamic or "optional-dependencies" in manifest.dynamic):
        return frozenset()
    required, optional = Home.PROJECT in manifest.by_home, Home.EXTRA in manifest.by_home
    return frozenset() if required and optional else frozenset({required})


def _compare(
    text: str,
    standard: list[Dependency],
    entries: list[Dependency],
    used_beside: frozenset[bool],
) -> Iterator[Finding]:
    if not standard or not entries:
        return
    by_name: dict[str, list[Dependency]] = {}
    for dependency in standard:
        by_name.setdefault(dependency.normalized, []).append(dependency)
    ignored: set[str] = set()
    for entry in entries:
        enriched = by_name.get(entry.normalized)
        if enriched is not None:
            yield from _conflicts(text, enriched, entry)
        elif entry.name not in ignored and _is_optional(entry) not in used_beside:
            ignored.add(entry.name)
            yield _ignored(standard[0], entry)


def _is_optional(entry: Dependency) -> bool:
    optional = entry.option("optional")
    return optional is not None and bool(getattr(optional, "value", False))


def _ignored(member: Dependency, entry: Dependency) -> Finding:
    path = member.declared.path
    where = dotted(path[:2] if member.declared.home is Home.EXTRA else path)
    return IGNORED_POETRY_DEPENDENCY.at(
        entry.key if entry.key is not None else entry.span,
        (*entry.declared.path, entry.name),
        f"Poetry ignores `{entry.name}` here, because `{where}` exists and does not list it; add it"
        f" to `{where}`, or remove this entry.",
        related=(Related(member.span, "the list that Poetry uses"),),
    )


def _conflicts(
    text: str, requirements: Iterable[Dependency], entry: Dependency
) -> Iterator[Finding]:
    theirs = claim_of(entry, text)
    if theirs is None or theirs.condition == "?":
        return
    for requirement in requirements:
        ours = claim_of(requirement, text)
        if ours is None or not _meet(ours, theirs):
            continue
        if ours.excludes(theirs):
            what = "no version fulfils both"
        elif _differ(ours.place, theirs.place):
            what = "they name different sources"
        else:
            continue
        version = entry.version
        yield ENRICHMENT_CONFLICT.at(
            version if version is not None else entry.node,
            _entry_path(entry),
            f"`{dotted(entry.path)}` contradicts `{requirement.requirement.text.strip()}` in"  # type: ignore[union-attr]
            f" `{dotted(requirement.declared.path)}`: {what}, and `poetry lock` fails. Make the two"
            " agree.",
            related=(Related(requirement.span, "the requirement it belongs to"),),
        )
        return


def _entry_path(entry: Dependency) -> tuple[str | int, ...]:
    return (*entry.path, "version") if entry.option("version") is not None else entry.path


def _meet(ours: Claim, theirs: Claim) -> bool:
    """Whether the conditions certainly leave an environment in which both hold."""
    return not ours.condition or not theirs.condition or ours.condition == theirs.condition


def _differ(one: str, other: str) -> bool:
    """Whether two direct references certainly are different sources."""
    if not one or not other:
        return False
    kind, _, rest = one.partition(" ")
    other_kind, _, other_rest = other.partition(" ")
    if (kind in {"path", "file"}) and (other_kind in {"path", "file"}):
        return False
    if kind != other_kind:
        return True
    return _last(rest) != _last(other_rest)


def _last(reference: str) -> str:
    try:
        path = urlsplit(reference.split(" ")[0]).path
    except ValueError:
        return ""
    return path.replace(":", "/").rstrip("/").rpartition("/")[2].lower()
