"""What Poetry 2 moved to ``[project]``: deprecated, ignored and unlisted fields of Poetry's table.

Follows `Factory._validate_legacy_vs_project` and `Factory._validate_strict` of poetry-core 2.5.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import delete_key, rename_key
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Home
from pyproject_ls.project.manifest import as_string, as_table, text_of
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import cut, normalized_name
from pyproject_ls.text import Span
from pyproject_ls.toml import Key, Scalar, Table, Value

WARNING = Severity.WARNING

DEPRECATED_FIELD = Rule(
    "deprecated-field",
    WARNING,
    "a field of `[tool.poetry]` that moved to `[project]`",
    poetry=WARNING,
    standard=False,
    tags=(Tag.DEPRECATED,),
)
IGNORED_FIELD = Rule(
    "ignored-field",
    WARNING,
    "a field of `[tool.poetry]` that `[project]` overrides",
    poetry=WARNING,
    standard=False,
    tags=(Tag.UNNECESSARY,),
)
FIELD_NOT_DYNAMIC = Rule(
    "field-not-dynamic",
    WARNING,
    "a field of `[tool.poetry]` that `[project]` does not list as dynamic",
    poetry=WARNING,
    standard=False,
)
DEPRECATED_DEV_DEPENDENCIES = Rule(
    "deprecated-dev-dependencies",
    WARNING,
    "`dev-dependencies` instead of a group",
    poetry=WARNING,
    standard=False,
    tags=(Tag.DEPRECATED,),
)
AMBIGUOUS_PYTHON = Rule(
    "ambiguous-python", WARNING, "any Python is allowed", poetry=WARNING, standard=False
)
DEPRECATED_ALLOWS_PRERELEASES = Rule(
    "deprecated-allows-prereleases",
    WARNING,
    "`allows-prereleases` is the old spelling",
    poetry=WARNING,
    standard=False,
    tags=(Tag.DEPRECATED,),
)
POETRY_1_METADATA = Rule(
    "poetry-1-metadata",
    Severity.INFORMATION,
    "a project for Poetry 2 without a `[project]` table",
    standard=False,
)


class _Moved(NamedTuple):
    """A field of ``[tool.poetry]``, its successor, and whether it may stay if it is dynamic."""

    old: str
    new: str
    may_stay: bool = False


_MOVED = (
    _Moved("name", "name"),
    _Moved("version", "version", may_stay=True),
    _Moved("description", "description"),
    _Moved("readme", "readme", may_stay=True),
    _Moved("license", "license"),
    _Moved("authors", "authors"),
    _Moved("maintainers", "maintainers"),
    _Moved("keywords", "keywords"),
    _Moved("classifiers", "classifiers", may_stay=True),
    _Moved("homepage", "urls"),
    _Moved("repository", "urls"),
    _Moved("documentation", "urls"),
    _Moved("urls", "urls"),
    _Moved("plugins", "entry-points"),
    _Moved("extras", "optional-dependencies"),
)


@check(DEPRECATED_FIELD, IGNORED_FIELD, FIELD_NOT_DYNAMIC)
def moved_fields(context: Context) -> Iterator[Finding]:
    """Each field that has a successor: ignored if that is set, else deprecated or to be listed."""
    poetry = context.manifest.poetry
    if poetry is None:
        return
    project = context.manifest.project
    standard = project.values if project is not None else {}
    for moved in _MOVED:
        key = poetry.keys.get(moved.old)
        if key is None:
            continue
        if moved.new in standard:
            assert project is not None
            yield _ignored(context, poetry, moved, project.keys[moved.new])
        elif not moved.may_stay:
            yield _deprecated(moved, key)
        elif moved.new not in context.manifest.dynamic:
            yield _not_dynamic(moved, key, project is not None)


def _ignored(context: Context, poetry: Table, moved: _Moved, successor: Key) -> Finding:
    advice = "remove it" if moved.old == moved.new else "move what is missing there, and remove it"
    fix = None
    edits = delete_key(context.document.text, poetry, moved.old)
    if edits and (moved.old == moved.new or _is_among_urls(context, poetry.values[moved.old])):
        fix = Fix(f"Remove `tool.poetry.{moved.old}`", edits)
    return IGNORED_FIELD.at(
        poetry.keys[moved.old],
        ("tool", "poetry", moved.old),
        f"`tool.poetry.{moved.old}` is ignored, because `project.{moved.new}` is set; {advice}.",
        related=(Related(successor.span, f"`project.{moved.new}` is set here"),),
        fix=fix,
    )


def _is_among_urls(context: Context, node: Value) -> bool:
    """Whether the URL `node` stands in ``[project.urls]`` too."""
    urls = as_table(context.document.get("project", "urls"))
    link = text_of(node)
    return link is not None and urls is not None and link in map(text_of, urls.values.values())


def _deprecated(moved: _Moved, key: Key) -> Finding:
    return DEPRECATED_FIELD.at(
        key,
        ("tool", "poetry", moved.old),
        f"`tool.poetry.{moved.old}` is deprecated since Poetry 2.0; move it to"
        f" `project.{moved.new}`.",
    )


def _not_dynamic(moved: _Moved, key: Key, has_project: bool) -> Finding:
    field = moved.old
    if has_project:
        state = (
            f"is set, but `project.dynamic` does not list `{field}`; move it to `project.{field}`"
        )
    else:
        state = f"is deprecated without a `[project]` table; move it to `project.{field}`"
    return FIELD_NOT_DYNAMIC.at(
        key,
        ("tool", "poetry", field),
        f"`tool.poetry.{field}` {state}, or list `{field}` in `project.dynamic` if Poetry fills it"
        " in.",
    )


@check(DEPRECATED_FIELD, IGNORED_FIELD)
def console_scripts(context: Context) -> Iterator[Finding]:
    """Console scripts in Poetry's table; scripts of the type `file` have no other place."""
    poetry = context.manifest.poetry
    scripts = as_table(poetry.values.get("scripts")) if poetry is not None else None
    if poetry is None or scripts is None or not any(map(_is_console, scripts.values.values())):
        return
    key, path = poetry.keys["scripts"], ("tool", "poetry", "scripts")
    project = context.manifest.project
    successor = project.keys.get("scripts") if project is not None else None
    if successor is not None:
        yield IGNORED_FIELD.at(
            key,
            path,
            "Console scripts in `tool.poetry.scripts` are ignored, because `project.scripts` is"
            " set; move those you need there, and remove the rest.",
            related=(Related(successor.span, "`project.scripts` is set here"),),
        )
    else:
        yield DEPRECATED_FIELD.at(
            key,
            path,
            "Console scripts in `tool.poetry.scripts` are deprecated since Poetry 2.0; move them to"
            " `project.scripts`, and keep only scripts of the type `file` here.",
        )


def _is_console(script: Value) -> bool:
    if not isinstance(script, Table):
        return True
    kind = script.values.get("type")
    return not (isinstance(kind, Scalar) and kind.value == "file")


@check(FIELD_NOT_DYNAMIC)
def dependencies_not_dynamic(context: Context) -> Iterator[Finding]:
    """Poetry's dependencies or Python beside a ``[project]`` that neither sets nor lists them."""
    poetry, project = context.manifest.poetry, context.manifest.project
    if poetry is None or project is None or "dependencies" not in poetry.values:
        return
    dynamic = context.manifest.dynamic
    dependencies = as_table(poetry.values["dependencies"])
    if "dependencies" not in project.values and "dependencies" not in dynamic:
        place = dependencies or poetry.keys["dependencies"]
        yield FIELD_NOT_DYNAMIC.at(
            Span(place.start, place.end),
            ("tool", "poetry", "dependencies"),
            "`tool.poetry.dependencies` is set, but `[project]` has no `dependencies` and does not"
            " list them in `project.dynamic`; move them to `project.dependencies`, or add"
            " `dependencies` to `project.dynamic`.",
        )
    if dependencies is None or "python" not in dependencies.keys:
        return
    if "requires-python" not in project.values and "requires-python" not in dynamic:
        yield FIELD_NOT_DYNAMIC.at(
            dependencies.keys["python"],
            ("tool", "poetry", "dependencies", "python"),
            "`tool.poetry.dependencies.python` is set, but `[project]` has no `requires-python` and"
            " does not list it in `project.dynamic`; set `project.requires-python`.",
        )


@check(DEPRECATED_DEV_DEPENDENCIES)
def dev_dependencies(context: Context) -> Iterator[Finding]:
    """The table of Poetry before 1.2."""
    poetry = context.manifest.poetry
    key = poetry.keys.get("dev-dependencies") if poetry is not None else None
    if poetry is None or key is None:
        return
    path = ("tool", "poetry", "dev-dependencies")
    table = as_table(poetry.values["dev-dependencies"])
    fix = None
    if table is not None and _may_have_dev_group(context, table):
        edits = rename_key(context.document, path, key, "group.dev.dependencies")
        fix = Fix("Rename to `tool.poetry.group.dev.dependencies`", edits)
    place = table if table is not None and table.headers else key
    yield DEPRECATED_DEV_DEPENDENCIES.at(
        Span(place.start, place.end),
        path,
        "`tool.poetry.dev-dependencies` is deprecated since Poetry 1.2; rename it to"
        " `tool.poetry.group.dev.dependencies`.",
        fix=fix,
    )


def _may_have_dev_group(context: Context, table: Table) -> bool:
    """Whether a group `dev` can be added where the `table` of development dependencies stands."""
    standard = context.manifest.dependency_groups
    names = [*standard.values] if standard is not None else []
    group = context.document.get("tool", "poetry", "group")
    if group is not None:
        if not isinstance(group, Table) or {group.origin, table.origin} - {"implicit", "header"}:
            return False  # TOML allows to extend a table only by headers
        names += group.values
    return "dev" not in map(normalized_name, names)


@check(AMBIGUOUS_PYTHON)
def ambiguous_python(context: Context) -> Iterator[Finding]:
    """``python = "*"``."""
    python = as_string(context.document.get("tool", "poetry", "dependencies", "python"))
    if python is not None and python.value == "*":
        yield AMBIGUOUS_PYTHON.at(
            python,
            ("tool", "poetry", "dependencies", "python"),
            "`tool.poetry.dependencies.python` allows any Python; name the versions that you"
            " support, such as `>=3.10`.",
        )


@check(DEPRECATED_ALLOWS_PRERELEASES)
def allows_prereleases(context: Context) -> Iterator[Finding]:
    """The old spelling of ``allow-prereleases``; Poetry looks at the main dependencies only."""
    for dependency in context.manifest.dependencies:
        table = dependency.node
        if not isinstance(table, Table) or "allows-prereleases" not in table.keys:
            continue
        key, path = table.keys["allows-prereleases"], (*dependency.path, "allows-prereleases")
        fix = None
        if "allow-prereleases" not in table.keys:
            edits = rename_key(context.document, path, key, "allow-prereleases")
            fix = Fix("Rename to `allow-prereleases`", edits)
        yield DEPRECATED_ALLOWS_PRERELEASES.at(
            key,
            path,
            f"`{dotted(path)}` is deprecated; rename it to `allow-prereleases`.",
            fix=fix,
            poetry=dependency.declared.home is Home.POETRY and isinstance(dependency.where, str),
        )


@check(POETRY_1_METADATA)
def poetry_1_metadata(context: Context) -> Iterator[Finding]:
    """A project built by poetry-core 2 whose metadata is all in Poetry 1's tables."""
    manifest = context.manifest
    poetry = manifest.poetry
    if poetry is None or manifest.document.get("project") is not None or not manifest.package_mode:
        return
    for dependency in manifest.by_home.get(Home.BUILD, ()):
        if dependency.normalized == "poetry-core" and _needs_version_2(dependency.node):
            yield POETRY_1_METADATA.at(
                Span(poetry.start, poetry.end),
                ("project",),
                "The project is built by poetry-core 2, but describes itself in `[tool.poetry]`"
                " alone; add a `[project]` table, which every tool reads.",
            )


def _needs_version_2(node: Value) -> bool:
    if not isinstance(node, Scalar):
        return False
    clauses = (part.text.replace(" ", "") for part in cut(node.value).specifiers)
    return any(clause.startswith((">=2", ">2", "~=2", "==2")) for clause in clauses)
