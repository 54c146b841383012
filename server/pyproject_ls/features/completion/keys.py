"""Keys: which ones a table may have that it does not have yet, with a snippet for each value."""

from __future__ import annotations

import re

from pyproject_ls.features.completion.cursors import KeyCursor
from pyproject_ls.features.completion.model import MAX_ITEMS, Choice, Kind, escaped, written_key
from pyproject_ls.features.completion.names import free_names, main_packages
from pyproject_ls.features.completion.packages import as_keys, takes_names
from pyproject_ls.features.completion.schema import OWN, shape_of
from pyproject_ls.features.completion.snippets import USUAL_FIRST, value_snippet
from pyproject_ls.host import Snapshot
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.project.schema.docs import key_doc
from pyproject_ls.project.schema.lookup import free_keys_of, keys_of, required_of, table_shape
from pyproject_ls.project.schema.shapes import Shape, TableForms
from pyproject_ls.toml import Entry, Table

_DEPRECATED = 1000
_MAIN = ("tool", "poetry", "dependencies")


def key_choices(snapshot: Snapshot, cursor: KeyCursor) -> list[Choice]:
    """Choices for the key at `cursor`: required ones first, deprecated ones last."""
    path = cursor.path
    root = snapshot.document.root
    shape = shape_of(path, root)
    if shape is None or (not path and not cursor.prefix):
        return []  # tables of the top level are written with headers
    present = present_keys(snapshot, cursor)
    table = _without(cursor)
    required = required_of(shape, table)
    choices = []
    fields = _fields(shape, table)
    is_dependency = "optional" in fields and "markers" in fields
    for order, (name, below) in enumerate(fields.items()):
        if name not in present:
            rank = 0 if name in required else 1
            if is_dependency and name in USUAL_FIRST:
                rank, order = 0, USUAL_FIRST.index(name)
            choices.append(_choice(path, name, below, cursor, rank * 100 + order))
    free = free_keys_of(shape)
    if free is not None:
        known = present | {choice.shown for choice in choices}
        listed = _free_choices(snapshot, cursor, free, known)
        if takes_names(snapshot, path):
            listed = [each for each in listed if not _is_own(snapshot, cursor, each.shown)]
            taken = {normalized_name(name) for name in known}
            taken.update(normalized_name(choice.shown) for choice in listed)
            value = None if cursor.has_value else value_snippet(free)
            listed += as_keys(snapshot, path, cursor.typed, taken, value, _own_start(cursor))
        choices += listed
    return choices


def _free_choices(
    snapshot: Snapshot, cursor: KeyCursor, shape: Shape, known: set[str]
) -> list[Choice]:
    """Choices for keys that the author may name: packages, labels of links."""
    path = cursor.path
    taken = {normalized_name(name) for name in known}
    enriched = main_packages(snapshot.manifest) if path == _MAIN else {}
    kind = Kind.PACKAGE if "dependencies" in path[-1:] else Kind.KEY
    value = value_snippet(shape)
    typed = normalized_name(cursor.typed)
    is_package = takes_names(snapshot, path)
    choices: list[Choice] = []
    for order, name in enumerate(free_names(snapshot, path)):
        normalized = normalized_name(name)
        written = written_key(name)
        if typed not in normalized or normalized in taken or written is None:
            continue
        text, detail = escaped(written), ""
        if not cursor.has_value and normalized in enriched:
            text, detail = f"{text} = {{ $1 \\}}", "more about a dependency of [project]"
        elif not cursor.has_value:
            text = f"{text} = {value}"
        choices.append(
            Choice(
                text,
                kind,
                label=name,
                detail=detail,
                order=order if path == _MAIN and name == "python" else 300 + order,
                raw=True,
                snippet=not cursor.has_value,
                data=("package", normalized)
                if is_package and normalized != "python"
                else ("key", *(str(step) for step in (*path, name) if isinstance(step, str))),
            )
        )
        if not typed and len(choices) > MAX_ITEMS:
            break  # more are not shown
    return choices


def _fields(shape: Shape, table: Table | None) -> dict[str, Shape]:
    """The keys that may stand beside those of `table`: of every form that has them all."""
    forms = table_shape(shape)
    present = set(table.values) if table is not None else set()
    if isinstance(forms, TableForms) and not present & set(forms.forms):
        fitting = [
            each for each in (*forms.forms.values(), forms.otherwise) if present <= set(each.fields)
        ]
        found: dict[str, Shape] = {}
        for each in fitting:
            for name, below in each.fields.items():
                found.setdefault(name, below)
        if found:
            return found
    return keys_of(shape, table)


def _choice(path: TomlPath, name: str, shape: Shape, cursor: KeyCursor, order: int) -> Choice:
    here = (*path, name)
    doc = key_doc(here)
    deprecated = bool(doc and doc.deprecated)
    detail = doc.type if doc is not None else ""
    if path[:2] == OWN and doc is not None:
        detail = re.split(r"[.;:] ", doc.text.rstrip("."))[0]
    text = escaped(written_key(name) or name)
    if not cursor.has_value:
        text = f"{text} = {value_snippet(shape, name)}"
    return Choice(
        text,
        Kind.KEY,
        label=name,
        detail=detail,
        order=order + (_DEPRECATED if deprecated else 0),
        deprecated=deprecated,
        raw=True,
        snippet=not cursor.has_value,
        data=("key", *(str(step) for step in here if isinstance(step, str))),
    )


def present_keys(snapshot: Snapshot, cursor: KeyCursor) -> set[str]:
    """The keys that the table has already, also those without a value, but for the one typed."""
    table = cursor.table
    own = _own_start(cursor)
    found: set[str] = set()
    if table is not None:
        found = {name for name, key in table.keys.items() if key.start != own}
        for entry in table.entries:
            if entry.path and entry.path[0].start != own:
                found.add(entry.path[0].text)
    if not cursor.is_inline:
        # a key that is still without its value is not in the tree
        for entry in _entries_around(snapshot, cursor):
            key = entry.path[cursor.prefix]
            if key.start != own:
                found.add(key.text)
    found.discard("")
    return found


def _own_start(cursor: KeyCursor) -> int:
    """Where the key that is being typed begins, -1 where there is none yet."""
    return cursor.span.start if cursor.span.start < cursor.span.end else -1


def _is_own(snapshot: Snapshot, cursor: KeyCursor, name: str) -> bool:
    """Whether `name` is known only because the key at the cursor is called so."""
    start, wanted = _own_start(cursor), normalized_name(name)
    found = [each for each in snapshot.manifest.dependencies if each.normalized == wanted]
    return bool(found) and all(each.key is not None and each.key.start == start for each in found)


def _entries_around(snapshot: Snapshot, cursor: KeyCursor) -> list[Entry]:
    """The entries of the section that begin with the dotted parts before the cursor."""
    section = None
    for header in snapshot.document.headers:
        if header.start > cursor.span.start:
            break
        section = header
    names = [str(step) for step in cursor.path[len(cursor.path) - cursor.prefix :]]
    return [
        entry
        for entry in (section.entries if section is not None else ())
        if len(entry.path) > cursor.prefix
        and [key.text for key in entry.path[: cursor.prefix]] == names
    ]


def _without(cursor: KeyCursor) -> Table | None:
    """The table as it is without the key that is being typed, which must not choose its form."""
    table = cursor.table
    start = _own_start(cursor)
    if table is None or start < 0:
        return table
    own = [name for name, key in table.keys.items() if key.start == start]
    if not own:
        return table
    rest = Table(table.start, table.end, table.origin)
    rest.values = {name: value for name, value in table.values.items() if name not in own}
    rest.keys = {name: key for name, key in table.keys.items() if name not in own}
    return rest
