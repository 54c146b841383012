"""Every declared dependency, wherever it is written, as one `Dependency`.

A dependency is either a PEP 508 string (``[project]``, ``[dependency-groups]``,
``[build-system]``, uv, PDM) or an entry of a Poetry table (``name = "^1.0"``, ``name = {git =
...}``, a list of such). Which one it is shows in `requirement`: the cut string, or None for
Poetry's own form.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from pyproject_ls.named import NamedTuple
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import Requirement, cut, normalized_name
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Key, Scalar, Table, Value


class Home(Enum):
    """The kind of table that a dependency is declared in."""

    PROJECT = "[project.dependencies]"
    EXTRA = "[project.optional-dependencies]"
    GROUP = "[dependency-groups]"
    POETRY = "[tool.poetry.dependencies]"
    POETRY_DEV = "[tool.poetry.dev-dependencies]"
    POETRY_GROUP = "[tool.poetry.group]"
    POETRY_BUILD_CONSTRAINT = "[tool.poetry.build-constraints]"
    POETRY_PLUGIN = "[tool.poetry.requires-plugins]"
    BUILD = "[build-system]"
    UV = "[tool.uv]"
    PDM_DEV = "[tool.pdm.dev-dependencies]"

    # members are single objects; the hash of `Enum` is Python code, and asked for at every turn
    __hash__ = object.__hash__


class Declared(NamedTuple):
    """Where a list or table of dependencies stands."""

    home: Home
    group: str
    """The extra, group or package that the list belongs to, as written; "" for a main list."""
    path: TomlPath


class Dependency:
    """One declared dependency.

    `node` is the string or inline table that declares it, `key` the name of a Poetry entry, `path`
    the TOML path of the declaration (of a list's item with its index).
    """

    __slots__ = ("declared", "key", "name", "node", "normalized", "path", "requirement", "where")

    def __init__(
        self,
        name: str,
        declared: Declared,
        where: str | int,
        node: Value,
        key: Key | None = None,
        requirement: Requirement | None = None,
        path: TomlPath | None = None,
    ) -> None:
        self.name = name
        self.normalized = normalized_name(name)
        """The name as PEP 503 compares it."""
        self.declared = declared
        self.where = where
        self.node = node
        self.key = key
        self.requirement = requirement
        self.path = path or (*declared.path, where)

    @property
    def span(self) -> Span:
        """The whole declaration: the string, or from the key to the end of the value."""
        if self.key is not None and isinstance(self.where, str):
            return Span(self.key.start, max(self.node.end, self.key.end))
        return Span(self.node.start, self.node.end)

    @property
    def version(self) -> Scalar | None:
        """The string that holds a Poetry constraint, or None."""
        node = self.node.values.get("version") if isinstance(self.node, Table) else self.node
        if self.requirement is None and isinstance(node, Scalar) and node.kind == "string":
            return node
        return None

    def option(self, name: str) -> Value | None:
        """The value of a key of Poetry's table form (``git``, ``markers``, ``source``), or None."""
        return self.node.values.get(name) if isinstance(self.node, Table) else None

    def text_option(self, name: str) -> Scalar | None:
        """Like `option`, for strings only."""
        value = self.option(name)
        return value if isinstance(value, Scalar) and value.kind == "string" else None


def dependency_lists(document: Document) -> Iterator[tuple[Declared, Value, bool]]:
    """Every list or table of dependencies: where, the node, whether it is Poetry's form."""
    yield from _standard_lists(document)
    yield from _poetry_tables(document)
    for owner, key in (("uv", "dev-dependencies"), ("uv", "constraint-dependencies")):
        node = document.get("tool", owner, key)
        if node is not None:
            yield Declared(Home.UV, key, ("tool", owner, key)), node, False
    for group, node in _members(document.get("tool", "pdm", "dev-dependencies")):
        yield Declared(Home.PDM_DEV, group, ("tool", "pdm", "dev-dependencies", group)), node, False


def declared_lists(document: Document) -> Iterator[tuple[Declared, list[Dependency]]]:
    """The dependencies of the document, list by list, in the order of the text within each.

    All dependencies of a list share its `Declared`.
    """
    for declared, node, is_poetry in dependency_lists(document):
        if is_poetry:
            if isinstance(node, Table):
                yield declared, list(_poetry_entries(declared, node))
        elif isinstance(node, Array):
            yield declared, list(_strings(declared, node))


def _standard_lists(document: Document) -> Iterator[tuple[Declared, Value, bool]]:
    node = document.get("build-system", "requires")
    if node is not None:
        yield Declared(Home.BUILD, "", ("build-system", "requires")), node, False
    node = document.get("project", "dependencies")
    if node is not None:
        yield Declared(Home.PROJECT, "", ("project", "dependencies")), node, False
    for extra, node in _members(document.get("project", "optional-dependencies")):
        path = ("project", "optional-dependencies", extra)
        yield Declared(Home.EXTRA, extra, path), node, False
    for group, node in _members(document.get("dependency-groups")):
        yield Declared(Home.GROUP, group, ("dependency-groups", group)), node, False


def _poetry_tables(document: Document) -> Iterator[tuple[Declared, Value, bool]]:
    poetry = document.get("tool", "poetry")
    if not isinstance(poetry, Table):
        return
    base = ("tool", "poetry")
    for home, key in (
        (Home.POETRY, "dependencies"),
        (Home.POETRY_DEV, "dev-dependencies"),
        (Home.POETRY_PLUGIN, "requires-plugins"),
    ):
        node = poetry.values.get(key)
        if node is not None:
            yield Declared(home, "dev" if home is Home.POETRY_DEV else "", (*base, key)), node, True
    for group, node in _members(poetry.values.get("group")):
        below = node.values.get("dependencies") if isinstance(node, Table) else None
        if below is not None:
            path: TomlPath = (*base, "group", group, "dependencies")
            yield Declared(Home.POETRY_GROUP, group, path), below, True
    for package, node in _members(poetry.values.get("build-constraints")):
        path = (*base, "build-constraints", package)
        yield Declared(Home.POETRY_BUILD_CONSTRAINT, package, path), node, True


def _members(node: Value | None) -> Iterator[tuple[str, Value]]:
    if isinstance(node, Table):
        yield from node.values.items()


def _strings(declared: Declared, array: Array) -> Iterator[Dependency]:
    for index, item in enumerate(array.items):
        if item.__class__ is Scalar and item.kind == "string":
            requirement = cut(item.value)
            name = requirement.name
            yield Dependency(
                name.text if name else "", declared, index, item, requirement=requirement
            )


def _poetry_entries(declared: Declared, table: Table) -> Iterator[Dependency]:
    keys = table.keys
    for name, value in table.values.items():
        if value.__class__ is Array:
            path = (*declared.path, name)
            for index, item in enumerate(value.items):
                yield Dependency(name, declared, index, item, keys[name], path=(*path, index))
        else:
            yield Dependency(name, declared, name, value, keys[name])
