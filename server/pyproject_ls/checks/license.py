"""The license: SPDX expressions, the deprecated table, license files (PEP 639).

Family 1 follows ``poetry/core/factory.py`` of poetry-core 2.5: `_validate_project` for the
expression and the table, `_configure_package_metadata` for the files.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import has_comment, part_of, quoted
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.checks.licenses import (
    BadPart,
    bad_part,
    canonical,
    certain_expression,
    deprecated_identifiers,
)
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.wording import shown
from pyproject_ls.facts import PathKind
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import as_string, indexed_strings, is_truthy, text_of
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.text import Edit
from pyproject_ls.toml import Document, Scalar, Table, Value

ERROR, WARNING = Severity.ERROR, Severity.WARNING

LICENSE_EXPRESSION = Rule(
    "license-expression",
    WARNING,
    "the license is not a valid SPDX expression",
    poetry=WARNING,
)
LICENSE_TABLE = Rule(
    "license-table",
    WARNING,
    "the license is a table, which is deprecated",
    poetry=WARNING,
    tags=(Tag.DEPRECATED,),
)
LICENSE_TABLE_WITH_FILES = Rule(
    "license-table-with-files",
    ERROR,
    "the license is a table although license files are listed",
    poetry=ERROR,
)
LICENSE_FILE_UNREADABLE = Rule(
    "license-file-unreadable", ERROR, "the license file cannot be read", poetry=ERROR
)
LICENSE_FILES_PATH = Rule(
    "license-files-path",
    ERROR,
    "a license file pattern with backslashes or parent folders",
    poetry=ERROR,
)
LICENSE_FILES_PATTERN = Rule(
    "license-files-pattern", WARNING, "a license file pattern that the standard does not allow"
)
LICENSE_FILES_NO_MATCH = Rule(
    "license-files-no-match", WARNING, "a license file pattern that matches nothing"
)
LICENSE_SPELLING = Rule(
    "license-spelling", Severity.HINT, "a license expression in an unusual spelling"
)
LICENSE_DEPRECATED = Rule(
    "license-deprecated",
    Severity.INFORMATION,
    "a license identifier that SPDX has deprecated",
    tags=(Tag.DEPRECATED,),
)

PATH: TomlPath = ("project", "license")
FILES: TomlPath = ("project", "license-files")
_TAKES_EXPRESSIONS = frozenset({"poetry.core.masonry.api", "hatchling.build"})


@check(LICENSE_EXPRESSION, LICENSE_SPELLING, LICENSE_DEPRECATED)
def expression(context: Context) -> Iterator[Finding]:
    """The expression's words and spelling."""
    node = as_string(context.document.get("project", "license"))
    if node is None:
        return
    value = node.value
    normal = canonical(value)
    if normal is None:
        yield _invalid(context.document, node)
        return
    if normal != value:
        yield LICENSE_SPELLING.at(
            node,
            PATH,
            f"`project.license` is usually spelt {shown(normal)}.",
            fix=Fix(f"Change to {shown(normal)}", (Edit(node.span, quoted(normal)),)),
        )
    for span, identifier in deprecated_identifiers(value):
        yield LICENSE_DEPRECATED.at(
            part_of(context.document.text, node, span),
            PATH,
            f"SPDX has deprecated the identifier `{identifier}`; {_successor(identifier)}.",
        )


@check(LICENSE_TABLE, LICENSE_TABLE_WITH_FILES, LICENSE_FILE_UNREADABLE)
def table(context: Context) -> Iterator[Finding]:
    """The deprecated table ``{text = ...}`` or ``{file = ...}``."""
    document = context.document
    node = document.get("project", "license")
    if node is None or as_string(node) is not None:
        return
    files = document.get("project", "license-files")
    is_refused = isinstance(node, Table) and is_truthy(node) and files is not None
    # One finding a cause: the refusal says it all. Poetry says both, and calls any value a table.
    if context.as_poetry or (isinstance(node, Table) and not is_refused):
        yield LICENSE_TABLE.at(
            node,
            PATH,
            "`project.license` as a table is deprecated; write an SPDX expression such as"
            ' "MIT", and list license files in `project.license-files`.',
            fix=_table_fix(context, node),
        )
    if not isinstance(node, Table) or not is_truthy(node):
        return
    if files is not None:
        yield LICENSE_TABLE_WITH_FILES.at(
            node,
            PATH,
            "`project.license` must be an SPDX expression where `project.license-files` is set;"
            " a table is not allowed there.",
            related=(Related(files.span, "the license files"),),
        )
        return
    yield from _license_file(context, node)


@check(LICENSE_FILES_PATH, LICENSE_FILES_PATTERN, LICENSE_FILES_NO_MATCH)
def files(context: Context) -> Iterator[Finding]:
    """The patterns of ``license-files``."""
    for index, item in indexed_strings(context.document.get("project", "license-files")):
        path = (*FILES, index)
        pattern = item.value
        if "\\" in pattern:
            forward = pattern.replace("\\", "/")
            yield LICENSE_FILES_PATH.at(
                item,
                path,
                f"{shown(pattern)} in `project.license-files` must use forward slashes.",
                fix=Fix("Use forward slashes", (Edit(item.span, quoted(forward)),)),
            )
        elif ".." in pattern.split("/"):
            yield LICENSE_FILES_PATH.at(
                item,
                path,
                f"{shown(pattern)} in `project.license-files` must not contain `..`; license files"
                " have to lie in the project.",
            )
        elif fault := _pattern_fault(pattern):
            yield LICENSE_FILES_PATTERN.at(
                item, path, f"{shown(pattern)} in `project.license-files` {fault}."
            )
        elif context.facts.glob_matches(pattern) is False:
            yield LICENSE_FILES_NO_MATCH.at(
                item,
                path,
                f"{shown(pattern)} in `project.license-files` matches no file;"
                " correct it or remove it.",
            )


def _invalid(document: Document, node: Scalar) -> Finding:
    value = node.value
    fault = bad_part(value) if value.strip() else None
    if fault is None:
        place = node.span
        text = "is empty" if not value.strip() else f"({shown(value)}) is not an SPDX expression"
        example = '"MIT" or "MIT OR Apache-2.0"'
        message = f"`project.license` {text}; write an SPDX expression such as {example}."
    else:
        place = part_of(document.text, node, fault.span)
        message = f"{_quote(value, fault)} in `project.license` {_stopped(fault.message)}"
    meant = certain_expression(value)
    fix = Fix(f"Change to {shown(meant)}", (Edit(node.span, quoted(meant)),)) if meant else None
    return LICENSE_EXPRESSION.at(place, PATH, message, fix=fix)


def _quote(value: str, fault: BadPart) -> str:
    return shown(value[fault.span.start : fault.span.end])


def _stopped(message: str) -> str:
    return message if message.endswith("?") else f"{message}."


def _successor(identifier: str) -> str:
    base = identifier.removesuffix("+")
    if re.match(r"(?i)[al]?gpl-|gfdl-", base):
        if identifier.endswith("+"):
            return f"use `{base}-or-later`"
        return f"use `{base}-only` or `{base}-or-later`"
    return "choose its successor from the SPDX list"


def _table_fix(context: Context, node: Value) -> Fix | None:
    """``license = {text = "MIT"}`` becomes ``license = "MIT"`` where the backend takes both."""
    if not isinstance(node, Table) or node.origin != "inline" or list(node.values) != ["text"]:
        return None
    if context.manifest.build_backend not in _TAKES_EXPRESSIONS or has_comment(
        context.document.text, node.span
    ):
        return None
    text = text_of(node.values["text"])
    normal = canonical(text) if text else None
    if normal is None or context.document.get("project", "license-files") is not None:
        return None
    return Fix(f"Change to {shown(normal)}", (Edit(node.span, quoted(normal)),))


def _license_file(context: Context, table: Table) -> Iterator[Finding]:
    """Poetry reads the file unless there is a text."""
    text = table.values.get("text")
    if text is not None and is_truthy(text):
        return
    node = as_string(table.values.get("file"))
    if node is None or not node.value:
        return
    path = (*PATH, "file")
    kind = context.facts.path_kind(node.value)
    if kind is PathKind.MISSING:
        problem = "does not exist"
    elif kind is PathKind.DIRECTORY:
        problem = "is a folder; name the file in it"
    elif kind is PathKind.FILE:
        contents = context.facts.text_of(node.value)
        if contents is None or contents.text is not None:
            return
        problem = f"cannot be read as UTF-8 text: {contents.error}"
    else:
        return
    yield LICENSE_FILE_UNREADABLE.at(
        node, path, f"{shown(node.value)} in `project.license.file` {problem}."
    )


_ALLOWED = lazy_pattern(r"[\w.*?/\[\]-]*")
_RANGE = lazy_pattern(r"\[[^\[\]/]+\]")


@lru_cache(maxsize=512)
def _pattern_fault(pattern: str) -> str:
    """What PEP 639's glob syntax forbids in `pattern`; "" where it is fine."""
    if not pattern.strip():
        return "is empty"
    if pattern.startswith("/"):
        return "must be relative to the project, without a leading slash"
    allowed = _ALLOWED.match(pattern)
    if allowed is not None and allowed.end() < len(pattern):
        character = pattern[allowed.end()]
        return (
            f"contains `{character}`; only letters, digits, `_`, `-`, `.`, `/`, `*`, `?` and"
            " ranges in brackets are allowed"
        )
    if re.search(r"[\[\]]", _RANGE.sub("", pattern)):
        return "has a bracket without its partner"
    if any("**" in part and part != "**" for part in pattern.split("/")):
        return "uses `**` together with other characters; it must stand alone between slashes"
    return ""
