"""The names of a file: where groups, extras, sources and packages are declared and used.

References, highlights, rename and definitions all stand on this one list of occurrences. Names are
compared as the standards do: packages by PEP 503, extras by PEP 685, groups by PEP 735; Poetry's
sources without regard to case (``RepositoryPool``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum
from functools import lru_cache
from typing import Union

from pyproject_ls.features.walk import Match, Patterns
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import cut, normalized_name
from pyproject_ls.text import Span
from pyproject_ls.toml import Document, Key, Scalar, source_span


class NameKind(Enum):
    """What a name is the name of."""

    GROUP = "dependency group"
    EXTRA = "extra"
    SOURCE = "source"
    PACKAGE = "package"


class Role(Enum):
    """Whether an occurrence makes the name or refers to it."""

    DECLARATION = "declaration"
    USE = "use"


class Name(NamedTuple):
    """What an occurrence is an occurrence of; equal names are the same thing.

    `text` is normalised. `scope` is the package of an extra ("" for this project), the tool of a
    source ("poetry", "uv", "pdm"), else "".
    """

    kind: NameKind
    text: str
    scope: str = ""


class Occurrence(NamedTuple):
    """One place where a name is written: `span` is that of the name alone, without quotes.

    `node` is the key or string that holds it, `path` the TOML path of that.
    """

    name: Name
    role: Role
    span: Span
    node: Union[Key, Scalar]
    path: TomlPath


class _What(Enum):
    """How a key or string at a place is to be read."""

    GROUP = "group"
    EXTRA = "extra"
    FOREIGN_EXTRA = "an extra of the dependency that it stands below"
    SOURCE = "source"
    PACKAGE = "package"
    REQUIREMENT = "requirement"
    MARKER = "marker"
    ENTRY_POINT = "entry point"


_Reading = tuple[_What, Role]
_DECLARED, _USED = Role.DECLARATION, Role.USE

_KEYS: dict[str, _Reading] = {
    "dependency-groups/*": (_What.GROUP, _DECLARED),
    "tool/poetry/group/*": (_What.GROUP, _DECLARED),
    "tool/pdm/dev-dependencies/*": (_What.GROUP, _DECLARED),
    "tool/uv/dependency-groups/*": (_What.GROUP, _USED),
    "project/optional-dependencies/*": (_What.EXTRA, _DECLARED),
    "tool/poetry/extras/*": (_What.EXTRA, _DECLARED),
    "tool/setuptools/dynamic/optional-dependencies/*": (_What.EXTRA, _DECLARED),
    "tool/flit/metadata/requires-extra/*": (_What.EXTRA, _DECLARED),
    "tool/poetry/build-constraints/*": (_What.PACKAGE, _USED),
    "tool/poetry/build-constraints/*/*": (_What.PACKAGE, _USED),
    "tool/uv/sources/*": (_What.PACKAGE, _USED),
    "tool/uv/extra-build-dependencies/*": (_What.PACKAGE, _USED),
}
_VALUES: dict[str, _Reading] = {
    "project/name": (_What.PACKAGE, _DECLARED),
    "tool/poetry/name": (_What.PACKAGE, _DECLARED),
    "build-system/requires/#": (_What.REQUIREMENT, _DECLARED),
    "project/dependencies/#": (_What.REQUIREMENT, _DECLARED),
    "project/optional-dependencies/*/#": (_What.REQUIREMENT, _DECLARED),
    "dependency-groups/*/#": (_What.REQUIREMENT, _DECLARED),
    "dependency-groups/*/#/include-group": (_What.GROUP, _USED),
    "tool/poetry/group/*/include-groups/#": (_What.GROUP, _USED),
    "tool/poetry/extras/*/#": (_What.PACKAGE, _USED),
    "tool/poetry/scripts/*/extras/#": (_What.EXTRA, _USED),
    "tool/poetry/source/#/name": (_What.SOURCE, _DECLARED),
    "tool/flit/metadata/requires/#": (_What.REQUIREMENT, _DECLARED),
    "tool/flit/metadata/requires-extra/*/#": (_What.REQUIREMENT, _DECLARED),
    "tool/pdm/dev-dependencies/*/#": (_What.REQUIREMENT, _DECLARED),
    "tool/pdm/source/#/name": (_What.SOURCE, _DECLARED),
    "tool/uv/dev-dependencies/#": (_What.REQUIREMENT, _DECLARED),
    "tool/uv/constraint-dependencies/#": (_What.REQUIREMENT, _USED),
    "tool/uv/override-dependencies/#": (_What.REQUIREMENT, _USED),
    "tool/uv/build-constraint-dependencies/#": (_What.REQUIREMENT, _USED),
    "tool/uv/extra-build-dependencies/*/#": (_What.REQUIREMENT, _USED),
    "tool/uv/exclude-dependencies/#": (_What.PACKAGE, _USED),
    "tool/uv/no-build-package/#": (_What.PACKAGE, _USED),
    "tool/uv/no-binary-package/#": (_What.PACKAGE, _USED),
    "tool/uv/no-build-isolation-package/#": (_What.PACKAGE, _USED),
    "tool/uv/reinstall-package/#": (_What.PACKAGE, _USED),
    "tool/uv/default-groups/#": (_What.GROUP, _USED),
    "tool/uv/conflicts/#/#/extra": (_What.EXTRA, _USED),
    "tool/uv/conflicts/#/#/group": (_What.GROUP, _USED),
    "tool/uv/index/#/name": (_What.SOURCE, _DECLARED),
    "tool/hatch/envs/*/dependencies/#": (_What.REQUIREMENT, _DECLARED),
    "tool/hatch/envs/*/extra-dependencies/#": (_What.REQUIREMENT, _DECLARED),
    "tool/hatch/envs/*/features/#": (_What.EXTRA, _USED),
    "tool/hatch/envs/*/dependency-groups/#": (_What.GROUP, _USED),
    "tool/tox/env_run_base/extras/#": (_What.EXTRA, _USED),
    "tool/tox/env_run_base/dependency_groups/#": (_What.GROUP, _USED),
    "tool/tox/env/*/extras/#": (_What.EXTRA, _USED),
    "tool/tox/env/*/dependency_groups/#": (_What.GROUP, _USED),
    "project/scripts/*": (_What.ENTRY_POINT, _USED),
    "project/gui-scripts/*": (_What.ENTRY_POINT, _USED),
    "project/entry-points/*/*": (_What.ENTRY_POINT, _USED),
    "tool/poetry/scripts/*": (_What.ENTRY_POINT, _USED),
    "tool/poetry/plugins/*/*": (_What.ENTRY_POINT, _USED),
}
POETRY_TABLES = (
    "tool/poetry/dependencies/*",
    "tool/poetry/dev-dependencies/*",
    "tool/poetry/group/*/dependencies/*",
    "tool/poetry/requires-plugins/*",
)
"""Where a key is a package and its value Poetry's form of a dependency (or a list of them)."""

for _table in POETRY_TABLES:
    _KEYS[_table] = (_What.PACKAGE, _DECLARED)
    for _item in ("", "/#"):
        _VALUES[f"{_table}{_item}/source"] = (_What.SOURCE, _USED)
        _VALUES[f"{_table}{_item}/extras/#"] = (_What.FOREIGN_EXTRA, _USED)
        _VALUES[f"{_table}{_item}/markers"] = (_What.MARKER, _USED)
for _item in ("", "/#"):
    _VALUES[f"tool/uv/sources/*{_item}/index"] = (_What.SOURCE, _USED)
    _VALUES[f"tool/uv/sources/*{_item}/extra"] = (_What.EXTRA, _USED)
    _VALUES[f"tool/uv/sources/*{_item}/group"] = (_What.GROUP, _USED)
    _VALUES[f"tool/uv/sources/*{_item}/marker"] = (_What.MARKER, _USED)

_PATTERNS = Patterns(_KEYS, _VALUES)

_EXTRA_IN_MARKER = lazy_pattern(
    r"""(?<![\w.'"])extra\s*(?:==|!=)\s*(?:"(?P<d>[^"]*)"|'(?P<s>[^']*)')
      | (?:"(?P<rd>[^"]*)"|'(?P<rs>[^']*)')\s*(?:==|!=)\s*extra(?!\w)""",
    re.VERBOSE,
)
_EXTRAS_OF_ENTRY_POINT = lazy_pattern(r"\[([^\]]*)\]?\s*\Z")
_WORD = lazy_pattern(r"[\w.-]+")
_EXTRA = lazy_pattern(r"[^,\s]+")


def occurrences(snapshot: Snapshot) -> tuple[Occurrence, ...]:
    """Every occurrence of a name in the file, in the order of the text."""
    return _occurrences(snapshot.document)


def occurrence_at(snapshot: Snapshot, offset: int) -> Occurrence | None:
    """The occurrence that `offset` touches (its end belongs to it).

    The quotes around a name count where the string or key holds nothing else.
    """
    around: Occurrence | None = None
    for each in occurrences(snapshot):
        if each.span.start <= offset <= each.span.end:
            return each
        near = each.node.start <= offset <= each.node.end
        if near and each.node.start >= each.span.start - 3 and each.node.end <= each.span.end + 3:
            quotes = snapshot.text[each.node.start : each.span.start]
            if quotes and not quotes.strip("\"'"):
                around = each
    return around


def occurrences_of(snapshot: Snapshot, name: Name) -> list[Occurrence]:
    """The occurrences of `name`, in the order of the text."""
    return [each for each in occurrences(snapshot) if each.name == name]


def declarations_of(snapshot: Snapshot, name: Name) -> list[Occurrence]:
    """The occurrences that declare `name`; of several parts of one table only the first."""
    found: dict[TomlPath, Occurrence] = {}
    for each in occurrences_of(snapshot, name):
        if each.role is Role.DECLARATION:
            found.setdefault(each.path, each)
    return list(found.values())


def is_own_name(snapshot: Snapshot, name: Name) -> bool:
    """Whether `name` is that of the project itself."""
    return name.kind is NameKind.PACKAGE and name.text == snapshot.manifest.normalized_name


@lru_cache(maxsize=8)
def _occurrences(document: Document) -> tuple[Occurrence, ...]:
    own = Manifest(document).normalized_name
    found = [
        occurrence
        for match in _PATTERNS.find(document)
        for occurrence in _read(document.text, match, own)
    ]
    found.sort(key=lambda occurrence: occurrence.span)
    return tuple(found)


def _read(text: str, match: Match[_Reading], own: str) -> Iterator[Occurrence]:
    """The occurrences in one key or string."""
    (what, role), node = match.kind, match.node
    value = node.text if isinstance(node, Key) else node.value
    # nearly all strings stand in single quotes without escapes: a character is a character
    is_closed = isinstance(node, Key) or node.closed
    is_plain = is_closed and node.end - node.start == len(value) + 2
    base = node.start + 1
    for name, start, end, its_role in _names_in(what, role, value, match, own):
        if name.text:
            if is_plain:
                span = Span(base + start, base + end)
            else:
                span = source_span(text, node, start, end)
            yield Occurrence(name, its_role, span, node, match.path)


def _names_in(
    what: _What, role: Role, value: str, match: Match[_Reading], own: str
) -> Iterator[tuple[Name, int, int, Role]]:
    """Names in the decoded `value`, with where they stand in it."""
    if what is _What.REQUIREMENT:
        yield from _names_in_requirement(value, role, own)
    elif what is _What.MARKER:
        yield from _extras_in_marker(value, 0)
    elif what is _What.ENTRY_POINT:
        brackets = _EXTRAS_OF_ENTRY_POINT.search(value) if "[" in value else None
        for extra in _EXTRA.finditer(value, *brackets.span(1)) if brackets else ():
            yield _extra(extra[0], ""), extra.start(), extra.end(), role
    else:
        written = value.strip()
        if isinstance(match.node, Scalar) and not match.node.closed:
            word = _WORD.match(written)  # the rest belongs to what follows the missing quote
            written = word[0] if word else ""
        start = value.find(written)
        place = start, start + len(written), role
        if what is _What.GROUP:
            yield Name(NameKind.GROUP, normalized_name(written)), *place
        elif what is _What.EXTRA:
            yield _extra(written, ""), *place
        elif what is _What.FOREIGN_EXTRA:
            package = normalized_name(match.star)
            yield _extra(written, "" if package == own else package), *place
        elif what is _What.SOURCE:
            tool = str(match.path[1])
            text = written.lower() if tool == "poetry" else written
            yield Name(NameKind.SOURCE, text, tool), *place
        elif not (match.path[:2] == ("tool", "poetry") and _is_python(match, written)):
            yield Name(NameKind.PACKAGE, normalized_name(written)), *place


def _is_python(match: Match[_Reading], written: str) -> bool:
    """Whether a key of a Poetry table is the interpreter, which is no package."""
    return isinstance(match.node, Key) and written.lower() == "python"


@lru_cache(maxsize=16384)
def _names_in_requirement(
    value: str, role: Role, own: str
) -> tuple[tuple[Name, int, int, Role], ...]:
    return tuple(_cut_names(value, role, own))


def _cut_names(value: str, role: Role, own: str) -> Iterator[tuple[Name, int, int, Role]]:
    requirement = cut(value)
    if requirement.name is not None:
        package = requirement.normalized
        # a project that takes in its own extras refers to itself
        its_role = Role.USE if package == own else role
        yield Name(NameKind.PACKAGE, package), *requirement.name.span, its_role
        scope = "" if package == own else package
        for part in requirement.extras:
            yield _extra(part.text, scope), *part.span, Role.USE
    if requirement.marker is not None:
        yield from _extras_in_marker(requirement.marker.text, requirement.marker.span.start)


def _extras_in_marker(marker: str, base: int) -> Iterator[tuple[Name, int, int, Role]]:
    if "extra" not in marker:
        return
    for found in _EXTRA_IN_MARKER.finditer(marker):
        group = found.lastgroup
        assert group is not None
        start, end = found.span(group)
        yield _extra(found[group].strip(), ""), base + start, base + end, Role.USE


def _extra(written: str, scope: str) -> Name:
    return Name(NameKind.EXTRA, normalized_name(written), scope)
