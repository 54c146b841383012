"""A deviation from the schema in words, and its fix."""

from __future__ import annotations

from pyproject_ls.checks.edits import key_spans, quoted, rename_key
from pyproject_ls.checks.finding import Fix
from pyproject_ls.checks.suggest import closest
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.schema.poetry import DEPENDENCY_TABLE
from pyproject_ls.project.schema.shapes import (
    Boolean,
    ListOf,
    OneOf,
    Shape,
    TableOf,
    Text,
)
from pyproject_ls.project.schema.standard import PERSON, PROJECT, TOP_LEVEL
from pyproject_ls.project.schema.validate import Fault, FaultKind, faults
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Document, Key, Scalar, Table, Value

_KIND_WORDS = {
    "string": "a string",
    "integer": "a number",
    "float": "a number",
    "boolean": "a boolean",
    "datetime": "a date or time",
    "array": "an array",
    "table": "a table",
}
_NUMBER = lazy_pattern(r"\d+(?:\.\d+)?")
_NUMBER_LIKE = frozenset({"version", "tag", "branch", "rev"})
"""The keys whose text may look like a number."""
_PERSON = lazy_pattern(r"([^<>@,\n]*[^<>@,\s])(?:\s*<([^<>@\s]+@[^<>@\s]+\.[^<>@\s]+)>)?")
_SEVERAL = lazy_pattern(r"[,\n]")

_POETRY_SETTINGS = frozenset(
    {
        *("cache-dir", "data-dir", "http-basic", "installer", "keyring", "pypi-token", "python"),
        *("repositories", "requests", "solver", "system-git-client", "virtualenvs"),
    }
)
"""The tables and keys of ``poetry.toml``."""

_OLD_SOURCE_KEYS = {"default": "primary", "secondary": "supplemental"}
"""What a source was before priorities, and the priority that it has now."""

_PROJECT_ADVICE = {
    **dict.fromkeys(
        ("homepage", "repository", "documentation", "changelog", "url"),
        "write it into `[project.urls]`.",
    ),
    **dict.fromkeys(
        ("python", "python-requires", "python_requires"),
        "write it as `project.requires-python`.",
    ),
    **dict.fromkeys(
        ("install-requires", "install_requires", "requires", "requires-dist"),
        "write it as `project.dependencies`.",
    ),
    **dict.fromkeys(
        ("extras", "extras-require", "extras_require"),
        "write it as `[project.optional-dependencies]`.",
    ),
    **dict.fromkeys(("dev-dependencies", "group", "groups"), "write it as `[dependency-groups]`."),
    **dict.fromkeys(
        ("packages", "include", "exclude", "package-mode"),
        "such settings belong to the table of the build backend, such as `[tool.poetry]`.",
    ),
    "plugins": "write it as `[project.entry-points]`.",
}
"""What to do with fields of other tools that people write into ``[project]``."""


def message(document: Document, fault: Fault) -> str:
    """What is wrong and what to do, as one sentence."""
    name = f"`{dotted(fault.path)}`"
    if fault.kind is FaultKind.TYPE:
        found = _KIND_WORDS.get(getattr(fault.place, "kind", ""), "something else")
        return f"{name} must be {fault.detail}, not {found}{_misplaced(fault)}."
    if fault.kind is FaultKind.VALUE:
        return _value_message(fault, name)
    if fault.kind is FaultKind.MISSING:
        return _missing_message(fault)
    if fault.kind is FaultKind.CONFLICT:
        return _conflict_message(fault, name)
    if fault.kind is FaultKind.NAME:
        return f"{name} is not a valid name; use {fault.detail}."
    if fault.kind is FaultKind.EMPTY:
        return f"{name} is an empty list; give at least one constraint, or remove it."
    if len(fault.path) == 1:
        return _unknown_table_message(fault, name)
    return _unknown_key_message(document, fault)


def _misplaced(fault: Fault) -> str:
    """What to do with a field of ``[project]`` that stands below the header of a table in it."""
    if len(fault.path) != 3 or fault.path[0] != "project" or fault.path[2] not in PROJECT.fields:
        return ""
    field, table = (dotted(("project", fault.path[index])) for index in (2, 1))
    return f"; if it is meant as `{field}`, move it above `[{table}]`"


def _value_message(fault: Fault, name: str) -> str:
    assert isinstance(fault.place, Scalar)
    value = fault.place.value
    if not isinstance(value, str):
        return f"{name} must be {fault.detail}, not {value}."
    if not fault.standard:
        advice = "remove it" if fault.candidates else f"it wants {fault.detail}"
        return f"{name} is {shown(value)}, which Poetry refuses; {advice}."
    found = "several lines" if "\n" in value else shown(value)
    match = closest(value, fault.candidates) if fault.candidates else None
    end = f"; did you mean `{match}`?" if match else "."
    return f"{name} must be {fault.detail}, not {found}{end}"


def _missing_message(fault: Fault) -> str:
    if fault.detail.startswith("`"):
        return f"`{dotted(fault.path)}` needs {fault.detail}; add one."
    return f"`{dotted(fault.path[:-1])}` needs the key `{fault.detail}`; add it."


def _conflict_message(fault: Fault, name: str) -> str:
    if fault.detail:
        owner, key = dotted(fault.path[:-1]), fault.path[-1]
        both = f"`{fault.detail}` and `{key}`"
        return f"`{owner}` has both {both}, which exclude each other; remove one."
    return (
        f"{name} has no effect without a version or a place to get the package from;"
        " add `version`, `git`, `path`, `file` or `url`."
    )


def _unknown_table_message(fault: Fault, name: str) -> str:
    key = str(fault.path[0])
    is_table = isinstance(fault.value, Table) or (
        isinstance(fault.value, Array) and fault.value.of_tables
    )
    if key in _POETRY_SETTINGS:
        advice = "settings of Poetry itself belong into the file `poetry.toml`."
    elif is_table:
        match = closest(key, TOP_LEVEL.fields)
        advice = (
            f"did you mean `{match}`?"
            if match
            else (f"the table of a tool belongs under `tool`: `[{dotted(('tool', key))}]`.")
        )
    elif key in PROJECT.fields:
        return f"{name} stands in no table; move it under `[project]`."
    else:
        return f"{name} stands in no table, where nothing reads it; move it into one, or remove it."
    return f"{name} is not a table that the standard allows; {advice}"


def _unknown_key_message(document: Document, fault: Fault) -> str:
    key = str(fault.path[-1])
    match = _meant(fault)
    if match:
        advice = f"did you mean `{match}`?"
    elif fault.path[:-1] == ("project",):
        advice = _PROJECT_ADVICE.get(key, "remove it.")
    elif _is_unquoted_name(document, fault):
        return (
            f"`{fault.path[-2]}.{key}` is read as the key `{key}` of `{dotted(fault.path[:-1])}`;"
            " put quotes around the name."
        )
    elif fault.path[:3] == ("tool", "poetry", "source") and key in _OLD_SOURCE_KEYS:
        advice = f'since Poetry 2 it is `priority = "{_OLD_SOURCE_KEYS[key]}"`.'
    else:
        advice = "remove it."
    return f"`{dotted(fault.path[:-1])}` has no key `{key}`; {advice}"


def _meant(fault: Fault) -> str | None:
    """The key that an unknown one is a misspelling of."""
    key = str(fault.path[-1])
    if fault.path[:-1] == ("project",) and key in _PROJECT_ADVICE:
        return None
    return closest(key, fault.candidates)


def _is_unquoted_name(document: Document, fault: Fault) -> bool:
    """Whether it is a dependency like ``zope.interface = "^7"``, which TOML reads as two keys."""
    path = [step for step in fault.path if isinstance(step, str)]
    table = document.get(*path[:-1])
    return (
        fault.shape is DEPENDENCY_TABLE.otherwise
        and len(path) == len(fault.path)
        and isinstance(table, Table)
        and table.origin == "dotted"
        and len(table.values) == 1
        and not isinstance(fault.value, Array)
    )


def fix(document: Document, fault: Fault) -> Fix | None:
    """The change that certainly makes it right: a misspelt word, missing quotes or brackets."""
    place = fault.place
    if fault.kind is FaultKind.UNKNOWN and isinstance(place, Key):
        return _rename(document, fault, place)
    if fault.kind is FaultKind.TYPE and not isinstance(place, Key):
        return _as_type(document, fault, place)
    if fault.kind is FaultKind.VALUE and fault.standard and getattr(place, "kind", "") == "string":
        assert isinstance(place, Scalar)
        match = closest(place.value, fault.candidates)
        if match:
            return Fix(f"Change to `{match}`", (Edit(place.span, quoted(match)),), safe=False)
    return None


def _rename(document: Document, fault: Fault, key: Key) -> Fix | None:
    """Spell a key right, where its value is what the right key wants."""
    match = _meant(fault)
    if match is None:
        return _quoted_name(document, fault, key)
    if fault.value is None or not isinstance(fault.shape, TableOf):
        return None
    shape = fault.shape.fields.get(match)
    if shape is None or faults(shape, fault.value, (*fault.path[:-1], match)):
        return None
    return Fix(f"Rename to `{match}`", rename_key(document, fault.path, key, match), safe=False)


def _quoted_name(document: Document, fault: Fault, key: Key) -> Fix | None:
    if not _is_unquoted_name(document, fault):
        return None
    owners = key_spans(document, fault.path[:-1])
    if len(owners) != 1:
        return None
    name = quoted(f"{fault.path[-2]}.{key.text}")
    return Fix(f"Change to `{name}`", (Edit(Span(owners[0].start, key.end), name),), safe=False)


def _as_type(document: Document, fault: Fault, place: Value) -> Fix | None:
    """Quotes, brackets or braces, where they alone are missing or too many."""
    shape, written = fault.shape, document.text[place.start : place.end]
    if isinstance(shape, ListOf):
        if _is_single_item(shape.item, place) and not faults(shape.item, place, fault.path):
            return Fix("Put brackets around it", (Edit(place.span, f"[{written}]"),))
    elif not isinstance(place, Scalar):
        return None
    elif isinstance(shape, Boolean) and place.kind == "string":
        word = place.value.lower()
        if word in {"true", "false"}:
            return Fix(f"Change to `{word}`", (Edit(place.span, word),))
    elif isinstance(shape, Text) and fault.path[-1] in _NUMBER_LIKE and _NUMBER.fullmatch(written):
        return Fix("Put quotes around it", (Edit(place.span, quoted(written)),))
    elif shape is PERSON and place.kind == "string":
        person = _PERSON.fullmatch(place.value)
        if person:
            name, email = person.groups()
            table = f"name = {quoted(name)}" + (f", email = {quoted(email)}" if email else "")
            return Fix("Write it as a table", (Edit(place.span, f"{{ {table} }}"),))
    return None


def _is_single_item(item: Shape, place: Value) -> bool:
    """Whether `place` is certainly one item of a list, not several in one string."""
    if isinstance(place, Scalar):
        is_text = isinstance(item, (Text, OneOf)) and place.kind == "string" and place.closed
        return is_text and not _SEVERAL.search(place.value)
    return isinstance(place, Table) and place.origin == "inline" and place.closed
