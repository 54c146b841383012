"""What a team wants to see in every project: keys, groups, tools' tables."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted
from pyproject_ls.checks.finding import Finding, Fix
from pyproject_ls.checks.team import REQUIRED_GROUP, REQUIRED_KEY, REQUIRED_TOOL
from pyproject_ls.checks.team_fixes import combined, steps_of, with_item, with_key, with_section
from pyproject_ls.checks.team_wording import absent, because, fits, is_literal, listed
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Document, Scalar, Table, Value

_BARE_KINDS = ("boolean", "integer", "float")


def keys(context: Context) -> Iterator[Finding]:
    """Keys that have to be there, and what they have to hold."""
    policy, document = context.policy, context.document
    reason = because(policy, "required-keys")
    for written, patterns in policy.required_keys.items():
        path = tuple(steps_of(written))
        node = document.get(*path)
        wanted = listed(patterns) if len(patterns) == 1 else f"one of {listed(patterns)}"
        if node is None:
            if path[0] == "project" and path[1:2] and path[1] in context.manifest.dynamic:
                continue
            asked = f"; the policy asks for {wanted}" if patterns else ", which the policy asks for"
            yield from absent(
                context,
                REQUIRED_KEY,
                f"`{written}` is missing{asked}; add it{reason}.",
                _addition(document, path, patterns),
            )
        elif patterns and not any(fits(text, one) for text in _texts(node) for one in patterns):
            yield REQUIRED_KEY.at(
                node,
                path,
                f"`{written}` does not hold what the policy asks for, {wanted}; change it{reason}.",
                fix=_change(document, node, patterns),
            )


def groups(context: Context) -> Iterator[Finding]:
    """Groups that have to be there."""
    wanted, document = context.policy.required_groups, context.document
    if not wanted:
        return
    found: set[str] = set()
    for base in (("dependency-groups",), ("tool", "poetry", "group")):
        table = document.get(*base)
        found.update(map(normalized_name, table.values if isinstance(table, Table) else ()))
    reason = because(context.policy, "required-groups")
    for name in wanted:
        if normalized_name(name) not in found:
            message = f"There is no dependency group `{name}`, which the policy asks for; add it"
            edits = (
                with_section(document, ("tool", "poetry", "group", name, "dependencies"), "")
                if context.manifest.uses_poetry and context.manifest.dependency_groups is None
                else with_key(document, ("dependency-groups",), name, "[]")
            )
            fix = combined(edits, f"Add the group `{name}`")
            yield from absent(context, REQUIRED_GROUP, f"{message}{reason}.", fix)


def tools(context: Context) -> Iterator[Finding]:
    """Tools' tables that have to be there; a dot leads further down."""
    document, reason = context.document, because(context.policy, "required-tools")
    for written in context.policy.required_tools:
        path = ("tool", *steps_of(written.removeprefix("tool.")))
        if document.get(*path) is None:
            message = f"There is no table `[{'.'.join(path)}]`, which the policy asks for; add it"
            fix = combined(with_section(document, path, ""), f"Add `[{'.'.join(path)}]`")
            yield from absent(context, REQUIRED_TOOL, f"{message}{reason}.", fix)


def _addition(document: Document, path: tuple[str, ...], patterns: tuple[str, ...]) -> Fix | None:
    """The key with the value that is asked for, where that is exact."""
    if len(patterns) != 1 or not is_literal(patterns[0]):
        return None
    value = _as_value(path, patterns[0])
    edits = with_key(document, path[:-1], path[-1], value) if value else ()
    return combined(edits, f"Add `{path[-1]} = {value}`")


def _as_value(path: TomlPath, text: str) -> str:
    """`text` as the kind of value that stands at `path`; "" for a table."""
    from pyproject_ls.project.schema.lookup import shape_at
    from pyproject_ls.project.schema.shapes import Boolean, ListOf, Number, TableForms, TableOf

    shape = shape_at(path)
    if isinstance(shape, (TableOf, TableForms)):
        return ""
    if isinstance(shape, ListOf):
        return f"[{quoted(text)}]"
    is_bare = text in ("true", "false") if not isinstance(shape, Number) else text.isdigit()
    if isinstance(shape, (Boolean, Number)) or shape is None or not hasattr(shape, "pattern"):
        return text if is_bare else quoted(text)
    return quoted(text)


def _change(document: Document, node: Value, patterns: tuple[str, ...]) -> Fix | None:
    if len(patterns) != 1 or not is_literal(patterns[0]):
        return None
    text = patterns[0]
    if isinstance(node, Array):
        return combined(with_item(document, node, quoted(text)), f"Add {quoted(text)}")
    if isinstance(node, Scalar) and node.kind == "string":
        return Fix(f"Change to {quoted(text)}", (Edit(node.span, quoted(text)),), safe=False)
    if isinstance(node, Scalar) and node.kind == "boolean" and text in ("true", "false"):
        return Fix(f"Change to `{text}`", (Edit(node.span, text),), safe=False)
    return None


def _texts(node: Value) -> Iterator[str]:
    """What is compared with patterns: the value, or each item of a list, as it is written."""
    for item in node.items if isinstance(node, Array) else (node,):
        if isinstance(item, Scalar) and item.kind in _BARE_KINDS:
            yield str(item.value).lower()
        elif isinstance(item, Scalar):
            yield str(item.value)


CHECKS = (keys, groups, tools)
