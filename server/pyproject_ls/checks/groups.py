"""Dependency groups: their names, and what they include (PEP 735 and ``[tool.poetry.group]``)."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted, without_item
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.suggest import closest
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import Manifest, as_array, as_string, as_table, indexed_strings
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Key, Scalar

ERROR = Severity.ERROR

DUPLICATE_GROUP = Rule(
    "duplicate-group", ERROR, "two dependency groups have the same normalised name", poetry=ERROR
)
CYCLIC_INCLUDE = Rule("cyclic-include", ERROR, "a dependency group includes itself", poetry=ERROR)
UNKNOWN_GROUP = Rule(
    "unknown-group", ERROR, "a group includes one that is not defined", poetry=ERROR
)
DUPLICATE_INCLUDE = Rule(
    "duplicate-include",
    ERROR,
    "a group includes another one twice",
    poetry=ERROR,
    standard=False,
)


class Include(NamedTuple):
    """One group includes another: the normalised names, and where that is written."""

    owner: str
    target: str
    node: Scalar
    path: TomlPath
    array: Array
    position: int

    @property
    def in_standard(self) -> bool:
        """Whether it stands in ``[dependency-groups]``."""
        return self.path[0] == "dependency-groups"


@check(DUPLICATE_GROUP)
def duplicate_groups(context: Context) -> Iterator[Finding]:
    """Groups with one normalised name and two spellings (`_validate_dependency_groups`)."""
    seen: dict[str, tuple[str, Key]] = {}
    for key, path in _group_keys(context.manifest):
        name = normalized_name(key.text)
        first = seen.setdefault(name, (key.text, key))
        if first[0] != key.text:
            yield DUPLICATE_GROUP.at(
                key,
                path,
                f"`{dotted(path)}` is the same dependency group as `{first[0]}`, because names are"
                " normalised; merge them, or rename one.",
                related=(Related(first[1].span, f"`{first[0]}` is defined here"),),
            )


@check(CYCLIC_INCLUDE, UNKNOWN_GROUP, DUPLICATE_INCLUDE)
def includes(context: Context) -> Iterator[Finding]:
    """Includes that close a cycle, name no group, or repeat another."""
    includes = list(_includes(context.manifest))
    if not includes:
        return
    defined = {normalized_name(key.text): key for key, _ in _group_keys(context.manifest)}
    closing = _closing(includes)
    seen: dict[tuple[str, str], Include] = {}
    for include in includes:
        if include in closing:
            yield _cycle(context, include)
        elif include.target not in defined:
            yield from _unknown(context.manifest, include, defined)
        else:
            first = seen.setdefault((include.owner, include.target), include)
            if first is not include:
                yield DUPLICATE_INCLUDE.at(
                    include.node,
                    include.path,
                    f"`{dotted(include.path)}` includes `{include.node.value}` a second time, which"
                    " Poetry refuses; remove it.",
                    related=(Related(first.node.span, "first included here"),),
                    fix=_removal(context, include),
                )


def _cycle(context: Context, include: Include) -> Finding:
    message = (
        f"`{dotted(include.path)}` includes `{include.node.value}`, which includes this group again"
    )
    if include.owner == include.target:
        message = f"`{dotted(include.path)}` includes `{include.node.value}`, its own group"
        return CYCLIC_INCLUDE.at(
            include.node, include.path, f"{message}; remove it.", fix=_removal(context, include)
        )
    return CYCLIC_INCLUDE.at(include.node, include.path, f"{message}; remove one of the includes.")


def _removal(context: Context, include: Include) -> Fix:
    """Take the include out of its array."""
    edit = without_item(context.document.text, include.array, include.position)
    return Fix("Remove this include", (edit,))


def _unknown(manifest: Manifest, include: Include, defined: dict[str, Key]) -> Iterator[Finding]:
    main_exists = manifest.document.get("project", "dependencies") is not None or (
        manifest.document.get("tool", "poetry", "dependencies") is not None
    )
    to_main = include.target == "main" and main_exists  # Poetry's name for the main dependencies
    if to_main and not include.in_standard:
        return
    names = [key.text for key in defined.values()]
    match = closest(include.node.value, names)
    hint = f"did you mean `{match}`?" if match else "define it, or remove the include."
    fix = None
    if match:
        fix = Fix(f"Change to `{match}`", (Edit(include.node.span, quoted(match)),), safe=False)
    yield UNKNOWN_GROUP.at(
        include.node,
        include.path,
        f"`{dotted(include.path)}` is `{include.node.value}`, which is not a dependency group;"
        f" {hint}",
        fix=fix,
        poetry=not to_main,
    )


def _group_keys(manifest: Manifest) -> Iterator[tuple[Key, TomlPath]]:
    standard = manifest.dependency_groups
    if standard is not None:
        for name, key in standard.keys.items():
            yield key, ("dependency-groups", name)
    poetry = as_table(manifest.document.get("tool", "poetry", "group"))
    if poetry is not None:
        for name, key in poetry.keys.items():
            yield key, ("tool", "poetry", "group", name)


def _includes(manifest: Manifest) -> Iterator[Include]:
    standard = manifest.dependency_groups
    if standard is not None:
        for name, value in standard.values.items():
            array = as_array(value)
            for index, item in enumerate(array.items if array else ()):
                table = as_table(item)
                node = as_string(table.values.get("include-group")) if table else None
                if array is not None and node is not None and node.value:
                    path: TomlPath = ("dependency-groups", name, index, "include-group")
                    yield _include(name, node, path, array, index)
    poetry = as_table(manifest.document.get("tool", "poetry", "group"))
    if poetry is not None:
        for name, value in poetry.values.items():
            table = as_table(value)
            array = as_array(table.values.get("include-groups")) if table else None
            if array is not None:
                for index, node in indexed_strings(array):
                    path = ("tool", "poetry", "group", name, "include-groups", index)
                    yield _include(name, node, path, array, index)


def _include(owner: str, node: Scalar, path: TomlPath, array: Array, index: int) -> Include:
    target = normalized_name(node.value)
    return Include(normalized_name(owner), target, node, path, array, index)


def _closing(includes: list[Include]) -> set[Include]:
    """The includes that close a cycle: those that lead back to a group on the way to them."""
    below: dict[str, list[Include]] = {}
    for include in includes:
        below.setdefault(include.owner, []).append(include)
    closing: set[Include] = set()
    done: set[str] = set()
    for root in below:
        if root in done:
            continue
        way: list[str] = [root]
        stack = [iter(below[root])]
        while stack:
            step = next(stack[-1], None)
            if step is None:
                stack.pop()
                done.add(way.pop())
            elif step.target in way:
                closing.add(step)
            elif step.target not in done and step.target in below:
                way.append(step.target)
                stack.append(iter(below[step.target]))
    return closing
