"""A text for every key of the schema: what it means, an example, since when, what replaces it.

The one source for hover and completion. The sentences are our own; the facts are those of the
packaging standards and of Poetry's documentation. A test holds that every key of the schema has a
text, and that nothing else has one.
"""

from __future__ import annotations

from functools import cache, lru_cache

from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.schema.docs.doc import Doc, Docs, KeyDoc
from pyproject_ls.project.schema.lookup import shape_at
from pyproject_ls.project.schema.shapes import described
from pyproject_ls.project.schema.tools import tool_doc

__all__ = ["KeyDoc", "all_docs", "key_doc", "pattern_of"]

ANY = "*"


def key_doc(path: TomlPath) -> KeyDoc | None:
    """The text about the key at `path`, None where there is none.

    Indexes of arrays may be there or not; names that the author chose (of packages, groups, links)
    are whatever they are.
    """
    return _key_doc(tuple(step for step in path if isinstance(step, str)))


def pattern_of(path: TomlPath) -> tuple[str, ...] | None:
    """The path under which the text about `path` is kept: ``*`` for free names, no indexes."""
    return _pattern(tuple(step for step in path if isinstance(step, str)))


@cache
def all_docs() -> Docs:
    """The texts by the path of keys, with ``*`` for names that the author chooses."""
    from pyproject_ls.project.schema.docs import (
        build_system,
        dependency_groups,
        own,
        own_policy,
        poetry,
        poetry_dependency,
        poetry_tables,
        project,
    )

    return {
        **build_system.DOCS,
        **project.DOCS,
        **dependency_groups.DOCS,
        **poetry.DOCS,
        **poetry_tables.DOCS,
        **poetry_dependency.DOCS,
        **own.DOCS,
        **own_policy.DOCS,
    }


@lru_cache(maxsize=4096)
def _key_doc(names: tuple[str, ...]) -> KeyDoc | None:
    docs = all_docs()
    found = _pattern(names)
    if found is None:
        return _of_tool(names)
    doc = docs[found]
    return KeyDoc(
        text=doc.text,
        type=doc.type or _type(found),
        example=doc.example,
        since=doc.since or _inherited(found, "since"),
        deprecated=doc.deprecated,
        standard=found[:2] not in {("tool", "poetry"), ("tool", "pyproject-ls")},
        link=doc.link or _inherited(found, "link"),
    )


def _of_tool(names: tuple[str, ...]) -> KeyDoc | None:
    """What the installed schema of another tool says."""
    if len(names) < 2 or names[0] != "tool":
        return None
    doc = tool_doc(names[1:])
    if doc is None:
        return None
    default = f"Default: `{doc.default}`" if doc.default else ""
    return KeyDoc(
        text="\n\n".join(filter(None, (doc.text, default))),
        type=doc.type,
        example="",
        since="",
        deprecated=f"{names[1]} advises against it." if doc.deprecated else "",
        standard=True,
        link="",
    )


@lru_cache(maxsize=4096)
def _pattern(names: tuple[str, ...]) -> tuple[str, ...] | None:
    """The path under which the text about `names` is kept; names count for more than ``*``."""
    docs = all_docs()
    ways: list[tuple[str, ...]] = [()]
    for name in names:
        ways = [way for base in ways for way in ((*base, name), (*base, ANY)) if way in docs]
    return ways[0] if names and ways else None


def _inherited(path: tuple[str, ...], field: str) -> str:
    """The `field` of the innermost table around `path` that has it."""
    for length in range(len(path) - 1, 0, -1):
        value: str = getattr(all_docs().get(path[:length], Doc("")), field)
        if value:
            return value
    return ""


def _type(path: tuple[str, ...]) -> str:
    """What stands behind the key at `path`, in words."""
    ways: list[TomlPath] = [()]
    for name in path:
        ways = [(*way, *index, name) for way in ways for index in ((), (0,))]
    shapes = (shape_at(way) for way in ways)
    shape = next((shape for shape in shapes if shape is not None), None)
    return described(shape) if shape is not None else "a value"
