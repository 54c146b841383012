"""What a remedy does to the text. Whoever tries one tries the very same edits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from pyproject_ls.checks.edits import delete_key, has_comment, without_item
from pyproject_ls.checks.sections import without_table
from pyproject_ls.facts.resolution import Remedy, RemedyKind
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.loosening import ANY, Move, allowing
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.raising import Piece
from pyproject_ls.project.upgrades import constraint_node
from pyproject_ls.project.wants import is_limit, is_locked_apart, want_of
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Scalar, Table, source_span

_CLOSING = lazy_pattern(r"\s*\)")

_KINDS = {"loosen": RemedyKind.LOOSEN, "raise": RemedyKind.RAISE, "lower": RemedyKind.LOWER}
_STRONGEST: tuple[Move, ...] = ("lower", "raise", "loosen")


def declarations(manifest: Manifest, name: str) -> list[Dependency]:
    """The declarations of the package `name` (normalised) that a resolver looks at."""
    return [
        each
        for each in manifest.dependencies
        if each.normalized == name and not is_locked_apart(each) and not is_limit(each)
    ]


def remedy_edits(manifest: Manifest, remedy: Remedy) -> tuple[Edit, ...] | None:
    """The edits of `remedy`; None where it cannot be written with certainty.

    All declarations of the package that are resolved together are changed, those whose constraint
    allows the version already stay. No two edits overlap.
    """
    if remedy.kind is RemedyKind.DROP:
        return _dropped(manifest, declarations(manifest, remedy.name)) or None
    moved = _moved(manifest, remedy.name, remedy.version)
    if moved is None:
        return None
    return tuple(edit for _, edits in moved for edit in edits) or None


def remedy_to(manifest: Manifest, name: str, version: str) -> Remedy | None:
    """The remedy that lets the package `name` have `version`; None where none can be written."""
    moved = _moved(manifest, name, version)
    moves = {move for move, edits in moved or () if edits}
    strongest = next((each for each in _STRONGEST if each in moves), None)
    return Remedy(_KINDS[strongest], name, version) if strongest is not None else None


def freeing_edits(manifest: Manifest, name: str) -> tuple[Edit, ...]:
    """The edits that take every constraint of the package `name` away, and nothing else of it.

    Extras, markers and sources stay. Empty where it has no constraint.
    """
    text = manifest.document.text
    edits: list[Edit] = []
    for dependency in declarations(manifest, name):
        want, node = want_of(dependency, text), constraint_node(dependency)
        if want is None or node is None or not node.closed or want.constraint.strip() in ANY:
            continue
        if dependency.requirement is None:
            edits.append(Edit(source_span(text, node, 0, len(node.value)), "*"))
        elif dependency.requirement.specifier_span is not None:
            span = _with_brackets(node.value, dependency.requirement.specifier_span)
            edits.append(Edit(source_span(text, node, *span), ""))
    return tuple(edits)


def _with_brackets(written: str, span: Span) -> Span:
    """`span` with the brackets around it: poetry-core does not accept ``name ()``."""
    before = written[: span.start].rstrip()
    closing = _CLOSING.match(written, span.end)
    if before.endswith("(") and closing is not None:
        return Span(len(before[:-1].rstrip()), closing.end())
    return Span(len(before), span.end)


def _moved(
    manifest: Manifest, name: str, version: str
) -> list[tuple[Move, tuple[Edit, ...]]] | None:
    """How each declaration of `name` has to change to allow `version`; None if one cannot."""
    text = manifest.document.text
    found: list[tuple[Move, tuple[Edit, ...]]] = []
    for dependency in declarations(manifest, name):
        want, node = want_of(dependency, text), constraint_node(dependency)
        if want is None or want.constraint.strip() in ANY:  # from elsewhere, or whatever there is
            continue
        span = _written(dependency, node)
        if node is None or not node.closed or span is None:
            return None
        move = allowing(node.value[span.start : span.end], version, want.is_poetry)
        if move is None:
            return None
        way, pieces = move
        found.append((way, tuple(_edit(text, node, span.start, each) for each in pieces)))
    return found


def _written(dependency: Dependency, node: Scalar | None) -> Span | None:
    """Where the constraint stands in the value of `node`."""
    if dependency.requirement is not None:
        return dependency.requirement.specifier_span
    return Span(0, len(node.value)) if node is not None else None


def _edit(text: str, node: Scalar, base: int, piece: Piece) -> Edit:
    return Edit(source_span(text, node, base + piece.start, base + piece.end), piece.text)


def _dropped(manifest: Manifest, found: Sequence[Dependency]) -> tuple[Edit, ...]:
    """The edits that take all declarations of `found` away; nothing if one cannot be taken."""
    document = manifest.document
    edits: list[Edit] = []
    lists: dict[int, tuple[Array, list[int]]] = {}
    keys: dict[tuple[int, str], tuple[Table, tuple[str, ...]]] = {}
    for dependency in found:
        path = tuple(map(str, dependency.declared.path))
        node = document.get(*path)
        if dependency.key is not None and isinstance(node, Table):
            # several constraints may stand under one key
            keys[id(node), dependency.name] = node, (*path, dependency.name)
        elif isinstance(node, Array) and isinstance(dependency.where, int):
            lists.setdefault(id(node), (node, []))[1].append(dependency.where)
        else:
            return ()
    for (_, name), (table, path) in keys.items():
        deletion = delete_key(document.text, table, name) or without_table(document, path)
        if not deletion:
            return ()
        edits += deletion
    for array, indexes in lists.values():
        removal = _without_items(document.text, array, indexes)
        if not removal:
            return ()
        edits += removal
    return tuple(edits)


def _without_items(text: str, array: Array, indexes: Sequence[int]) -> tuple[Edit, ...]:
    """The items with `indexes` (ascending) taken out of `array`; nothing where comments stand."""
    edits = tuple(without_item(text, array, index) for index in indexes)
    if all(one.span.end <= other.span.start for one, other in pairwise(edits)):
        return edits
    if has_comment(text, array.span):
        return ()
    kept = [each for index, each in enumerate(array.items) if index not in indexes]
    listed = ", ".join(text[each.start : each.end] for each in kept)
    return (Edit(array.span, f"[{listed}]"),)
