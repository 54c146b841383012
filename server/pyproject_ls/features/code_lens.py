"""Code lenses: the updates of each table of dependencies, and which package sources fail.

Gopls has them above ``require``; here every list and table that holds dependencies has its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pyproject_ls.features.lock_lens import lock_buttons
from pyproject_ls.features.markdown import visible
from pyproject_ls.features.updates import KINDS, Kind, Plan, Step, plans
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import dependency_lists
from pyproject_ls.project.lookup import IndexRef, IndexTool
from pyproject_ls.project.manifest import text_of
from pyproject_ls.project.paths import TomlPath
from pyproject_ls.text import Span
from pyproject_ls.toml import Array, Document, Table

APPLY_UPDATES = "pyproject-ls.applyUpdates"
"""The command of a lens that updates a table: its path, and which updates."""

MAX_LENGTH = 200
"""Longer reasons are cut off."""

_SOURCES: dict[IndexTool, tuple[str, str, str]] = {
    "poetry": ("tool", "poetry", "source"),
    "uv": ("tool", "uv", "index"),
    "pdm": ("tool", "pdm", "source"),
}


class Lens(NamedTuple):
    """A line of text above `span`; a button where there is a `command`, "" for a mere text.

    `arguments` are JSON values (tuples are lists); the document goes before them. Where there are
    `options`, they go with the document into one object.
    """

    span: Span
    title: str
    command: str = ""
    arguments: tuple[object, ...] = ()
    options: Mapping[str, object] | None = None


def code_lenses(snapshot: Snapshot) -> list[Lens]:
    """The lenses of the file, in the order of the text; those about packages only if `online`.

    Asks the facts about the lock file and the tool, all packages that come from an index, and every
    index that the file declares.
    """
    top = Span(0, 0)
    lenses = [
        Lens(top, each.title, each.command, options=each.options) for each in lock_buttons(snapshot)
    ]
    if snapshot.settings.online:
        lenses += [*_of_tables(snapshot), *_of_sources(snapshot)]
        lenses.sort(key=lambda lens: lens.span.start)
    return lenses


def _of_tables(snapshot: Snapshot) -> Iterator[Lens]:
    document = snapshot.document
    planned: dict[TomlPath, list[Plan]] = {}
    for plan in plans(snapshot):
        planned.setdefault(plan.update.dependency.declared.path, []).append(plan)
    for declared, _, _ in dependency_lists(document):
        span = _place(document, declared.path)
        if span is not None and declared.path in planned:
            yield from _updates(span, declared.path, planned[declared.path])


def _updates(span: Span, path: TomlPath, found: list[Plan]) -> Iterator[Lens]:
    done: list[tuple[str, ...]] = []
    for kind in KINDS:
        steps = [step for step in (plan.step(kind) for plan in found) if step is not None]
        versions = tuple(step.version for step in steps)
        if steps and versions not in done:
            done.append(versions)
            yield Lens(span, _title(steps, kind), APPLY_UPDATES, (path, kind))
    if not done:
        what = f"{len(found)} update{'s' if len(found) > 1 else ''}"
        is_open = all(plan.update.compatible is not None for plan in found)
        yield Lens(span, f"{what}, for the next lock" if is_open else f"{what}, to be made by hand")


def _title(steps: list[Step], kind: Kind) -> str:
    if len(steps) == 1:
        name = visible(steps[0].dependency.name, MAX_LENGTH // 2)
        return f"Update {name} to {visible(steps[0].version, MAX_LENGTH // 2)}"
    if kind == "compatible":
        return f"Apply {len(steps)} compatible updates"
    return f"Apply all {len(steps)} updates"


def _place(document: Document, path: TomlPath) -> Span | None:
    """The header of the table at `path`, or the key that it is written at."""
    names = [str(step) for step in path]
    node, parent = document.get(*names), document.get(*names[:-1])
    if isinstance(node, Table) and node.headers:
        return node.headers[0].span
    key = parent.keys.get(names[-1]) if isinstance(parent, Table) else None
    return key.span if key is not None else None


def _of_sources(snapshot: Snapshot) -> Iterator[Lens]:
    refs = {(ref.tool, ref.name, ref.url): ref for ref in snapshot.manifest.lookups.declared}
    for tool, path in _SOURCES.items():
        node = snapshot.document.get(*path)
        for table in node.items if isinstance(node, Array) else ():
            if not isinstance(table, Table):
                continue
            name, url = text_of(table.values.get("name")), text_of(table.values.get("url"))
            ref = refs.get((tool, name or "", url or ""))
            title = _problem(snapshot, ref) if ref is not None else ""
            if title:
                yield Lens(table.headers[0].span if table.headers else table.span, title)


def _problem(snapshot: Snapshot, ref: IndexRef) -> str:
    """Why the index cannot be asked; "" if it can, and while that is not known."""
    state = snapshot.facts.index_state(ref)
    if state is None or not state.problem:
        return ""
    return visible(f"not reachable: {state.problem}", MAX_LENGTH)
