"""Other tools' tables, against the schemas that are installed for them (`project.schema.tools`).

The schemas are collected by others and may lag behind the tool: all of these are warnings.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.schema_faults import fix, message
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.schema.shapes import Shape
from pyproject_ls.project.schema.tools import tool_doc, tool_shape
from pyproject_ls.project.schema.validate import FaultKind, faults
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Header, Table, Value

WARNING = Severity.WARNING

TOOL_UNKNOWN_KEY = Rule("tool-unknown-key", WARNING, "a key that the table's tool does not know")
TOOL_WRONG_TYPE = Rule("tool-wrong-type", WARNING, "a value that the tool wants in another type")
TOOL_INVALID_VALUE = Rule("tool-invalid-value", WARNING, "a value that the tool does not know")
TOOL_MISSING_KEY = Rule("tool-missing-key", WARNING, "a key that the tool cannot do without")
TOOL_DEPRECATED_KEY = Rule(
    "tool-deprecated-key",
    Severity.INFORMATION,
    "a key that the tool advises against",
    tags=(Tag.DEPRECATED,),
)

_RULES = {
    FaultKind.UNKNOWN: TOOL_UNKNOWN_KEY,
    FaultKind.TYPE: TOOL_WRONG_TYPE,
    FaultKind.VALUE: TOOL_INVALID_VALUE,
    FaultKind.MISSING: TOOL_MISSING_KEY,
}


class _Verdict:
    """What was found of a text once: whether there is nothing to say of it."""

    is_clean = False


@check(TOOL_UNKNOWN_KEY, TOOL_WRONG_TYPE, TOOL_INVALID_VALUE, TOOL_MISSING_KEY, TOOL_DEPRECATED_KEY)
def tool_tables(context: Context) -> Iterator[Finding]:
    """Every deviation of a tool's table from its schema, and every deprecated key."""
    document = context.document
    tools = document.get("tool")
    if not isinstance(tools, Table):
        return
    texts = _texts(document)
    for name, node in tools.values.items():
        shape = tool_shape(name)
        if shape is None:
            continue
        # what people type is rarely here, and what was right stays so
        verdict = _verdict_on(name, texts[name]) if name in texts else _Verdict()
        if not verdict.is_clean:
            found = list(_of_tool(document, shape, name, node))
            verdict.is_clean = not found
            yield from found


def _of_tool(document: Document, shape: Shape, name: str, node: Value) -> Iterator[Finding]:
    """The findings in the table `node` of the tool `name`."""
    for fault in faults(shape, node, ("tool", name), poetry=False):
        rule = _RULES.get(fault.kind)
        if rule is not None:
            yield rule.at(
                Span(fault.place.start, fault.place.end),
                fault.path,
                message(document, fault),
                fix=fix(document, fault),
            )
    yield from _deprecated(node, ("tool", name))


def _verdict_on(tool: str, text: str) -> _Verdict:
    """The verdict on all that is written of `tool`, one for equal texts."""
    return _verdict(tool, len(text), hash(text))


@lru_cache(maxsize=256)
def _verdict(tool: str, length: int, text_hash: int) -> _Verdict:
    """By hash, so that not every text that was typed is kept: tables may be long."""
    return _Verdict()


def _texts(document: Document) -> dict[str, str]:
    """For each tool all that is written of it; none if some of it has no header of its own."""
    headers, text = document.headers, document.text
    ends = [*(header.start for header in headers[1:]), len(text)]
    found: dict[str, str] = {}
    if document.base:
        return found
    for header, end in zip(headers, ends, strict=True):
        path = header.path
        if len(path) > 1 and path[0].text == "tool":
            name = path[1].text
            found[name] = found.get(name, "") + text[header.start : end]
        elif _has_tools(header):
            return {}
    return found


def _has_tools(header: Header) -> bool:
    """Whether tools may stand in a section that is not one tool's own: ``tool.ruff.x = 1``."""
    if header.path:
        return header.path[0].text == "tool" and bool(header.entries)
    return any(each.path and each.path[0].text == "tool" for each in header.entries)


def _deprecated(node: Value, path: TomlPath) -> Iterator[Finding]:
    """The deprecated keys in the tables below `node`."""
    if isinstance(node, Array):
        for index, item in enumerate(node.items):
            if not isinstance(item, Table):
                return
            yield from _deprecated(item, (*path, index))
    elif isinstance(node, Table):
        for name, value in node.values.items():
            here = (*path, name)
            doc = tool_doc(tuple(step for step in here[1:] if isinstance(step, str)))
            if doc is None:
                continue
            if doc.deprecated:
                yield TOOL_DEPRECATED_KEY.at(
                    node.keys[name],
                    here,
                    f"`{dotted(here)}` is deprecated: {_advice(doc.text, str(path[1]))}",
                )
            yield from _deprecated(value, here)


def _advice(text: str, tool: str) -> str:
    """The sentence of `text` that says what to use instead."""
    for sentence in text.replace("\n", " ").split(". "):
        if any(word in sentence.lower() for word in ("deprecated", "instead", "replaced")):
            return f"{sentence.strip().rstrip('.')}."
    return f"see the documentation of {tool}."
