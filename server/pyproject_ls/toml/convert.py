"""The tree as plain Python values."""

from __future__ import annotations

from typing import Any

from pyproject_ls.toml.nodes import Array, Scalar, Value
from pyproject_ls.toml.scalars import parse_moment


def to_python(value: Value) -> Any:
    """What `tomllib` gives for `value`: dict, list, str, int, float, bool or a datetime object.

    For a document without problems `to_python(document.root)` equals `tomllib.loads(text)`. In a
    faulty one entries without a value are absent and what is no value is its text, a str.
    """
    top: list[Any] = [None]
    # A list of places to be filled instead of recursion: a tree may be some hundred levels deep.
    work: list[tuple[Any, Any, Value]] = [(top, 0, value)]
    while work:
        container, place, node = work.pop()
        if isinstance(node, Scalar):
            container[place] = _scalar(node)
        elif isinstance(node, Array):
            items: list[Any] = [None] * len(node.items)
            container[place] = items
            work.extend((items, index, item) for index, item in enumerate(node.items))
        else:
            # all names at once, to keep their order whatever the order of the work
            names: dict[str, Any] = dict.fromkeys(node.values)
            container[place] = names
            work.extend((names, name, below) for name, below in node.values.items())
    return top[0]


def _scalar(node: Scalar) -> Any:
    return parse_moment(node.value) if node.kind == "datetime" else node.value
