"""Every key of the schema has a text, and nothing else has one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from pyproject_ls.project.schema.docs import all_docs, key_doc
from pyproject_ls.project.schema.lookup import (
    ROOT,
    array_shape,
    keys_of,
    required_of,
    shape_at,
    table_shape,
)
from pyproject_ls.project.schema.shapes import Anything, Boolean, Shape, TableForms, TableOf, Text
from pyproject_ls.toml import Array, Table, parse

PAGES = (
    r"https://((packaging\.python|peps\.python|python-poetry)\.org/"
    r"|github\.com/pyproject-ls/pyproject-ls/blob/main/docs/(configuration|policies)\.md)"
)
"""Where keys are defined."""

NAMES_WITH_A_MEANING = {("tool", "poetry", "dependencies", "python")}
"""Names that the author does not choose freely, although the schema takes them for such."""


def patterns(shape: Shape, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The path of every key that the schema knows, with ``*`` for a free one."""
    if path:
        yield path
    array = array_shape(shape)
    if array is not None:
        yield from (each for each in patterns(array.item, path) if each != path)
    table = table_shape(shape)
    forms: tuple[TableOf, ...] = ()
    if isinstance(table, TableForms):
        forms = (*table.forms.values(), table.otherwise)
    elif isinstance(table, TableOf):
        forms = (table,)
    for form in forms:
        for name, below in form.fields.items():
            yield from patterns(below, (*path, name))
        if form.others is not None and not isinstance(form.others, Anything):
            yield from patterns(form.others, (*path, "*"))


EVERY_KEY = sorted(set(patterns(ROOT)))


def test_every_key_has_a_text_and_nothing_else_has() -> None:
    assert sorted(set(all_docs()) - NAMES_WITH_A_MEANING) == EVERY_KEY


@pytest.mark.parametrize("path", [*EVERY_KEY, *sorted(NAMES_WITH_A_MEANING)], ids=".".join)
def test_text(path: tuple[str, ...]) -> None:
    doc = key_doc(path)
    assert doc is not None
    sentences = re.findall(r"[^.;:]\.(?= |$)|\.$", doc.text)
    assert 1 <= len(sentences) <= 4, doc.text
    assert doc.text.endswith(".")
    assert len(doc.text) <= 420
    assert doc.text.count("`") % 2 == 0
    assert doc.type
    assert doc.since.startswith(("PEP ", "Poetry ", "pyproject-ls ")), doc.since
    assert doc.standard == (path[0] != "tool" or path == ("tool",))
    assert re.match(PAGES, doc.link)
    if doc.deprecated:
        assert doc.deprecated.endswith(".")
    if doc.example:
        assert not parse(doc.example).problems


@pytest.mark.parametrize("path", EVERY_KEY, ids=".".join)
def test_shape(path: tuple[str, ...]) -> None:
    """Every key is found by its path, indexes included or with names of any kind."""
    ways: list[tuple[str | int, ...]] = [()]
    for name in path:
        ways = [(*way, *index, name) for way in ways for index in ((), (0,))]
    assert any(shape_at(way) is not None for way in ways)
    assert key_doc(tuple("odd name" if name == "*" else name for name in path)) is not None


def test_nothing_is_known_of_other_tables() -> None:
    assert key_doc(("tool", "nobody-knows-this")) is None
    assert key_doc(("tool", "poetry", "nonsense")) is None
    assert key_doc(()) is None
    assert shape_at(("project", "nonsense")) is None
    assert shape_at(("project", 0)) is None
    assert shape_at(("project", "name", "deeper", 3, "still")) is None
    assert isinstance(shape_at(("tool", "nobody-knows-this")), Anything)


def test_indexes() -> None:
    assert isinstance(shape_at(("project", "authors", 0, "email")), Text)
    assert isinstance(shape_at(("tool", "poetry", "source", 3, "links")), Boolean)
    assert key_doc(("tool", "poetry", "source", 3, "name")) == key_doc(
        ("tool", "poetry", "source", "name")
    )
    several = shape_at(("tool", "poetry", "dependencies", "spam", 0, "git"))
    assert isinstance(several, Text)


def test_forms_are_chosen_by_the_keys_that_are_there() -> None:
    shape = shape_at(("tool", "poetry", "dependencies", "spam"))
    assert shape is not None
    everything = keys_of(shape)
    assert {"git", "path", "url", "file", "version", "source", "develop"} <= set(everything)
    assert set(keys_of(shape, table_of("x = {}"))) == set(everything)
    of_git = keys_of(shape, table_of('x = { git = "a" }'))
    assert "branch" in of_git
    assert "version" not in of_git
    assert "source" not in of_git


def test_required() -> None:
    project, readme = shape_at(("project",)), shape_at(("project", "readme"))
    person, source = shape_at(("project", "authors", 0)), shape_at(("tool", "poetry", "source", 0))
    assert project is not None
    assert readme is not None
    assert person is not None
    assert source is not None
    assert required_of(project) == ("name",)
    assert required_of(source) == ("name",)
    assert required_of(person) == ("name", "email")
    assert required_of(person, table_of('x = { email = "a" }')) == ()
    assert required_of(readme, table_of('x = { file = "a" }')) == ("content-type",)
    assert required_of(readme, table_of("x = {}")) == ()


def test_values_of_a_form_that_is_not_chosen_yet() -> None:
    document = parse('[tool.poetry.scripts]\nx = { type = "" }')
    shape = shape_at(("tool", "poetry", "scripts", "x", "type"), document.root)
    assert isinstance(shape, Text)
    assert shape.values == ("file", "console")


def table_of(text: str) -> Table:
    """The table behind the one key of `text`."""
    node = parse(text).get("x")
    node = node.items[0] if isinstance(node, Array) else node
    assert isinstance(node, Table)
    return node
