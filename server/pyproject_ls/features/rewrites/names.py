"""Write a name in its normalised form."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.checks.edits import key_spans, part_of
from pyproject_ls.features.rewrites.action import REWRITE, Action, Request
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.manifest import as_string, as_table
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit, Span
from pyproject_ls.toml import Scalar

_NAME = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")


def offers(request: Request) -> Iterator[Action]:
    """Normalise the project's name, or that of the dependency that is touched (PEP 503)."""
    document, text, path = request.snapshot.document, request.text, request.place.path
    if path in {("project", "name"), ("tool", "poetry", "name")}:
        name = as_string(document.get(*(str(step) for step in path)))
        if name is not None and name.closed and _differs(name.value):
            yield _action(name.value, (part_of(text, name, Span(0, len(name.value))),))
        return
    dependency = request.dependency
    if dependency is None or not _differs(dependency.name):
        return
    requirement, node = dependency.requirement, dependency.node
    if requirement is not None and requirement.name is not None and isinstance(node, Scalar):
        yield _action(dependency.name, (part_of(text, node, requirement.name.span),))
    elif requirement is None:
        names = [str(step) for step in dependency.declared.path]
        table = as_table(document.get(*names))
        if table is not None and dependency.normalized not in table.values:
            spans = key_spans(document, (*dependency.declared.path, dependency.name))
            if spans:
                yield _action(dependency.name, tuple(spans))


def _differs(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and normalized_name(name) != name


def _action(name: str, spans: tuple[Span, ...]) -> Action:
    normal = normalized_name(name)
    edits = tuple(Edit(span, normal) for span in spans)
    return Action(f"Normalise the name to `{normal}`", REWRITE, edits)
