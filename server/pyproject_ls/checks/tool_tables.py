"""Other tools' tables, against the schemas that are installed for them (`project.schema.tools`).

The schemas are collected by others and may lag behind the tool: all of these are warnings.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.schema_faults import fix, message
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.schema.tools import tool_doc, tool_shape
from pyproject_ls.project.schema.validate import FaultKind, faults
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Table, Value

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


@check(TOOL_UNKNOWN_KEY, TOOL_WRONG_TYPE, TOOL_INVALID_VALUE, TOOL_MISSING_KEY, TOOL_DEPRECATED_KEY)
def tool_tables(context: Context) -> Iterator[Finding]:
    """Every deviation of a tool's table from its schema, and every deprecated key."""
    tools = context.document.get("tool")
    if not isinstance(tools, Table):
        return
    for name, node in tools.values.items():
        shape = tool_shape(name)
        if shape is None:
            continue
        for fault in faults(shape, node, ("tool", name), poetry=False):
            rule = _RULES.get(fault.kind)
            if rule is not None:
                yield rule.at(
                    Span(fault.place.start, fault.place.end),
                    fault.path,
                    message(context.document, fault),
                    fix=fix(context.document, fault),
                )
        yield from _deprecated(node, ("tool", name))


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
