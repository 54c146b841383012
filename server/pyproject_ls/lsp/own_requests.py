"""Requests and notifications of our own, for extensions that show more than LSP has words for.

``docs/protocol.md`` describes them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyproject_ls.features.lock_status import lock_status
from pyproject_ls.features.overview import DependencyList, overview
from pyproject_ls.features.package_choice import names_like, package_choice
from pyproject_ls.features.parents import parents_of
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.asking import Waits, asked_patiently, refused
from pyproject_ls.lsp.convert import Json, View
from pyproject_ls.lsp.documents import Document
from pyproject_ls.lsp.projects import Project
from pyproject_ls.lsp.targets import Target

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

PATIENCE = 1.0
"""Seconds that an index gets before somebody who picks a package is told to ask again."""


def project_of(ls: Session, project: Project, snapshot: Snapshot) -> Json:
    """A project with all that it declares."""
    view = View(snapshot, project.uri, project.version, None, ls.client)
    name = snapshot.manifest.name
    tool, path, status = lock_status(snapshot)
    folder = project.path.parent if project.path is not None else None
    return {
        "uri": project.uri,
        "name": name.value if name is not None else (folder.name if folder else ""),
        "folder": str(folder) if folder is not None else "",
        "tool": tool.name if tool is not None else None,
        "lock": {"path": path, "state": status.value},
        "lists": [_list(each, view) for each in overview(snapshot) if each.entries],
    }


def status_of(ls: Session, document: Document) -> Json:
    """How a document's project is, in the words of the notification ``pyproject-ls/status``."""
    found = document.ask(lambda snapshot: (lock_status(snapshot), snapshot.facts.tool_state()))
    (choice, path, status), state = found
    return {
        "uri": document.uri,
        "tool": ls.tools.title(choice.name if choice is not None else None),
        "lock": {"path": path, "state": status.value},
        "activity": state.activity if state is not None else "",
        "obstacle": state.obstacle if state is not None else "",
        "index": "offline" if ls.index_settings.offline else "online",
    }


def _list(found: DependencyList, view: View) -> Json:
    return {
        "kind": found.kind,
        "name": found.name,
        "label": found.label,
        "dependencies": [
            {
                "name": each.name,
                "constraint": each.constraint,
                "locked": each.locked,
                "newest": each.newest,
                "state": each.state.value,
                "range": view.range(each.span),
            }
            for each in found.entries
        ],
    }


# Requests


def projects(ls: Session, params: Any) -> Waits:
    """``pyproject-ls/projects``."""
    if not ls.is_ready:
        yield ls.ready, (), {}
    return {"projects": (yield ls.overview.projects, (), {})}


def search_packages(ls: Session, params: Any) -> Waits:
    """``pyproject-ls/searchPackages`` ``{"uri", "query"}``."""
    query = _text(params, "query")

    def answer(view: View) -> Json:
        names = names_like(view.snapshot, query) if query else None
        if names is None:
            return {"items": [], "complete": False}
        items = [{"name": each.name, "popular": each.rank is not None} for each in names.found]
        return {"items": items, "complete": names.complete}

    return (yield from asked_patiently(ls, _uri(params), answer))


def package_info(ls: Session, params: Any) -> Waits:
    """``pyproject-ls/packageInfo`` ``{"uri", "name"}``."""
    name = _text(params, "name")

    def answer(view: View) -> Json | None:
        found = package_choice(view.snapshot, name)
        if found is None:
            return None
        versions = [
            {
                "version": release.version,
                "date": release.uploaded,
                "yanked": release.yanked is not None,
                "prerelease": release.is_prerelease,
                "supported": is_supported,
            }
            for release, is_supported in found.releases
        ]
        return {
            "name": found.name,
            "summary": found.summary,
            "versions": versions,
            "extras": list(found.extras),
        }

    return (yield from asked_patiently(ls, _uri(params), answer, PATIENCE))


def reverse_tree(ls: Session, params: Any) -> Waits:
    """``pyproject-ls/reverseTree`` ``{"uri", "name"}``: who needs a package, one step up."""
    if not ls.is_ready:
        yield ls.ready, (), {}
    name = _text(params, "name")
    found = Target(ls, _uri(params)).ask(lambda snapshot: parents_of(snapshot, name))
    return {
        "parents": [
            {"name": each.name, "version": each.version, "constraint": each.constraint}
            for each in found.packages
        ],
        "direct": list(found.lists),
    }


def _uri(params: Any) -> str:
    uri = params.get("uri") if isinstance(params, dict) else None
    if not isinstance(uri, str):
        raise refused("`uri` has to be the URI of a pyproject.toml.")
    return uri


def _text(params: Any, name: str) -> str:
    value = params.get(name) if isinstance(params, dict) else None
    if not isinstance(value, str) or len(value) > 500:
        raise refused(f"`{name}` has to be a text.")
    return value


REQUESTS = {
    "pyproject-ls/projects": projects,
    "pyproject-ls/searchPackages": search_packages,
    "pyproject-ls/packageInfo": package_info,
    "pyproject-ls/reverseTree": reverse_tree,
}
"""The handlers by method."""
