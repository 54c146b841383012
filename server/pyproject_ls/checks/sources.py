"""Package sources: what they need, their priorities, and references to them.

Family 1 follows Poetry 2.5: ``poetry/factory.py`` (`create_pool`, `create_package_source`),
``poetry/repositories/repository_pool.py`` and ``poetry/console/commands/check.py``
(`_validate_dependencies_source`).
"""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.suggest import closest
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_property
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import as_string
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Document, Scalar, Table, Value

ERROR, INFORMATION = Severity.ERROR, Severity.INFORMATION

SOURCE_PYPI_URL = Rule(
    "source-pypi-url", ERROR, "a source named PyPI with a URL", poetry=ERROR, standard=False
)
SOURCE_WITHOUT_URL = Rule(
    "source-without-url", ERROR, "a source without a URL", poetry=ERROR, standard=False
)
SOURCE_DUPLICATE = Rule(
    "source-duplicate", ERROR, "two sources with one name", poetry=ERROR, standard=False
)
SOURCE_ALL_EXPLICIT = Rule(
    "source-all-explicit", ERROR, "every source is explicit", poetry=ERROR, standard=False
)
SOURCE_PRIORITY = Rule(
    "source-priority",
    ERROR,
    "a priority that Poetry does not know",
    poetry=ERROR,
    standard=False,
)
SOURCE_UNKNOWN = Rule(
    "source-unknown",
    ERROR,
    "a dependency from a source that is not declared",
    poetry=ERROR,
    standard=False,
)
SOURCE_SAME_URL = Rule("source-same-url", INFORMATION, "two sources with one URL", standard=False)
SOURCE_UNUSED = Rule(
    "source-unused", INFORMATION, "an explicit source that no dependency uses", standard=False
)
BASE: TomlPath = ("tool", "poetry", "source")
_PRIORITIES = ("primary", "supplemental", "explicit")
_OLD_PRIORITIES = {"default": "primary", "secondary": "supplemental"}


class Source:
    """One ``[[tool.poetry.source]]``."""

    def __init__(self, index: int, table: Table) -> None:
        """The source `index` of the array, written as `table`."""
        self.table = table
        self.path: TomlPath = (*BASE, index)
        self.name = as_string(table.values.get("name"))
        self.url = as_string(table.values.get("url"))
        self.priority: Value | None = table.values.get("priority")

    @lazy_property
    def is_pypi(self) -> bool:
        """Whether it stands for the default index, in any spelling."""
        return self.name is not None and self.name.value.lower() == "pypi"

    def has_priority(self, priority: str) -> bool:
        """Whether the priority is exactly `priority`; "primary" is also what is left out."""
        if self.priority is None:
            return priority == "primary"
        return isinstance(self.priority, Scalar) and self.priority.value == priority


def sources(document: Document) -> list[Source]:
    """The sources of ``[[tool.poetry.source]]`` that are tables."""
    node = document.get("tool", "poetry", "source")
    if not isinstance(node, Array):
        return []
    return [Source(i, item) for i, item in enumerate(node.items) if isinstance(item, Table)]


@check(SOURCE_PYPI_URL, SOURCE_WITHOUT_URL, SOURCE_DUPLICATE, SOURCE_ALL_EXPLICIT, SOURCE_SAME_URL)
def declarations(context: Context) -> Iterator[Finding]:
    """Each source by itself, and beside the others."""
    declared = sources(context.document)
    if not declared:
        return
    names: dict[str, Scalar] = {}
    urls: dict[str, Source] = {}
    for source in declared:
        if source.name is None:
            continue
        yield from _url(source)
        name = source.name.value
        first = names.setdefault(name.lower(), source.name)
        if first is not source.name:
            yield SOURCE_DUPLICATE.at(
                source.name,
                (*source.path, "name"),
                f"There are two sources named {shown(name)} (case does not count); rename one.",
                related=(Related(first.span, "first declared here"),),
            )
        elif source.url is not None and not source.is_pypi:
            yield from _same_url(source, urls)
    yield from _all_explicit(declared)


@check(SOURCE_PRIORITY)
def priorities(context: Context) -> Iterator[Finding]:
    """The values of ``priority``."""
    for source in sources(context.document):
        node = source.priority
        if node is None or (isinstance(node, Scalar) and node.value in _PRIORITIES):
            continue
        path = (*source.path, "priority")
        text = as_string(node)
        better = None
        if text is None:
            message = f"`{dotted(path)}` must be one of {_listed(_PRIORITIES)}."
        elif text.value in _OLD_PRIORITIES:
            better = _OLD_PRIORITIES[text.value]
            message = (
                f"The priority {shown(text.value)} was removed in Poetry 2; use {shown(better)}."
            )
        else:
            better = closest(text.value, _PRIORITIES)
            advice = f"did you mean {shown(better)}?" if better else f"use {_listed(_PRIORITIES)}."
            message = f"{shown(text.value)} is not a priority of a source; {advice}"
        fix = None
        if better:
            edit = Edit(node.span, quoted(better))
            is_guess = text is None or text.value not in _OLD_PRIORITIES
            fix = Fix(f"Change to {shown(better)}", (edit,), safe=not is_guess)
        yield SOURCE_PRIORITY.at(node, path, message, fix=fix)


@check(SOURCE_UNKNOWN, SOURCE_UNUSED)
def references(context: Context) -> Iterator[Finding]:
    """The ``source`` of every dependency, and explicit sources that none refers to."""
    declared = sources(context.document)
    used: set[str] = set()
    names: list[str] | None = None
    for dependency in context.manifest.dependencies:
        node = dependency.text_option("source") if dependency.requirement is None else None
        if node is None:
            continue
        used.add(node.value.lower())
        if dependency.declared.home not in _LOOKED_UP:
            continue
        if names is None:
            names = _pool(declared)
        if node.value not in names:
            yield _unknown(dependency, node, names)
    for source in declared:
        if (
            source.has_priority("explicit")
            and source.name is not None
            and source.name.value.lower() not in used
        ):
            yield SOURCE_UNUSED.at(
                source.name,
                (*source.path, "name"),
                f"The explicit source {shown(source.name.value)} is used only by dependencies that"
                f' say `source = "{source.name.value}"`, and none does.',
            )


_LOOKED_UP = frozenset({Home.POETRY, Home.POETRY_GROUP, Home.POETRY_DEV})


def _url(source: Source) -> Iterator[Finding]:
    """The URL is missing, or there is one where Poetry knows it."""
    assert source.name is not None
    url: Value | None = source.table.values.get("url")
    if source.is_pypi:
        if url is not None:
            yield SOURCE_PYPI_URL.at(
                url,
                (*source.path, "url"),
                "The source PyPI cannot have a URL of its own; remove `url`, or rename the source.",
            )
    elif url is None:
        yield SOURCE_WITHOUT_URL.at(
            source.name,
            (*source.path, "url"),
            f"The source {shown(source.name.value)} has no `url`; add it.",
        )


def _same_url(source: Source, urls: dict[str, Source]) -> Iterator[Finding]:
    assert source.url is not None
    first = urls.setdefault(source.url.value.rstrip("/"), source)
    if first is not source and first.url is not None and first.name is not None:
        yield SOURCE_SAME_URL.at(
            source.url,
            (*source.path, "url"),
            f"The source {shown(first.name.value)} has the same URL; one of the two is enough.",
            related=(Related(first.url.span, "the other source"),),
        )


def _all_explicit(declared: list[Source]) -> Iterator[Finding]:
    """PyPI is added by itself unless it is declared: then it counts like any other source."""
    pypi = next((source for source in declared if source.is_pypi), None)
    if pypi is None or not all(source.has_priority("explicit") for source in declared):
        return
    place = pypi.priority or pypi.name
    assert place is not None
    yield SOURCE_ALL_EXPLICIT.at(
        place,
        BASE,
        "Every source is explicit, so most dependencies have none; give one of them another"
        " priority, or remove the source PyPI.",
    )


def _pool(declared: list[Source]) -> list[str]:
    """The names that a dependency can refer to; case counts, as in ``poetry check``."""
    names = [
        "PyPI" if source.is_pypi else source.name.value
        for source in declared
        if source.name is not None
    ]
    if "PyPI" not in names and not any(source.has_priority("primary") for source in declared):
        names.append("PyPI")
    return names


def _unknown(dependency: Dependency, node: Scalar, names: list[str]) -> Finding:
    value = node.value
    match = closest(value, names)
    fix = None
    if match is not None and match.lower() == value.lower():
        advice = f"it is spelt {shown(match)}."
        fix = Fix(f"Change to {shown(match)}", (Edit(node.span, quoted(match)),))
    elif match is not None:
        advice = f"did you mean {shown(match)}?"
    elif value.lower() == "pypi":
        advice = "a primary source replaces PyPI, so declare PyPI as a source too."
    else:
        advice = "declare it in a `[[tool.poetry.source]]`."
    return SOURCE_UNKNOWN.at(
        node,
        (*dependency.path, "source"),
        f"The source {shown(value)} of `{dependency.name}` is not declared; {advice}",
        fix=fix,
        poetry=dependency.declared.home is not Home.POETRY_DEV,
    )


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(shown(word) for word in words[:-1]) + f" or {shown(words[-1])}"
