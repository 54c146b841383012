"""Rename a group, an extra, a source or a package wherever a file names it.

Names follow the standards: groups PEP 735, extras PEP 685, packages PEP 508; sources the tool that
reads them. A rename is refused, with a reason for people, when the new name is not valid or is
already that of another thing.
"""

from __future__ import annotations

from pyproject_ls.features.files import path_dependencies
from pyproject_ls.features.names import (
    Name,
    NameKind,
    Occurrence,
    is_own_name,
    occurrence_at,
    occurrences,
    occurrences_of,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import as_table, is_truthy
from pyproject_ls.project.requirement import normalized_name
from pyproject_ls.text import Edit, Span, apply_edits
from pyproject_ls.toml import Array, Key, Scalar, Table, parse


class RenameError(Exception):
    """Why something cannot be renamed, or not to this name; one sentence for the user."""


class Renaming(NamedTuple):
    """What would be renamed: where the name stands, how it is written, what it is."""

    span: Span
    placeholder: str
    name: Name


_VALID = lazy_pattern(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_UV_INDEX = lazy_pattern(r"[A-Za-z0-9_.-]+")
_BARE_KEY = lazy_pattern(r"[A-Za-z0-9_-]+")
_MAX_LENGTH = 200


def prepare_rename(snapshot: Snapshot, offset: int) -> Renaming | None:
    """What a rename at `offset` would be about; None where no name stands.

    Raises `RenameError` where a name stands that others define.
    """
    here = occurrence_at(snapshot, offset)
    if here is None:
        return None
    _refuse_foreign(here.name)
    return Renaming(here.span, _written(snapshot, here), here.name)


def rename(snapshot: Snapshot, offset: int, new_name: str) -> list[Edit]:
    """The edits that call the name at `offset` `new_name`, in the order of the text.

    No edits where no name stands, or where all are spelt so already. Raises `RenameError`.
    """
    here = occurrence_at(snapshot, offset)
    if here is None:
        return []
    _refuse_foreign(here.name)
    new_name = new_name.strip()
    _refuse_invalid(snapshot, here.name, new_name)
    _refuse_taken(snapshot, here.name, new_name)
    edits = _edits(snapshot, occurrences_of(snapshot, here.name), new_name)
    _refuse_collision(snapshot, edits, new_name)
    return edits


def concerns_others(snapshot: Snapshot, name: Name) -> bool:
    """Whether other projects may use `name`: an extra of this project, or its own name."""
    return is_own_name(snapshot, name) or (name.kind is NameKind.EXTRA and not name.scope)


def rename_in(other: Snapshot, name: Name, owner: str, new_name: str) -> list[Edit]:
    """The edits in `other`, a project that depends on the project `owner`, for a rename there.

    `name` is what `Renaming.name` says in the owner's file: an extra of it (``owner[extra]``), or
    its own name. Nothing changes in projects that take `owner` from an index: what they name is a
    published version. Whether their path leads to the very owner, the caller knows
    (`files.path_dependencies`). Raises `RenameError` where the new name does not fit there.
    """
    package = normalized_name(owner)
    if not package or not _takes_from_disk(other, package):
        return []
    if name.kind is NameKind.EXTRA and not name.scope:
        wanted = Name(NameKind.EXTRA, name.text, package)
    elif name == Name(NameKind.PACKAGE, package):
        wanted = name
        _refuse_taken(other, name, new_name)
    else:
        return []
    edits = _edits(other, occurrences_of(other, wanted), new_name)
    _refuse_collision(other, edits, new_name)
    return edits


def _takes_from_disk(other: Snapshot, package: str) -> bool:
    """Whether a project depends on `package` by path, or as a member of its workspace."""
    if any(name == package for name, _ in path_dependencies(other)):
        return True
    sources = as_table(other.document.get("tool", "uv", "sources"))
    for name, value in sources.values.items() if sources is not None else ():
        if normalized_name(name) == package:
            forms = value.items if isinstance(value, Array) else [value]
            for form in forms:
                workspace = form.values.get("workspace") if isinstance(form, Table) else None
                if workspace is not None and is_truthy(workspace):
                    return True
    return False


def _refuse_foreign(name: Name) -> None:
    if name.kind is NameKind.EXTRA and name.scope:
        raise RenameError(
            f"The extra `{name.text}` is defined by the package `{name.scope}`; it can only be"
            " renamed there."
        )
    if name == Name(NameKind.SOURCE, "pypi", "poetry"):
        raise RenameError("`PyPI` is Poetry's own name for the public index; it has no other.")


def _refuse_invalid(snapshot: Snapshot, name: Name, new_name: str) -> None:
    if not new_name:
        raise RenameError("The new name is empty.")
    if len(new_name) > _MAX_LENGTH:
        raise RenameError(f"The new name is too long; {_MAX_LENGTH} characters must do.")
    if name.kind is not NameKind.SOURCE:
        if not _VALID.fullmatch(new_name):
            raise RenameError(
                f"`{_shown(new_name)}` is no valid name of {_a(name.kind)}: write letters, digits,"
                " `-`, `_` and `.`, with a letter or digit at each end."
            )
        is_main = name.kind is NameKind.GROUP and normalized_name(new_name) == "main"
        if is_main and snapshot.manifest.uses_poetry:
            raise RenameError("`main` is Poetry's name for the project's own dependencies.")
        if name.kind is NameKind.PACKAGE and new_name.lower() == "python":
            raise RenameError("`python` is the interpreter, not a package.")
        return
    if name.scope == "uv" and not _UV_INDEX.fullmatch(new_name):
        raise RenameError(
            f"`{_shown(new_name)}` is no valid name of an index: write letters, digits, `-`, `_`"
            " and `.`."
        )
    if not new_name.isprintable():
        raise RenameError("The new name holds characters that cannot be seen.")
    if name.scope == "poetry" and new_name.lower() == "pypi":
        raise RenameError("`PyPI` is Poetry's own name for the public index.")


def _refuse_taken(snapshot: Snapshot, name: Name, new_name: str) -> None:
    """Nothing else may have the new name; another spelling of the old one may be chosen."""
    text = new_name if name.kind is NameKind.SOURCE else normalized_name(new_name)
    if name.kind is NameKind.SOURCE and name.scope == "poetry":
        text = new_name.lower()
    new = name._replace(text=text)
    if new == name:
        return
    is_legacy = new == Name(NameKind.GROUP, "dev") and _has_legacy_dev(snapshot)
    if is_legacy or any(each.name == new for each in occurrences(snapshot)):
        raise RenameError(f"There is already {_a(name.kind)} `{_shown(new_name)}` in this file.")


def _has_legacy_dev(snapshot: Snapshot) -> bool:
    """Whether the group `dev` is written as ``[tool.poetry.dev-dependencies]``."""
    return snapshot.document.get("tool", "poetry", "dev-dependencies") is not None


def _refuse_collision(snapshot: Snapshot, edits: list[Edit], new_name: str) -> None:
    """A file with fewer faults must not become one with more: two equal keys in a table."""
    before = len(snapshot.document.problems)
    if len(parse(apply_edits(snapshot.text, edits)).problems) > before:
        raise RenameError(f"`{_shown(new_name)}` would stand twice in one table.")


def _edits(snapshot: Snapshot, places: list[Occurrence], new_name: str) -> list[Edit]:
    edits = [_edit(snapshot, place, new_name) for place in places]
    return [edit for edit in edits if snapshot.text[edit.span.start : edit.span.end] != edit.text]


def _edit(snapshot: Snapshot, place: Occurrence, new_name: str) -> Edit:
    """The new name in place of the old one, with quotes where it needs them."""
    node = place.node
    quote = snapshot.text[node.start : node.start + 1]
    is_quoted = quote in {'"', "'"}
    if isinstance(node, Key) and not is_quoted:
        plain = _BARE_KEY.fullmatch(new_name) is not None
        return Edit(node.span, new_name if plain else _basic(new_name))
    if is_quoted and any(letter in new_name for letter in "\"'\\"):
        if isinstance(node, Scalar) and not node.closed:
            raise RenameError("A string with the old name has no closing quote; close it first.")
        return Edit(node.span, _basic(new_name))  # only sources: the name is the whole string
    return Edit(place.span, new_name)


def _basic(text: str) -> str:
    """`text` (printable) as a basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _written(snapshot: Snapshot, place: Occurrence) -> str:
    """The name as written; normalised where it is written with escapes."""
    name = snapshot.text[place.span.start : place.span.end]
    return place.name.text if "\\" in name else name


def _shown(name: str) -> str:
    return "".join(letter for letter in name[:60] if letter.isprintable() and letter != "`")


def _a(kind: NameKind) -> str:
    return f"an {kind.value}" if kind is NameKind.EXTRA else f"a {kind.value}"
