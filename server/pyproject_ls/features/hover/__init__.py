"""Hover: what stands under the cursor, what it means, and what it comes to in this project.

Texts are Markdown; `pyproject_ls.features.markdown.plain` makes plain text of them. What the facts
do not tell yet is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Union

from pyproject_ls.configuration import OWN
from pyproject_ls.features.hover.dependency import (
    dependencies_at,
    dependency_text,
    platform_in_words,
)
from pyproject_ls.features.hover.groups import extra_text, group_text
from pyproject_ls.features.hover.keys import key_text, label_note
from pyproject_ls.features.hover.markers import marker_in_words
from pyproject_ls.features.hover.rules import plugin_text, rule_text
from pyproject_ls.features.hover.scripts import script_text
from pyproject_ls.features.hover.values import (
    backend_text,
    classifier_text,
    constraint_note,
    dynamic_text,
    enum_note,
    foreign_extra_text,
    license_text,
    python_text,
    source_text,
)
from pyproject_ls.features.markdown import code, join
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locate import Place, PlaceKind, locate
from pyproject_ls.project.manifest import text_of
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.schema.docs import pattern_of
from pyproject_ls.text import Span
from pyproject_ls.toml import Scalar

__all__ = ["Hover", "hover"]


class Hover(NamedTuple):
    """A text about what stands in `span` (code points; of a string with its quotes)."""

    span: Span
    markdown: str


_Pattern = tuple[str, ...]
_ByName = Callable[[Snapshot, str], Union[str, None]]
_BARE: frozenset[str] = frozenset({"version", "git", "branch", "tag", "rev", "path", "file", "url"})
"""Keys of a Poetry dependency whose value says what the dependency is."""

_POETRY = ("tool", "poetry")
_GROUP_KEYS = {("dependency-groups", "*"), (*_POETRY, "group", "*")}
_EXTRA_KEYS = {("project", "optional-dependencies", "*"), (*_POETRY, "extras", "*")}
_SCRIPTS = {
    ("project", "scripts", "*"),
    ("project", "gui-scripts", "*"),
    ("project", "entry-points", "*", "*"),
    (*_POETRY, "scripts", "*"),
    (*_POETRY, "scripts", "*", "reference"),
    (*_POETRY, "scripts", "*", "callable"),
    (*_POETRY, "plugins", "*", "*"),
}
_PYTHON = {("project", "requires-python"), (*_POETRY, "dependencies", "python")}
_PACKAGES = {
    (*_POETRY, "dependencies", "*"),
    (*_POETRY, "dev-dependencies", "*"),
    (*_POETRY, "group", "*", "dependencies", "*"),
    (*_POETRY, "requires-plugins", "*"),
    (*_POETRY, "build-constraints", "*", "*"),
}
_URLS = {("project", "urls", "*"), (*_POETRY, "urls", "*")}

_RULES = {
    *((*OWN, key) for key in ("select", "extend-select", "ignore")),
    *((*OWN, "fix", key) for key in ("fixable", "unfixable")),
    (*OWN, "per-path-ignores", "*"),
}
_BY_VALUE: dict[_Pattern, _ByName] = {
    **dict.fromkeys(_RULES, rule_text),
    (*OWN, "plugins"): lambda _, value: plugin_text(value),
    ("project", "classifiers"): lambda _, value: classifier_text(value),
    (*_POETRY, "classifiers"): lambda _, value: classifier_text(value),
    ("project", "license"): lambda _, value: license_text(value),
    ("project", "license", "text"): lambda _, value: license_text(value),
    (*_POETRY, "license"): lambda _, value: license_text(value),
    ("build-system", "build-backend"): backend_text,
    ("project", "dynamic"): dynamic_text,
    ("dependency-groups", "*", "include-group"): group_text,
    (*_POETRY, "group", "*", "include-groups"): group_text,
    (*_POETRY, "scripts", "*", "extras"): extra_text,
    (*_POETRY, "source", "name"): source_text,
}


def hover(snapshot: Snapshot, offset: int) -> Hover | None:
    """The text about what stands at `offset` (code points); None where there is nothing to say."""
    place = locate(snapshot.document, offset)
    if place.kind is PlaceKind.VALUE:
        node = place.value
        if not isinstance(node, Scalar) or not node.start <= offset <= node.end:
            return None
        text = _of_value(snapshot, place, node)
        return Hover(node.span, text) if text else None
    if place.kind is PlaceKind.BLANK or place.key is None:
        return None
    text = _of_key(snapshot, place)
    return Hover(place.key.span, text) if text else None


def _of_key(snapshot: Snapshot, place: Place) -> str | None:
    path = place.path
    pattern = pattern_of(path)
    if pattern is None:
        return key_text(path)
    text: str | None = None
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    if pattern in _PACKAGES:
        text = dependency_text(snapshot, dependencies_at(snapshot, path))
    elif pattern in _GROUP_KEYS:
        text = group_text(snapshot, name)
    elif pattern in _EXTRA_KEYS:
        text = extra_text(snapshot, name)
    elif pattern in _SCRIPTS and pattern[-1] == "*":
        text = script_text(snapshot, path)
    elif pattern == (*_POETRY, "dev-dependencies"):
        return key_text(path)
    elif pattern == (*OWN, "severity", "*"):
        text = rule_text(snapshot, name)
    if text:
        return text
    value = text_of(place.value)
    note = ""
    if pattern in _URLS:
        note = label_note(name)
    elif value is not None:
        note = _note(pattern, value)
    return key_text(path, note)


def _of_value(snapshot: Snapshot, place: Place, node: Scalar) -> str | None:
    path = place.path
    pattern = pattern_of(path)
    if node.kind != "string":
        return key_text(path)
    value = str(node.value)
    text: str | None = None
    if pattern is None or _holds_requirements(pattern):
        found = [each for each in dependencies_at(snapshot, path) if each.path == path]
        text = _own_extras(snapshot, found) or dependency_text(snapshot, found)
    elif pattern in _BY_VALUE:
        text = _BY_VALUE[pattern](snapshot, value)
    elif pattern in _SCRIPTS:
        text = script_text(snapshot, path)
    elif pattern == (*_POETRY, "extras", "*"):
        text = _listed_dependency(snapshot, value)
    elif pattern in _PACKAGES or (pattern[:-1] in _PACKAGES and pattern[-1] in _BARE):
        text = dependency_text(snapshot, dependencies_at(snapshot, path))
    elif pattern[:-1] in _PACKAGES:
        text = _of_option(snapshot, path, pattern[-1], value)
    if text:
        return text
    return key_text(path, _note(pattern, value)) if pattern is not None else None


def _holds_requirements(pattern: _Pattern) -> bool:
    """Whether the strings of this array are requirements."""
    return pattern in {
        ("build-system", "requires"),
        ("project", "dependencies"),
        ("project", "optional-dependencies", "*"),
        ("dependency-groups", "*"),
    }


def _note(pattern: _Pattern, value: str) -> str:
    """What the value of a key comes to, in a sentence."""
    if pattern in _PYTHON or (pattern[:-1] in _PACKAGES and pattern[-1] == "python"):
        return python_text(value)
    if pattern == (*_POETRY, "requires-poetry"):
        return constraint_note(value)
    if pattern[:-1] in _PACKAGES and pattern[-1] == "markers":
        words = marker_in_words(value)
        return f"{code(value)}: {words}." if words else ""
    if pattern[:-1] in _PACKAGES and pattern[-1] == "platform":
        return f"{code(value)}: only {platform_in_words(value)}."
    return enum_note(pattern, value)


def _of_option(snapshot: Snapshot, path: TomlPath, option: str, value: str) -> str | None:
    """A string of a Poetry dependency's table that is a source or an extra."""
    if option == "source":
        return source_text(snapshot, value)
    if option == "extras":
        return foreign_extra_text(path, value) or None
    return None


def _own_extras(snapshot: Snapshot, found: list[Dependency]) -> str | None:
    """The extras of the project itself that a requirement such as ``spam[plot]`` takes in."""
    requirement = found[0].requirement if found else None
    own = snapshot.manifest.normalized_name
    if requirement is None or not own or requirement.normalized != own:
        return None
    extras = (extra_text(snapshot, extra.text) for extra in requirement.extras[:5])
    return join(text for text in extras if text)


def _listed_dependency(snapshot: Snapshot, name: str) -> str | None:
    """The dependency that an item of ``[tool.poetry.extras]`` names."""
    wanted = normalized_name(name)
    found = [
        each for each in snapshot.manifest.by_home.get(Home.POETRY, ()) if each.normalized == wanted
    ]
    return dependency_text(snapshot, found)
