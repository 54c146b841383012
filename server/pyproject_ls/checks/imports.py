"""``project.import-names`` and ``project.import-namespaces`` (PEP 794)."""

from __future__ import annotations

from collections.abc import Iterator
from keyword import iskeyword

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.edits import without_item
from pyproject_ls.checks.finding import Finding, Fix, Related, Rule, Severity, Tag
from pyproject_ls.checks.registry import check
from pyproject_ls.checks.wording import shown
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import as_array, indexed_strings
from pyproject_ls.toml import Array, Scalar

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION

INVALID_IMPORT_NAME = Rule(
    "invalid-import-name", ERROR, "an import name that Python could not import"
)
IMPORT_NAME_CONFLICT = Rule(
    "import-name-conflict", ERROR, "a name is listed both as import name and as namespace"
)
DUPLICATE_IMPORT_NAME = Rule(
    "duplicate-import-name",
    INFORMATION,
    "an import name is listed twice",
    tags=(Tag.UNNECESSARY,),
)
MISSING_IMPORT_PARENT = Rule(
    "missing-import-parent", WARNING, "the parent of a dotted import name is not listed"
)

_KEYS = ("import-names", "import-namespaces")
_PRIVATE = lazy_pattern(r"\s*;\s*private\s*\Z")


@check(INVALID_IMPORT_NAME, IMPORT_NAME_CONFLICT, DUPLICATE_IMPORT_NAME, MISSING_IMPORT_PARENT)
def import_names(context: Context) -> Iterator[Finding]:
    """The syntax of every name, one key for each name, and all parents of dotted names."""
    project = context.manifest.project
    if project is None or not (_KEYS[0] in project.values or _KEYS[1] in project.values):
        return
    seen: dict[str, tuple[str, Scalar]] = {}
    dotted: list[tuple[str, str, int, Scalar]] = []
    for key in _KEYS:
        array = as_array(project.values.get(key))
        for index, item in indexed_strings(array):
            name = _PRIVATE.sub("", item.value)
            if not _is_importable(name):
                yield _invalid(key, index, item, name)
                continue
            first = seen.setdefault(name, (key, item))
            if first[1] is not item:
                yield _twice(context, key, index, item, name, first, array)
            elif "." in name:
                dotted.append((name, key, index, item))
    if any(key in context.manifest.dynamic for key in _KEYS):
        return
    reported: set[str] = set()
    for name, key, index, item in dotted:
        parents = [name.rsplit(".", count)[0] for count in range(name.count("."), 0, -1)]
        missing = [parent for parent in parents if parent not in seen and parent not in reported]
        if missing:
            reported.update(missing)
            listed = " and ".join(f"`{parent}`" for parent in missing)
            yield MISSING_IMPORT_PARENT.at(
                item,
                ("project", key, index),
                f"`project.{key}` lists `{name}` but not {listed}; add"
                f" {'it' if len(missing) == 1 else 'them'} to `project.import-namespaces`, or to"
                " `project.import-names` where no other project shares the name.",
            )


def _is_importable(name: str) -> bool:
    return all(part.isidentifier() and not iskeyword(part) for part in name.split("."))


def _invalid(key: str, index: int, item: Scalar, name: str) -> Finding:
    if ";" in name:
        advice = "after a `;` only the word `private` may follow."
    else:
        advice = "write it as in an `import` statement, such as `spam` or `spam.eggs`."
    return INVALID_IMPORT_NAME.at(
        item,
        ("project", key, index),
        f"`project.{key}` lists {shown(item.value)}, which is not an import name; {advice}",
    )


def _twice(
    context: Context,
    key: str,
    index: int,
    item: Scalar,
    name: str,
    first: tuple[str, Scalar],
    array: Array | None,
) -> Finding:
    first_key, first_item = first
    related = (Related(first_item.span, "first listed here"),)
    path = ("project", key, index)
    if first_key != key:
        return IMPORT_NAME_CONFLICT.at(
            item,
            path,
            f"`{name}` is listed in `project.import-names` and in `project.import-namespaces`; keep"
            " it in the first if only this project provides it, else in the second.",
            related=related,
        )
    fix = None
    if array is not None and first_item.value == item.value:
        edit = without_item(context.document.text, array, index)
        fix = Fix(f"Remove the second `{name}`", (edit,))
    return DUPLICATE_IMPORT_NAME.at(
        item,
        path,
        f"`project.{key}` lists `{name}` twice; once is enough.",
        related=related,
        fix=fix,
    )
