"""The tables of a ``pyproject.toml`` as typed views over the tree.

A view never fails: what is missing or of the wrong type reads as None or empty, and it is the
schema check that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pyproject_ls.lazy import lazy_property
from pyproject_ls.project.dependencies import Declared, Dependency, Home, declared_lists
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.toml import Array, Document, Scalar, Table, Value

if TYPE_CHECKING:
    from pyproject_ls.project.indexes import Lookups


class Manifest:
    """What one document declares."""

    def __init__(self, document: Document) -> None:
        self.document = document

    @lazy_property
    def project(self) -> Table | None:
        """``[project]`` (PEP 621)."""
        return as_table(self.document.get("project"))

    @lazy_property
    def poetry(self) -> Table | None:
        """``[tool.poetry]``."""
        return as_table(self.document.get("tool", "poetry"))

    @lazy_property
    def build_system(self) -> Table | None:
        """``[build-system]`` (PEP 518)."""
        return as_table(self.document.get("build-system"))

    @lazy_property
    def dependency_groups(self) -> Table | None:
        """``[dependency-groups]`` (PEP 735)."""
        return as_table(self.document.get("dependency-groups"))

    @lazy_property
    def build_backend(self) -> str | None:
        """The build backend's name."""
        return text_of(self.document.get("build-system", "build-backend"))

    @lazy_property
    def uses_poetry(self) -> bool:
        """Whether Poetry manages or builds the project."""
        backend = self.build_backend or ""
        return self.document.get("tool", "poetry") is not None or backend.split(":")[0].split(".")[
            0
        ] in {"poetry", "poetry_dynamic_versioning"}

    @lazy_property
    def package_mode(self) -> bool:
        """Poetry's ``package-mode``: on unless it is set to something false."""
        node = self.document.get("tool", "poetry", "package-mode")
        return node is None or is_truthy(node)

    @lazy_property
    def dynamic(self) -> dict[str, Scalar]:
        """The members of ``project.dynamic`` with their nodes (the first of equal ones)."""
        members: dict[str, Scalar] = {}
        for item in strings(self.document.get("project", "dynamic")):
            members.setdefault(item.value, item)
        return members

    @lazy_property
    def dependencies(self) -> tuple[Dependency, ...]:
        """Every declared dependency, wherever it is written."""
        return tuple(each for _, members in self.lists for each in members)

    @lazy_property
    def lists(self) -> tuple[tuple[Declared, list[Dependency]], ...]:
        """The lists and tables that dependencies are declared in, with their members."""
        return tuple(declared_lists(self.document))

    @lazy_property
    def by_home(self) -> dict[Home, list[Dependency]]:
        """The dependencies by the kind of table they stand in."""
        homes: dict[Home, list[Dependency]] = {}
        for declared, members in self.lists:
            if members:
                homes.setdefault(declared.home, []).extend(members)
        return homes

    @lazy_property
    def lookups(self) -> Lookups:
        """On which indexes packages are looked up."""
        from pyproject_ls.project.indexes import Lookups

        return Lookups(self)

    @lazy_property
    def name(self) -> Scalar | None:
        """The project's name, as Poetry and the standard choose it: ``[project]`` first."""
        for path in (("project", "name"), ("tool", "poetry", "name")):
            node = self.document.get(*path)
            if isinstance(node, Scalar) and node.kind == "string" and node.value:
                return node
        return None

    @property
    def normalized_name(self) -> str:
        """The project's normalised name, "" where it has none."""
        return normalized_name(self.name.value) if self.name is not None else ""


def as_table(node: Value | None) -> Table | None:
    """`node` if it is a table."""
    return node if isinstance(node, Table) else None


def as_array(node: Value | None) -> Array | None:
    """`node` if it is an array."""
    return node if isinstance(node, Array) else None


def as_string(node: Value | None) -> Scalar | None:
    """`node` if it is a string."""
    return node if isinstance(node, Scalar) and node.kind == "string" else None


def text_of(node: Value | None) -> str | None:
    """The value of a string."""
    return node.value if isinstance(node, Scalar) and node.kind == "string" else None


def strings(node: Value | None) -> Iterator[Scalar]:
    """The strings of an array; other items are left out."""
    if isinstance(node, Array):
        for item in node.items:
            if isinstance(item, Scalar) and item.kind == "string":
                yield item


def indexed_strings(node: Value | None) -> Iterator[tuple[int, Scalar]]:
    """The strings of an array with their indexes; other items are left out."""
    if isinstance(node, Array):
        for index, item in enumerate(node.items):
            if isinstance(item, Scalar) and item.kind == "string":
                yield index, item


def is_truthy(node: Value) -> bool:
    """Whether Python takes the value for true, as Poetry's ``if value`` does."""
    if isinstance(node, Table):
        return bool(node.values)
    if isinstance(node, Array):
        return bool(node.items)
    return node.kind in {"datetime", "invalid"} or bool(node.value)
