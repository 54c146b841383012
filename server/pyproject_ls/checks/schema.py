"""Keys and types: every table against its schema.

Follows the schemas of poetry-core and Poetry (family 1) and, where Poetry does not look, the packaging
standards (family 2).
"""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Fix, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.suggest import closest
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.schema.poetry import POETRY
from pyproject_ls.project.schema.shapes import ListOf, Shape
from pyproject_ls.project.schema.standard import TEXT, TEXTS, TOP_LEVEL
from pyproject_ls.project.schema.validate import Fault, FaultKind, faults
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Document, Key, Scalar, Table, Value

ERROR, WARNING = Severity.ERROR, Severity.WARNING

WRONG_TYPE = Rule("wrong-type", ERROR, "a value has the wrong type", poetry=ERROR)
INVALID_VALUE = Rule("invalid-value", ERROR, "a value is not one of those allowed", poetry=ERROR)
UNKNOWN_KEY = Rule("unknown-key", ERROR, "a key that no tool knows", poetry=ERROR)
UNKNOWN_FIELD = Rule("unknown-field", WARNING, "a field that the standard does not define")
UNKNOWN_TABLE = Rule("unknown-table", WARNING, "a top-level table that nothing reads")
MISSING_KEY = Rule("missing-key", ERROR, "a required key is missing", poetry=ERROR)
CONFLICTING_KEYS = Rule("conflicting-keys", ERROR, "two keys exclude each other", poetry=ERROR)
INVALID_KEY = Rule("invalid-key", ERROR, "a name with characters that it must not have", poetry=ERROR)
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

_KIND_WORDS = {
    "string": "a string",
    "integer": "a number",
    "float": "a number",
    "boolean": "a boolean",
    "datetime": "a date or time",
    "array": "an array",
    "table": "a table",
}

_OTHER_TOOLS: tuple[tuple[TomlPath, Shape], ...] = (
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
    for fault in faults(TOP_LEVEL, document.root, ()):
        if fault.path[0] == "build-system" or len(fault.path) == 1 and fault.kind is FaultKind.UNKNOWN:
            fault = fault._replace(poetry=False)  # Poetry looks at neither
        yield _finding(fault)
    poetry = document.get("tool", "poetry")
    if poetry is not None:
        for fault in faults(POETRY, poetry, ("tool", "poetry")):
            yield _finding(_as_poetry_crashes(fault, document))
    for path, shape in _OTHER_TOOLS:
        node = document.get(*(str(step) for step in path))
        if node is not None:
            for fault in faults(shape, node, path):
                yield _finding(fault._replace(poetry=False))
    yield from _classifier_items(document)


def _finding(fault: Fault) -> Finding:
    rule = _rule(fault)
    return rule.at(
        _place(fault.place),
        fault.path,
        _message(fault),
        fix=_fix(fault),
        poetry=fault.poetry,
    )


def _rule(fault: Fault) -> Rule:
    if fault.kind is FaultKind.UNKNOWN:
        if fault.poetry or fault.path[0] == "tool":
            return UNKNOWN_KEY
        return UNKNOWN_TABLE if len(fault.path) == 1 else UNKNOWN_FIELD
    return _RULES[fault.kind] if fault.standard else REFUSED_BY_POETRY


def _place(node: Key | Value) -> Span:
    return Span(node.start, node.end)


def _message(fault: Fault) -> str:
    name = f"`{dotted(fault.path)}`"
    if fault.kind is FaultKind.TYPE:
        found = _KIND_WORDS.get(getattr(fault.place, "kind", ""), "something else")
        return f"{name} must be {fault.detail}, not {found}."
    if fault.kind is FaultKind.VALUE:
        return _value_message(fault, name)
    if fault.kind is FaultKind.MISSING:
        return f"{_owner(fault)} needs {_wanted(fault)}; add it."
    if fault.kind is FaultKind.CONFLICT:
        return _conflict_message(fault, name)
    if fault.kind is FaultKind.NAME:
        return f"`{fault.path[-1]}` is not a valid name here; use {fault.detail}."
    if fault.kind is FaultKind.EMPTY:
        return f"{name} is an empty list; give at least one constraint, or remove it."
    return _unknown_message(fault)


def _value_message(fault: Fault, name: str) -> str:
    assert isinstance(fault.place, Scalar)
    value = fault.place.value
    shown = f'"{value}"' if len(value) <= 60 else "too long or wrong"
    verdict = f"{name} must be {fault.detail}, not {shown}"
    if not fault.standard:
        verdict = f"Poetry refuses {shown} for {name}; it wants {fault.detail}"
    match = closest(value, fault.candidates) if fault.candidates else None
    return f"{verdict}; did you mean `{match}`?" if match else f"{verdict}."


def _owner(fault: Fault) -> str:
    path = fault.path if fault.detail.startswith("`") else fault.path[:-1]
    return f"`{dotted(path)}`" if path else "The file"


def _wanted(fault: Fault) -> str:
    return fault.detail if fault.detail.startswith("`") else f"the key `{fault.detail}`"


def _conflict_message(fault: Fault, name: str) -> str:
    key = fault.path[-1]
    if fault.detail:
        return f"`{key}` cannot stand beside `{fault.detail}` in `{dotted(fault.path[:-1])}`; remove one of them."
    return (
        f"{name} has no effect without a version or a place to get the package from;"
        " add `version`, `git`, `path`, `file` or `url`."
    )


def _unknown_message(fault: Fault) -> str:
    key = fault.path[-1]
    where = f"`{dotted(fault.path[:-1])}`" if len(fault.path) > 1 else "a pyproject.toml"
    match = closest(str(key), fault.candidates)
    advice = f"did you mean `{match}`?" if match else _advice(fault)
    if len(fault.path) == 1:
        return f"`{key}` is not a table of a pyproject.toml that any tool reads; {advice}"
    return f"{where} has no key `{key}`; {advice}"


def _advice(fault: Fault) -> str:
    if len(fault.path) == 1:
        return f"tables of tools belong under `[tool]`, such as `[tool.{fault.path[0]}]`."
    return "remove it."


def _fix(fault: Fault) -> Fix | None:
    """Spell a key or value right where there is one close candidate that is not there yet."""
    if not fault.candidates or not isinstance(fault.path[-1], (str, int)):
        return None
    place = fault.place
    if isinstance(place, Key):
        match = closest(place.text, fault.candidates)
        if match:
            return Fix(f"Change to `{match}`", (Edit(_place(place), match),))
    elif isinstance(place, Scalar) and isinstance(place.value, str):
        match = closest(place.value, fault.candidates)
        if match:
            return Fix(f"Change to `{match}`", (Edit(_place(place), f'"{match}"'),))
    return None


def _as_poetry_crashes(fault: Fault, document: Document) -> Fault:
    """Poetry's schemas overlook what stands behind odd names, but some of it makes Poetry crash."""
    if fault.poetry or fault.kind is not FaultKind.TYPE or len(fault.path) != 4:
        return fault
    table = fault.path[2]
    is_number = isinstance(fault.place, Scalar) and fault.place.kind != "string"
    if table == "extras" and is_number:
        ignored = is_set(document.get("project", "dependencies")) or is_set(
            document.get("project", "optional-dependencies")
        )
        return fault._replace(poetry=not ignored)
    if table == "scripts" and not isinstance(fault.place, Table):
        return fault._replace(poetry=not is_set(document.get("project", "scripts")))
    if table == "group" and not isinstance(fault.place, Table):
        return fault._replace(poetry=True)
    if table == "dependencies" and isinstance(fault.place, Scalar):
        return fault._replace(poetry=fault.place.kind == "datetime")
    return fault


def is_set(node: Value | None) -> bool:
    """Whether a list or table is there and has something in it."""
    if isinstance(node, Array):
        return bool(node.items)
    return isinstance(node, Table) and bool(node.values)


def _classifier_items(document: Document) -> Iterator[Finding]:
    """Poetry's schema does not look at the items of its classifiers, and Poetry crashes on them."""
    classifiers = document.get("tool", "poetry", "classifiers")
    if isinstance(classifiers, Array):
        for index, item in enumerate(classifiers.items):
            if item.kind not in {"string", "invalid"}:
                path = ("tool", "poetry", "classifiers", index)
                yield _finding(Fault(FaultKind.TYPE, item, path, "a string", poetry=True))
