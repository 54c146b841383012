"""Packages that indexes know: their names, with a constraint behind them, and their extras.

Indexes are asked where the settings are `online`. While an answer is missing the list is of what
the file knows, and says that it will grow.
"""

from __future__ import annotations

from pyproject_ls.facts.packages import Details, NameFound, Package, Release, Status
from pyproject_ls.features.completion import names
from pyproject_ls.features.completion.constraints import constraints_for, style_at, written
from pyproject_ls.features.completion.model import (
    BEGINS,
    INSIDE,
    MAX_ITEMS,
    Choice,
    Choices,
    Kind,
    Request,
    escaped,
    written_key,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.lookup import Lookup
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.selection import newest, project_python

MAX_ASKED = 3
"""The releases of so many names are asked for, so that a keystroke does not start 100 requests."""

_MAX_TYPED = 100
_MAX_UNASKED = 20
"""So many names are offered as keys while nothing is typed."""

_EXACT, _BEHIND_KNOWN = -100, 10_000
"""Where the name that is typed stands, and the others, among those that the file knows."""

_NAME = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_POETRY = ("tool", "poetry")
_WARNINGS = {
    Status.ARCHIVED: "archived",
    Status.DEPRECATED: "deprecated",
    Status.QUARANTINED: "quarantined",
}


class Offer(NamedTuple):
    """A name from an index. `newest` is the release that a constraint is made for, if known."""

    name: str
    detail: str
    order: int
    fit: int
    is_discouraged: bool
    newest: Release | None


class Pythons(NamedTuple):
    """The Pythons that releases have to support, and whether all of them, as Poetry wants it."""

    python: str
    whole: bool


def pythons_at(manifest: Manifest, path: TomlPath) -> Pythons:
    """The Pythons that matter for the list or table of dependencies at `path`."""
    if path[:3] == (*_POETRY, "requires-plugins"):
        return Pythons("", False)  # plugins run in Poetry's own environment
    is_apart = path[:1] == ("build-system",) or path[:3] == (*_POETRY, "build-constraints")
    return Pythons(project_python(manifest), manifest.uses_poetry and not is_apart)


def lookup_of(manifest: Manifest, dependency: Dependency | None) -> Lookup:
    """Where the package of `dependency` is looked up; None is one that is not in the tree yet."""
    lookups = manifest.lookups
    return lookups.of(dependency) if dependency is not None else lookups.default


def in_requirement(request: Request, start: int, end: int, known: list[Choice]) -> Choices:
    """The names for the part of a PEP 508 string from `start` to `end`: `known` ones first."""
    snapshot, content = request.snapshot, request.content
    rest = content[end:].strip()
    path = request.path[:-1]
    known = [
        each._replace(data=("package", normalized_name(each.shown)))
        if each.kind is Kind.PACKAGE and not each.data
        else each
        for each in known
    ]
    listed = {_named(other) for other in request.others()}
    taken = listed | {_named(each.shown) for each in known}
    is_bare = not rest or rest.startswith(";")
    own = [each for each in snapshot.manifest.dependencies if each.node.start == request.start]
    lookup = lookup_of(snapshot.manifest, own[0] if own and request.start >= 0 else None)
    style = style_at(snapshot, path, is_poetry=False, but=request.start)
    typed = content[start : request.at]
    found = list(known)
    for offer in offers(snapshot, typed, lookup, taken, path, is_bare):
        text = written(style.operator, offer.newest) if offer.newest is not None else ""
        if text and style.in_parentheses:
            text = f" ({text})"
        name = typed if offer.order < 0 else offer.name
        found.append(_choice(offer, text.strip())._replace(text=name + text))
    exact = normalized_name(typed)
    is_whole = exact in taken - listed or any(each.order == _EXACT for each in found)
    if is_bare and exact and is_whole:
        texts = {each.text for each in found}
        more = _with_constraints(snapshot, typed, lookup, path, style.operator)
        found += [each for each in more if each.text not in texts]
    return Choices(start, end, found, incomplete=True)


def _with_constraints(
    snapshot: Snapshot, typed: str, lookup: Lookup, path: TomlPath, style: str
) -> list[Choice]:
    """The package whose name is typed, with constraints that its newest version satisfies."""
    package = snapshot.facts.releases(normalized_name(typed), lookup)
    if not isinstance(package, Package):
        return []
    python, whole = pythons_at(snapshot.manifest, path)
    release = newest(package, python, whole=whole)
    found = constraints_for(release, style, is_poetry=False) if release is not None else []
    return [
        Choice(
            typed + constraint,
            Kind.VERSION,
            detail=detail,
            order=_EXACT + 1 + order,
            data=("package", normalized_name(typed)),
        )
        for order, (constraint, detail) in enumerate(found)
    ]


def as_keys(
    snapshot: Snapshot, path: TomlPath, typed: str, taken: set[str], value: str | None, start: int
) -> list[Choice]:
    """The names for the keys of the table at `path`; `taken` are normalised names.

    `value` is the snippet of a value where no version is known, None where none is to be written.
    `start` is where the key begins (-1: there is none yet).
    """
    manifest = snapshot.manifest
    own = [each for each in manifest.dependencies if each.key is not None]
    at = next((each for each in own if each.key is not None and each.key.start == start), None)
    is_constrained = path[2:] != ("build-constraints",)  # keys of that name packages to build
    listed = offers(
        snapshot,
        typed,
        lookup_of(manifest, at),
        taken,
        path,
        with_newest=value is not None and is_constrained,
    )
    style = style_at(snapshot, path, is_poetry=True, but=start)
    found = []
    for offer in listed if typed else listed[:_MAX_UNASKED]:
        key = written_key(offer.name)
        if key is None:
            continue
        text = escaped(key)
        if value is not None:
            constraint = "" if offer.newest is None else written(style.operator, offer.newest)
            quoted = f'"{constraint or "*"}"' if offer.newest is not None else value
            text = f"{text} = {quoted}"
        is_snippet = value is not None and offer.newest is None
        choice = _choice(offer, constraint if value is not None else "")
        found.append(choice._replace(text=text, raw=True, snippet=is_snippet))
    return found


def offers(
    snapshot: Snapshot,
    typed: str,
    lookup: Lookup,
    taken: set[str],
    path: TomlPath,
    with_newest: bool,
) -> list[Offer]:
    """The names on the indexes that match `typed`, the best first, without those `taken`.

    With `with_newest` the releases of the first ones, and of the one that is typed, are asked for.
    """
    manifest, facts = snapshot.manifest, snapshot.facts
    answer = facts.names_like(typed, lookup) if len(typed) <= _MAX_TYPED else None
    exact = normalized_name(typed)
    pythons = pythons_at(manifest, path)
    found: list[Offer] = []
    seen = {*taken, manifest.normalized_name}
    for order, each in enumerate(answer.found if answer is not None else ()):
        name = normalized_name(each.name)
        if name in seen or not _NAME.fullmatch(each.name):
            continue
        seen.add(name)
        package = None
        if with_newest and (len(found) < MAX_ASKED or name == exact):
            package = facts.releases(name, lookup)
        release = None
        warning = ""
        if isinstance(package, Package):
            release = newest(package, pythons.python, whole=pythons.whole)
            warning = _WARNINGS.get(package.status, "")
        found.append(
            Offer(
                each.name,
                warning or _detail(each),
                _EXACT if name == exact else _BEHIND_KNOWN + order,
                INSIDE if each.is_typo else BEGINS,
                bool(warning),
                release,
            )
        )
        if len(found) > MAX_ITEMS:
            break
    return found


def takes_names(snapshot: Snapshot, path: TomlPath) -> bool:
    """Whether the keys of the table at `path` are names of packages that indexes are asked for.

    Poetry's tables beside ``[project]`` or a group of ``[dependency-groups]`` only add to what
    stands there, and Poetry ignores all other names in them.
    """
    if not snapshot.settings.online:
        return False
    manifest = snapshot.manifest
    if path == (*_POETRY, "dependencies"):
        homes = manifest.by_home
        is_static = not {"dependencies", "optional-dependencies"} & manifest.dynamic.keys()
        return not (is_static and (homes.get(Home.PROJECT) or homes.get(Home.EXTRA)))
    if path[:3] == (*_POETRY, "group") and path[4:] == ("dependencies",):
        groups = manifest.dependency_groups
        return groups is None or path[3] not in groups.values
    if path[:3] == (*_POETRY, "build-constraints"):
        return len(path) <= 4
    return path in {(*_POETRY, "dev-dependencies"), (*_POETRY, "requires-plugins")}


def extras_of(
    snapshot: Snapshot, package: str, dependency: Dependency | None
) -> tuple[list[str], bool]:
    """The extras of `package`: those that the file names, then those that its metadata has.

    The second value says whether there may be more.
    """
    found = names.extras_of(snapshot.manifest, package, but=dependency)
    name = normalized_name(package)
    if not snapshot.settings.online or not name or name == snapshot.manifest.normalized_name:
        return found, False
    details = snapshot.facts.details(name, lookup_of(snapshot.manifest, dependency))
    if isinstance(details, Details):
        present = set(map(normalized_name, found))
        found += [
            each
            for each in details.extras
            if normalized_name(each) not in present and _NAME.fullmatch(each)
        ]
    return found, details is None


def _choice(offer: Offer, constraint: str) -> Choice:
    """The row of `offer`, which says what is inserted behind the name."""
    return Choice(
        offer.name,
        Kind.PACKAGE,
        label=offer.name,
        detail=" · ".join(filter(None, (constraint, offer.detail))),
        order=offer.order,
        deprecated=offer.is_discouraged,
        data=("package", normalized_name(offer.name)),
        fit=offer.fit,
    )


def _detail(found: NameFound) -> str:
    if found.is_typo:
        return "did you mean this?"
    return "popular" if found.rank is not None else ""


def _named(requirement: str) -> str:
    """The normalised name of a PEP 508 string."""
    match = _NAME.match(requirement.lstrip())
    return normalized_name(match.group()) if match is not None else ""
