"""Extras: what they are called, what they list, and who refers to them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.dynamic import is_built_by_poetry_alone
from pyproject_ls.checks.edits import part_of
from pyproject_ls.checks.finding import Finding, Related, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.suggest import did_you_mean
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import Manifest, as_table, indexed_strings, is_truthy
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import Part, normalized_name
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Key, Scalar, Table, Value

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION

EXTRA_DEPENDENCY_UNKNOWN = Rule(
    "extra-dependency-unknown",
    ERROR,
    "an extra lists a package that is not a main dependency",
    poetry=ERROR,
    standard=False,
)
EXTRA_DEPENDENCY_NOT_OPTIONAL = Rule(
    "extra-dependency-not-optional",
    WARNING,
    "an extra lists a dependency that is not optional",
    standard=False,
)
OPTIONAL_WITHOUT_EXTRA = Rule(
    "optional-without-extra",
    INFORMATION,
    "an optional dependency that no extra lists",
    standard=False,
)
UNKNOWN_EXTRA = Rule("unknown-extra", WARNING, "a reference to an extra that is not defined")
EXTRA_INCLUDES_ITSELF = Rule(
    "extra-includes-itself", INFORMATION, "an extra takes in itself, directly or through others"
)
DUPLICATE_EXTRA = Rule(
    "duplicate-extra", ERROR, "two extras have the same name after normalisation"
)

_SCHEMA_NAME = lazy_pattern(r"[a-zA-Z-_.0-9]+")
_ORIGINS = ("version", "git", "path", "file", "url")
_REFERRING = (Home.PROJECT, Home.EXTRA, Home.GROUP, Home.PDM_DEV)


@check(EXTRA_DEPENDENCY_UNKNOWN)
def extra_dependency_unknown(context: Context) -> Iterator[Finding]:
    """Items of ``[tool.poetry.extras]`` that are no key of ``[tool.poetry.dependencies]``."""
    extras = _poetry_extras(context.manifest)
    if extras is None or context.manifest.poetry is None:
        return
    dependencies = as_table(context.manifest.poetry.values.get("dependencies"))
    names = {normalized_name(name): name for name in dependencies.values} if dependencies else {}
    for extra, node in extras.values.items():
        for index, item in indexed_strings(node):
            if normalized_name(item.value) in names:
                continue
            if not context.as_poetry and not _SCHEMA_NAME.fullmatch(item.value):
                continue  # the schema check says what is wrong with it
            meant = _meant(item.value, tuple(names))
            advice = (
                f"did you mean `{meant}`?" if meant else "add it there as an optional dependency."
            )
            yield EXTRA_DEPENDENCY_UNKNOWN.at(
                item,
                ("tool", "poetry", "extras", extra, index),
                f"`{dotted(('tool', 'poetry', 'extras', extra))}` lists {shown(item.value)}, which"
                f" is not in `tool.poetry.dependencies`; {advice}",
            )


@lru_cache(maxsize=1024)
def _meant(name: str, candidates: tuple[str, ...]) -> str | None:
    """The one of `candidates` (normalised names) that `name` may be a misspelling of."""
    name = normalized_name(name)
    return next((each for each in candidates if _is_near(name, each)), None)


def _is_near(one: str, other: str) -> bool:
    """Whether one or two letters make the difference; package names often share long beginnings."""
    if len(one) < 4 or abs(len(one) - len(other)) > 2:
        return False
    start = _common(one, other)
    tail = _common(one[start:][::-1], other[start:][::-1])
    return max(len(one), len(other)) - start - tail <= 2


def _common(one: str, other: str) -> int:
    """The number of letters that both begin with."""
    length = 0
    for ours, theirs in zip(one, other, strict=False):
        if ours != theirs:
            break
        length += 1
    return length


@check(EXTRA_DEPENDENCY_NOT_OPTIONAL, OPTIONAL_WITHOUT_EXTRA)
def optional_dependencies(context: Context) -> Iterator[Finding]:
    """``[tool.poetry.extras]`` against the ``optional`` of the dependencies.

    Only where Poetry uses its own tables: a list in ``[project]`` takes their place. poetry-core
    writes a dependency that an extra lists with ``extra == ".."`` into the metadata, optional or
    not (``Dependency.to_pep_508``), while ``poetry install`` installs all that is not optional.
    """
    manifest = context.manifest
    if manifest.poetry is None or manifest.by_home.get(Home.PROJECT):
        return
    if manifest.by_home.get(Home.EXTRA):
        return
    dependencies = as_table(manifest.poetry.values.get("dependencies"))
    if dependencies is None:
        return
    extras = _poetry_extras(manifest)
    listed: set[str] = set()
    if extras is not None:
        keys = {normalized_name(name): name for name in dependencies.values}
        for extra, node in extras.values.items():
            for index, item in indexed_strings(node):
                name = normalized_name(item.value)
                listed.add(name)
                key = keys.get(name)
                if key is None or name == "python" or _may_be_optional(dependencies.values[key]):
                    continue
                yield _not_optional(extra, index, item, key, dependencies.keys[key])
    for written, value in dependencies.values.items():
        if isinstance(value, Table) and normalized_name(written) not in listed:
            optional = value.values.get("optional")
            if not any(key in value.values for key in _ORIGINS):
                continue  # no complete dependency: the schema check says so
            if isinstance(optional, Scalar) and optional.kind == "boolean" and optional.value:
                path = ("tool", "poetry", "dependencies", written)
                yield OPTIONAL_WITHOUT_EXTRA.at(
                    value.keys["optional"],
                    (*path, "optional"),
                    f"`{dotted(path)}` is optional, but no extra lists it, so nobody can install it"
                    " with the package; add it to an extra in `[tool.poetry.extras]`.",
                )


def _not_optional(extra: str, index: int, item: Scalar, name: str, key: Key) -> Finding:
    return EXTRA_DEPENDENCY_NOT_OPTIONAL.at(
        item,
        ("tool", "poetry", "extras", extra, index),
        f"The extra `{extra}` lists `{name}`, which is not optional: Poetry always installs it, but"
        " the built package asks for it only with the extra. Set `optional = true` on the"
        " dependency, or take it out of the extra.",
        related=(Related(key.span, "the dependency"),),
    )


def _may_be_optional(value: Value) -> bool:
    if isinstance(value, Array):
        return any(_may_be_optional(item) for item in value.items)
    if not isinstance(value, Table):
        return False
    optional = value.values.get("optional")
    return optional is not None and is_truthy(optional)


@check(UNKNOWN_EXTRA, EXTRA_INCLUDES_ITSELF)
def extra_references(context: Context) -> Iterator[Finding]:
    """``name[extra]`` with the project's own name: the extra must exist, and not be a cycle."""
    manifest = context.manifest
    own = manifest.normalized_name
    if not own:
        return
    references = [
        dependency
        for home in _REFERRING
        for dependency in manifest.by_home.get(home, ())
        if dependency.requirement is not None
        and dependency.requirement.extras
        and dependency.normalized == own
    ]
    if not references:
        return
    known = _known_extras(manifest)
    if known is not None:
        for dependency in references:
            yield from _unknown(context, dependency, known)
    yield from _cycles(context, references)


def _unknown(context: Context, dependency: Dependency, known: dict[str, str]) -> Iterator[Finding]:
    assert dependency.requirement is not None
    for part in dependency.requirement.extras:
        if normalized_name(part.text) not in known:
            advice = did_you_mean(part.text, known.values())
            yield UNKNOWN_EXTRA.at(
                _part_span(context, dependency, part),
                dependency.path,
                f"`{dotted(dependency.declared.path)}` refers to the extra `{part.text}`, which"
                f" this project does not define{advice or '; define it, or remove the reference.'}",
            )


def _cycles(context: Context, references: list[Dependency]) -> Iterator[Finding]:
    below: dict[str, set[str]] = {}
    for dependency in references:
        if dependency.declared.home is Home.EXTRA and dependency.requirement is not None:
            owner = normalized_name(dependency.declared.group)
            names = {normalized_name(part.text) for part in dependency.requirement.extras}
            below.setdefault(owner, set()).update(names)
    if not below:
        return
    for dependency in references:
        if dependency.declared.home is not Home.EXTRA or dependency.requirement is None:
            continue
        owner = normalized_name(dependency.declared.group)
        for part in dependency.requirement.extras:
            target = normalized_name(part.text)
            if owner == target or owner in _reachable(target, below):
                how = "" if owner == target else f" through `{part.text}`"
                yield EXTRA_INCLUDES_ITSELF.at(
                    _part_span(context, dependency, part),
                    dependency.path,
                    f"The extra `{dependency.declared.group}` takes in itself{how}; remove the"
                    " reference.",
                )


def _reachable(start: str, below: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for name in below.get(waiting.pop(), ()):
            if name not in found:
                found.add(name)
                waiting.append(name)
    return found


def _known_extras(manifest: Manifest) -> dict[str, str] | None:
    """The extras by normalised name; None where a backend may define more of them."""
    project = manifest.project
    if "optional-dependencies" in manifest.dynamic and not is_built_by_poetry_alone(manifest):
        return None
    tables = [_poetry_extras(manifest)]
    if project is not None:
        tables.append(as_table(project.values.get("optional-dependencies")))
    return {normalized_name(name): name for table in tables if table for name in table.values}


@check(DUPLICATE_EXTRA)
def duplicate_extra(context: Context) -> Iterator[Finding]:
    """Keys of ``[project.optional-dependencies]`` that PEP 685 takes for one name."""
    project = context.manifest.project
    extras = as_table(project.values.get("optional-dependencies")) if project is not None else None
    if extras is None or len(extras.keys) < 2:
        return
    seen: dict[str, Key] = {}
    for written, key in extras.keys.items():
        first = seen.setdefault(normalized_name(written), key)
        if first is not key:
            yield DUPLICATE_EXTRA.at(
                key,
                ("project", "optional-dependencies", written),
                f"The extras `{first.text}` and `{written}` are the same name after normalisation;"
                " put their dependencies under one of them.",
                related=(Related(first.span, "first defined here"),),
            )


def _poetry_extras(manifest: Manifest) -> Table | None:
    return as_table(manifest.poetry.values.get("extras")) if manifest.poetry is not None else None


def _part_span(context: Context, dependency: Dependency, part: Part) -> Span:
    if isinstance(dependency.node, Scalar):
        return part_of(context.document.text, dependency.node, part.span)
    return dependency.span
