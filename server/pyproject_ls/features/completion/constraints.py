"""The constraint that goes behind a package's name: its style, and a version written in it.

A style is an operator: ``>=``, ``~=``, ``==``, in Poetry's tables also ``^``, ``~`` and "" (an
exact version); ``<`` stands for both bounds (``>=1.4,<2.0``), ``*`` for no constraint.
"""

from __future__ import annotations

from collections import Counter

from pyproject_ls.facts.packages import Release
from pyproject_ls.features.hover.versions import spelled_out
from pyproject_ls.features.markdown import visible
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.caret import as_pep440
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.paths import TomlPath

ANY = "*"
RANGE = "<"

_CLAUSE = lazy_pattern(r"\s*(?P<operator>===|[~<>=!]=|[\^~<>=]|)\s*v?\d")
_VERSION = lazy_pattern(r"(?P<release>\d+(?:\.\d+)*)(?:\.post\d+)?(?:\+.*)?")
_CHOSEN = {
    "lower": (">=", ">="),
    "compatible": ("~=", "^"),
    "exact": ("==", ""),
    "none": (ANY, ANY),
}
"""What the setting `constraint_style` means in a PEP 508 string, and in a table of Poetry."""

_STANDARD = (">=", "~=", "==", RANGE)
_POETRYS = ("^", ">=", "~", "", ANY)
"""The styles of whole constraints to choose from."""

_DIRECT = ("git", "path", "file", "url")


class Style(NamedTuple):
    """How a list or table writes its constraints; with `in_parentheses` as ``name (>=1.4)``."""

    operator: str
    in_parentheses: bool = False


def style_at(snapshot: Snapshot, path: TomlPath, *, is_poetry: bool, but: int = -1) -> Style:
    """The style for the list or table at `path`: that of the settings, or of most of its others.

    The declaration that begins at `but` does not count. Where no other style is more frequent it is
    ``^`` in Poetry's tables and ``>=`` elsewhere.
    """
    others = [
        each
        for each in snapshot.manifest.dependencies
        if each.declared.path == path and _start(each) != but and each.normalized != "python"
    ]
    chosen = snapshot.settings.constraint_style
    usual = "^" if is_poetry else ">="
    wrapped = sum(_is_wrapped(each) for each in others)
    in_parentheses = 2 * wrapped > sum(bool(constraint_of(each)) for each in others)
    if chosen != "auto":
        return Style(_CHOSEN[chosen][is_poetry], in_parentheses)
    counts = Counter(style for style in map(_style_of, others) if style is not None)
    operator = max(counts, key=lambda style: (counts[style], style == usual), default=usual)
    return Style(operator, in_parentheses)


def written(operator: str, release: Release) -> str:
    """A constraint that allows `release`, in the style `operator`; "" for none.

    Two numbers of the version are enough (``>=1.4``), unless both are 0 or it is no plain release.
    """
    if operator == ANY:
        return ""
    if operator in {"==", ""}:
        return f"{operator}{release.version}"
    short = shortened(release.version)
    if operator == "~=" and "." not in short:
        short = f"{short}.0"
    if operator == RANGE or "!" in short:
        bounds = as_pep440("^", short) if "!" not in short else None
        return bounds or f">={short}"
    return f"{operator}{short}"


def shortened(version: str) -> str:
    """The first two numbers of `version` where they say enough, without a local part."""
    match = _VERSION.fullmatch(version)
    if match is None:
        return version.partition("+")[0]
    parts = match["release"].split(".")
    if not any(int(part) for part in parts[:2]):
        return version.partition("+")[0]
    return ".".join(parts[:2])


def above(version: str) -> list[str]:
    """Versions that end a range which holds `version`: the next major one, below 1 the next minor.

    Nothing where it is no plain release.
    """
    match = _VERSION.fullmatch(version)
    if match is None:
        return []
    major, *rest = [int(part) for part in match["release"].split(".")]
    below_one = [f"0.{rest[0] + 1}"] if not major and rest else []
    return [*below_one, str(major + 1)]


def constraints_for(release: Release, first: str, *, is_poetry: bool) -> list[tuple[str, str]]:
    """Constraints that allow `release`, each with its meaning, that of the style `first` first."""
    styles = _POETRYS if is_poetry else _STANDARD
    found: dict[str, str] = {}
    for style in (first, *styles):
        if style in styles or (style == first and style != ANY):
            text = written(style, release) or (ANY if is_poetry else "")
            if text:
                found.setdefault(text, _meaning(text, style, release))
    return list(found.items())


def _meaning(text: str, style: str, release: Release) -> str:
    if style in {"==", ""}:
        date = visible(release.uploaded, 10)
        return f"exactly, of {date}" if date else "exactly this version"
    if style == ">=":
        return f"{shortened(release.version)} and newer"
    if style == ANY:
        return "any version"
    meant = spelled_out(text) or ""
    return meant if meant != text else ""


def _style_of(dependency: Dependency) -> str | None:
    """The style of one declaration; None where it says nothing of it."""
    requirement = dependency.requirement
    if requirement is not None:
        if requirement.url is not None or requirement.name is None:
            return None
    elif dependency.version is None or any(dependency.option(key) for key in _DIRECT):
        return None
    constraint = constraint_of(dependency).strip()
    if constraint in {"", "*"}:
        return ANY
    match = _CLAUSE.match(constraint)
    if match is None or "*" in constraint or "|" in constraint:
        return None
    operator = match["operator"]
    if operator == ">=":
        return RANGE if "<" in constraint else operator
    if operator in {"=", "==="} or (not operator and requirement is not None):
        return None
    return operator if operator in {"~=", "==", "^", "~", ""} else None


def _start(dependency: Dependency) -> int:
    return dependency.key.start if dependency.key is not None else dependency.node.start


def _is_wrapped(dependency: Dependency) -> bool:
    requirement = dependency.requirement
    return requirement is not None and "(" in requirement.text.partition(";")[0]
