"""The readme: files that exist, types that agree, content types that the index takes.

Family 1 follows Poetry 2.5: ``poetry/console/commands/check.py`` (`_validate_readme`) and
``poetry/core/factory.py`` (`_validate_strict`).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted
from pyproject_ls.checks.finding import Finding, Fix, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.wording import shown
from pyproject_ls.facts import PathKind
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import as_array, as_string, indexed_strings
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Edit
from pyproject_ls.toml import Key, Scalar, Table

ERROR, WARNING = Severity.ERROR, Severity.WARNING

README_MISSING = Rule("readme-missing", ERROR, "the readme does not exist", poetry=ERROR)
README_EMPTY = Rule("readme-empty", ERROR, "the readme's name is empty", poetry=ERROR)
README_TYPES_DIFFER = Rule(
    "readme-types-differ",
    ERROR,
    "several readmes of different types",
    poetry=ERROR,
    standard=False,
)
README_FOLDER = Rule("readme-folder", WARNING, "the readme is a folder")
README_SUFFIX = Rule(
    "readme-suffix", WARNING, "a readme whose file name does not tell its content type"
)
README_CONTENT_TYPE = Rule(
    "readme-content-type", WARNING, "a content type that the package index refuses"
)
README_TYPE_MISMATCH = Rule(
    "readme-type-mismatch", WARNING, "the content type contradicts the file name"
)

PROJECT: TomlPath = ("project", "readme")
POETRY: TomlPath = ("tool", "poetry", "readme")
_TYPES = ("text/markdown", "text/x-rst", "text/plain")
_SUFFIXES = {".md": "text/markdown", ".rst": "text/x-rst"}


@check(README_MISSING, README_EMPTY, README_FOLDER)
def files(context: Context) -> Iterator[Finding]:
    """Every readme that is named, in either table, exists."""
    for path, node, name in _named(context):
        if not name:
            yield README_EMPTY.at(
                node, path, f"`{dotted(path)}` is empty; name the readme's file or remove the key."
            )
            continue
        kind = context.facts.path_kind(name)
        if kind is PathKind.MISSING:
            yield README_MISSING.at(
                node,
                path,
                f"{shown(name)} in `{dotted(path)}` does not exist; create it or correct the name.",
            )
        elif kind is PathKind.DIRECTORY:
            yield README_FOLDER.at(
                node, path, f"{shown(name)} in `{dotted(path)}` is a folder; name the file in it."
            )


@check(README_TYPES_DIFFER)
def types(context: Context) -> Iterator[Finding]:
    """Poetry joins several readmes into one text, so they have to be of one type."""
    array = as_array(context.document.get(*map(str, POETRY)))
    if array is None:
        return
    found = sorted({_poetry_type(item.value) for _, item in indexed_strings(array)})
    if len(found) > 1:
        yield README_TYPES_DIFFER.at(
            array,
            POETRY,
            f"The files of `tool.poetry.readme` are of different types ({', '.join(found)});"
            " use one type for all of them.",
        )


@check(README_SUFFIX)
def suffix(context: Context) -> Iterator[Finding]:
    """A plain file name has to tell the type; Poetry alone takes any."""
    node = as_string(context.document.get("project", "readme"))
    if node is None or not node.value or context.manifest.uses_poetry:
        return
    ending = _suffix(node.value).lower()
    if ending in _SUFFIXES or ending == ".txt":
        return
    yield README_SUFFIX.at(
        node,
        PROJECT,
        f"{shown(node.value)} in `project.readme` does not tell its content type; use a `.md` or"
        " `.rst` file, or a table with `file` and `content-type`.",
    )


@check(README_CONTENT_TYPE, README_TYPE_MISMATCH)
def content_type(context: Context) -> Iterator[Finding]:
    """The ``content-type`` of the table form."""
    table = context.document.get("project", "readme")
    if not isinstance(table, Table):
        return
    node = as_string(table.values.get("content-type"))
    if node is None:
        return
    path = (*PROJECT, "content-type")
    fault = _content_type_fault(node.value)
    if fault is not None:
        fix = None
        if fault.better:
            edit = Edit(node.span, quoted(fault.better))
            fix = Fix(f"Change to {shown(fault.better)}", (edit,))
        yield README_CONTENT_TYPE.at(node, path, f"`{dotted(path)}` {fault.message}.", fix=fix)
        return
    file = as_string(table.values.get("file"))
    if file is None:
        return
    expected = _SUFFIXES.get(_suffix(file.value).lower())
    declared = _media_type(node.value)
    if expected and declared != expected and declared != "text/plain":
        yield README_TYPE_MISMATCH.at(
            node,
            path,
            f"`{dotted(path)}` is {shown(declared)}, but {shown(file.value)} looks like"
            f" {shown(expected)}.",
            fix=Fix(
                f"Change to {shown(expected)}", (Edit(node.span, quoted(expected)),), safe=False
            ),
        )


def _named(context: Context) -> Iterator[tuple[TomlPath, Scalar | Key, str]]:
    """Every readme that is named: its path, node and name."""
    document = context.document
    readme = document.get("tool", "poetry", "readme")
    text = as_string(readme)
    if text is not None:
        yield POETRY, text, text.value
    for index, item in indexed_strings(readme):
        yield (*POETRY, index), item, item.value
    if context.as_poetry and isinstance(readme, Table):
        # Poetry goes through the keys; elsewhere the wrong type says it all.
        for key in readme.keys.values():
            yield POETRY, key, key.text
    readme = document.get("project", "readme")
    text = as_string(readme)
    if text is not None:
        yield PROJECT, text, text.value
    elif isinstance(readme, Table):
        file = as_string(readme.values.get("file"))
        if file is not None:
            yield (*PROJECT, "file"), file, file.value


def _suffix(name: str) -> str:
    """What `pathlib` takes for the suffix of a file name."""
    base = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    stem, dot, ending = base.rpartition(".")
    return dot + ending if stem.strip(".") and ending else ""


def _poetry_type(name: str) -> str:
    """``poetry/core/utils/helpers.py:readme_content_type``: the suffix decides, case counts."""
    ending = _suffix(name)
    if ending == ".rst":
        return "text/x-rst"
    return "text/markdown" if ending in {".md", ".markdown"} else "text/plain"


class _Fault(NamedTuple):
    message: str
    better: str | None = None


def _media_type(value: str) -> str:
    return value.partition(";")[0].strip().lower()


@lru_cache(maxsize=256)
def _content_type_fault(value: str) -> _Fault | None:
    """What the package index has against a content type (``Description-Content-Type``)."""
    media = _media_type(value)
    if media not in _TYPES:
        allowed = ", ".join(f'"{each}"' for each in _TYPES)
        better = {
            "text/md": "text/markdown",
            "markdown": "text/markdown",
            "text/x-markdown": "text/markdown",
            "text/rst": "text/x-rst",
            "text/restructuredtext": "text/x-rst",
            "text/x-restructuredtext": "text/x-rst",
            "rst": "text/x-rst",
            "text": "text/plain",
            "plain": "text/plain",
        }.get(value.strip().lower())
        return _Fault(f"is {shown(value)}, which is not one of {allowed}", better)
    for parameter in value.split(";")[1:]:
        name, _, content = (piece.strip() for piece in parameter.partition("="))
        content = content.strip('"')
        if name.lower() == "charset" and content != "UTF-8":
            better = value.replace(content, "UTF-8") if content.lower() == "utf-8" else None
            return _Fault(f"has the charset {shown(content)}; only UTF-8 is allowed", better)
        if name.lower() == "variant" and media == "text/markdown":
            if content in {"GFM", "CommonMark"}:
                continue
            return _Fault(f"has the variant {shown(content)}; use GFM or CommonMark")
    return None
