"""Code actions that are commands of the project's tool: what lenses offer, for every editor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from pyproject_ls.features.declaring.removing import belonging_of
from pyproject_ls.features.markdown import visible
from pyproject_ls.lsp import convert
from pyproject_ls.lsp.convert import QUICK_FIX, Json, View, is_wanted
from pyproject_ls.lsp.documents import State
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locked import locked_in
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.tool import tool_of
from pyproject_ls.project.wants import is_locked_apart
from pyproject_ls.text import Span

SOURCE = "source.pyproject-ls"
"""The kind of what is about the whole project; `.lock`, `.install` and so on behind it."""

INSTALL = f"{SOURCE}.install"

DEPENDENCY = "refactor.pyproject-ls"
"""The kind of what is about the dependency at the cursor."""

LOCK_FINDINGS = frozenset({"lock-missing", "lock-outdated", "lock-unreadable"})

_NOBODY = frozenset({"", "python"})
"""What is declared like a package, but is none."""

_PROJECT: tuple[tuple[str, str, str, Json], ...] = (
    ("lock", "Lock the dependencies", "pyproject-ls.lock", {"mode": "keep"}),
    ("regenerate", "Lock from scratch", "pyproject-ls.lock", {"mode": "regenerate"}),
    ("preview", "Preview the lock", "pyproject-ls.previewLock", {"mode": "keep"}),
    ("update", "Update all dependencies", "pyproject-ls.update", {}),
    ("raise", "Raise all constraints and update", "pyproject-ls.update", {"raise": True}),
    ("install", "Install the dependencies", "pyproject-ls.install", {}),
    ("tree", "Show the dependency tree", "pyproject-ls.dependencyTree", {}),
    *(
        ("export", f"Export the lock as {name}", "pyproject-ls.export", {"format": name})
        for name in ("requirements.txt", "pylock.toml")
    ),
)
"""Kind, title, command and options of what can be done with a project."""


def tool_actions(view: View, state: State, params: types.CodeActionParams) -> list[Json]:
    """What the project's tool can do about what stands at the range of `params`.

    What is about the whole project is offered to a person who asks, not to an editor that looks
    whether to show a light bulb.
    """
    snapshot = view.snapshot
    only = params.context.only
    tool = snapshot.facts.tool_state()
    if tool is None or tool.obstacle:
        return []
    choice = tool_of(snapshot.manifest, snapshot.facts, snapshot.settings.tool)
    if choice is None or choice.name is None:
        return []
    wanted = view.span(params.range)
    found: list[Json] = []
    if is_wanted(QUICK_FIX, only):
        found += _lock_fixes(view, state, wanted)
    if is_wanted(DEPENDENCY, only):
        found += _of_dependency(view, wanted)
    is_automatic = params.context.trigger_kind == types.CodeActionTriggerKind.Automatic
    if only is not None or not is_automatic:
        found += _of_project(view, only, choice.name)
        if is_wanted(INSTALL, only):
            found += _of_group(view, wanted)
    return found


def _lock_fixes(view: View, state: State, wanted: Span) -> Iterator[Json]:
    """Lock, where a finding says that the lock file does not belong to the text."""
    lines = state.snapshot.lines
    findings = [
        convert.diagnostic(each, lines, view.uri, view.client)
        for each in state.findings
        if each.code in LOCK_FINDINGS and _touch(each.span, wanted)
    ]
    if findings:
        title = "Lock the dependencies"
        action = _action(view, title, QUICK_FIX, "pyproject-ls.lock", {"mode": "keep"})
        action["diagnostics"] = findings
        yield action


def _of_dependency(view: View, wanted: Span) -> Iterator[Json]:
    dependency = _at(view, wanted)
    if dependency is None or is_locked_apart(dependency):
        return
    lock = locked_in(view.snapshot.facts, view.snapshot.manifest)
    name = dependency.normalized
    if lock is None or name not in lock.packages:
        return
    shown = f"`{visible(dependency.name, 60)}`"
    options: Json = {"names": [name]}
    title = f"Update {shown} in the lock file"
    yield _action(view, title, DEPENDENCY, "pyproject-ls.update", options)
    names = list(dict.fromkeys(_members(view, dependency)))
    if len(names) > 1:
        where = visible(dotted(dependency.declared.path), 80)
        title = f"Update all {len(names)} of `{where}` in the lock file"
        yield _action(view, title, DEPENDENCY, "pyproject-ls.update", {"names": names})
    title = f"Why is {shown} locked?"
    yield _action(view, title, DEPENDENCY, "pyproject-ls.why", {"name": name})


def _members(view: View, dependency: Dependency) -> Iterator[str]:
    """The names of all that stand in the list of `dependency`."""
    for declared, members in view.snapshot.manifest.lists:
        if declared is dependency.declared:
            yield from (each.normalized for each in members if each.normalized not in _NOBODY)


def _at(view: View, wanted: Span) -> Dependency | None:
    for dependency in view.snapshot.manifest.dependencies:
        if _touch(dependency.span, wanted) and dependency.normalized not in _NOBODY:
            return dependency
    return None


def _of_project(
    view: View, only: Sequence[types.CodeActionKind | str] | None, tool: str
) -> Iterator[Json]:
    for kind, title, command, options in _PROJECT:
        if is_wanted(f"{SOURCE}.{kind}", only):
            what = f"{title} ({tool})"
            yield _action(view, what, f"{SOURCE}.{kind}", command, options)


def _of_group(view: View, wanted: Span) -> Iterator[Json]:
    """Install the group or the extra that the cursor is in."""
    dependency = _at(view, wanted)
    place = belonging_of(dependency) if dependency is not None else None
    if dependency is None or place is None or place.kind not in {"group", "extra"}:
        return
    name = dependency.declared.group or place.name
    options: Json = {f"{place.kind}s": [name]}
    yield _action(view, f"Install with {place.shown}", INSTALL, "pyproject-ls.install", options)
    if place.kind == "group":
        title = f"Install only {place.shown}"
        yield _action(view, title, INSTALL, "pyproject-ls.install", {"only": [name]})


def _action(view: View, title: str, kind: str, command: str, options: Json) -> Json:
    action = convert.action(title, kind)
    arguments = [{"uri": view.uri, **options}]
    action["command"] = {"title": title, "command": command, "arguments": arguments}
    return action


def _touch(one: Span, other: Span) -> bool:
    return one.start <= other.end and other.start <= one.end
