"""Hover of groups and extras: all members, with what they include resolved."""

from __future__ import annotations

from collections.abc import Iterator

from pyproject_ls.features.hover.dependency import condition_of
from pyproject_ls.features.hover.origin import place_of
from pyproject_ls.features.markdown import bullets, code, join
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.manifest import Manifest, as_array, as_string, as_table, strings
from pyproject_ls.project.requirement import cut, normalized_name

MAX_MEMBERS = 30
_GROUP_HOMES = (Home.GROUP, Home.POETRY_GROUP, Home.POETRY_DEV, Home.PDM_DEV)


class Member(NamedTuple):
    """A package of a group or extra; `origin` is the one it comes from, "" for this itself."""

    text: str
    origin: str


class Contents(NamedTuple):
    """All that belongs to a group or extra, and the names that lead nowhere or back."""

    members: list[Member]
    missing: list[str]
    cyclic: list[str]


def group_text(snapshot: Snapshot, name: str) -> str | None:
    """The text about the dependency group `name`; None where there is no such group."""
    manifest = snapshot.manifest
    groups = _groups(manifest)
    wanted = normalized_name(name)
    if wanted not in groups:
        return None
    contents = _contents(wanted, groups)
    included_by = [
        code(each.name, 60)
        for key, each in groups.items()
        if key != wanted and any(normalized_name(to) == wanted for to in each.includes)
    ]
    shown = groups[wanted].name
    optional = manifest.document.get("tool", "poetry", "group", shown, "optional")
    is_optional = getattr(optional, "value", None) is True
    return join(
        [
            f"{code(shown, 60)} · {'optional ' if is_optional else ''}dependency group",
            _listed(contents, "Nothing is in it."),
            f"Included by {', '.join(included_by[:8])}." if included_by else "",
            _installed(manifest, shown, is_optional),
        ]
    )


def extra_text(snapshot: Snapshot, name: str) -> str | None:
    """The text about the project's extra `name`; None where there is no such extra."""
    extras = _extras(snapshot.manifest)
    wanted = normalized_name(name)
    if wanted not in extras:
        return None
    contents = _contents(wanted, extras)
    shown = extras[wanted].name
    project = snapshot.manifest.name
    package = project.value if project is not None else "."
    return join(
        [
            f"{code(shown, 60)} · extra",
            _listed(contents, "Nothing is in it."),
            f"Install it with {code(f'pip install {package}[{shown}]', 200)}.",
        ]
    )


class _List(NamedTuple):
    """What a group or extra lists itself."""

    name: str
    members: list[str]
    includes: list[str]


def _groups(manifest: Manifest) -> dict[str, _List]:
    """The groups by normalised name; those of one name in several tables are one."""
    found: dict[str, _List] = {}
    for home in _GROUP_HOMES:
        for dependency in manifest.by_home.get(home, ()):
            if dependency.name.lower() == "python" and dependency.requirement is None:
                continue
            _add(found, dependency.declared.group).members.append(_shown(dependency))
    standard = manifest.dependency_groups
    for name, node in standard.values.items() if standard is not None else ():
        group, array = _add(found, name), as_array(node)
        for item in array.items if array is not None else ():
            table = as_table(item)
            to = as_string(table.values.get("include-group")) if table is not None else None
            if to is not None:
                group.includes.append(to.value)
    poetry = as_table(manifest.document.get("tool", "poetry", "group"))
    for name, node in poetry.values.items() if poetry is not None else ():
        group, table = _add(found, name), as_table(node)
        if table is not None:
            group.includes.extend(to.value for to in strings(table.values.get("include-groups")))
    return found


def _extras(manifest: Manifest) -> dict[str, _List]:
    """The extras by normalised name; a reference to the project itself includes another one."""
    found: dict[str, _List] = {}
    own = manifest.normalized_name
    table = as_table(manifest.document.get("project", "optional-dependencies"))
    for name, node in table.values.items() if table is not None else ():
        extra = _add(found, name)
        for item in strings(node):
            requirement = cut(item.value)
            if own and requirement.normalized == own and requirement.extras:
                extra.includes.extend(part.text for part in requirement.extras)
            else:
                extra.members.append(code(item.value, 120))
    table = as_table(manifest.document.get("tool", "poetry", "extras"))
    if table is None:
        return found
    declared: dict[str, Dependency] = {}
    for dependency in manifest.by_home.get(Home.POETRY, ()):
        declared.setdefault(dependency.normalized, dependency)
    for name, node in table.values.items():
        extra = _add(found, name)
        for item in strings(node):
            entry = declared.get(normalized_name(item.value))
            unknown = f"{code(item.value, 120)}, which is not in `tool.poetry.dependencies`"
            extra.members.append(_shown(entry) if entry is not None else unknown)
    return found


def _add(found: dict[str, _List], name: str) -> _List:
    return found.setdefault(normalized_name(name), _List(name, [], []))


def _shown(dependency: Dependency) -> str:
    """A dependency as a member: its requirement, or name and constraint of a Poetry entry."""
    if dependency.requirement is not None:
        return code(dependency.requirement.text, 120)
    constraint, place = constraint_of(dependency), place_of(dependency)
    text = code(f"{dependency.name} {constraint}".strip(), 120)
    text += f", {place[:1].lower()}{place[1:]}" if place else ""
    condition = condition_of(dependency)
    return f"{text}, {condition}" if condition else text


def _contents(name: str, lists: dict[str, _List]) -> Contents:
    """Everything in the list `name`, its own members first; each included list counts once."""
    contents = Contents([], [], [])
    done: set[str] = set()
    way: dict[str, None] = {}  # in order, and quick to look into
    stack: list[Iterator[str]] = [iter((name,))]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
            if way:
                way.popitem()
            continue
        key = normalized_name(step)
        listed = lists.get(key)
        if key in way:
            contents.cyclic.append(step)
        elif listed is None:
            contents.missing.append(step)
        elif key not in done:
            done.add(key)
            origin = listed.name if way else ""
            contents.members.extend(Member(text, origin) for text in listed.members)
            way[key] = None
            stack.append(iter(listed.includes))
    return contents


def _listed(contents: Contents, nothing: str) -> str:
    seen: dict[str, str] = {}
    for member in contents.members:
        seen.setdefault(member.text, member.origin)
    items = [
        f"{text} (from {code(origin, 60)})" if origin else text for text, origin in seen.items()
    ]
    more = len(items) - MAX_MEMBERS
    if more > 0:
        items[MAX_MEMBERS:] = [f"and {more} more"]
    notes = [
        f"It includes {code(name, 60)}, which is not defined." for name in contents.missing[:3]
    ]
    notes += [f"The include of {code(name, 60)} leads back." for name in contents.cyclic[:3]]
    return join([bullets(items) or nothing, *notes])


def _installed(manifest: Manifest, name: str, is_optional: bool) -> str:
    """How the group gets into an environment."""
    if manifest.uses_poetry:
        if not is_optional:
            return "`poetry install` takes it along."
        command = f"poetry install --with {name}"
    elif manifest.document.get("tool", "uv") is not None:
        command = f"uv sync --group {name}"
    elif manifest.document.get("tool", "pdm") is not None:
        command = f"pdm install -G {name}"
    else:
        command = f"pip install --group {name}"
    return f"Install it with {code(command, 120)}."
