"""The project's version and the Pythons that it supports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.requirements import IMPOSSIBLE_CONSTRAINT
from pyproject_ls.checks.schema import REFUSED_BY_POETRY
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.caret import as_pep440
from pyproject_ls.project.manifest import as_string, is_truthy, strings
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.verdicts import FaultKind, constraint_fault, is_subset
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Scalar, Value

ERROR, WARNING = Severity.ERROR, Severity.WARNING

INVALID_VERSION = Rule(
    "invalid-version", ERROR, "the version is not one by PEP 440", poetry=ERROR, standard=False
)
MISSING_VERSION = Rule("missing-version", ERROR, "the project has no version", poetry=ERROR)
MISSING_NAME = Rule("missing-name", ERROR, "the project has no name", poetry=ERROR)
INVALID_REQUIRES_PYTHON = Rule(
    "invalid-requires-python", ERROR, "`requires-python` cannot be read", poetry=ERROR
)
PYTHON_OUTSIDE = Rule(
    "python-outside-requires-python",
    ERROR,
    "Poetry's `python` allows more than `requires-python`",
    poetry=ERROR,
    standard=False,
)

_SIMPLE_SPECIFIERS = lazy_pattern(
    r"\s*(?:>=|<=|>|<|==|!=)\s*\d+(?:\.\d+)*(?:\s*,\s*(?:>=|<=|>|<|!=)\s*\d+(?:\.\d+)*)*\s*"
)
_POETRY_RANGE = lazy_pattern(r"\s*([\^~])?\s*(\d+(?:\.\d+)*)(\.\*)?\s*")
_VERSION = lazy_pattern(
    r"\s*v?(?:\d+!)?\d+(?:\.\d+)*(?:[-_.]?(?:alpha|a|beta|b|preview|pre|c|rc)[-_.]?\d*)?"
    r"(?:-\d+|[-_.]?(?:post|rev|r)[-_.]?\d*)?(?:[-_.]?dev[-_.]?\d*)?"
    r"(?:\+[a-z0-9]+(?:[-_.][a-z0-9]+)*)?\s*",
    re.IGNORECASE,
)


@check(MISSING_NAME, MISSING_VERSION)
def missing_metadata(context: Context) -> Iterator[Finding]:
    """A package without name or version (poetry-core `Factory.validate`; PEP 621)."""
    manifest = context.manifest
    project, poetry = manifest.project, manifest.poetry
    if not manifest.package_mode or context.document.get("project") is not project:
        return
    if not (context.as_poetry or project is not None or manifest.uses_poetry):
        return
    owner = ("project",) if project is not None or poetry is None else ("tool", "poetry")
    place = _header(project or poetry or manifest.build_system)
    if project is None and not _has(poetry, "name"):
        empty = poetry.values.get("name") if poetry is not None else None
        yield MISSING_NAME.at(
            _header(empty) if empty is not None else place,
            (*owner, "name"),
            f"The project has no name; add `name` to `[{dotted(owner)}]`.",
        )
    if project is not None and "version" in project.values:
        return  # an empty or wrong one is the schema's
    if _has(poetry, "version"):
        return
    is_dynamic = "version" in manifest.dynamic
    by_standard = project is not None and not is_dynamic
    if not (by_standard or context.as_poetry or manifest.uses_poetry):
        return
    if is_dynamic:
        message = (
            "`project.version` is dynamic, but Poetry finds no version; add `version` to"
            " `[tool.poetry]`, even if a plugin replaces it."
        )
        place = manifest.dynamic["version"].span
    else:
        message = f"The project has no version; add `version` to `[{dotted(owner)}]`."
    yield MISSING_VERSION.at(place, (*owner, "version"), message)


def _has(table: object, key: str) -> bool:
    values: dict[str, Value] = getattr(table, "values", {})
    return key in values and is_truthy(values[key])


def _header(node: Value | None) -> Span:
    return Span(node.start, node.end) if node is not None else Span(0, 0)


@check(INVALID_VERSION)
def invalid_version(context: Context) -> Iterator[Finding]:
    """A ``tool.poetry.version`` that is no version, where it is the one used."""
    document = context.document
    static = document.get("project", "version")
    node = as_string(document.get("tool", "poetry", "version"))
    if node is None or (static is not None and is_truthy(static)):
        return
    if not node.value and context.manifest.package_mode:
        return  # that is a missing version
    if not _VERSION.fullmatch(node.value):
        yield INVALID_VERSION.at(
            node,
            ("tool", "poetry", "version"),
            f'`tool.poetry.version` is "{node.value}", which is not a version;'
            " write it as `1.2.3` or `2.0rc1` (PEP 440).",
        )


@check(INVALID_REQUIRES_PYTHON, REFUSED_BY_POETRY, IMPOSSIBLE_CONSTRAINT)
def requires_python(context: Context) -> Iterator[Finding]:
    """A ``requires-python`` that the standard or Poetry cannot read, or no Python satisfies."""
    node = as_string(context.document.get("project", "requires-python"))
    if node is None or _is_common(node.value):
        return
    path = ("project", "requires-python")
    by_standard, by_poetry = _is_specifier_set(node.value), constraint_fault(node.value)
    if by_poetry is not None and by_poetry.kind is FaultKind.IMPOSSIBLE:
        yield IMPOSSIBLE_CONSTRAINT.at(
            node,
            path,
            "No Python satisfies `project.requires-python`; change one of the bounds.",
            poetry=False,
        )
        by_poetry = None
    if not by_standard:
        yield _invalid_requires_python(node, poetry=by_poetry is not None)
    elif by_poetry is not None:
        yield REFUSED_BY_POETRY.at(
            node,
            path,
            "Poetry cannot read `project.requires-python`; write it as `>=3.10`, or remove it.",
        )


def _invalid_requires_python(node: Scalar, poetry: bool) -> Finding:
    range_, fix = _as_specifier(node.value), None
    if range_ is not None:
        fix = Fix(f"Change to `{range_}`", (Edit(node.span, quoted(range_)),))
    return INVALID_REQUIRES_PYTHON.at(
        node,
        ("project", "requires-python"),
        f'`project.requires-python` is "{node.value}", which is not a PEP 440 specifier;'
        " write it as"
        f" `{range_ or '>=3.10'}`.",
        fix=fix,
        poetry=poetry,
    )


def _as_specifier(constraint: str) -> str | None:
    """The specifier with the meaning that Poetry gives ``^3.10``, ``~3.10`` or ``3.10.*``."""
    match = _POETRY_RANGE.fullmatch(constraint)
    if match is None:
        return None
    operator, release, wildcard = match.groups()
    if operator:
        return None if wildcard else as_pep440(operator, release)
    return f"=={release}.*" if wildcard else None


@lru_cache(maxsize=1024)
def _is_common(specifiers: str) -> bool:
    return bool(_SIMPLE_SPECIFIERS.fullmatch(specifiers)) and constraint_fault(specifiers) is None


@lru_cache(maxsize=1024)
def _is_specifier_set(specifiers: str) -> bool:
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    try:
        SpecifierSet(specifiers)
    except InvalidSpecifier:
        return False
    return True


@check(PYTHON_OUTSIDE)
def python_outside_requires_python(context: Context) -> Iterator[Finding]:
    """Poetry's ``python`` beyond ``requires-python`` (`ProjectPackage.python_versions`)."""
    requires = as_string(context.document.get("project", "requires-python"))
    python = context.document.get("tool", "poetry", "dependencies", "python")
    if requires is None or python is None:
        return
    single = as_string(python)
    for node in (single,) if single is not None else strings(python):
        if _is_outside(node.value, requires.value):
            yield PYTHON_OUTSIDE.at(
                node,
                ("tool", "poetry", "dependencies", "python"),
                f'`tool.poetry.dependencies.python` ("{node.value}") allows Pythons that'
                f' `project.requires-python` ("{requires.value}") does not; narrow it, or'
                " remove it.",
                related=(Related(requires.span, "`requires-python` is set here"),),
            )


def _is_outside(python: str, requires: str) -> bool:
    if python == "*":
        return requires != "*"
    return is_subset(python, requires) is False
