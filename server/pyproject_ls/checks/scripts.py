"""Scripts and entry points: their names, their references, and Poetry's extras on them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import part_of
from pyproject_ls.checks.finding import Finding, Fix, Rule, Severity, Tag
from pyproject_ls.checks.layout import FileState, file_state, missing_module
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.suggest import did_you_mean
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import (
    Manifest,
    as_string,
    as_table,
    indexed_strings,
    is_truthy,
)
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Key, Scalar, Table

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION

SCRIPT_WITH_EXTRAS = Rule(
    "script-with-extras",
    WARNING,
    "a Poetry script depends on extras",
    poetry=WARNING,
    standard=False,
    tags=(Tag.DEPRECATED,),
)
SCRIPT_EXTRA_UNKNOWN = Rule(
    "script-extra-unknown",
    ERROR,
    "a Poetry script requires an extra that is not defined",
    poetry=ERROR,
    standard=False,
)
RESERVED_ENTRY_POINT_GROUP = Rule(
    "reserved-entry-point-group",
    ERROR,
    "scripts defined as a group of `project.entry-points`",
    poetry=ERROR,
)
INVALID_ENTRY_POINT = Rule(
    "invalid-entry-point", ERROR, "a script or entry point is no valid object reference"
)
INVALID_ENTRY_POINT_NAME = Rule(
    "invalid-entry-point-name", ERROR, "the name of a script or entry point cannot be written down"
)
ENTRY_POINT_EXTRAS = Rule(
    "entry-point-extras",
    INFORMATION,
    "an entry point with extras",
    tags=(Tag.DEPRECATED,),
)
ENTRY_POINT_MODULE_MISSING = Rule(
    "entry-point-module-missing", WARNING, "the module of an entry point is not in the package"
)
SCRIPT_FILE_MISSING = Rule(
    "script-file-missing", ERROR, "a Poetry script file does not exist", standard=False
)

_RESERVED = {"console_scripts": "[project.scripts]", "gui_scripts": "[project.gui-scripts]"}
_EXTRAS = lazy_pattern(r"\[(?P<extras>[^\[\]]*)\]\s*\Z")


class Reference(NamedTuple):
    """One ``module:attribute`` as declared; `is_script` where it must name a function."""

    node: Scalar
    path: TomlPath
    is_script: bool


@check(SCRIPT_WITH_EXTRAS, SCRIPT_EXTRA_UNKNOWN)
def script_extras(context: Context) -> Iterator[Finding]:
    """``extras`` of the tables in ``[tool.poetry.scripts]``; names are compared as written."""
    poetry = context.manifest.poetry
    scripts = as_table(poetry.values.get("scripts")) if poetry is not None else None
    if poetry is None or scripts is None:
        return
    defined = as_table(poetry.values.get("extras"))
    names = defined.values if defined is not None else {}
    for name, script in scripts.values.items():
        extras = script.values.get("extras") if isinstance(script, Table) else None
        if extras is None or not isinstance(script, Table) or not is_truthy(extras):
            continue
        path = ("tool", "poetry", "scripts", name, "extras")
        yield SCRIPT_WITH_EXTRAS.at(
            script.keys["extras"],
            path,
            f"The script `{name}` depends on extras, which is deprecated and which installers"
            " ignore; remove `extras`.",
        )
        for index, item in indexed_strings(extras):
            if item.value not in names:
                advice = did_you_mean(item.value, names)
                yield SCRIPT_EXTRA_UNKNOWN.at(
                    item,
                    (*path, index),
                    f"The script `{name}` requires the extra {shown(item.value)}, which is not in"
                    f" `tool.poetry.extras`{advice or '; define it there, or remove it here.'}",
                )


@check(RESERVED_ENTRY_POINT_GROUP)
def reserved_groups(context: Context) -> Iterator[Finding]:
    """``console_scripts`` and ``gui_scripts`` below ``[project.entry-points]``."""
    groups = as_table(context.document.get("project", "entry-points"))
    if groups is None:
        return
    for name, table in _RESERVED.items():
        key = groups.keys.get(name)
        if key is not None:
            yield RESERVED_ENTRY_POINT_GROUP.at(
                key,
                ("project", "entry-points", name),
                f"`project.entry-points.{name}` is not allowed; write these scripts under"
                f" `{table}`.",
            )


@check(INVALID_ENTRY_POINT, INVALID_ENTRY_POINT_NAME, ENTRY_POINT_EXTRAS)
def entry_points(context: Context) -> Iterator[Finding]:
    """The syntax of names and references (the entry points specification)."""
    for key, path in _names(context.manifest):
        problem = _name_problem(key.text)
        if problem:
            yield INVALID_ENTRY_POINT_NAME.at(
                key, path, f"The name {shown(key.text)} of an entry point {problem}; rename it."
            )
    for reference in references(context.manifest):
        value = reference.node.value
        if "{{" in value:
            continue
        fault = _fault(value, reference.is_script)
        if fault is not None:
            fix = None
            if fault.remedy:
                where = part_of(context.document.text, reference.node, Span(0, len(value)))
                if where != reference.node.span:
                    fix = Fix(f"Change to `{fault.remedy}`", (Edit(where, fault.remedy),))
            yield INVALID_ENTRY_POINT.at(
                reference.node, reference.path, _message(reference, fault), fix=fix
            )
        elif "[" in value:
            extras = _EXTRAS.search(value)
            span = Span(extras.start(), len(value.rstrip())) if extras else Span(0, len(value))
            yield ENTRY_POINT_EXTRAS.at(
                part_of(context.document.text, reference.node, span),
                reference.path,
                f"`{dotted(reference.path)}` names extras, which installers may ignore; remove"
                " them.",
            )


@check(ENTRY_POINT_MODULE_MISSING)
def entry_point_modules(context: Context) -> Iterator[Finding]:
    """Modules of entry points that the project's own package does not have."""
    for reference in references(context.manifest):
        value = reference.node.value
        if "{{" in value or _fault(value, reference.is_script) is not None:
            continue
        module = _EXTRAS.sub("", value).partition(":")[0].strip()
        missing = missing_module(context, module)
        if missing is not None:
            start = value.index(module)
            yield ENTRY_POINT_MODULE_MISSING.at(
                part_of(context.document.text, reference.node, Span(start, start + len(module))),
                reference.path,
                f"`{dotted(reference.path)}` refers to the module `{module}`, but there is no"
                f" `{missing}.py` and no package `{missing}/`.",
            )


@check(SCRIPT_FILE_MISSING)
def script_files(context: Context) -> Iterator[Finding]:
    """Scripts of type "file": poetry-core stops the build where the file is not there."""
    poetry = context.manifest.poetry
    scripts = as_table(poetry.values.get("scripts")) if poetry is not None else None
    if poetry is None or scripts is None or "build" in poetry.values:
        return  # a build script may make the files
    for name, script in scripts.values.items():
        if not isinstance(script, Table):
            continue
        kind, node = as_string(script.values.get("type")), as_string(script.values.get("reference"))
        if kind is None or kind.value != "file" or node is None or "{{" in node.value:
            continue
        state = file_state(context, node.value)
        if state is not FileState.FINE:
            yield SCRIPT_FILE_MISSING.at(
                node,
                ("tool", "poetry", "scripts", name, "reference"),
                f"The script `{name}` is the file {shown(node.value)}, which {state.value}.",
            )


def references(manifest: Manifest) -> Iterator[Reference]:
    """Every object reference of scripts, GUI scripts, entry points and Poetry's counterparts."""
    project, poetry = manifest.project, manifest.poetry
    if project is not None:
        for table, is_script in (("scripts", True), ("gui-scripts", True)):
            yield from _strings(as_table(project.values.get(table)), ("project", table), is_script)
        yield from _groups(
            as_table(project.values.get("entry-points")), ("project", "entry-points")
        )
    if poetry is None:
        return
    yield from _groups(as_table(poetry.values.get("plugins")), ("tool", "poetry", "plugins"))
    scripts = as_table(poetry.values.get("scripts"))
    if scripts is None:
        return
    path: TomlPath = ("tool", "poetry", "scripts")
    yield from _strings(scripts, path, True)
    for name, script in scripts.values.items():
        if not isinstance(script, Table):
            continue
        kind = as_string(script.values.get("type"))
        for key in ("reference", "callable"):
            node = as_string(script.values.get(key))
            wanted = kind is None if key == "callable" else kind is not None
            if node is not None and wanted and (kind is None or kind.value == "console"):
                yield Reference(node, (*path, name, key), True)


def _strings(table: Table | None, path: TomlPath, is_script: bool) -> Iterator[Reference]:
    if table is not None:
        for name, value in table.values.items():
            if isinstance(value, Scalar) and value.kind == "string":
                yield Reference(value, (*path, name), is_script)


def _groups(groups: Table | None, path: TomlPath) -> Iterator[Reference]:
    if groups is not None:
        for group, below in groups.values.items():
            yield from _strings(as_table(below), (*path, group), False)


def _names(manifest: Manifest) -> Iterator[tuple[Key, TomlPath]]:
    project = manifest.project
    if project is None:
        return
    tables: list[tuple[Table | None, TomlPath]] = [
        (as_table(project.values.get(key)), ("project", key)) for key in ("scripts", "gui-scripts")
    ]
    groups = as_table(project.values.get("entry-points"))
    if groups is not None:
        for group, below in groups.values.items():
            tables.append((as_table(below), ("project", "entry-points", group)))
    for table, path in tables:
        if table is not None:
            for name, key in table.keys.items():
                yield key, (*path, name)


def _name_problem(name: str) -> str:
    if not name.strip():
        return "is empty"
    if "=" in name:
        return "holds a `=`"
    if name != name.strip():
        return "begins or ends with a blank"
    if name.startswith("["):
        return "begins with `[`"
    return "holds a line break" if "\n" in name or "\r" in name else ""


class ReferenceFault(NamedTuple):
    """What is wrong with a reference, what to do, and the text that would be right, if certain."""

    what: str
    advice: str
    remedy: str = ""


@lru_cache(maxsize=4096)
def _fault(value: str, is_script: bool) -> ReferenceFault | None:
    text = _EXTRAS.sub("", value).strip()
    module, colon, attribute = (part.strip() for part in text.partition(":"))
    form = "`module:function`" if is_script else "`module` or `module:object`"
    if not text:
        return ReferenceFault("is empty", f"write {form}.")
    bare = attribute[:-2].rstrip() if attribute.endswith("()") else attribute
    if not _is_dotted(module):
        return ReferenceFault(
            f"has {shown(module)} where a module's name must stand", _module_advice(module, form)
        )
    if not colon:
        return _without_function(module) if is_script else None
    if bare != attribute and _is_dotted(bare):
        return ReferenceFault(
            "calls the function instead of naming it",
            "remove the parentheses.",
            value.replace(attribute, bare),
        )
    if not _is_dotted(attribute):
        found = shown(attribute) if attribute else "nothing"
        return ReferenceFault(
            f"has {found} after the colon, where the name of an object must stand", f"write {form}."
        )
    return None


def _without_function(module: str) -> ReferenceFault:
    before, dot, last = module.rpartition(".")
    example = f"{before}:{last}" if dot else f"{module}:main"
    return ReferenceFault("names no function", f"put a colon before it, such as `{example}`.")


def _module_advice(module: str, form: str) -> str:
    candidate = module.removesuffix(".py").strip("./\\").replace("/", ".").replace("\\", ".")
    candidate = candidate.replace("-", "_")
    if candidate != module and _is_dotted(candidate):
        return f"write it as in an `import` statement, perhaps `{candidate}`."
    return f"write {form}."


def _is_dotted(text: str) -> bool:
    return all(part.isidentifier() for part in text.split("."))


def _message(reference: Reference, fault: ReferenceFault) -> str:
    return f"`{dotted(reference.path)}` {fault.what}; {fault.advice}"
