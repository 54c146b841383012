"""Where a dependency comes from: an index of its own, a repository, a path or an address."""

from __future__ import annotations

import re

from pyproject_ls.features.markdown import code, redacted
from pyproject_ls.host import Snapshot
from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.manifest import as_array, text_of
from pyproject_ls.toml import Scalar, Table

_VCS_URL = lazy_pattern(r"(?P<vcs>git|hg|bzr|svn)\+(?P<url>[^#]*)(?:#(?P<fragment>.*))?", re.DOTALL)
_VCS_NAMES = {"git": "Git", "hg": "Mercurial", "bzr": "Bazaar", "svn": "Subversion"}


def place_of(dependency: Dependency) -> str:
    """The direct reference of a dependency in words; "" for one from an index."""
    if dependency.requirement is not None:
        url = dependency.requirement.url
        return _reference(url.text) if url is not None else ""
    for kind in ("git", "path", "file", "url"):
        node = dependency.text_option(kind)
        if node is None:
            continue
        if kind != "git":
            words = {"path": "From the path", "file": "From the archive", "url": "From the address"}
            text = f"{words[kind]} {code(redacted(node.value))}"
        else:
            text = f"From the Git repository {code(redacted(node.value))}"
            for key, word in (("branch", "branch"), ("tag", "tag"), ("rev", "revision")):
                at = dependency.text_option(key)
                if at is not None:
                    text += f", {word} {code(at.value, 100)}"
        below = dependency.text_option("subdirectory")
        return f"{text}, folder {code(below.value)}" if below is not None else text
    return ""


def _reference(url: str) -> str:
    """The URL of ``name @ url`` in words."""
    match = _VCS_URL.match(url)
    if match is not None:
        address, at, revision = match["url"].rpartition("@")
        if not at or "/" not in address.partition("://")[2]:
            address, revision = match["url"], ""
        text = f"From the {_VCS_NAMES[match['vcs']]} repository {code(redacted(address))}"
        text += f", revision {code(revision, 100)}" if revision else ""
        folder = re.search(r"subdirectory=([^&]+)", match["fragment"] or "")
        return f"{text}, folder {code(folder[1])}" if folder else text
    if url.lower().startswith("file:"):
        return f"From the path {code(url[5:])}"
    return f"From the address {code(redacted(url))}"


def address_of(snapshot: Snapshot, source: str) -> str:
    """The address of a source in parentheses, as Markdown; "" where it is not known."""
    for table in sources_named(snapshot, source):
        url = table.values.get("url")
        if isinstance(url, Scalar) and url.kind == "string":
            return f" ({code(redacted(url.value))})"
    return ""


def sources_named(snapshot: Snapshot, name: str) -> list[Table]:
    """The tables of ``[[tool.poetry.source]]`` of this name, in any case."""
    array = as_array(snapshot.document.get("tool", "poetry", "source"))
    tables = [item for item in (array.items if array else ()) if isinstance(item, Table)]
    return [
        table
        for table in tables
        if (text_of(table.values.get("name")) or "").lower() == name.lower()
    ]
