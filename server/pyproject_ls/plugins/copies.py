"""What plugins get to see: a copy of the tree, so that nobody else meets what they change."""

from __future__ import annotations

from types import MappingProxyType

from pyproject_ls.checks.context import Context
from pyproject_ls.facts import Facts
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.toml import Array, Document, Scalar, Table, Value, parse

_latest: tuple[Document, Document] | None = None
"""A document and its copy, which no plugin has changed so far."""


def copied(context: Context, facts: Facts) -> Context:
    """`context` with things of its own, and with `facts`."""
    global _latest
    latest = _latest
    if latest is None or latest[0] is not context.document:
        before = latest[1] if latest is not None else None
        latest = _latest = (context.document, parse(context.document.text, before))
    settings = context.settings._replace(severity=MappingProxyType({}))
    return Context(latest[1], Manifest(latest[1]), facts, settings)


def drop() -> None:
    """Forget the copy: somebody may have changed it, or still do so."""
    global _latest
    _latest = None


def is_changed(copy: Document, original: Document) -> bool:
    """Whether `copy` means something else than `original` by now."""
    try:
        return (
            copy.text != original.text
            or len(copy.problems) != len(original.problems)
            or [len(each.entries) for each in copy.headers]
            != [len(each.entries) for each in original.headers]
            or not _is_same(copy.root, original.root)
        )
    except Exception:  # what stands there now may be anything
        return True


def _is_same(one: Value, other: Value) -> bool:
    if one.__class__ is not other.__class__ or one.start != other.start or one.end != other.end:
        return False
    if isinstance(one, Table) and isinstance(other, Table):
        keys = [(key.text, key.start, key.end) for key in one.keys.values()]
        return (
            keys == [(key.text, key.start, key.end) for key in other.keys.values()]
            and list(one.values) == list(other.values)
            and all(map(_is_same, one.values.values(), other.values.values()))
        )
    if isinstance(one, Array) and isinstance(other, Array):
        return len(one.items) == len(other.items) and all(map(_is_same, one.items, other.items))
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return one.kind == other.kind and bool(one.value == other.value or one.value != one.value)
    return False
