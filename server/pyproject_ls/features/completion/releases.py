"""Versions of a package behind an operator, and whole constraints where nothing is typed yet."""

from __future__ import annotations

from functools import lru_cache

from pyproject_ls.facts.packages import Package, Release
from pyproject_ls.features.completion.constraints import (
    above,
    constraints_for,
    shortened,
    style_at,
)
from pyproject_ls.features.completion.model import BEGINS, MAX_ITEMS, Choice, Choices, Kind, Request
from pyproject_ls.features.completion.packages import Pythons, lookup_of, pythons_at
from pyproject_ls.features.markdown import visible
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.manifest import text_of
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.selection import newest, supports

_CLAUSE = lazy_pattern(
    r"(?P<operator>===|[~=!<>]=|[~<>=^])?[ \t]*(?P<version>[A-Za-z0-9_.+!*-]*)\Z"
)
_VERSION_REST = lazy_pattern(r"[A-Za-z0-9_.+!*-]*")
_LONGEST = 100
"""A clause that is longer is none."""

_EXACT = frozenset({"==", "===", "!=", "=", ""})
"""Operators that a local version (``2.5.1+cu124``) may follow."""

_DIRECT = ("git", "path", "file", "url")
_GOOD, _OTHER_PYTHON, _PRERELEASE, _YANKED = range(4)


class _Clause(NamedTuple):
    """The clause at the cursor: where its version begins and ends, what stands before it."""

    operator: str
    typed: str
    start: int
    end: int
    before: str


class _Listed(NamedTuple):
    """A release with what is said of it."""

    version: str
    detail: str
    is_yanked: bool


def in_requirement(request: Request, begin: int) -> Choices | None:
    """Versions for a PEP 508 string whose name and extras end at `begin` of the content."""
    content, at = request.content, request.at
    clause = _clause_at(content, at, begin)
    if clause is None:
        return None
    if not clause.operator and clause.typed:
        return None
    before = clause.before.replace("(", " ").strip()
    rest = content[clause.end :].partition(";")[0].strip(") \t")
    if not clause.operator and not before and rest:
        return None  # there is a constraint already
    found = next(
        (each for each in request.snapshot.manifest.dependencies if _is_at(each, request)), None
    )
    name = normalized_name(content[:begin].split("[")[0].strip())
    if not name or name == request.snapshot.manifest.normalized_name:
        return None
    place = _Place(request, name, found, request.path[:-1], "", is_poetry=False)
    if clause.operator:
        return place.versions(clause)
    return place.upper_bounds(clause) if before.endswith(",") else place.constraints(clause)


def in_poetry(request: Request) -> Choices | None:
    """Versions for a constraint in one of Poetry's tables: a whole value, or its ``version``."""
    snapshot, path = request.snapshot, request.path
    size = _table_size(path)
    name = normalized_name(str(path[size]))
    if not snapshot.settings.online or name == "python":
        return None
    is_option = len(path) > size + 1 and path[-1] == "version"
    table = request.table if is_option else None
    if table is not None and any(key in table.values for key in _DIRECT):
        return None
    clause = _clause_at(request.content, request.at, 0)
    if clause is None:
        return None
    found = next(
        (
            each
            for each in snapshot.manifest.dependencies
            if each.requirement is None and request.path[: len(each.path)] == each.path
        ),
        None,
    )
    python = text_of(table.values.get("python")) if table is not None else None
    place = _Place(request, name, found, path[:size], python or "", is_poetry=True)
    if clause.operator or clause.typed:
        return place.versions(clause)
    before = clause.before.strip()
    if before and not before.endswith("|"):
        return place.upper_bounds(clause)
    return place.constraints(clause)


class _Place:
    """A place for versions: which package, for which Pythons, in which list or table."""

    def __init__(
        self,
        request: Request,
        name: str,
        dependency: Dependency | None,
        path: TomlPath,
        python: str,
        *,
        is_poetry: bool,
    ) -> None:
        manifest = request.snapshot.manifest
        self.request = request
        self.path = path
        self.is_poetry = is_poetry
        self.start = request.start
        if dependency is not None and dependency.key is not None:
            self.start = dependency.key.start
        pythons = pythons_at(manifest, path)
        self.pythons = pythons._replace(python=python) if python else pythons
        self.answer = request.snapshot.facts.releases(name, lookup_of(manifest, dependency))

    def versions(self, clause: _Clause) -> Choices:
        """The versions that go on as is typed, those that cannot be recommended last."""
        package = self._package()
        if package is None:
            return self._nothing(clause)
        listed = _in_order(package, self.pythons)
        texts: dict[str, tuple[str, bool]] = {}
        if clause.operator == "<":
            best = self._newest()
            texts = dict.fromkeys(above(best.version) if best is not None else (), ("", False))
        for each in listed:
            text = each.version
            if clause.operator not in _EXACT:
                text = text.partition("+")[0]
            if text.startswith(clause.typed) and (clause.operator != "~=" or "." in text):
                texts.setdefault(text, (each.detail, each.is_yanked))
                if clause.operator in _EXACT and clause.operator != "===":
                    _add_wildcards(texts, text, clause.typed)
            if len(texts) > MAX_ITEMS:
                break
        items = [
            Choice(text, Kind.VERSION, "", detail, order, deprecated=is_yanked, fit=BEGINS)
            for order, (text, (detail, is_yanked)) in enumerate(texts.items())
            if text.startswith(clause.typed)
        ]
        return Choices(clause.start, clause.end, items)

    def upper_bounds(self, clause: _Clause) -> Choices:
        """What may follow a comma: the end of the range that the newest version is in."""
        best = self._newest()
        if best is None:
            return self._nothing(clause)
        texts = [f"<{each}" for each in above(best.version)]
        items = [
            Choice(each, Kind.VERSION, order=order, fit=BEGINS) for order, each in enumerate(texts)
        ]
        return Choices(clause.start, clause.end, items, incomplete=True)

    def constraints(self, clause: _Clause) -> Choices:
        """Whole constraints that the newest version satisfies, in the style of the file first."""
        best = self._newest()
        if best is None:
            return self._nothing(clause)
        but = self.start
        style = style_at(self.request.snapshot, self.path, is_poetry=self.is_poetry, but=but)
        texts = constraints_for(best, style.operator, is_poetry=self.is_poetry)
        items = [
            Choice(text, Kind.VERSION, "", detail, order, fit=BEGINS)
            for order, (text, detail) in enumerate(texts)
        ]
        return Choices(clause.start, clause.end, items, incomplete=True)

    def _package(self) -> Package | None:
        return self.answer if isinstance(self.answer, Package) else None

    def _newest(self) -> Release | None:
        package = self._package()
        if package is None:
            return None
        return newest(package, self.pythons.python, whole=self.pythons.whole)

    def _nothing(self, clause: _Clause) -> Choices:
        return Choices(clause.start, clause.end, [], incomplete=self.answer is None)


def _add_wildcards(texts: dict[str, tuple[str, bool]], version: str, typed: str) -> None:
    """Put ``3.1.*`` behind the newest version, and what the typed ``3.`` can become."""
    prefixes = [typed] if typed.endswith(".") and typed[:-1].replace(".", "").isdigit() else []
    if len(texts) == 1:
        prefixes.append(f"{shortened(version)}.")
    for prefix in prefixes:
        if version.startswith(prefix):
            texts.setdefault(f"{prefix}*", ("", False))


@lru_cache(maxsize=64)
def _in_order(package: Package, pythons: Pythons) -> tuple[_Listed, ...]:
    """The releases, the newest first; other Pythons, pre-releases and yanked ones behind."""
    groups: tuple[list[_Listed], ...] = ([], [], [], [])
    for release in package.releases:
        notes = [_date(release)] if release.uploaded else []
        group = _GOOD
        if not supports(release, pythons.python, whole=pythons.whole):
            group = _OTHER_PYTHON
            notes.append(f"needs Python {visible(release.requires_python, 40)}")
        if release.is_prerelease:
            group = _PRERELEASE
            notes.append("pre-release")
        if release.yanked is not None:
            group = _YANKED
            reason = visible(release.yanked, 80).strip()
            notes.append(f"yanked: {reason}" if reason else "yanked")
        groups[group].append(_Listed(release.version, ", ".join(notes), group == _YANKED))
    return tuple(each for group in groups for each in group)


def _date(release: Release) -> str:
    return visible(release.uploaded, 10)


def _clause_at(content: str, at: int, begin: int) -> _Clause | None:
    """The clause at the cursor; None where the cursor is inside an operator."""
    if content[at : at + 1] in tuple("<>=~^!"):
        return None
    start = max(begin, at - _LONGEST)
    match = _CLAUSE.search(content, start, at)
    rest = _VERSION_REST.match(content, at)
    if match is None or rest is None:
        return None
    before = content[start : match.start()]
    return _Clause(
        match["operator"] or "", match["version"], match.start("version"), rest.end(), before
    )


def _is_at(dependency: Dependency, request: Request) -> bool:
    return request.start >= 0 and dependency.node.start == request.start


def _table_size(path: TomlPath) -> int:
    """How many steps of `path` lead to the table of Poetry that the dependency stands in."""
    return {"group": 5, "build-constraints": 4}.get(str(path[2]), 3)
