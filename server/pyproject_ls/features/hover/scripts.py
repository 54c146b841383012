"""Hover of scripts and entry points: signature and docstring of what they call."""

from __future__ import annotations

from pyproject_ls.facts import PathKind
from pyproject_ls.features.markdown import block, code, join, paragraphs
from pyproject_ls.features.python_targets import python_target
from pyproject_ls.host import Snapshot
from pyproject_ls.project.manifest import as_string
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.python_source import PythonObject, module_docstring
from pyproject_ls.toml import Scalar, Table, Value

_KINDS = {
    ("project", "scripts"): "command",
    ("project", "gui-scripts"): "command without a console",
    ("project", "entry-points"): "entry point",
    ("tool", "poetry", "scripts"): "command",
    ("tool", "poetry", "plugins"): "entry point",
}


def script_text(snapshot: Snapshot, path: TomlPath) -> str | None:
    """The text about the script or entry point at `path`, or about a key of its table."""
    size = 3 if path[0] == "tool" else 2
    table = tuple(str(step) for step in path[:size])
    kind = _KINDS.get(table)
    depth = size + (2 if table[-1] in {"entry-points", "plugins"} else 1)
    if kind is None or len(path) < depth:
        return None
    steps = [step for step in path[:depth] if isinstance(step, str)]
    node = snapshot.document.get(*steps)
    title = f"{code(steps[-1], 80)} · {kind}"
    if depth == size + 2:
        title += f" of the group {code(steps[-2], 80)}"
    reference = _reference(node)
    if reference is None:
        return None
    value = reference.value.strip()
    if isinstance(node, Table) and _says_file(node):
        missing = snapshot.facts.path_kind(value) is PathKind.MISSING if value else False
        return join([title, f"A copy of the file {code(value)}{', which is missing' * missing}."])
    return join([title, _target(snapshot, value)])


def _reference(node: Value | None) -> Scalar | None:
    if isinstance(node, Table):
        return as_string(node.values.get("reference")) or as_string(node.values.get("callable"))
    return as_string(node)


def _says_file(table: Table) -> bool:
    kind = as_string(table.values.get("type"))
    return kind is not None and kind.value == "file"


def _target(snapshot: Snapshot, reference: str) -> str:
    """What ``module:object`` stands for, as far as the files of the project tell."""
    target = python_target(snapshot, reference)
    if target is None:
        return f"Stands for {code(reference)}."
    found = target.object
    if found is None:
        source = snapshot.facts.text_of(target.path)
        text = source.text if source is not None else None
        if target.wanted:
            return f"{code(target.wanted, 100)} is not found in {code(target.path)}."
        summary = module_docstring(text) if text else ""
        return join([paragraphs(summary), f"The module {code(target.path)}"])
    return join(
        [
            block(_definition(found), "python") if found.signature else "",
            paragraphs(found.docstring),
            f"{code(found.name, 100)} in {code(target.path)}, line {found.line + 1}",
        ]
    )


def _definition(found: PythonObject) -> str:
    if found.kind != "function":
        return found.signature
    if found.signature.startswith("async "):
        return f"async def {found.signature.removeprefix('async ')}"
    return f"def {found.signature}"
