"""Dependencies that are declared more than once, in one list or across lists."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from itertools import combinations

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import without_item
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.project.claim import Claim, claim_of
from pyproject_ls.project.dependencies import Declared, Dependency, Home
from pyproject_ls.project.manifest import Manifest, as_array
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Array

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION

DUPLICATE_DEPENDENCY = Rule(
    "duplicate-dependency",
    WARNING,
    "a package is declared twice in one list",
    tags=(Tag.UNNECESSARY,),
)
REPEATED_DEPENDENCY = Rule(
    "repeated-dependency",
    INFORMATION,
    "a declaration that another one already covers",
    tags=(Tag.UNNECESSARY,),
)
CONFLICTING_DEPENDENCIES = Rule(
    "conflicting-dependencies", ERROR, "two declarations that no version can fulfil together"
)

MAX_COMPARED = 100
"""How many declarations of one package are compared with each other (the square of it)."""

_GROUPS = frozenset({Home.GROUP, Home.POETRY_GROUP, Home.POETRY_DEV})
_MAIN = frozenset({Home.PROJECT, Home.POETRY})
_COMPARED = _GROUPS | _MAIN | {Home.EXTRA}


@check(DUPLICATE_DEPENDENCY, REPEATED_DEPENDENCY, CONFLICTING_DEPENDENCIES)
def declared_twice(context: Context) -> Iterator[Finding]:
    """Every package that is declared more than once, each pair of declarations compared."""
    together = _locks_together(context.manifest)
    pairs = _ListPairs()
    for members in _several(context.manifest):
        lists: dict[Hashable, list[Dependency]] = {}
        for dependency in members:
            lists.setdefault(_list_of(dependency.declared), []).append(dependency)
        for in_list in lists.values():
            if len(in_list) > 1:
                yield from _within_list(context, in_list)
        if len(lists) > 1:
            yield from _across_lists(context.manifest, members, together, pairs)


def _several(manifest: Manifest) -> Iterable[list[Dependency]]:
    """The declarations of each package that has more than one."""
    first: dict[str, Dependency] = {}
    several: dict[str, list[Dependency]] = {}
    for declared, members in manifest.lists:
        if declared.path[-1] == "constraint-dependencies":
            continue
        for dependency in members:
            known = first.setdefault(dependency.normalized, dependency)
            if known is not dependency:
                several.setdefault(dependency.normalized, [known]).append(dependency)
    several.pop("", None)
    several.pop("python", None)
    return several.values()


def _within_list(context: Context, members: list[Dependency]) -> Iterator[Finding]:
    earlier: list[tuple[Dependency, Claim]] = []
    for dependency in members[:MAX_COMPARED]:
        claim = claim_of(dependency, context.document.text)
        if claim is None or claim.condition == "?":
            continue
        for other, other_claim in earlier:
            finding = _same_list(context, other, other_claim, dependency, claim)
            if finding is not None:
                yield finding
                break
        earlier.append((dependency, claim))


class _ListPairs:
    """Which lists are compared with which, found out once for each pair of them."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}

    def are_compared(self, first: Declared, second: Declared) -> bool:
        """See `_comparable`."""
        pair = id(first), id(second)
        known = self._known.get(pair)
        if known is None:
            known = self._known[pair] = _comparable(first, second)
        return known


def _list_of(declared: Declared) -> Hashable:
    """What the list of a declaration is known by; Poetry's development table is its group `dev`."""
    home = declared.home
    if home is Home.POETRY_DEV or home is Home.POETRY_GROUP:
        return normalized_name(declared.group)
    return id(declared)  # one object for all declarations of a list


def _same_list(
    context: Context, first: Dependency, before: Claim, second: Dependency, after: Claim
) -> Finding | None:
    where = dotted(second.declared.path)
    related = (Related(first.span, "first declared here"),)
    if before.condition == after.condition and before.excludes(after):
        return _conflict(first, second, "in one list")
    if before.same_target(after):
        wanted = before.same_want(after)
        if not wanted and first.name == second.name and _several_sources(second, before, after):
            return None
        if first.name != second.name and second.requirement is None:
            what = f"`{where}` declares one package as `{first.name}` and as `{second.name}`"
        elif first.declared.path != second.declared.path:
            what = f"`{dotted(first.declared.path)}` and `{where}` both declare `{second.name}`"
        else:
            what = f"`{where}` declares `{second.name}` twice"
        advice = "remove one of them." if wanted else "write one declaration with both constraints."
        return DUPLICATE_DEPENDENCY.at(
            second.span,
            second.path,
            f"{what}; {advice}",
            related=related,
            fix=_removal(context, second) if wanted else None,
        )
    if before.extras == after.extras and before.same_want(after):
        narrow = second if after.condition and not before.condition else None
        narrow = first if before.condition and not after.condition else narrow
        if narrow is not None:
            wide = first if narrow is second else second
            return REPEATED_DEPENDENCY.at(
                narrow.span,
                narrow.path,
                f"`{where}` declares `{narrow.name}` without a condition as well, so this one with"
                " a condition adds nothing; remove one of them.",
                related=(Related(wide.span, "the one without a condition"),),
            )
    return None


def _several_sources(entry: Dependency, before: Claim, after: Claim) -> bool:
    """Whether two items of one Poetry list name different sources, which Poetry allows."""
    if entry.requirement is not None:
        return False
    return bool(before.place or after.place or before.options != after.options)


def _removal(context: Context, dependency: Dependency) -> Fix | None:
    if dependency.requirement is None or not isinstance(dependency.where, int):
        return None
    node = as_array(context.document.get(*(str(step) for step in dependency.declared.path)))
    if not isinstance(node, Array):
        return None
    edit = without_item(context.document.text, node, dependency.where)
    return Fix(f"Remove the second `{dependency.name}`", (edit,))


def _across_lists(
    manifest: Manifest, members: list[Dependency], together: bool, pairs: _ListPairs
) -> Iterator[Finding]:
    compared = [each for each in members if each.declared.home in _COMPARED][:MAX_COMPARED]
    lists = [each.declared for each in compared]
    if not any(pairs.are_compared(*pair) for pair in combinations(lists, 2)):
        return
    text = manifest.document.text
    claims = [
        (each, claim_of(each, text)) for each in compared if _counts(manifest, each, compared)
    ]
    reported: set[int] = set()
    for at, (second, after) in enumerate(claims):
        for first, before in claims[:at]:
            if before is None or after is None or "?" in (before.condition, after.condition):
                continue
            if id(second) in reported or not pairs.are_compared(first.declared, second.declared):
                continue
            finding = _across(first, before, second, after, together)
            if finding is not None:
                reported.add(id(second))
                yield finding


def _across(
    first: Dependency, before: Claim, second: Dependency, after: Claim, together: bool
) -> Finding | None:
    homes = {first.declared.home, second.declared.home}
    with_main = bool(homes & _MAIN)
    is_extra = Home.EXTRA in homes
    if before.condition == after.condition and before.excludes(after):
        if is_extra and with_main:
            return _conflict(first, second, "and an extra is installed together with the main list")
        if together and not is_extra:
            return _conflict(first, second, "and all groups are locked together")
        return None
    if not with_main or not (before.same_target(after) and before.same_want(after)):
        return None
    if not is_extra and Home.GROUP in homes:
        return None  # groups of the standard may be installed without the project
    main, other = (first, second) if first.declared.home in _MAIN else (second, first)
    return REPEATED_DEPENDENCY.at(
        other.span,
        other.path,
        f"`{dotted(main.declared.path)}` declares `{main.name}` just like"
        f" `{dotted(other.declared.path)}`; the main dependency is enough.",
        related=(Related(main.span, "the main dependency"),),
    )


def _conflict(first: Dependency, second: Dependency, why: str) -> Finding:
    if first.declared.path == second.declared.path:
        where = f"`{dotted(second.declared.path)}` asks for `{second.name}` twice,"
        reason = "and no version fulfils both"
    else:
        where = (
            f"`{dotted(first.declared.path)}` and `{dotted(second.declared.path)}` ask for"
            f" `{second.name}`"
        )
        reason = f"in versions that exclude each other, {why}"
    return CONFLICTING_DEPENDENCIES.at(
        second.span,
        second.path,
        f"{where} {reason}; make the two agree.",
        related=(Related(first.span, "the other declaration"),),
    )


def _comparable(first: Declared, second: Declared) -> bool:
    """Whether the two lists are installed together, and no other rule compares them.

    An entry of Poetry's for the same list as a standard one enriches it: see `conflicts`.
    """
    one, other = first.home, second.home
    if one is Home.EXTRA or other is Home.EXTRA:
        return one is Home.PROJECT or other is Home.PROJECT
    if _list_of(first) == _list_of(second):
        return False
    if one in _MAIN and other in _MAIN:
        return False
    if (one is Home.GROUP) != (other is Home.GROUP) and one in _GROUPS and other in _GROUPS:
        ours, theirs = (normalized_name(each.group) for each in (first, second))
        return ours != theirs
    return True


def _counts(manifest: Manifest, each: Dependency, members: list[Dependency]) -> bool:
    """Whether Poetry uses this entry of its main table; a list in ``[project]`` takes its place."""
    if each.declared.home is not Home.POETRY:
        return True
    homes = manifest.by_home
    if not homes.get(Home.PROJECT) and not homes.get(Home.EXTRA):
        return True
    return any(other.declared.home is Home.PROJECT for other in members)


def _locks_together(manifest: Manifest) -> bool:
    """Whether the main list and all groups must be resolved to one set of versions."""
    if manifest.document.get("tool", "uv", "conflicts") is not None:
        return False
    return manifest.poetry is not None or manifest.document.get("tool", "uv") is not None
