"""What a Python text imports, told from its lines: quickly, and whatever state it is in.

`ast` would read a large project for many seconds, and nothing at all of a file with one fault. Here
strings and comments are blanked out, import statements are found, and for those that are indented
the lines above say under which conditions they run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyproject_ls.facts.usage import UseKind
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.module_names import SHARED

MAX_LINES = 3000
"""So many lines above an import are looked at; further up it counts as one under a condition."""

MAX_CLAUSE = 30
"""So many lines of one list of exceptions are read."""

MAX_PARTS = 4
"""So many parts of a name below a shared namespace are of interest."""

STRING = lazy_pattern(
    r"#[^\n]*"
    r'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'",
    re.DOTALL,
)
"""A comment or a string, which may lack its end where it has three quotes."""

_IMPORT = lazy_pattern(
    r"""
    (?:\n(?P<indent>[ \t\f]*)|[;:][ \t]*)
    (?:c?import(?=[ \t\\])(?P<modules>(?:[^\n;\\]|\\\n)*)
      |from[ \t]+(?P<module>[^\W\d]\w*(?:[ \t]*\.[ \t]*\w+)*)[ \t\\\n]+c?import\b
       (?P<names>[ \t]*\([^)]*\)|(?:[^\n;\\]|\\\n)*))
    """,
    re.VERBOSE,
)
_CALLS = ("import_module", "__import__", "importorskip", "find_spec", "lazy_import")
_DYNAMIC = lazy_pattern(
    rf"(?:{'|'.join(_CALLS)})"
    r"\(\s*[\"']([^\W\d]\w*(?:\.\w+)*)"
)
_NOTEBOOK = lazy_pattern(
    r"(?:\"|\\n)[ \t]*(?:import[ \t]+(?P<modules>[^\W\d][\w., \t]*)"
    r"|from[ \t]+(?P<module>[^\W\d][\w.]*)[ \t]+import\b(?P<names>[\w., \t]*))"
)
_NAME = lazy_pattern(r"[^\W\d]\w*(?:[ \t]*\.[ \t]*[^\W\d]\w*)*")
_HEADER = lazy_pattern(r"(?:async[ \t]+)?([a-z]+)\b")
_CATCHES = lazy_pattern(r"(?i)except\s*:|import|Exception|ModuleNotFound|OSError")
_CONDITIONS = frozenset({"if", "elif", "else", "except", "case"})
_BLOCKS = frozenset({"try", "if", "def", "class", "for", "while", "with", "finally", "match"})


class Found(NamedTuple):
    """One imported module, the line (from 1), and how."""

    module: str
    line: int
    kind: UseKind


def imports_in(text: str) -> list[Found]:
    """The modules that `text` imports, each once for every kind."""
    if "import" not in text:
        return []
    blank = "\n" + STRING.sub(_blank, text)
    found: dict[tuple[str, UseKind], Found] = {}
    lines: list[str] | None = None
    line = passed = 0
    for match in _IMPORT.finditer(blank):
        start = match.start() + (match["indent"] is not None)
        line += blank.count("\n", passed, start)
        passed = start
        kind = UseKind.NEEDED
        if match["indent"] != "":
            lines = blank.split("\n") if lines is None else lines
            kind = _kind(lines, line)
            if kind is UseKind.OPTIONAL and "." in (match["module"] or ""):
                kind = UseKind.ASIDE  # a part of the module may be missing, not the module
        for module in _modules(match):
            found.setdefault((module, kind), Found(module, line, kind))
    if any(call in text for call in _CALLS):
        for match in _DYNAMIC.finditer(text):
            for module in _shortened(match[1], ()):
                place = text.count("\n", 0, match.start()) + 1
                kind = UseKind.OPTIONAL
                found.setdefault((module, kind), Found(module, place, kind))
    return list(found.values())


def imports_in_notebook(text: str) -> list[Found]:
    """The modules that the cells of a Jupyter notebook import, told from its JSON as it stands."""
    found: dict[str, Found] = {}
    for match in _NOTEBOOK.finditer(text):
        for module in _modules(match):
            if module not in found:
                line = text.count("\n", 0, match.start()) + 1
                found[module] = Found(module, line, UseKind.ASIDE)
    return list(found.values())


def _blank(match: re.Match[str]) -> str:
    written = match.group()
    if written[0] == "#":
        return ""
    return '""' + "\n" * written.count("\n") if "\n" in written else '""'


def _modules(match: re.Match[str]) -> Iterator[str]:
    if match["module"] is not None:
        yield from _shortened(match["module"], match["names"].strip(" \t()").split(","))
        return
    for each in match["modules"].replace("\\\n", " ").split(","):
        name = _NAME.match(each.strip())
        if name is not None:
            yield from _shortened(name.group(), ())


def _shortened(module: str, names: list[str] | tuple[()]) -> Iterator[str]:
    """The top-level name; below a shared namespace the module in full with each of `names`."""
    parts = [part.strip() for part in module.split(".")]
    if parts[0] not in SHARED:
        yield parts[0]
        return
    base = ".".join(parts[:MAX_PARTS])
    below = [found.group() for found in map(_NAME.match, map(str.strip, names)) if found]
    if below and len(parts) < MAX_PARTS:
        yield from (f"{base}.{name}" for name in below)
    else:
        yield base


def _kind(lines: list[str], number: int) -> UseKind:
    """How the indented import in the line `number` counts, by what it stands in.

    Under a condition or where its failing is caught it is OPTIONAL, for types only ASIDE.
    """
    line = lines[number]
    indent = _indent(line)
    plain = UseKind.NEEDED
    header = _HEADER.match(line.lstrip())
    if header is not None and header[1] in ("try", *_CONDITIONS):  # `try: import x`
        return UseKind.ASIDE if "TYPE_CHECKING" in line else UseKind.OPTIONAL
    for at in range(number - 1, max(0, number - MAX_LINES), -1):
        line = lines[at].lstrip()
        width = _indent(lines[at])
        if not line or width >= indent:
            continue
        if line[0] in ")]}\"'":  # the end of something that began in a line above
            indent = width + 1
            continue
        header = _HEADER.match(line)
        word = header[1] if header is not None else ""
        if word in _CONDITIONS and not line.startswith("if __name__"):
            return UseKind.ASIDE if "TYPE_CHECKING" in line else UseKind.OPTIONAL
        if (word == "try" and _is_caught(lines, at, width)) or (
            word == "with" and "suppress" in line
        ):
            return UseKind.OPTIONAL
        if word not in _BLOCKS:
            continue
        if word == "def":
            plain = UseKind.LATER
        indent = width
        if not width:
            return plain
    return UseKind.OPTIONAL if indent and number > MAX_LINES else plain


def _is_caught(lines: list[str], number: int, indent: int) -> bool:
    """Whether one of the handlers of the ``try`` in the line `number` is for imports that fail."""
    for at in range(number + 1, min(len(lines), number + MAX_LINES)):
        line = lines[at].lstrip()
        if not line or _indent(lines[at]) > indent or line[0] in ")]}\"'":
            continue
        if line.startswith("except"):
            if "(" in line and ")" not in line:
                line = " ".join(lines[at : at + MAX_CLAUSE]).partition(")")[0]
            if _CATCHES.search(line):
                return True
        elif not line.startswith(("else", "finally")):
            return False
    return False


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t\f"))
