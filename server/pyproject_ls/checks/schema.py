"""Keys and types: every table against its schema.

Follows the schemas of poetry-core and Poetry (family 1) and, where Poetry does not look, the
packaging standards (family 2).
"""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.crashes import trips_poetry
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.schema_faults import fix, message
from pyproject_ls.checks.suggest import closest
from pyproject_ls.project.schema.poetry import POETRY
from pyproject_ls.project.schema.shapes import ListOf, Shape
from pyproject_ls.project.schema.standard import TEXT, TEXTS, TOP_LEVEL
from pyproject_ls.project.schema.validate import Fault, FaultKind, faults
from pyproject_ls.text import Span
from pyproject_ls.toml import Document

ERROR, WARNING = Severity.ERROR, Severity.WARNING

WRONG_TYPE = Rule("wrong-type", ERROR, "a value has the wrong type", poetry=ERROR)
INVALID_VALUE = Rule("invalid-value", ERROR, "a value is not one of those allowed", poetry=ERROR)
UNKNOWN_KEY = Rule("unknown-key", ERROR, "a key that no tool knows", poetry=ERROR)
UNKNOWN_FIELD = Rule("unknown-field", WARNING, "a field that the standard does not define")
UNKNOWN_TABLE = Rule("unknown-table", WARNING, "a top-level table that the standard does not allow")
MISSING_KEY = Rule("missing-key", ERROR, "a required key is missing", poetry=ERROR)
CONFLICTING_KEYS = Rule("conflicting-keys", ERROR, "two keys exclude each other", poetry=ERROR)
INVALID_KEY = Rule(
    "invalid-key", ERROR, "a name with characters that it must not have", poetry=ERROR
)
EMPTY_LIST = Rule("empty-list", ERROR, "a dependency without any constraint", poetry=ERROR)
REFUSED_BY_POETRY = Rule(
    "refused-by-poetry",
    ERROR,
    "a value that the standard allows and Poetry refuses",
    poetry=ERROR,
    standard=False,
)

_RULES = {
    FaultKind.TYPE: WRONG_TYPE,
    FaultKind.VALUE: INVALID_VALUE,
    FaultKind.MISSING: MISSING_KEY,
    FaultKind.CONFLICT: CONFLICTING_KEYS,
    FaultKind.NAME: INVALID_KEY,
    FaultKind.EMPTY: EMPTY_LIST,
}

_OTHER_TOOLS: tuple[tuple[tuple[str, ...], Shape], ...] = (
    (("tool", "uv", "dev-dependencies"), TEXTS),
    (("tool", "uv", "constraint-dependencies"), ListOf(TEXT)),
)


@check(
    WRONG_TYPE,
    INVALID_VALUE,
    UNKNOWN_KEY,
    UNKNOWN_FIELD,
    UNKNOWN_TABLE,
    MISSING_KEY,
    CONFLICTING_KEYS,
    INVALID_KEY,
    EMPTY_LIST,
    REFUSED_BY_POETRY,
)
def schema(context: Context) -> Iterator[Finding]:
    """Every deviation from the schemas, one finding each."""
    document = context.document
    for fault in _without_echoes(faults(TOP_LEVEL, document.root, ())):
        is_table = len(fault.path) == 1 and fault.kind is FaultKind.UNKNOWN
        if is_table or fault.path[0] == "build-system":
            fault = fault._replace(poetry=False)  # Poetry looks at neither
        yield _finding(document, _as_poetry_fails(fault, document))
    poetry = document.get("tool", "poetry")
    if poetry is not None:
        for fault in _without_echoes(faults(POETRY, poetry, ("tool", "poetry"))):
            yield _finding(document, _as_poetry_fails(fault, document))
    for path, shape in _OTHER_TOOLS:
        node = document.get(*path)
        if node is not None:
            for fault in faults(shape, node, path):
                yield _finding(document, fault._replace(poetry=False))


def _without_echoes(found: list[Fault]) -> Iterator[Fault]:
    """`found` without the keys that are only missing because they are misspelt."""
    misspelt = set()
    for fault in found:
        if fault.kind is FaultKind.UNKNOWN and fault.poetry:
            misspelt.add((*fault.path[:-1], closest(str(fault.path[-1]), fault.candidates)))
    for fault in found:
        if not (fault.kind is FaultKind.MISSING and fault.path in misspelt):
            yield fault


def _as_poetry_fails(fault: Fault, document: Document) -> Fault:
    if not fault.poetry and trips_poetry(fault, document):
        return fault._replace(poetry=True)
    return fault


def _finding(document: Document, fault: Fault) -> Finding:
    rule = _rule(fault)
    return rule.at(
        Span(fault.place.start, fault.place.end),
        fault.path,
        message(document, fault),
        fix=fix(document, fault),
        poetry=fault.poetry,
    )


def _rule(fault: Fault) -> Rule:
    if fault.kind is FaultKind.UNKNOWN:
        if fault.poetry or fault.path[0] == "tool":
            return UNKNOWN_KEY
        return UNKNOWN_TABLE if len(fault.path) == 1 else UNKNOWN_FIELD
    return _RULES[fault.kind] if fault.standard else REFUSED_BY_POETRY
