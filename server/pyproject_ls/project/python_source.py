"""What a Python file defines, found by reading it; it is never imported or run.

For the targets of scripts and entry points (``module:object``,
https://packaging.python.org/en/latest/specifications/entry-points/). A file that does not parse is
searched line by line for ``def``, ``class`` and assignments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, Union

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple

if TYPE_CHECKING:
    import ast

PythonKind = Literal["function", "class", "variable", "import"]

MAX_LENGTH = 1_000_000
"""Longer files are not parsed, only searched."""
_MAX_SIGNATURE = 1000

_LINE_END = lazy_pattern(r"\r\n|\n|\r")
_STATEMENT = lazy_pattern(
    r"^(?P<indent>[ \t]*)(?:(?:async[ \t]+)?(?P<def>def)[ \t]+|(?P<class>class)[ \t]+)?"
    r"(?P<name>[^\W\d]\w*)(?P<assigned>[ \t]*(?::[^=\n]*)?=(?!=))?",
    re.MULTILINE,
)


class PythonObject(NamedTuple):
    """A function, class, variable or imported name of a module.

    `line` and `column` are those of the name, from 0, the column in code points. `signature` is
    written as in the definition (``main(argv: list[str] | None = None) -> int``), "" where there is
    none. `imported` is the module and the name of an import (``.cli:main``), "" otherwise.
    """

    name: str
    kind: PythonKind
    line: int
    column: int
    signature: str = ""
    docstring: str = ""
    imported: str = ""


def function_at(source_text: str, dotted_name: str) -> PythonObject | None:
    """What `dotted_name` (``main``, ``App.run``) is in a module; None where it is not found.

    Names inherited, made by calls or taken in by ``from x import *`` are not found.
    """
    return objects_of(source_text).get(dotted_name)


@lru_cache(maxsize=32)
def objects_of(source_text: str) -> Mapping[str, PythonObject]:
    """All names that a module defines at its top level, and ``Class.member`` below its classes.

    The later definition of a name takes the place of the earlier, but for one inside an ``if``,
    ``try`` or ``with``, which comes second. Never raises.
    """
    found: dict[str, PythonObject] = {}
    tree = _parsed(source_text)
    try:
        if tree is not None:
            lines = _LINE_END.split(source_text)
            found.update((each.name, each) for each in _defined(tree.body, "", lines))
    except RecursionError:  # hundreds of branches of one `if`
        tree = None
    if tree is None:
        found.update(_searched(source_text))
    return MappingProxyType(found)


def module_docstring(source_text: str) -> str:
    """The docstring of a module, "" where it has none or does not parse."""
    import ast

    tree = _parsed(source_text)
    return (ast.get_docstring(tree) or "") if tree is not None else ""


def _parsed(source_text: str) -> ast.Module | None:
    """The tree of a module, or None where Python does not accept it."""
    import ast
    import warnings

    if len(source_text) > MAX_LENGTH:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # odd escapes are the user's concern, not ours
        try:
            return ast.parse(source_text.removeprefix("\ufeff"))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _defined(body: list[ast.stmt], prefix: str, lines: list[str]) -> Iterator[PythonObject]:
    import ast

    nested = [each for each in body if isinstance(each, (ast.If, ast.Try, ast.With))]
    for block in nested:  # first, so that the plain definitions win
        for name in ("body", "handlers", "orelse", "finalbody"):
            for part in getattr(block, name, ()):
                below = part.body if isinstance(part, ast.ExceptHandler) else [part]
                yield from _defined(below, prefix, lines)
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield _function(node, prefix, lines)
        elif isinstance(node, ast.ClassDef):
            line, column = _name_place(node, lines)
            name = prefix + node.name
            yield PythonObject(
                name, "class", line, column, _class_signature(node), ast.get_docstring(node) or ""
            )
            if not prefix:
                yield from _defined(node.body, f"{name}.", lines)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    line, column = _place(target, lines)
                    yield PythonObject(prefix + target.id, "variable", line, column)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from _imports(node, prefix, lines)


def _function(
    node: Union[ast.FunctionDef, ast.AsyncFunctionDef], prefix: str, lines: list[str]
) -> PythonObject:
    import ast

    line, column = _name_place(node, lines)
    try:
        returns = f" -> {ast.unparse(node.returns)}" if node.returns is not None else ""
        signature = f"{node.name}({ast.unparse(node.args)}){returns}"
    except (RecursionError, ValueError):
        signature = f"{node.name}(...)"
    if len(signature) > _MAX_SIGNATURE:
        signature = f"{node.name}(...)"
    if isinstance(node, ast.AsyncFunctionDef):
        signature = f"async {signature}"
    docstring = ast.get_docstring(node) or ""
    return PythonObject(prefix + node.name, "function", line, column, signature, docstring)


def _class_signature(node: ast.ClassDef) -> str:
    import ast

    try:
        bases = ", ".join(ast.unparse(base) for base in node.bases)
    except (RecursionError, ValueError):
        bases = "..."
    bases = bases if len(bases) <= _MAX_SIGNATURE else "..."
    return f"class {node.name}({bases})" if bases else f"class {node.name}"


def _imports(
    node: Union[ast.Import, ast.ImportFrom], prefix: str, lines: list[str]
) -> Iterator[PythonObject]:
    import ast

    for alias in node.names:
        if alias.name == "*":
            continue
        line, column = _place(alias, lines)
        if isinstance(node, ast.ImportFrom):
            origin = f"{'.' * node.level}{node.module or ''}:{alias.name}"
            name = alias.asname or alias.name
        else:
            origin = alias.name if alias.asname else alias.name.split(".")[0]
            name = alias.asname or origin
        yield PythonObject(prefix + name, "import", line, column, imported=origin)


def _place(node: Union[ast.expr, ast.alias], lines: list[str]) -> tuple[int, int]:
    """Line and column from 0; `ast` counts columns in bytes of UTF-8."""
    line = node.lineno - 1
    if not 0 <= line < len(lines):
        return 0, 0
    written = lines[line].encode("utf-8", "surrogatepass")[: node.col_offset]
    return line, len(written.decode("utf-8", "replace"))


def _name_place(
    node: Union[ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef], lines: list[str]
) -> tuple[int, int]:
    """Where the name of a definition stands; `ast` knows only where ``def`` stands."""
    line = node.lineno - 1
    if not 0 <= line < len(lines):
        return 0, 0
    found = re.search(rf"\b(?:def|class)\s+({re.escape(node.name)})\b", lines[line])
    return line, found.start(1) if found else node.col_offset


def _searched(source_text: str) -> Iterator[tuple[str, PythonObject]]:
    """The names of a module that does not parse, by the look of its lines."""
    owner = ""
    line = passed = 0
    for match in _STATEMENT.finditer(source_text):
        indent, name = match["indent"], match["name"]
        is_definition = bool(match["def"] or match["class"])
        if not is_definition and not (match["assigned"] and not indent):
            if not indent:
                owner = ""
            continue
        line += source_text.count("\n", passed, match.start())
        passed = match.start()
        column = match.start("name") - match.start()
        kind: PythonKind = "function" if match["def"] else "variable"
        if match["class"]:
            kind = "class"
        if not indent:
            owner = f"{name}." if match["class"] else ""
            yield name, PythonObject(name, kind, line, column)
        elif owner and is_definition:
            yield owner + name, PythonObject(owner + name, kind, line, column)
