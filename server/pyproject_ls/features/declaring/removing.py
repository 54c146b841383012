"""Take a declared dependency away, with all that speaks of it elsewhere in the file."""

from __future__ import annotations

from collections.abc import Sequence

from pyproject_ls.features.declaring.lists import without
from pyproject_ls.features.declaring.model import CannotDeclare, Draft
from pyproject_ls.features.declaring.places import EXTRAS_TABLE, MAIN_GROUP
from pyproject_ls.features.declaring.tables import without_path
from pyproject_ls.features.lock_texts import enumerated
from pyproject_ls.features.markdown import visible
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency, Home
from pyproject_ls.project.manifest import Manifest, as_array, as_table, indexed_strings
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit
from pyproject_ls.toml import Array

_GROUPS = frozenset({Home.GROUP, Home.POETRY_GROUP, Home.POETRY_DEV, Home.UV, Home.PDM_DEV})


class Belonging(NamedTuple):
    """What a declaration belongs to: the main dependencies, a group, an extra; normalised.

    `is_poetrys_extra`: the extra lists the name of an optional entry of Poetry's main table.
    """

    kind: str
    name: str = ""
    is_poetrys_extra: bool = False

    @property
    def shown(self) -> str:
        """In words, for a message."""
        if self.kind == MAIN_GROUP:
            return "the main dependencies"
        return f"the {self.kind} `{visible(self.name, 60)}`"


def removed(snapshot: Snapshot, name: str, group: str = "", extra: str = "") -> Sequence[Edit]:
    """The edits that take the declarations of the package `name` away from one place.

    That is the `group` ("main" for the main dependencies), the `extra`, or where neither is given
    the only place that has it. What Poetry's tables and ``[tool.uv.sources]`` add to it goes as
    well; lists and tables that become empty stay. Raises CannotDeclare where there is no such
    declaration, where there are several places, or where the text allows no such edit.
    """
    draft = Draft(snapshot)
    normalized = normalized_name(name.strip())
    manifest = draft.manifest
    chosen = _chosen(manifest, normalized, group, extra)
    places = set(belongings(manifest, normalized)) - {chosen}
    if chosen.is_poetrys_extra:
        _out_of_extras(draft, normalized, chosen.name)
        chosen = Belonging(MAIN_GROUP)
        if _poetry_extras(draft.manifest, normalized):
            return draft.edits()
    _out_of_places(draft, normalized, chosen)
    if not places - {chosen}:  # all are gone
        if _poetry_extras(manifest, normalized):
            _out_of_extras(draft, normalized)
        _out_of_uv(draft, manifest, normalized)
    return draft.edits()


def belongings(manifest: Manifest, normalized: str) -> list[Belonging]:
    """The places that declare a package, in the order of the file.

    An entry of Poetry's table that only adds to a requirement of an extra is no place.
    """
    found = [_belonging(each) for each in _members(manifest) if each.normalized == normalized]
    in_project = any(
        each.normalized == normalized for each in manifest.by_home.get(Home.PROJECT, ())
    )
    if any(each.kind == "extra" for each in found) and not in_project:
        found = [each for each in found if each.kind != MAIN_GROUP]
    return list(dict.fromkeys(found))


def belonging_of(dependency: Dependency) -> Belonging | None:
    """What the declaration belongs to; None for one that is not removed (Python, build tools)."""
    return _belonging(dependency) if _is_member(dependency) else None


def _members(manifest: Manifest) -> list[Dependency]:
    """The declarations that may be removed: what is needed to build stays."""
    return [each for each in manifest.dependencies if _is_member(each)]


def _is_member(dependency: Dependency) -> bool:
    return (
        dependency.declared.home in {*_GROUPS, Home.PROJECT, Home.POETRY, Home.EXTRA}
        and dependency.declared.group != "constraint-dependencies"
        and dependency.normalized != ""
        and not (dependency.normalized == "python" and dependency.requirement is None)
    )


def _belonging(dependency: Dependency) -> Belonging:
    home, name = dependency.declared.home, normalized_name(dependency.declared.group)
    if home is Home.EXTRA:
        return Belonging("extra", name)
    if home in _GROUPS:
        return Belonging("group", "dev" if home is Home.UV else name)
    return Belonging(MAIN_GROUP)


def _poetry_extras(manifest: Manifest, normalized: str) -> list[Belonging]:
    table = as_table(manifest.document.get(*EXTRAS_TABLE))
    return [
        Belonging("extra", normalized_name(name), is_poetrys_extra=True)
        for name, node in (table.values.items() if table is not None else ())
        if any(normalized_name(each.value) == normalized for _, each in indexed_strings(node))
    ]


def _chosen(manifest: Manifest, normalized: str, group: str, extra: str) -> Belonging:
    shown = visible(normalized, 60)
    places = belongings(manifest, normalized)
    if group and extra:
        raise CannotDeclare("A dependency is removed from a group or from an extra; name one.")
    if not places:
        raise CannotDeclare(f"`{shown}` is not declared in this file.")
    words = enumerated([each.shown for each in places])
    if not group and not extra:
        if len(places) > 1:
            raise CannotDeclare(f"`{shown}` is in {words}; say from which it is to be removed.")
        return places[0]
    if group:
        wanted = Belonging("group", normalized_name(group))
        if wanted not in places and wanted.name == MAIN_GROUP:
            wanted = Belonging(MAIN_GROUP)
            if _in_place(manifest, normalized, wanted):
                return wanted
    else:
        wanted = Belonging("extra", normalized_name(extra))
        own = wanted._replace(is_poetrys_extra=True)
        if wanted not in places and own in _poetry_extras(manifest, normalized):
            return own
    if wanted not in places:
        raise CannotDeclare(f"`{shown}` is not in {wanted.shown}; it is in {words}.")
    return wanted


def _out_of_places(draft: Draft, normalized: str, place: Belonging) -> None:
    """Take the declarations of one place away, and Poetry's entry beside those of an extra."""
    found = _in_place(draft.manifest, normalized, place)
    while found:
        edits = _without(draft, found[0])
        if not edits:
            raise CannotDeclare(
                f"The declaration of `{visible(found[0].name, 60)}` is written in a way that it"
                " cannot be taken out of; remove it by hand."
            )
        draft.apply(edits)
        found = _in_place(draft.manifest, normalized, place) if len(found) > 1 else []


def _in_place(manifest: Manifest, normalized: str, place: Belonging) -> list[Dependency]:
    """The declarations of a package in one place, with what Poetry's main table adds to them.

    That addition may be for the main list and for several extras: it belongs to the last of them,
    and to the main dependencies where these have nothing else.
    """
    members = [each for each in _members(manifest) if each.normalized == normalized]
    found = [each for each in members if _belonging(each) == place]
    standard = [each for each in members if each.declared.home in {Home.PROJECT, Home.EXTRA}]
    is_only = all(each.declared.home is Home.POETRY for each in found)
    if not standard or place.kind == "group" or (place.kind == MAIN_GROUP and is_only):
        return found
    found = [each for each in found if each.declared.home is not Home.POETRY]
    if any(_belonging(each) != place for each in standard):
        return found
    return [each for each in members if each.declared.home is Home.POETRY] + found


def _without(draft: Draft, dependency: Dependency) -> Sequence[Edit]:
    path = [str(step) for step in dependency.declared.path]
    if dependency.requirement is None:
        return without_path(draft.document, (*path, dependency.name))
    array = draft.document.get(*path)
    if not isinstance(array, Array) or not isinstance(dependency.where, int):
        return ()
    return without(draft.text, array, dependency.where)


def _out_of_extras(draft: Draft, normalized: str, only: str = "") -> None:
    """Take the name out of all lists of ``[tool.poetry.extras]``, or out of one."""
    table = as_table(draft.document.get(*EXTRAS_TABLE))
    for name in list(table.values) if table is not None else ():
        while not only or normalized_name(name) == only:
            array = as_array(draft.document.get(*EXTRAS_TABLE, name))
            index = next(
                (
                    at
                    for at, each in indexed_strings(array)
                    if normalized_name(each.value) == normalized
                ),
                None,
            )
            if array is None or index is None:
                break
            draft.apply(without(draft.text, array, index))


def _out_of_uv(draft: Draft, manifest: Manifest, normalized: str) -> None:
    """Take the entry of ``[tool.uv.sources]`` away; `manifest` is of the original text."""
    path = ("tool", "uv", "sources")
    table = as_table(manifest.document.get(*path))
    for name in list(table.values) if table is not None else ():
        if normalized_name(name) == normalized:
            draft.apply(without_path(draft.document, (*path, name)))
