"""Projects for Poetry 1.8: what it says, and which of the newer findings it does not know.

Follows `Factory.validate` of poetry-core 1.9 and ``poetry check`` of Poetry 1.8.5, which read
``[tool.poetry]`` and nothing else of the file.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.configuration.target import Target, poetry_target
from pyproject_ls.project.manifest import as_table
from pyproject_ls.text import Span
from pyproject_ls.toml import Scalar, Table

PROJECT_NOT_READ = Rule(
    "project-not-read",
    Severity.WARNING,
    "a `[project]` table in a project for Poetry 1.8",
    tags=(Tag.UNNECESSARY,),
)
POETRY_TABLE_MISSING = Rule(
    "poetry-table-missing",
    Severity.ERROR,
    "a project for Poetry 1.8 without `[tool.poetry]`",
    poetry=Severity.ERROR,
)
POETRY_FIELDS_MISSING = Rule(
    "poetry-fields-missing",
    Severity.ERROR,
    "a field that Poetry 1.8 needs is missing",
    poetry=Severity.ERROR,
)
NEEDS_POETRY_2 = Rule(
    "needs-poetry-2",
    Severity.ERROR,
    "a key that Poetry 1.8 does not know",
    poetry=Severity.ERROR,
)

NEWER = frozenset(
    {
        *("deprecated-field", "ignored-field", "field-not-dynamic", "deprecated-dev-dependencies"),
        *("poetry-1-metadata", "missing-name", "missing-version", "poetry-not-allowed"),
        *("ignored-poetry-dependency", "enrichment-conflict", "license-classifier"),
    }
)
"""Rules that hold since Poetry 2 only."""

OF_POETRY_2 = ("requires-poetry", "requires-plugins", "build-constraints")
"""The keys of ``[tool.poetry]`` that Poetry 2 has added."""

_REQUIRED = ("name", "version", "description", "authors")
_OLD_PRIORITIES = ("default", "secondary")


def target_of(context: Context) -> Target:
    """The Poetry that the project is for."""
    return poetry_target(context.document, context.facts, context.settings)


def in_poetry_1(finding: Finding, context: Context) -> Finding | None:
    """`finding` as it holds for a project for Poetry 1.8; None: it does not."""
    code, path = finding.code, finding.path
    if code in NEWER:
        return None
    if code in ("source-priority", "unknown-key") and path[:3] == ("tool", "poetry", "source"):
        if code == "source-priority":
            node = _at(context, finding)
            return None if node in _OLD_PRIORITIES else finding
        return None if path[-1] in _OLD_PRIORITIES else finding
    if finding.poetry and path and path[:2] != ("tool", "poetry"):
        return finding._replace(poetry=False)
    return finding


def _at(context: Context, finding: Finding) -> str:
    """The text at the path of `finding`, in lower case."""
    node = context.document.get("tool", "poetry", "source")
    for step in finding.path[3:]:
        if isinstance(step, int):
            items = getattr(node, "items", None)
            node = items[step] if isinstance(items, list) and step < len(items) else None
        else:
            node = node.values.get(step) if isinstance(node, Table) else None
    return str(node.value).lower() if isinstance(node, Scalar) else ""


@check(PROJECT_NOT_READ, POETRY_TABLE_MISSING, POETRY_FIELDS_MISSING, NEEDS_POETRY_2)
def poetry_1(context: Context) -> Iterator[Finding]:
    """What Poetry 1.8 says of a file in which a newer one would find nothing."""
    target, reason = target_of(context)
    if target != "1.8":
        return
    document, poetry = context.document, context.manifest.poetry
    project = document.get("project")
    because = "" if reason == "declared" else f" ({reason})"
    if document.get("tool", "poetry") is None:
        place = project.span if project is not None else Span(0, 0)
        yield POETRY_TABLE_MISSING.at(
            place,
            ("tool", "poetry"),
            "Poetry 1.8, which this project is for, reads `[tool.poetry]` only, and that is"
            " missing; add it with `name`, `version`, `description` and `authors`.",
        )
        return
    if isinstance(project, Table):
        yield PROJECT_NOT_READ.at(
            Span(project.start, project.end),
            ("project",),
            f"Poetry 1.8, which this project is for{because}, does not read `[project]`; keep the"
            " metadata in `[tool.poetry]`, or move the project to Poetry 2.",
        )
    if poetry is not None:
        yield from _missing_fields(context, poetry)
        yield from _missing_python(poetry)
        yield from _newer_keys(poetry)


def _missing_fields(context: Context, poetry: Table) -> Iterator[Finding]:
    if not context.manifest.package_mode:
        return
    missing = [f"`{name}`" for name in _REQUIRED if name not in poetry.values]
    if missing:
        *first, last = missing
        names = f"{', '.join(first)} and {last}" if first else last
        yield POETRY_FIELDS_MISSING.at(
            Span(poetry.start, poetry.end),
            ("tool", "poetry"),
            f"`tool.poetry` needs {names} for Poetry 1.8; add"
            f" {'them' if first else 'it'}, or set `package-mode = false` if the project is not to"
            " be a package.",
        )


def _missing_python(poetry: Table) -> Iterator[Finding]:
    dependencies = as_table(poetry.values.get("dependencies"))
    if dependencies is not None and "python" not in dependencies.values:
        yield POETRY_FIELDS_MISSING.at(
            Span(dependencies.start, dependencies.end),
            ("tool", "poetry", "dependencies"),
            "`tool.poetry.dependencies` needs `python` for Poetry 1.8; add it, such as"
            ' `python = "^3.9"`.',
        )


def _newer_keys(poetry: Table) -> Iterator[Finding]:
    for name in OF_POETRY_2:
        if name in poetry.keys:
            yield NEEDS_POETRY_2.at(
                poetry.keys[name],
                ("tool", "poetry", name),
                f"`tool.poetry.{name}` is known since Poetry 2; Poetry 1.8, which this project is"
                " for, refuses the file because of it. Remove it.",
            )
    groups = as_table(poetry.values.get("group"))
    for name, group in groups.values.items() if groups is not None else ():
        if isinstance(group, Table) and "include-groups" in group.keys:
            yield NEEDS_POETRY_2.at(
                group.keys["include-groups"],
                ("tool", "poetry", "group", name, "include-groups"),
                f"`tool.poetry.group.{name}.include-groups` is known since Poetry 2; Poetry 1.8,"
                " which this project is for, refuses the file because of it. List the dependencies"
                " here.",
            )
