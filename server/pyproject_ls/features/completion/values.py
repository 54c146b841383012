"""Values: which provider knows what may stand at a path."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Union

from pyproject_ls.features.completion import (
    backends,
    classifiers,
    declared,
    licenses,
    markers,
    paths,
    releases,
    requirements,
    scripts,
    versions,
)
from pyproject_ls.features.completion.cursors import ValueCursor
from pyproject_ls.features.completion.model import Choice, Choices, Kind, Request
from pyproject_ls.features.completion.schema import OWN, shape_of
from pyproject_ls.features.completion.snippets import table_snippets
from pyproject_ls.host import Snapshot
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.project.schema.lookup import array_shape, table_shape
from pyproject_ls.project.schema.shapes import Boolean, ListOf, OneOf, Shape, Text

Provider = Callable[[Request], Union[Choices, None]]

_DEPENDENCY_TABLES = (
    "tool.poetry.dependencies",
    "tool.poetry.dev-dependencies",
    "tool.poetry.requires-plugins",
    "tool.poetry.group.*.dependencies",
    "tool.poetry.build-constraints.*",
)

# `*` is any key, `#` any index; the first pattern that fits decides
_PROVIDERS: list[tuple[str, Provider]] = [
    ("build-system.build-backend", backends.backend),
    ("build-system.requires.#", backends.requires),
    ("build-system.backend-path.#", paths.folder),
    ("project.readme", paths.readme),
    ("project.readme.file", paths.readme),
    ("project.readme.content-type", declared.content_type),
    ("project.requires-python", versions.requires_python),
    ("project.license", licenses.expression),
    ("project.license.file", paths.license_file),
    ("project.license-files.#", paths.license_file),
    ("project.classifiers.#", classifiers.classifier),
    ("project.dynamic.#", declared.dynamic),
    ("project.dependencies.#", requirements.requirement),
    ("project.optional-dependencies.*.#", requirements.requirement),
    ("project.scripts.*", scripts.function),
    ("project.gui-scripts.*", scripts.function),
    ("project.entry-points.*.*", scripts.any_object),
    ("project.authors.#.name", declared.person_name),
    ("project.authors.#.email", declared.person_email),
    ("project.maintainers.#.name", declared.person_name),
    ("project.maintainers.#.email", declared.person_email),
    ("project.import-names.#", scripts.module),
    ("project.import-namespaces.#", scripts.module),
    ("dependency-groups.*.#", requirements.requirement),
    ("dependency-groups.*.#.include-group", declared.include_group),
    ("tool.poetry.readme", paths.readme),
    ("tool.poetry.readme.#", paths.readme),
    ("tool.poetry.license", licenses.expression),
    ("tool.poetry.classifiers.#", classifiers.classifier),
    ("tool.poetry.packages.#.include", paths.package),
    ("tool.poetry.packages.#.from", paths.folder),
    ("tool.poetry.include.#", paths.any_path),
    ("tool.poetry.include.#.path", paths.any_path),
    ("tool.poetry.exclude.#", paths.any_path),
    ("tool.poetry.build", paths.python_file),
    ("tool.poetry.build.script", paths.python_file),
    ("tool.poetry.extras.*.#", declared.poetry_extra_member),
    ("tool.poetry.group.*.include-groups.#", declared.include_groups),
    ("tool.poetry.scripts.*", scripts.function),
    ("tool.poetry.scripts.*.reference", scripts.reference),
    ("tool.poetry.scripts.*.callable", scripts.function),
    ("tool.poetry.scripts.*.extras.#", declared.script_extra),
    ("tool.poetry.scripts.*.type", declared.script_type),
    ("tool.poetry.plugins.*.*", scripts.any_object),
    ("tool.poetry.source.#.priority", declared.priority),
    ("tool.poetry.source.#.name", declared.source_name),
    ("tool.poetry.requires-poetry", versions.requires_poetry),
    ("tool.poetry.dependencies.python", versions.poetry_python),
    ("tool.uv.dev-dependencies.#", requirements.requirement),
    ("tool.uv.constraint-dependencies.#", requirements.requirement),
    ("tool.uv.override-dependencies.#", requirements.requirement),
    ("tool.uv.build-constraint-dependencies.#", requirements.requirement),
    ("tool.pdm.dev-dependencies.*.#", requirements.requirement),
    (".".join((*OWN, "select", "#")), declared.rule),
    (".".join((*OWN, "extend-select", "#")), declared.rule),
    (".".join((*OWN, "ignore", "#")), declared.rule),
    (".".join((*OWN, "per-path-ignores", "*", "#")), declared.rule),
    (".".join((*OWN, "fix", "*", "#")), declared.rule),
    (".".join((*OWN, "plugins", "#")), declared.plugin),
    (".".join((*OWN, "extend")), paths.configuration),
    (".".join((*OWN, "extend", "#")), paths.configuration),
]
for _table in _DEPENDENCY_TABLES:
    for _entry in (f"{_table}.*", f"{_table}.*.#"):
        _PROVIDERS += [
            (_entry, releases.in_poetry),
            (f"{_entry}.version", releases.in_poetry),
            (f"{_entry}.python", versions.poetry_python),
            (f"{_entry}.platform", markers.platform),
            (f"{_entry}.markers", markers.marker),
            (f"{_entry}.extras.#", declared.dependency_extra),
            (f"{_entry}.source", declared.source),
            (f"{_entry}.path", paths.project_folder),
            (f"{_entry}.file", paths.archive),
        ]


def value_choices(
    snapshot: Snapshot, cursor: ValueCursor, offset: int
) -> tuple[Choices, bool] | None:
    """The choices at `cursor`, and whether each is to become the one item of an array."""
    document = snapshot.document
    content = document.text[cursor.content.start : cursor.content.end]
    if cursor.quote == '"' and "\\" in content:
        return None  # places in it would not be those of the text
    request = Request(
        snapshot,
        cursor.path,
        content,
        offset - cursor.content.start,
        cursor.quote or '"',
        bool(cursor.quote),
        cursor.span.start if cursor.span.start < cursor.span.end else -1,
        cursor.table,
        cursor.array,
    )
    shape = shape_of(cursor.path, document.root)
    raw = [] if cursor.quote else list(_raw_choices(shape))
    provider = _provider(cursor.path)
    found = provider(request) if provider is not None else _enumeration(request, shape)
    if found is None and not cursor.quote and not isinstance(cursor.path[-1], int):
        below = (*cursor.path, 0)
        inner = array_shape(shape) if shape is not None else None
        provider = _provider(below)
        request = request._replace(path=below)
        found = (
            provider(request)
            if provider is not None
            else _enumeration(request, inner.item if inner is not None else None)
        )
        if found is not None:
            return found, True
        if isinstance(shape, ListOf):
            snippets = list(_raw_choices(shape.item))
            return (request.whole(snippets), True) if snippets else None
    if raw:
        listed = list(found.items) if found is not None else []
        if found is not None and found.start == 0:
            return found._replace(items=[*listed, *raw]), False
        if found is None:
            return request.whole(raw), False
    return (found, False) if found is not None else None


def _raw_choices(shape: Shape | None) -> list[Choice]:
    """Booleans and inline tables."""
    if isinstance(shape, Boolean) or (isinstance(shape, OneOf) and shape.boolean is not None):
        return [Choice(word, Kind.VALUE, raw=True) for word in ("true", "false")]
    table = table_shape(shape) if shape is not None else None
    if table is None:
        return []
    order = 500 if isinstance(shape, OneOf) else 0
    choices = []
    for index, snippet in enumerate(table_snippets(table)):
        names = [part.split(" =")[0].strip("{ ") for part in snippet.split(", ")]
        label = f"{{ {', '.join(f'{name} = …' for name in names)} }}" if "=" in snippet else "{ … }"
        choices.append(
            Choice(
                snippet, Kind.SNIPPET, label, "inline table", order + index, raw=True, snippet=True
            )
        )
    return choices


def _enumeration(request: Request, shape: Shape | None) -> Choices | None:
    """The values that the schema lists."""
    if isinstance(shape, OneOf):
        shape = shape.text
    if not isinstance(shape, Text) or not shape.suggestions:
        return None
    others = request.others()
    return request.whole(
        Choice(value, Kind.VALUE, order=order)
        for order, value in enumerate(shape.suggestions)
        if value not in others
    )


@lru_cache(maxsize=1024)
def _provider(path: TomlPath) -> Provider | None:
    for pattern, provider in _PROVIDERS:
        if _fits(pattern, path):
            return provider
    return None


def _fits(pattern: str, path: TomlPath) -> bool:
    parts = pattern.split(".")
    if len(parts) != len(path):
        return False
    for part, step in zip(parts, path, strict=True):
        if part == "#":
            if not isinstance(step, int):
                return False
        elif isinstance(step, int) or part not in ("*", step):
            return False
    return True
