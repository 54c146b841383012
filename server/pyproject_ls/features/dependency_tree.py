"""What the lock file tells of dependencies: the tree, and why a package is there.

The tree has what ``poetry show --tree`` shows, grouped by the lists of the file, with the locked
versions; ``why`` is the same tree from below (``poetry show --tree --why``), up to the lists.
Nothing is run, and what stands in the lock file is data: it is shown on one line, in a block.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from pyproject_ls.features.lock_texts import (
    NO_LOCK,
    asked,
    declared_as,
    direct,
    doubts,
    enumerated,
    in_list,
    locked_lists,
    need_label,
    package_label,
    versions_of,
)
from pyproject_ls.features.markdown import code, join, visible
from pyproject_ls.features.trees import Branch, Drawing
from pyproject_ls.host import Snapshot
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.lock_graph import LockFile, LockGraph, lock_file_in
from pyproject_ls.project.lock_packages import LockedPackage
from pyproject_ls.project.locked import constraint_of
from pyproject_ls.project.paths import dotted
from pyproject_ls.project.requirement import normalized_name

MAX_LINES = 3000
"""How many lines a document has, of the tree itself."""

CUT = "The tree goes on; only its beginning is shown."


def tree_document(snapshot: Snapshot) -> str:
    """The tree of what is locked, as Markdown: one block for each list of dependencies.

    What stands above already is not drawn again. Asks the facts about the lock file.
    """
    title = "# Dependency tree"
    lock = lock_file_in(snapshot.facts, snapshot.manifest)
    if lock is None:
        return f"{join([title, NO_LOCK])}\n"
    parts = [title, _from(lock), doubts(snapshot, lock)]
    drawing = Drawing(lambda key: _needs(lock.graph, key), MAX_LINES)
    lists = locked_lists(snapshot.manifest)
    for declared, members in lists:
        if drawing.is_cut:
            break
        parts.append(f"## {code(dotted(declared.path), 100)}")
        drawing.add(root for each in sorted(members, key=_name) for root in _roots(lock, each))
        parts.append(drawing.fenced())
    if not lists:
        parts.append("This file declares no dependencies.")
    if drawing.is_cut:
        parts.append(CUT)
    return f"{join(parts)}\n"


def why_document(snapshot: Snapshot, name: str) -> str:
    """Who needs the package `name`, up to the lists that ask for it, as Markdown.

    `name` need not be normalised. Asks the facts about the lock file.
    """
    shown = code(name.strip(), 100)
    title = f"# Why {shown} is there"
    lock = lock_file_in(snapshot.facts, snapshot.manifest)
    if lock is None:
        return f"{join([title, NO_LOCK])}\n"
    normalized = normalized_name(name.strip())
    versions = lock.graph.packages.get(normalized, ())
    declared = direct(snapshot.manifest)
    parts = [title, doubts(snapshot, lock)]
    if not versions:
        parts.append(
            f"{shown} is not in {code(lock.path)}.{_declared(declared.get(normalized, []))}"
        )
        return f"{join(parts)}\n"
    parts.append(f"Locked in {code(lock.path)} as {versions_of(versions)}.")
    drawing = Drawing(lambda key: _needed_by(lock.graph, declared, key), MAX_LINES)
    for package in versions:
        drawing.add([Branch(package_label(package, marker=package.marker), package)])
        parts.append(drawing.fenced())
        if not _needed_by(lock.graph, declared, package):
            parts.append(
                "Nothing in this file or in the lock file asks for it; it will be gone when the"
                " project is locked again."
            )
        if drawing.is_cut:
            parts.append(CUT)
            break
    return f"{join(parts)}\n"


def why_lines(snapshot: Snapshot, found: Sequence[Dependency]) -> str:
    """What the locked versions of a dependency need, and who else needs them, in two sentences.

    `found` are the declarations of one package. Markdown; "" where the lock file says nothing.
    """
    lock = lock_file_in(snapshot.facts, snapshot.manifest)
    if lock is None or not found:
        return ""
    versions = dict.fromkeys(package for each in found for package in lock.graph.of(each))
    needs = {need.normalized: need.name for each in versions for need in each.needs}
    needed = {
        user.package.normalized: user.package.name
        for each in versions
        for user in lock.graph.needed_by(each)
        if user.package.normalized != found[0].normalized
    }
    sentences = []
    if needs:
        sentences.append(f"Needs {_names(needs)}.")
    if needed:
        sentences.append(f"Also needed by {_names(needed)}.")
    return " ".join(sentences)


def _from(lock: LockFile) -> str:
    count = sum(map(len, lock.graph.packages.values()))
    return f"From {code(lock.path)}, which has {count} package{'' if count == 1 else 's'}."


def _names(found: dict[str, str]) -> str:
    return enumerated([code(found[name], 60) for name in sorted(found)])


def _name(dependency: Dependency) -> str:
    return dependency.normalized


def _declared(members: Sequence[Dependency]) -> str:
    if not members:
        return " This file does not declare it."
    lists = list(dict.fromkeys(code(dotted(each.declared.path), 100) for each in members))
    return f" {enumerated(lists)} asks for it: lock the project again." if lists else ""


def _roots(lock: LockFile, dependency: Dependency) -> list[Branch]:
    constraint = constraint_of(dependency)
    found = lock.graph.of(dependency)
    if not found:
        name = visible(dependency.name, 100)
        return [Branch(f"{name}{asked(constraint)}, not in {lock.path}")]
    return [Branch(package_label(each, constraint, each.marker), each) for each in found]


def _needs(graph: LockGraph, key: Hashable) -> list[Branch]:
    """What a package needs, by name; a need that several versions meet has a line for each."""
    if not isinstance(key, LockedPackage):
        return []
    branches: list[Branch] = []
    for need in sorted(key.needs, key=lambda need: need.normalized):
        targets = graph.targets(need)
        marker = need.marker or (f'extra == "{need.extra}"' if need.extra else "")
        branches += (Branch(package_label(each, need.constraint, marker), each) for each in targets)
        if not targets:
            branches.append(Branch(f"{need_label(need)}, not locked"))
    return branches


def _needed_by(
    graph: LockGraph, declared: dict[str, list[Dependency]], key: Hashable
) -> list[Branch]:
    """The lists that ask for a package, and below them the packages that need it."""
    if not isinstance(key, LockedPackage):
        return []
    members = declared_as(graph, key, declared.get(key.normalized, ()))
    branches = [Branch(in_list(each)) for each in members]
    for package, need in sorted(graph.needed_by(key), key=lambda user: user.package.normalized):
        branches.append(Branch(package_label(package, need.constraint, need.marker), package))
    return branches
