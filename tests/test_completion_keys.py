"""The keys that completion offers, beside those that the JSON schemas allow.

The schemas are those that the installed poetry-core carries. What they do not have is listed here:
``[build-system]`` (PEP 517, 518), PEP 794, and the tables of Poetry itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import pytest

from pyproject_ls.features.completion import Completion, Kind, complete
from pyproject_ls.host import Snapshot

CURSOR = "▮"

BUILD_SYSTEM = {"requires", "build-backend", "backend-path"}
SINCE_PEP_794 = {"import-names", "import-namespaces"}
OF_POETRY_ITSELF = {"requires-poetry", "requires-plugins", "source", "build-constraints"}
SOURCE = {"name", "url", "priority", "links", "indexed"}
TABLES_OF_POETRY_ITSELF = {"requires-plugins", "source", "build-constraints"}


@cache
def schema(name: str) -> dict[str, Any]:
    path = files("poetry.core") / "json" / "schemas" / f"{name}-schema.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def resolved(name: str, node: Any) -> dict[str, Any]:
    """A part of the schema `name` with its reference followed."""
    found: dict[str, Any] = node if isinstance(node, dict) else {}
    if "$ref" in found:
        target: Any = schema(name)
        for step in found["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        return {**found, **target}
    return found


def at(name: str, *path: str) -> dict[str, Any]:
    """The part of the schema `name` under a path of its own keys."""
    node = schema(name)
    for step in path:
        node = resolved(name, node[step])
    return resolved(name, node)


def forms(name: str, node: Any) -> Iterator[dict[str, Any]]:
    """The properties of each alternative that is an object."""
    node = resolved(name, node)
    own = node.get("properties", {})
    below = [
        form
        for key in ("oneOf", "anyOf")
        for each in node.get(key, ())
        for form in forms(name, each)
    ]
    if below:
        yield from ({**own, **form} for form in below)
    elif own:
        yield own


def allowed(name: str, node: Any, present: Iterable[str] = ()) -> set[str]:
    """The keys that may stand beside those `present`."""
    given = set(present)
    return {key for form in forms(name, node) if given <= set(form) for key in form} - given


def tables(name: str, properties: dict[str, Any], *, arrays: bool) -> set[str]:
    """The properties that may be tables; with `arrays` also those that are arrays of tables."""
    found = set()
    for key, node in properties.items():
        node = resolved(name, node)
        ways = [
            resolved(name, each) for each in (node, *node.get("oneOf", ()), *node.get("anyOf", ()))
        ]
        if any(way.get("type") == "object" for way in ways):
            found.add(key)
        for way in ways:
            item = resolved(name, way.get("items"))
            items = [item, *(resolved(name, each) for each in item.get("anyOf", ()))]
            if arrays and any(each.get("type") == "object" for each in items):
                found.add(key)
    return found


def only_arrays(name: str, properties: dict[str, Any]) -> set[str]:
    return tables(name, properties, arrays=True) - tables(name, properties, arrays=False)


PROJECT = set(schema("project")["properties"]) | SINCE_PEP_794
POETRY = set(schema("poetry")["properties"]) | OF_POETRY_ITSELF
POETRY_PROPERTIES = schema("poetry")["properties"]
PROJECT_PROPERTIES = schema("project")["properties"]
README = at("project", "properties", "readme")
LICENSE = at("project", "properties", "license")
AUTHOR = at("project", "definitions", "projectAuthor")
INCLUDE_GROUP = schema("dependency-groups")["additionalProperties"]["items"]
DEPENDENCY = at("poetry", "definitions", "dependencies")["patternProperties"]["^[a-zA-Z-_.0-9]+$"]
GROUP = at("poetry", "properties", "group")["patternProperties"]["^[a-zA-Z-_.0-9]+$"]
SCRIPT = at("poetry", "properties", "scripts")["patternProperties"]["^[a-zA-Z-_.0-9]+$"]
PACKAGE = at("poetry", "properties", "packages")["items"]
INCLUDE = at("poetry", "properties", "include")["items"]
BUILD = at("poetry", "properties", "build")


def dependency(*present: str) -> set[str]:
    return allowed("poetry", DEPENDENCY, present)


class Place(NamedTuple):
    """A text with the cursor, and the keys that may stand there."""

    name: str
    text: str
    keys: set[str]


PLACES = [
    Place("project", "[project]\n▮", PROJECT),
    Place(
        "project with keys",
        '[project]\nname = "x"\n▮\nversion = "1"\n[project.urls]\n',
        PROJECT - {"name", "version", "urls"},
    ),
    Place("project, half-typed", "[project]\nauth▮\n", {"authors"}),
    Place("project, before a value", '[project]\nvers▮ion = "1"\n', {"version"}),
    Place("project, a key without value", "[project]\nname =\n▮", PROJECT - {"name"}),
    Place("project, dotted", "project.▮", PROJECT),
    Place("build-system", "[build-system]\n▮", BUILD_SYSTEM),
    Place(
        "build-system with keys",
        '[build-system]\nrequires = []\n▮\n\n[project]\nname = "x"\n',
        BUILD_SYSTEM - {"requires"},
    ),
    Place("build-system, dotted", "build-system.▮", BUILD_SYSTEM),
    Place("readme", "[project]\nreadme = { ▮ }", allowed("project", README)),
    Place(
        "readme from a file",
        '[project]\nreadme = { file = "x", ▮ }',
        allowed("project", README, ["file"]),
    ),
    Place(
        "readme from a text",
        '[project]\nreadme = { text = "x", ▮ }',
        allowed("project", README, ["text"]),
    ),
    Place(
        "readme, its type first",
        '[project]\nreadme = { content-type = "x", ▮ }',
        allowed("project", README, ["content-type"]),
    ),
    Place("readme, a table", "[project.readme]\n▮", allowed("project", README)),
    Place("license", "[project]\nlicense = { ▮ }", allowed("project", LICENSE)),
    Place("license from a file", '[project]\nlicense = { file = "x" ▮ }', set()),
    Place("authors", "[project]\nauthors = [{ ▮ }]", allowed("project", AUTHOR)),
    Place(
        "authors, second one",
        '[project]\nauthors = [\n  { name = "A" },\n  { email = "x@y.org", ▮ },\n]',
        {"name"},
    ),
    Place("authors, a table", "[[project.authors]]\n▮", allowed("project", AUTHOR)),
    Place(
        "maintainers, second table",
        '[[project.maintainers]]\nname = "A"\n[[project.maintainers]]\nname = "B"\n▮',
        {"email"},
    ),
    Place(
        "include of a group",
        "[dependency-groups]\ndev = [{ ▮ }]",
        allowed("dependency-groups", INCLUDE_GROUP),
    ),
    Place(
        "include of a group, complete",
        '[dependency-groups]\ndev = ["x", { include-group = "a", ▮ }]',
        set(),
    ),
    Place("poetry", "[tool.poetry]\n▮", POETRY),
    Place(
        "poetry with tables",
        "[tool.poetry]\n▮\n[tool.poetry.dependencies]\n[[tool.poetry.source]]\n",
        POETRY - {"dependencies", "source"},
    ),
    Place("poetry, dotted", "tool.poetry.▮", POETRY),
    Place("poetry, dotted in tool", '[tool]\npoetry.name = "x"\npoetry.▮', POETRY - {"name"}),
    Place("dependencies", "[tool.poetry.dependencies]\n▮", {"python"}),
    Place("dependencies with python", '[tool.poetry.dependencies]\npython = "*"\n▮', set()),
    Place("a dependency", "[tool.poetry.dependencies]\nx = { ▮ }", dependency()),
    *(
        Place(
            f"a dependency from a {form}",
            f'[tool.poetry.dependencies]\nx = {{ {form} = "y", ▮ }}',
            dependency(form),
        )
        for form in ("version", "git", "file", "path", "url", "source")
    ),
    Place(
        "a dependency, between its keys",
        '[tool.poetry.dependencies]\nx = { git = "y", ▮, branch = "z" }',
        dependency("git", "branch"),
    ),
    Place(
        "a dependency of several constraints",
        '[tool.poetry.dependencies]\nx = [\n  { version = "1", python = "<3.12" },\n  { ▮ },\n]',
        dependency(),
    ),
    Place(
        "a dependency, a table",
        '[tool.poetry.dependencies.x]\nversion = "1"\n▮',
        dependency("version"),
    ),
    Place(
        "a dependency, dotted",
        '[tool.poetry.dependencies]\nx.version = "1"\nx.▮',
        dependency("version"),
    ),
    Place(
        "a dependency of the old kind",
        "[tool.poetry.dev-dependencies]\nx = { ▮ }",
        dependency(),
    ),
    Place("a group", "[tool.poetry.group.dev]\n▮", allowed("poetry", GROUP)),
    Place(
        "a group with dependencies",
        "[tool.poetry.group.dev]\n▮\n[tool.poetry.group.dev.dependencies]\n",
        allowed("poetry", GROUP, ["dependencies"]),
    ),
    Place("dependencies of a group", "[tool.poetry.group.dev.dependencies]\n▮", set()),
    Place(
        "a dependency of a group",
        '[tool.poetry.group.dev.dependencies]\nx = { path = "y", ▮ }',
        dependency("path"),
    ),
    Place("a plugin", "[tool.poetry.requires-plugins]\nx = { ▮ }", dependency()),
    Place(
        "a constraint on a build",
        '[tool.poetry.build-constraints.y]\nx = { version = "1", ▮ }',
        dependency("version"),
    ),
    Place("a source", "[[tool.poetry.source]]\n▮", SOURCE),
    Place(
        "a second source",
        '[[tool.poetry.source]]\nname = "a"\n[[tool.poetry.source]]\nname = "b"\n▮',
        SOURCE - {"name"},
    ),
    Place("packages", "[tool.poetry]\npackages = [{ ▮ }]", allowed("poetry", PACKAGE)),
    Place(
        "packages, a table",
        '[[tool.poetry.packages]]\ninclude = "x"\n▮',
        allowed("poetry", PACKAGE, ["include"]),
    ),
    Place("include", "[tool.poetry]\ninclude = [{ ▮ }]", allowed("poetry", INCLUDE)),
    Place("build", "[tool.poetry]\nbuild = { ▮ }", allowed("poetry", BUILD)),
    Place("a script", "[tool.poetry.scripts]\nx = { ▮ }", allowed("poetry", SCRIPT)),
    Place(
        "a script that is a file",
        '[tool.poetry.scripts]\nx = { reference = "y", ▮ }',
        allowed("poetry", SCRIPT, ["reference"]),
    ),
]

HEADERS = [
    Place("all tables", "[▮]", {"build-system", "project", "dependency-groups", "tool"}),
    Place(
        "tables that are missing",
        "[project]\n[build-system]\n[▮",
        {"project", "dependency-groups", "tool"},
    ),
    Place(
        "tables of the project",
        "[project.▮]",
        tables("project", PROJECT_PROPERTIES, arrays=True),
    ),
    Place(
        "tables of the project that are missing",
        "[project.urls]\n[project.▮]\n[project.scripts]",
        tables("project", PROJECT_PROPERTIES, arrays=True) - {"urls", "scripts"},
    ),
    Place(
        "arrays of tables of the project",
        "[[project.▮]]",
        only_arrays("project", PROJECT_PROPERTIES),
    ),
    Place(
        "tables of Poetry",
        "[tool.poetry.▮]",
        tables("poetry", POETRY_PROPERTIES, arrays=True) | TABLES_OF_POETRY_ITSELF,
    ),
    Place(
        "arrays of tables of Poetry",
        "[[tool.poetry.▮]]",
        only_arrays("poetry", POETRY_PROPERTIES) | {"source"},
    ),
    Place("tables of a group", "[tool.poetry.group.dev.▮]", {"dependencies"}),
]


def offered(text: str) -> list[Completion]:
    offset = text.index(CURSOR)
    return complete(Snapshot(text.replace(CURSOR, "")), offset).items


def test_there_are_enough_places() -> None:
    assert len(PLACES) + len(HEADERS) >= 40


@pytest.mark.parametrize("place", PLACES, ids=[place.name for place in PLACES])
def test_keys(place: Place) -> None:
    items = [item for item in offered(place.text) if item.kind in (Kind.KEY, Kind.PACKAGE)]
    labels = [item.label for item in items]
    assert len(labels) == len(set(labels))
    assert set(labels) == place.keys
    assert [item.deprecated for item in items] == sorted(item.deprecated for item in items)


@pytest.mark.parametrize("place", HEADERS, ids=[place.name for place in HEADERS])
def test_headers(place: Place) -> None:
    typed = place.text.split(CURSOR)[0].rpartition("[")[2]
    labels = [item.label for item in offered(place.text)]
    assert len(labels) == len(set(labels))
    assert {label.removeprefix(typed).split(".")[0] for label in labels} == place.keys


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("[project]\n▮", ["name"]),
        ("[build-system]\n▮", ["requires"]),
        ("[[tool.poetry.source]]\n▮", ["name"]),
        ("[tool.poetry]\npackages = [{ ▮ }]", ["include"]),
        ("[tool.poetry]\ninclude = [{ ▮ }]", ["path"]),
        ('[project]\nreadme = { file = "x", ▮ }', ["content-type"]),
        ("[project]\nauthors = [{ ▮ }]", ["name", "email"]),
    ],
)
def test_required_keys_come_first(text: str, first: list[str]) -> None:
    assert [item.label for item in offered(text)][: len(first)] == first


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("[tool.poetry]\n▮", "name"),
        ("[tool.poetry]\n▮", "dev-dependencies"),
        ('[tool.poetry.dependencies]\nx = { version = "1", ▮ }', "allows-prereleases"),
    ],
)
def test_deprecated_keys(text: str, key: str) -> None:
    assert next(item for item in offered(text) if item.label == key).deprecated


@pytest.mark.parametrize(
    ("text", "key", "inserted"),
    [
        ("[project]\n▮", "name", 'name = "$1"'),
        ("[project]\n▮", "keywords", 'keywords = ["$1"]'),
        ("[project]\n▮", "urls", "urls = { $1 \\}"),
        ("[project]\n▮", "authors", 'authors = [{ name = "$1", email = "$2" \\}]'),
        ("[tool.poetry]\n▮", "package-mode", "package-mode = ${1|true,false|}"),
        (
            "[[tool.poetry.source]]\n▮",
            "priority",
            'priority = "${1|primary,supplemental,explicit|}"',
        ),
        ("[project]\nna▮me = 'x'", "name", "name"),
    ],
)
def test_the_shape_of_the_value(text: str, key: str, inserted: str) -> None:
    assert next(item for item in offered(text) if item.label == key).edit.text == inserted
