"""``[build-system]``: the build backend, and the requirements that bring it (PEP 517, PEP 518)."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.backends import (
    BACKENDS,
    OLD_POETRY,
    POETRY,
    may_come_with,
    meant_backend,
    usual_backend,
)
from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import part_of
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.suggest import closest
from pyproject_ls.checks.wording import shown
from pyproject_ls.facts import PathKind
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import Manifest, as_array, as_string, indexed_strings
from pyproject_ls.project.ranges import are_disjoint
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Array, Scalar, Table

ERROR, WARNING, HINT = Severity.ERROR, Severity.WARNING, Severity.HINT

BUILD_SYSTEM_MISSING = Rule(
    "build-system-missing", WARNING, "a Poetry package has no `[build-system]`", standard=False
)
BUILD_SYSTEM_DEFAULT = Rule(
    "build-system-default", HINT, "a `[project]` without `[build-system]` is built by setuptools"
)
BUILD_BACKEND_MISSING = Rule(
    "build-backend-missing", WARNING, "`requires` lists a backend, but `build-backend` is missing"
)
BUILD_BACKEND_UNKNOWN = Rule(
    "build-backend-unknown", ERROR, "the build backend is misspelt or cannot be imported"
)
BUILD_BACKEND_NOT_REQUIRED = Rule(
    "build-backend-not-required", ERROR, "`requires` does not list the build backend"
)
POETRY_AS_BACKEND = Rule(
    "poetry-as-backend",
    WARNING,
    "`poetry` is the build backend instead of `poetry-core`",
    standard=False,
    tags=(Tag.DEPRECATED,),
)
POETRY_CORE_TOO_OLD = Rule(
    "poetry-core-too-old", WARNING, "`[project]` with a poetry-core that cannot read it"
)
BACKEND_PATH_INVALID = Rule(
    "backend-path-invalid", ERROR, "`backend-path` leaves the project or does not exist"
)

_BACKEND = lazy_pattern(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*(?::[^\W\d]\w*(?:\.[^\W\d]\w*)*)?")
_NEW_TABLE = """
[build-system]
requires = ["{requirement}"]
build-backend = "poetry.core.masonry.api"
"""


@check(BUILD_SYSTEM_MISSING, BUILD_SYSTEM_DEFAULT)
def build_system_missing(context: Context) -> Iterator[Finding]:
    """Packages without the table: installers then build with setuptools."""
    manifest = context.manifest
    if "build-system" in context.document.root.values or manifest.name is None:
        return
    if context.document.get("tool", "uv") is not None:
        return  # uv does not build a project without the table
    poetry, project = manifest.poetry, manifest.project
    if poetry is not None:
        if not manifest.package_mode or _has_setuptools_files(context):
            return
        # with metadata in [project] setuptools may be meant, so only the other case has a fix
        yield BUILD_SYSTEM_MISSING.at(
            poetry if project is None else project,
            ("build-system",),
            "`[build-system]` is missing, so pip builds this package with setuptools and not with"
            " Poetry; add the table, or set `package-mode = false` if this is no package.",
            fix=_new_table(context) if project is None else None,
        )
    elif project is not None and context.document.get("tool", "pdm") is None:
        yield BUILD_SYSTEM_DEFAULT.at(
            project,
            ("build-system",),
            "`[build-system]` is missing; if this project is built, setuptools does it.",
        )


def _has_setuptools_files(context: Context) -> bool:
    """Whether setuptools has something to build from, or that is not known yet."""
    kinds = [context.facts.path_kind(name) for name in ("setup.py", "setup.cfg")]
    return any(kind is not PathKind.MISSING for kind in kinds)


def _new_table(context: Context) -> Fix:
    text = context.document.text
    table = _NEW_TABLE.format(requirement=_core_requirement(context.manifest))
    end = Span(len(text), len(text))
    edit = Edit(end, table if text.endswith("\n") else "\n" + table)
    return Fix("Add `[build-system]`", (edit,), safe=False)  # another backend builds then


@check(BUILD_BACKEND_UNKNOWN, BUILD_BACKEND_MISSING, BUILD_BACKEND_NOT_REQUIRED)
def build_backend(context: Context) -> Iterator[Finding]:
    """The backend's name, and that ``requires`` brings it; not for one in the source tree."""
    table = context.manifest.build_system
    if table is None or "backend-path" in table.values:
        return
    node = as_string(table.values.get("build-backend"))
    requires = as_array(table.values.get("requires"))
    names = {each.normalized: each for each in context.manifest.by_home.get(Home.BUILD, ())}
    if node is None:
        if "build-backend" not in table.values and requires is not None:
            yield from _without_backend(table, requires, names)
        return
    backend = node.value.strip()
    if "{{" in backend:
        return
    if backend not in BACKENDS:
        yield from _unknown(node, backend, names)
        return
    if requires is None or backend == OLD_POETRY:
        return
    yield from _not_required(context, node, requires, names, BACKENDS[backend])


def _without_backend(
    table: Table, requires: Array, names: dict[str, Dependency]
) -> Iterator[Finding]:
    if not names or any(may_come_with("setuptools", name) for name in names):
        return
    if "setuptools" in names:
        return
    for name, dependency in names.items():
        backend = usual_backend(name)
        if backend is not None:
            yield BUILD_BACKEND_MISSING.at(
                table,
                ("build-system", "build-backend"),
                f"`[build-system]` requires `{name}` but has no `build-backend`, so setuptools"
                f' would build this project; add `build-backend = "{backend}"`.',
                related=(Related(dependency.span, "the backend's requirement"),),
                fix=Fix(
                    "Add `build-backend`",
                    (Edit(Span(requires.end, requires.end), f'\nbuild-backend = "{backend}"'),),
                    safe=False,  # another backend builds then
                )
                if table.origin == "header"
                else None,
            )
            return


def _unknown(node: Scalar, backend: str, names: dict[str, Dependency]) -> Iterator[Finding]:
    path = ("build-system", "build-backend")
    match = meant_backend(backend) or closest(backend, tuple(BACKENDS))
    if match is not None and (not names or any(name in names for name in BACKENDS[match])):
        yield BUILD_BACKEND_UNKNOWN.at(
            node,
            path,
            f"`build-system.build-backend` is {shown(backend)}, which is no build backend; did you"
            f" mean `{match}`?",
            fix=Fix(f"Change to `{match}`", (Edit(node.span, f'"{match}"'),), safe=False),
        )
    elif not _BACKEND.fullmatch(backend):
        yield BUILD_BACKEND_UNKNOWN.at(
            node,
            path,
            f"`build-system.build-backend` is {shown(backend)}, which cannot be imported; write a"
            " module such as `hatchling.build`, or `module:object`.",
        )


def _not_required(
    context: Context,
    node: Scalar,
    requires: Array,
    names: dict[str, Dependency],
    needed: tuple[str, ...],
) -> Iterator[Finding]:
    if needed == ("poetry-core",) and "poetry" in names:
        return  # `poetry_as_backend` reports it
    for distribution in needed:
        if distribution in names:
            continue
        if any(may_come_with(distribution, name) for name in names if name not in needed):
            continue
        if not all(names):
            continue  # a requirement whose name cannot be read
        yield BUILD_BACKEND_NOT_REQUIRED.at(
            requires,
            ("build-system", "requires"),
            f"`build-system.requires` does not list `{distribution}`, which the backend"
            f" `{node.value}` needs; add it.",
            related=(Related(node.span, "the backend"),),
            fix=_addition(context, requires, distribution),
        )


def _addition(context: Context, requires: Array, distribution: str) -> Fix | None:
    text = distribution
    if distribution == "poetry-core":
        text = _core_requirement(context.manifest)
    if not requires.closed:
        return None
    if requires.items:
        place, new = requires.items[-1].end, f', "{text}"'
    else:
        place, new = requires.start + 1, f'"{text}"'
    return Fix(f"Add `{distribution}`", (Edit(Span(place, place), new),))


def _core_requirement(manifest: Manifest) -> str:
    poetry = manifest.poetry
    standard = manifest.project is not None and (poetry is None or "name" not in poetry.values)
    return "poetry-core>=2.0.0,<3.0.0" if standard else "poetry-core>=1.0.0"


@check(POETRY_AS_BACKEND)
def poetry_as_backend(context: Context) -> Iterator[Finding]:
    """``poetry.masonry.api``, or ``poetry`` where ``poetry-core`` is enough."""
    table, manifest = context.manifest.build_system, context.manifest
    node = as_string(table.values.get("build-backend")) if table is not None else None
    if node is None or node.value not in (POETRY, OLD_POETRY):
        return
    requirements = manifest.by_home.get(Home.BUILD, ())
    old = next((each for each in requirements if each.normalized == "poetry"), None)
    has_core = any(each.normalized == "poetry-core" for each in requirements)
    edits: list[Edit] = []
    if old is not None and not has_core:
        edits.append(Edit(Span(old.node.start, old.node.end), f'"{_core_requirement(manifest)}"'))
    if node.value == OLD_POETRY:
        edits.append(Edit(node.span, f'"{POETRY}"'))
        certain = has_core or old is not None
        yield POETRY_AS_BACKEND.at(
            node,
            ("build-system", "build-backend"),
            "`poetry.masonry.api` is the old backend and installs all of Poetry for each build;"
            f" require `poetry-core` and use `{POETRY}`.",
            related=(Related(old.span, "the requirement to replace"),) if old is not None else (),
            fix=Fix("Use `poetry-core`", tuple(edits), _is_open(old)) if certain else None,
        )
    elif old is not None and not has_core:
        yield POETRY_AS_BACKEND.at(
            old.span,
            old.path,
            "`build-system.requires` lists `poetry`, which installs all of Poetry for each build;"
            " `poetry-core` is enough for this backend.",
            fix=Fix("Use `poetry-core`", tuple(edits), _is_open(old)),
        )


def _is_open(poetry: Dependency | None) -> bool:
    """Whether the requirement allows the newest Poetry everywhere, as that of its core will."""
    requirement = poetry.requirement if poetry is not None else None
    return requirement is None or (
        requirement.marker is None
        and requirement.url is None
        and all(clause.text.startswith(">") for clause in requirement.specifiers)
    )


@check(POETRY_CORE_TOO_OLD)
def poetry_core_too_old(context: Context) -> Iterator[Finding]:
    """A ``[project]``, which poetry-core reads from 2.0 on, with an upper bound below that."""
    manifest = context.manifest
    project, poetry = manifest.project, manifest.poetry
    if project is None or "name" not in project.values or manifest.build_backend != POETRY:
        return
    if poetry is not None and "name" in poetry.values and "version" in poetry.values:
        return  # an older poetry-core builds from [tool.poetry]
    for dependency in manifest.by_home.get(Home.BUILD, ()):
        requirement = dependency.requirement
        if dependency.normalized != "poetry-core" or requirement is None:
            continue
        specifiers = ",".join(part.text for part in requirement.specifiers)
        if specifiers and are_disjoint(specifiers, ">=2.0"):
            span, node = requirement.specifier_span, dependency.node
            in_string = span is not None and isinstance(node, Scalar)
            yield POETRY_CORE_TOO_OLD.at(
                part_of(context.document.text, node, span)  # type: ignore[arg-type]
                if in_string
                else dependency.span,
                dependency.path,
                f"poetry-core reads `[project]` from version 2.0 on, but `build-system.requires`"
                f" asks for `{specifiers}`; allow 2.0, such as `poetry-core>=2.0.0,<3.0.0`.",
                related=(Related(project.span, "the metadata it cannot read"),),
            )


@check(BACKEND_PATH_INVALID)
def backend_path(context: Context) -> Iterator[Finding]:
    """``backend-path``: folders inside the source tree, relative to its root (PEP 517)."""
    table = context.manifest.build_system
    if table is None or "backend-path" not in table.values:
        return
    for index, item in indexed_strings(table.values["backend-path"]):
        path = item.value.replace("\\", "/")
        if "{{" in path:
            continue
        if path.startswith("/") or path[1:2] == ":":
            problem = "is an absolute path; write it relative to pyproject.toml"
        elif _leaves(path):
            problem = "leaves the project's folder; a backend must lie inside it"
        elif context.facts.path_kind(path) is PathKind.MISSING:
            problem = "does not exist"
        else:
            continue
        yield BACKEND_PATH_INVALID.at(
            item,
            ("build-system", "backend-path", index),
            f"`build-system.backend-path` lists {shown(item.value)}, which {problem}.",
        )


def _leaves(path: str) -> bool:
    depth = 0
    for part in path.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False
