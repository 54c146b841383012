"""Edits that the fixes of a team's rules are made of: what to add, change, and take away."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproject_ls.checks.edits import delete_key, quoted, without_item
from pyproject_ls.checks.finding import Fix
from pyproject_ls.checks.team_dependencies import is_standard
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.ranges import are_disjoint
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Document, Header, Scalar, Table, Value

Path = tuple[str, ...]

_BARE = lazy_pattern(r"[A-Za-z0-9_-]+")
_REST_OF_LINE = lazy_pattern(r"[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r|\Z)")
_INDENT = lazy_pattern(r"[ \t]*")
_OPEN = ("header", "implicit", "root")


def with_constraint(dependency: Dependency, constraint: str) -> Fix | None:
    """Give `dependency` another constraint, if that can be written there."""
    requirement, node = dependency.requirement, dependency.node
    title = f"Write `{constraint}`"
    if requirement is None:
        version = dependency.version
        if version is None:
            return None
        return Fix(title, (Edit(version.span, quoted(constraint)),), safe=False)
    name = requirement.name
    if name is None or requirement.url is not None or not is_standard(constraint):
        return None
    if not isinstance(node, Scalar) or "\\" in str(node.value):
        return None
    extras = ",".join(each.text for each in requirement.extras)
    marker = f"; {requirement.marker.text}" if requirement.marker is not None else ""
    text = f"{name.text}{f'[{extras}]' if extras else ''}{constraint}{marker}"
    return Fix(title, (Edit(node.span, quoted(text)),), safe=False)


def without(document: Document, dependency: Dependency) -> Fix | None:
    """Take a dependency out of its list or table."""
    base = [step for step in dependency.path[:-1] if isinstance(step, str)]
    if len(base) != len(dependency.path) - 1:
        return None
    parent, last = document.get(*base), dependency.path[-1]
    edits: tuple[Edit, ...] = ()
    if isinstance(parent, Array) and isinstance(last, int):
        edits = (without_item(document.text, parent, last),)
    elif isinstance(parent, Table) and isinstance(last, str):
        edits = delete_key(document.text, parent, last)
    return Fix(f"Remove `{dependency.name}`", edits, safe=False) if edits else None


def with_item(document: Document, array: Array, written: str) -> tuple[Edit, ...]:
    """Put the value `written` at the end of an array, on a line of its own where the others are."""
    text = document.text
    if array.of_tables or not array.closed:
        return ()
    if not array.items:
        inside = Span(array.start + 1, array.end - 1)
        return (Edit(inside, written),) if not text[inside.start : inside.end].strip() else ()
    last = array.items[-1]
    line = text.rfind("\n", 0, last.start) + 1
    indent = text[line : last.start]
    has_own_line = line > array.start and not indent.strip()
    if not has_own_line:
        return (Edit(Span(last.end, last.end), f", {written}"),)
    has_comma = text.startswith(",", last.end)
    rest = _REST_OF_LINE.match(text, last.end + has_comma)
    if rest is None or not rest.group().endswith("\n"):
        return (Edit(Span(last.end, last.end), f", {written}"),)
    new = Edit(Span(rest.end(), rest.end()), f"{indent}{written}{',' if has_comma else ''}\n")
    return (new,) if has_comma else (Edit(Span(last.end, last.end), ","), new)


def with_key(document: Document, parent: Path, name: str, written: str) -> tuple[Edit, ...]:
    """Set the key `name` of the table at `parent`, which does not have it, to `written`.

    A table that is not there gets a section at the end of the file. Nothing where the table is
    closed, or written in a way that leaves no certain place.
    """
    statement = f"{key(name)} = {written}"
    table = document.get(*parent)
    if not parent:
        return ()
    if table is None or (isinstance(table, Table) and not table.headers and table.origin in _OPEN):
        return with_section(document, parent, f"{statement}\n")
    if not isinstance(table, Table):
        return ()
    text = document.text
    if table.origin == "inline":
        if not table.closed:
            return ()
        if not table.entries:
            return (Edit(table.span, f"{{ {statement} }}"),)
        at = table.entries[-1].end
        return (Edit(Span(at, at), f", {statement}"),)
    if not table.headers:
        return ()
    return (_behind_statements(text, table.headers[0], statement),)


def with_section(document: Document, path: Path, body: str) -> tuple[Edit, ...]:
    """A new section ``[path]`` with `body` at the end of the file, if it can be opened there."""
    if not all(_is_open(document.get(*path[:size])) for size in range(1, len(path) + 1)):
        return ()
    text, end = document.text, len(document.text)
    blank = "" if not text.strip() else "\n" if text.endswith(("\n", "\r")) else "\n\n"
    return (Edit(Span(end, end), f"{blank}[{'.'.join(map(key, path))}]\n{body}"),)


def key(name: str) -> str:
    """`name` as a key of TOML."""
    return name if _BARE.fullmatch(name) else quoted(name)


def excluding(constraint: str, versions: str) -> str:
    """`constraint` without `versions`; "" where that is not one simple clause more, or nothing."""
    found = re.fullmatch(r"\s*(==|<=|>=|<|>)\s*([\w.!+-]+)\s*", versions)
    if found is None or "|" in constraint:
        return ""
    opposite = {"==": "!=", "<=": ">", ">=": "<", "<": ">=", ">": "<="}[found[1]]
    clauses = [part.strip() for part in constraint.split(",") if part.strip() not in ("", "*")]
    new = f"{opposite}{found[2]}"
    if are_disjoint(",".join(clauses), new):
        return ""
    wider = [at for at, each in enumerate(clauses) if each[0] == opposite[0] and each[0] in "<>"]
    if wider:  # an end that allows forbidden versions lies farther out than the new one
        clauses[wider[0]] = new
        clauses = [each for at, each in enumerate(clauses) if at not in wider[1:]]
    else:
        clauses.append(new)
    return ",".join(clauses)


def combined(edits: tuple[Edit, ...], title: str) -> Fix | None:
    """A fix of `edits`, which needs a look; None where there are none."""
    return Fix(title, edits, safe=False) if edits else None


def _is_open(node: Value | None) -> bool:
    return node is None or (isinstance(node, Table) and node.origin in _OPEN)


def _behind_statements(text: str, header: Header, statement: str) -> Edit:
    """A line behind the last statement of a section."""
    last = header.entries[-1] if header.entries else header
    line = text.rfind("\n", 0, last.start) + 1
    indent = _INDENT.match(text, line)
    rest = _REST_OF_LINE.match(text, last.end)
    end = rest.end() if rest is not None else last.end
    feed = "" if text[:end].endswith(("\n", "\r")) else "\n"
    return Edit(Span(end, end), f"{feed}{indent.group() if indent else ''}{statement}\n")


def steps_of(written: str) -> Iterator[str]:
    """The keys of a dotted path; quotes keep a dot in a key."""
    from pyproject_ls.toml import parse

    document = parse(f"{written} = 0")
    entry = document.headers[0].entries[0] if document.headers[0].entries else None
    if document.problems or entry is None or entry.value is None:
        yield from written.split(".")
    else:
        yield from (each.text for each in entry.path)
