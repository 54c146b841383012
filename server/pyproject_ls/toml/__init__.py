"""TOML as a tree that knows where everything stands, made from any text, however broken."""

from pyproject_ls.toml.convert import to_python
from pyproject_ls.toml.nodes import Array, Entry, Header, Key, Problem, Scalar, Table, Value
from pyproject_ls.toml.source_map import source_span
from pyproject_ls.toml.tree import Document, parse

__all__ = [
    "Array",
    "Document",
    "Entry",
    "Header",
    "Key",
    "Problem",
    "Scalar",
    "Table",
    "Value",
    "parse",
    "source_span",
    "to_python",
]
