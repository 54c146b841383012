"""Our schema beside the JSON schemas that the installed poetry-core carries: drift shows here."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

from pyproject_ls.project.schema.poetry import POETRY
from pyproject_ls.project.schema.shapes import (
    Anything,
    Boolean,
    ListOf,
    OneOf,
    Shape,
    TableForms,
    TableOf,
    Text,
)
from pyproject_ls.project.schema.standard import DEPENDENCY_GROUPS, PROJECT

OF_POETRY_ITSELF = {"requires-poetry", "requires-plugins", "source", "build-constraints"}
"""Keys that Poetry's own schema adds to poetry-core's."""

SINCE_PEP_794 = {"import-names", "import-namespaces"}
"""Keys of the standard that poetry-core does not know yet."""


def core_schema(name: str) -> dict[str, Any]:
    path = files("poetry.core") / "json" / "schemas" / f"{name}.json"
    schema: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return schema


def test_keys_of_poetry() -> None:
    assert set(POETRY.fields) - OF_POETRY_ITSELF == set(core_schema("poetry-schema")["properties"])


def test_keys_of_project() -> None:
    assert set(PROJECT.fields) - SINCE_PEP_794 == set(core_schema("project-schema")["properties"])


def test_dynamic_fields() -> None:
    items = core_schema("project-schema")["properties"]["dynamic"]["items"]
    dynamic = PROJECT.fields["dynamic"]
    assert isinstance(dynamic, ListOf)
    assert isinstance(dynamic.item, Text)
    assert list(dynamic.item.values) == items["enum"]


@pytest.mark.parametrize("name", ["name", "version"])
def test_patterns_of_project(name: str) -> None:
    theirs = core_schema("project-schema")["properties"][name]["pattern"]
    ours = PROJECT.fields[name]
    assert isinstance(ours, Text)
    assert ours.pattern is not None
    assert ours.pattern.pattern == theirs.removeprefix("^").removesuffix("$")


@pytest.mark.parametrize(
    ("form", "definition"),
    [
        ("version", "long-dependency"),
        ("git", "git-dependency"),
        ("file", "file-dependency"),
        ("path", "path-dependency"),
        ("url", "url-dependency"),
        (None, "dependency-options"),
    ],
)
def test_forms_of_a_dependency(form: str | None, definition: str) -> None:
    theirs = core_schema("poetry-schema")["definitions"][definition]
    dependencies = POETRY.fields["dependencies"]
    assert isinstance(dependencies, TableOf)
    assert isinstance(dependencies.others, OneOf)
    table = dependencies.others.table
    assert isinstance(table, TableForms)
    ours = table.otherwise if form is None else table.forms[form]
    assert set(ours.fields) == set(theirs["properties"])
    kinds = {name: kind_of(shape) for name, shape in ours.fields.items()}
    assert kinds == {name: each["type"] for name, each in theirs["properties"].items()}


def kind_of(shape: Shape) -> str:
    kinds = {Text: "string", Boolean: "boolean", ListOf: "array", TableOf: "object"}
    return kinds[type(shape)]


def matches(schema: dict[str, Any], root: dict[str, Any], shape: Shape) -> bool:
    """Whether a JSON schema and a shape allow the same types, as deep as both say."""
    schema = root["definitions"][schema["$ref"].split("/")[-1]] if "$ref" in schema else schema
    if isinstance(shape, (OneOf, TableForms, Anything)):
        return "oneOf" in schema or "anyOf" in schema or schema.get("type") == "object"
    if schema.get("type") != kind_of(shape):
        return False
    if isinstance(shape, ListOf) and "items" in schema:
        return matches(schema["items"], root, shape.item)
    return True


@pytest.mark.parametrize(
    ("name", "table"),
    [("poetry-schema", POETRY), ("project-schema", PROJECT)],
    ids=["poetry", "project"],
)
def test_types(name: str, table: TableOf) -> None:
    root = core_schema(name)
    for key, schema in root["properties"].items():
        assert matches(schema, root, table.fields[key]), key


def test_required_in_an_include_of_a_group() -> None:
    theirs = core_schema("dependency-groups-schema")["additionalProperties"]["items"]["oneOf"][1]
    assert isinstance(DEPENDENCY_GROUPS.others, ListOf)
    item = DEPENDENCY_GROUPS.others.item
    assert isinstance(item, OneOf)
    assert isinstance(item.table, TableOf)
    assert list(item.table.required) == theirs["required"]


def test_names_of_dependencies() -> None:
    theirs = core_schema("poetry-schema")["definitions"]["dependencies"]["patternProperties"]
    dependencies = POETRY.fields["dependencies"]
    assert isinstance(dependencies, TableOf)
    assert dependencies.names is not None
    assert [f"^{dependencies.names.pattern}$"] == list(theirs)
    assert dependencies.names.fullmatch("zope.interface")
