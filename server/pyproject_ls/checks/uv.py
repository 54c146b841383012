"""What ``[tool.uv.sources]`` says: the entries, and the indexes that they refer to."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.suggest import closest
from pyproject_ls.checks.wording import shown
from pyproject_ls.facts import PathKind
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import as_string, as_table
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.toml import Array, Document, Table

UV_INDEX_UNKNOWN = Rule(
    "uv-index-unknown", Severity.WARNING, "a uv source that refers to an undeclared index"
)

BASE = ("tool", "uv", "sources")


class UvSource(NamedTuple):
    """One table of ``[tool.uv.sources]``; a package can have several."""

    package: str
    path: TomlPath
    table: Table


def uv_sources(document: Document) -> Iterator[UvSource]:
    """Every source, in the order of the text; what is no table is left out."""
    table = as_table(document.get(*BASE))
    if table is None:
        return
    for package, value in table.values.items():
        if isinstance(value, Table):
            yield UvSource(package, (*BASE, package), value)
        elif isinstance(value, Array):
            for index, item in enumerate(value.items):
                if isinstance(item, Table):
                    yield UvSource(package, (*BASE, package, index), item)


@check(UV_INDEX_UNKNOWN)
def uv_indexes(context: Context) -> Iterator[Finding]:
    """The ``index`` of every source."""
    names: list[str] | None = None
    for source in uv_sources(context.document):
        node = as_string(source.table.values.get("index"))
        if node is None:
            continue
        if names is None:
            names = _uv_index_names(context)
        if names is None:
            return
        if node.value not in names:
            match = closest(node.value, names)
            advice = f"did you mean {shown(match)}?" if match else "add a `[[tool.uv.index]]`."
            yield UV_INDEX_UNKNOWN.at(
                node,
                (*source.path, "index"),
                f"The index {shown(node.value)} of `{source.package}` is not declared in this file;"
                f" {advice}",
            )


def _uv_index_names(context: Context) -> list[str] | None:
    """The indexes of the file; None where a workspace around it may declare more."""
    node = context.document.get("tool", "uv", "index")
    names: list[str] = []
    if isinstance(node, Array):
        for item in node.items:
            name = as_string(item.values.get("name")) if isinstance(item, Table) else None
            if name is not None:
                names.append(name.value)
    if context.document.get("tool", "uv", "workspace") is None:
        for parent in ("..", "../..", "../../.."):
            kind = context.facts.path_kind(f"{parent}/pyproject.toml")
            if kind is not PathKind.MISSING:
                return None
    return names
