"""Trove classifiers and keywords.

The first three rules follow ``poetry/console/commands/check.py`` (`_validate_classifiers`) and
``poetry/core/factory.py`` (`_validate_project`, `_validate_strict`) of Poetry 2.5. The list of
classifiers is that of the installed `trove_classifiers`.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import quoted, without_item
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.checks.licenses import expression_for_classifier, is_license_expression
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.trove import closest_classifier, trove
from pyproject_ls.checks.wording import shown
from pyproject_ls.project.manifest import as_array, as_string, indexed_strings, is_truthy, text_of
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array, Document, Scalar, Value

ERROR, WARNING = Severity.ERROR, Severity.WARNING

UNKNOWN_CLASSIFIER = Rule(
    "unknown-classifier", ERROR, "a classifier that the package index does not know", poetry=ERROR
)
DEPRECATED_CLASSIFIER = Rule(
    "deprecated-classifier",
    WARNING,
    "a classifier that was replaced or withdrawn",
    poetry=WARNING,
    tags=(Tag.DEPRECATED,),
)
LICENSE_CLASSIFIER = Rule(
    "license-classifier",
    WARNING,
    "a license declared as a classifier",
    poetry=WARNING,
    tags=(Tag.DEPRECATED,),
)
DUPLICATE_CLASSIFIER = Rule(
    "duplicate-classifier", WARNING, "a classifier listed twice", tags=(Tag.UNNECESSARY,)
)
CLASSIFIER_CONTRADICTS_PYTHON = Rule(
    "classifier-contradicts-python",
    WARNING,
    "a classifier for a Python version that the project excludes",
)
DUPLICATE_KEYWORD = Rule(
    "duplicate-keyword", WARNING, "a keyword listed twice", tags=(Tag.UNNECESSARY,)
)

PROJECT: TomlPath = ("project", "classifiers")
POETRY: TomlPath = ("tool", "poetry", "classifiers")
PYTHON = "Programming Language :: Python :: "


@check(UNKNOWN_CLASSIFIER, DEPRECATED_CLASSIFIER)
def known(context: Context) -> Iterator[Finding]:
    """Each classifier against the list; of the two tables the one that Poetry takes."""
    path, node = _in_force(context.document)
    if node is None:
        return
    for index, item in indexed_strings(node):
        value = item.value
        if value in trove().known:
            continue
        place = (*path, index)
        if value in trove().deprecated:
            yield _deprecated(context, place, as_array(node), index, item)
        elif not value.startswith("Private ::"):
            yield _unknown(place, item)
    if context.as_poetry and (text := text_of(node)):
        # Poetry takes a string for a list of its characters; elsewhere the wrong type says it all.
        yield UNKNOWN_CLASSIFIER.at(
            node, path, f"`{dotted(path)}` is a string, not a list: {shown(text)} is no classifier."
        )


@check(LICENSE_CLASSIFIER)
def license_classifiers(context: Context) -> Iterator[Finding]:
    """License classifiers, which PEP 639 replaces by license expressions."""
    document = context.document
    for path in (PROJECT, POETRY):
        node = _list(document, path)
        for index, item in indexed_strings(node):
            if not item.value.startswith("License :: "):
                continue
            yield LICENSE_CLASSIFIER.at(
                item,
                (*path, index),
                f"License classifiers are deprecated; {_instead(document, item.value)}.",
                fix=_license_fix(document, node, index),
            )


@check(DUPLICATE_CLASSIFIER)
def duplicate_classifiers(context: Context) -> Iterator[Finding]:
    """The same classifier twice in one list."""
    for path in (PROJECT, POETRY):
        yield from _duplicates(context.document, path, DUPLICATE_CLASSIFIER, "classifier")


@check(DUPLICATE_KEYWORD)
def duplicate_keywords(context: Context) -> Iterator[Finding]:
    """The same keyword twice in one list."""
    for path in (("project", "keywords"), ("tool", "poetry", "keywords")):
        yield from _duplicates(context.document, path, DUPLICATE_KEYWORD, "keyword")


@check(CLASSIFIER_CONTRADICTS_PYTHON)
def contradictions(context: Context) -> Iterator[Finding]:
    """Classifiers ``... :: Python :: X.Y`` where the supported versions exclude every X.Y."""
    path, node = _in_force(context.document)
    if as_array(node) is None:
        return
    constraint, constraint_path = _python(context.document)
    if constraint is None:
        return
    excludes = _excluded_by_pep440 if constraint_path[0] == "project" else _excluded_by_poetry
    for index, item in indexed_strings(node):
        version = item.value.removeprefix(PYTHON)
        if version is item.value or not _is_minor(version):
            continue
        if excludes(constraint.value, version):
            yield CLASSIFIER_CONTRADICTS_PYTHON.at(
                item,
                (*path, index),
                f"The classifier promises Python {version}, which `{dotted(constraint_path)}`"
                f" ({shown(constraint.value)}) excludes; remove it or widen the range.",
                related=(Related(constraint.span, "the supported versions"),),
                fix=_remove(context.document, node, index, "Remove the classifier", safe=False),
            )


def _list(document: Document, path: TomlPath) -> Value | None:
    return document.get(*(str(step) for step in path))


def _in_force(document: Document) -> tuple[TomlPath, Value | None]:
    """The list that Poetry validates: that of ``[project]`` unless it is missing or empty."""
    node = document.get("project", "classifiers")
    if node is not None and is_truthy(node):
        return PROJECT, node
    return POETRY, document.get("tool", "poetry", "classifiers")


def _remove(
    document: Document, node: Value | None, index: int, title: str, safe: bool = True
) -> Fix | None:
    if not isinstance(node, Array):
        return None
    return Fix(title, (without_item(document.text, node, index),), safe)


def _deprecated(
    context: Context, path: TomlPath, array: Array | None, index: int, item: Scalar
) -> Finding:
    replacements = trove().deprecated[item.value]
    fix: Fix | None = None
    if not replacements:
        advice = "remove it"
        fix = _remove(context.document, array, index, "Remove the classifier", safe=False)
    else:
        advice = "use " + " or ".join(shown(each, 120) for each in replacements) + " instead"
        if len(replacements) == 1:
            present = array is not None and any(
                text_of(each) == replacements[0] for each in array.items
            )
            fix = (
                _remove(context.document, array, index, "Remove the deprecated classifier")
                if present
                else _replace(item, replacements[0])
            )
    return DEPRECATED_CLASSIFIER.at(
        item,
        path,
        f"{shown(item.value, 120)} in `{dotted(path[:-1])}` is deprecated; {advice}.",
        fix=fix,
    )


def _unknown(path: TomlPath, item: Scalar) -> Finding:
    match, is_certain = closest_classifier(item.value)
    advice = f"did you mean {shown(match, 120)}?" if match else "use one of the official list."
    return UNKNOWN_CLASSIFIER.at(
        item,
        path,
        f"{shown(item.value, 120)} in `{dotted(path[:-1])}` is not a known classifier; {advice}",
        fix=_replace(item, match, _bare(match) == _bare(item.value)) if is_certain else None,
    )


def _bare(classifier: str) -> str:
    """`classifier` without case, blanks and punctuation."""
    return "".join(filter(str.isalnum, classifier)).casefold()


def _replace(item: Scalar, by: str, safe: bool = True) -> Fix:
    return Fix(f"Change to {shown(by, 120)}", (Edit(item.span, quoted(by)),), safe)


def _instead(document: Document, classifier: str) -> str:
    expression = text_of(document.get("project", "license"))
    if expression and is_license_expression(expression):
        return "`project.license` is there already, so remove this one"
    identifier = expression_for_classifier(classifier)
    if identifier:
        return f'write `license = "{identifier}"` in `[project]` instead'
    return "state the license as an SPDX expression in `project.license`"


def _license_fix(document: Document, node: Value | None, index: int) -> Fix | None:
    expression = text_of(document.get("project", "license"))
    if not expression or not is_license_expression(expression):
        return None
    return _remove(document, node, index, "Remove the license classifier")


def _duplicates(document: Document, path: TomlPath, rule: Rule, what: str) -> Iterator[Finding]:
    node = _list(document, path)
    if not isinstance(node, Array):
        return
    first: dict[str, Scalar] = {}
    for index, item in indexed_strings(node):
        seen = first.setdefault(item.value, item)
        if seen is not item:
            yield rule.at(
                item,
                (*path, index),
                f"{shown(item.value, 120)} is listed twice in `{dotted(path)}`;"
                " remove one of them.",
                related=(Related(seen.span, "first listed here"),),
                fix=_remove(document, node, index, f"Remove the second {what}"),
            )


def _python(document: Document) -> tuple[Scalar | None, TomlPath]:
    """The range of supported Python versions and where it stands."""
    node = as_string(document.get("project", "requires-python"))
    if node is not None:
        return node, ("project", "requires-python")
    path = ("tool", "poetry", "dependencies", "python")
    return as_string(document.get(*path)), path


@lru_cache(maxsize=512)
def _is_minor(version: str) -> bool:
    major, dot, minor = version.partition(".")
    is_numeric = major.isdecimal() and minor.isdecimal() and version.isascii()
    return bool(dot) and is_numeric and len(version) < 10


def _patches(version: str) -> Iterator[str]:
    """Releases of a minor version: those that any bound could tell apart."""
    yield f"{version}.0"
    yield f"{version}.99"
    yield from (f"{version}.{patch}" for patch in range(1, 41))


@lru_cache(maxsize=4096)
def _excluded_by_pep440(specifiers: str, version: str) -> bool:
    from packaging.specifiers import SpecifierSet

    try:
        allowed = SpecifierSet(specifiers)
        return not any(allowed.contains(patch, prereleases=True) for patch in _patches(version))
    except ValueError:  # no specifiers, or numbers without measure: other checks say so
        return False


@lru_cache(maxsize=4096)
def _excluded_by_poetry(constraint: str, version: str) -> bool:
    from poetry.core.constraints.version import Version, parse_constraint

    try:
        allowed = parse_constraint(constraint)
        return not any(allowed.allows(Version.parse(patch)) for patch in _patches(version))
    except ValueError:
        return False
