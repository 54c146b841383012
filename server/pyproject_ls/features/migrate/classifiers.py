"""Classifiers: those of the license go, those that Poetry adds by itself are written out."""

from __future__ import annotations

from pyproject_ls.checks.edits import quoted
from pyproject_ls.features.migrate.fields import taken_or_ignored
from pyproject_ls.features.migrate.license import LICENSE_CLASSIFIER
from pyproject_ls.features.migrate.model import Field, Item, ItemList, MigrationRefused
from pyproject_ls.features.migrate.plan import Plan
from pyproject_ls.project.manifest import as_array, as_string, as_table, strings


def classifiers(plan: Plan) -> None:
    """Classifiers, without those of the license, with those that Poetry adds by itself.

    Poetry adds the Python versions only to a list in its own table, so they are written out.
    """
    if plan.is_dynamic("classifiers"):
        return
    node = taken_or_ignored(plan, "classifiers", "classifiers")
    if node is None:
        return
    array = as_array(node)
    if array is None or len(list(strings(array))) != len(array.items):
        raise MigrationRefused("`tool.poetry.classifiers` is not an array of strings")
    statement = plan.statement("tool", "poetry", "classifiers")
    plan.take([statement])
    items, closing = plan.array_items(array)
    kept: list[Item] = []
    lost: list[str] = []  # the comments of dropped ones
    for scalar, item in zip(strings(array), items, strict=True):
        if scalar.value.startswith(LICENSE_CLASSIFIER):
            lost += [*item.leading, *([item.trailing] if item.trailing else [])]
        else:
            item.leading[:0] = lost
            lost = []
            kept.append(item)
    closing[:0] = lost
    if len(kept) < len(items):
        plan.note(
            "The license classifiers are left out: `project.license` replaces them (PEP 639).",
            plan.poetry.keys["classifiers"].span,
        )
    if not kept:
        return
    present = {item.value for item in strings(array)}
    added = [each for each in python_classifiers(plan) if each not in present]
    if added:
        plan.note(
            f"Poetry's automatic classifiers of Python versions are written out ({len(added)}):"
            " it adds none to a list in [project]. Remove those you do not want.",
            plan.poetry.keys["classifiers"].span,
        )
        _insert_sorted(kept, added)
    plan.add(Field("classifiers", ItemList(kept, closing, plan.indent(array)), (statement,)))


def python_classifiers(plan: Plan) -> list[str]:
    """The classifiers of Python versions that poetry-core adds for the supported range."""
    from poetry.core.packages.project_package import ProjectPackage

    package = ProjectPackage("x", "0")
    table = as_table(plan.poetry.values.get("dependencies"))
    own = [
        node for name, node in (table.values if table else {}).items() if name.lower() == "python"
    ]
    stated = plan.document.get("project", "requires-python")
    python = as_string(own[0] if own and stated is None else stated)
    if python is not None:
        try:
            package.python_versions = python.value
        except ValueError as error:
            raise MigrationRefused(
                f"the Python versions `{python.value}` cannot be read"
            ) from error
    return list(package.all_classifiers)


def _insert_sorted(kept: list[Item], added: list[str]) -> None:
    """Insert classifiers of Python versions behind the next lower one that is there."""
    for classifier in added:
        version = _python_version(f'"{classifier}"')
        place = len(kept)
        present = [(i, _python_version(item.text)) for i, item in enumerate(kept)]
        lower = [i for i, other in present if other and other < version]
        higher = [i for i, other in present if other and other > version]
        if lower:
            place = lower[-1] + 1
        elif higher:
            place = higher[0]
        kept.insert(place, Item(quoted(classifier)))


def _python_version(text: str) -> tuple[int, ...]:
    """The version in the TOML text of a classifier of a Python version; () in others."""
    prefix, _, version = text[1:-1].rpartition(" :: ")
    if prefix != "Programming Language :: Python":
        return (0,) if text[1:-1] == prefix else ()
    parts = version.split(".")
    return tuple(map(int, parts)) if all(map(str.isdecimal, parts)) else ()
