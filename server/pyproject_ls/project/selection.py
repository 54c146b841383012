"""Which releases of a package a dependency can be given.

The order of the filters is that of installers: the constraint, what was yanked, the Pythons, and
pre-releases last. PEP 508 constraints are judged by `packaging`, Poetry's by `poetry-core`; a
verdict is remembered by its strings and by the identity of the package.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from functools import lru_cache
from typing import Any, Protocol, TypeVar, cast

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.plain_versions import plain_judge, plain_order
from pyproject_ls.project.pythons import overlaps, supports_all
from pyproject_ls.project.wants import (
    Want,
    is_locked_apart,
    limited_python,
    project_python,
    want_of,
)

__all__ = [
    "Choice",
    "Outlook",
    "Package",
    "Release",
    "allows",
    "choice",
    "is_newer",
    "newest",
    "newest_allowed",
    "project_python",
    "supports",
]


class Release(Protocol):
    """What is asked here of a `pyproject_ls.facts.packages.Release`, unknown to this layer."""

    @property
    def version(self) -> str:
        """A normalised PEP 440 version."""

    @property
    def uploaded(self) -> str:
        """The date of its first file, or ""."""

    @property
    def requires_python(self) -> str:
        """The Pythons that it needs, "" for any."""

    @property
    def yanked(self) -> str | None:
        """Why it was withdrawn, None if it was not."""

    @property
    def is_prerelease(self) -> bool:
        """Whether PEP 440 calls it a pre-release."""


R_co = TypeVar("R_co", bound=Release, covariant=True)
R = TypeVar("R", bound=Release)


class Package(Protocol[R_co]):
    """What is asked here of a `pyproject_ls.facts.packages.Package`."""

    @property
    def releases(self) -> tuple[R_co, ...]:
        """The newest first."""

    def __hash__(self) -> int:
        """Quick: verdicts are remembered by package."""


class Outlook(Enum):
    """What a dependency can expect of the releases of its package."""

    FINE = "there is a release for it"
    NO_VERSION = "no release satisfies the constraint"
    YANKED = "only yanked releases satisfy it"
    PYTHON = "what satisfies it needs other Pythons"
    PRERELEASES = "only pre-releases are left"
    UNREADABLE = "the constraint cannot be read, or there are no releases"


class Choice(NamedTuple):
    """The release that a dependency can be given.

    `release` is the newest one that passes all filters; where none does, the newest one that
    passed those before `outlook` (None if there is none). `newer` is the newest release of all that
    the project's Pythons can use, if it is newer than `release` and not allowed; those that ``!=``
    leaves out are not meant.
    """

    outlook: Outlook
    release: Release | None = None
    newer: Release | None = None


def supports(release: Release, python: str, *, whole: bool = False) -> bool:
    """Whether `release` can be installed wherever the project can: on the Pythons of `python`.

    `whole` is Poetry's demand: the release must allow every Python of the range, its end too. Other
    tools ignore upper bounds of a release, so it must allow the lowest Python. What cannot be read
    is no obstacle.
    """
    return supports_all(release.requires_python, python, whole)


def newest(
    package: Package[R], python: str, *, prereleases: bool = False, whole: bool = False
) -> R | None:
    """The newest release that is not yanked and that the Pythons can use (`supports`).

    Pre-releases only if asked for, or if there is nothing else.
    """
    return cast("R | None", _newest(package, python, prereleases, whole))


def newest_allowed(
    package: Package[R], dependency: Dependency, text: str, python: str, *, whole: bool = False
) -> R | None:
    """The newest release that `dependency`, declared in `text`, can be given; None for none."""
    want = want_of(dependency, text)
    found = choice(package, want, python, whole) if want is not None else None
    if found is None or found.outlook is not Outlook.FINE:
        return None
    return cast("R | None", found.release)


def allows(dependency: Dependency, text: str, version: str) -> bool | None:
    """Whether the constraint of `dependency` allows `version`; None: it has none to judge by."""
    want = want_of(dependency, text)
    if want is None:
        return None
    test = judge(want.constraint, want.is_poetry)
    return test(version) if test is not None else None


def range_for(manifest: Manifest, dependency: Dependency) -> tuple[str, bool]:
    """The Pythons that a release for `dependency` must support, and whether all of them (`whole`).

    Poetry's plugins run in Poetry's own environment, which nothing here is known of.
    """
    if is_locked_apart(dependency):
        is_plugin = dependency.declared.path[-1] == "requires-plugins"
        return ("" if is_plugin else project_python(manifest)), False
    return project_python(manifest), manifest.uses_poetry


@lru_cache(maxsize=4096)
def choice(package: Package[Release], want: Want, python: str, whole: bool) -> Choice:
    """What `want` can expect of `package` in a project for the Pythons `python`."""
    test = judge(want.constraint, want.is_poetry)
    pythons = limited_python(want, python)
    if test is None or pythons is None or not package.releases:
        return Choice(Outlook.UNREADABLE)
    prereleases = want.admits_prereleases
    outlook, release = _left(package, test, pythons, whole, prereleases)
    if release is None:
        return Choice(outlook)
    best = _newest(package, pythons, prereleases, whole)
    if best is None or test(best.version) or not is_newer(best.version, release.version):
        return Choice(outlook, release)
    return Choice(outlook, release, None if _is_left_out(want, best.version) else best)


def _is_left_out(want: Want, version: str) -> bool:
    """Whether the constraint names `version` with ``!=``, on purpose."""
    for clause in want.constraint.replace("|", ",").split(","):
        if clause.lstrip().startswith("!="):
            test = judge(clause.strip(), want.is_poetry)
            if test is not None and not test(version):
                return True
    return False


def _left(
    package: Package[Release],
    test: Callable[[str], bool],
    python: str,
    whole: bool,
    prereleases: bool,
) -> tuple[Outlook, Release | None]:
    """Which filter leaves nothing, and the newest release that came as far."""
    best: Release | None = None
    only_some: Release | None = None
    pre: Release | None = None
    other_python: Release | None = None
    yanked: Release | None = None
    for release in package.releases:
        if not test(release.version):
            continue
        if release.yanked is not None:
            yanked = yanked or release
        elif supports_all(release.requires_python, python, whole):
            if prereleases or not release.is_prerelease:
                best = release
                break
            pre = pre or release
        elif not whole and overlaps(release.requires_python, python):
            if prereleases or not release.is_prerelease:
                only_some = only_some or release
            else:
                pre = pre or release
        else:
            other_python = other_python or release
    fitting = best or only_some
    if fitting is not None:
        return Outlook.FINE, fitting
    if pre is not None:
        is_all = all(each.is_prerelease for each in package.releases)
        return (Outlook.FINE if is_all else Outlook.PRERELEASES), pre
    if other_python is not None:
        return Outlook.PYTHON, other_python
    if yanked is not None:
        return Outlook.YANKED, yanked
    return Outlook.NO_VERSION, None


@lru_cache(maxsize=2048)
def _newest(package: Package[Any], python: str, prereleases: bool, whole: bool) -> Any:
    pre = None
    for release in package.releases:
        if release.yanked is not None or (pre is not None and release.is_prerelease):
            continue
        if supports_all(release.requires_python, python, whole):
            if prereleases or not release.is_prerelease:
                return release
            pre = release
    return pre


@lru_cache(maxsize=1024)
def judge(constraint: str, is_poetry: bool) -> Callable[[str], bool] | None:
    """A function that says whether `constraint` allows a version; None where it is no constraint.

    Pre-releases are judged like all others. A version that cannot be read is not allowed.
    """
    if constraint.strip() in {"", "*"}:
        return _anything
    plain = plain_judge(constraint, is_poetry)
    if plain is None:
        return _library_judge(constraint, is_poetry)

    def test(version: str) -> bool:
        verdict = plain(version)
        if verdict is None:
            library = _library_judge(constraint, is_poetry)
            return library is not None and library(version)
        return verdict

    return test


def prepare() -> None:
    """Import what reads constraints and versions now, so that no keystroke has to. Any thread."""
    for constraint, is_poetry in (("^1.0", True), (">=1.0", False)):
        test = _library_judge(constraint, is_poetry)
        if test is not None:
            test("1.0")


def _anything(version: str) -> bool:
    return True


@lru_cache(maxsize=1024)
def _library_judge(constraint: str, is_poetry: bool) -> Callable[[str], bool] | None:
    return _poetry_judge(constraint) if is_poetry else _standard_judge(constraint)


def _standard_judge(constraint: str) -> Callable[[str], bool] | None:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion, Version

    try:
        specifiers = SpecifierSet(constraint)
    except (InvalidSpecifier, ValueError):
        return None

    @lru_cache(maxsize=256)
    def test(version: str) -> bool:
        try:
            return specifiers.contains(Version(version), prereleases=True)
        except (InvalidVersion, ValueError):
            return False

    return test


def _poetry_judge(constraint: str) -> Callable[[str], bool] | None:
    from poetry.core.constraints.version import Version, parse_constraint

    try:
        parsed = parse_constraint(constraint)
    except (ValueError, RecursionError):
        return None

    @lru_cache(maxsize=256)
    def test(version: str) -> bool:
        try:
            return parsed.allows(Version.parse(version))
        except (ValueError, RecursionError):
            return False

    return test


@lru_cache(maxsize=8192)
def is_newer(one: str, other: str) -> bool:
    """Whether `one` is a newer version than `other`; False where one of them cannot be read."""
    plain = plain_order(one, other)
    if plain is not None:
        return plain
    from packaging.version import InvalidVersion, Version

    try:
        return Version(one) > Version(other)
    except (InvalidVersion, ValueError):
        return False
