"""The documentation of an item, made when an editor asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from pyproject_ls.features.completion.model import Kind
from pyproject_ls.features.hover.package import package_documentation
from pyproject_ls.host import Snapshot
from pyproject_ls.project.schema.docs import key_doc


def resolve(snapshot: Snapshot | None, label: str, kind: Kind, data: Sequence[str]) -> str | None:
    """The Markdown text about an item with this `data`, None where there is nothing to say."""
    what, *rest = data if data else ("",)
    if what == "key":
        return _about_key(tuple(rest))
    if what == "text" and rest:
        return rest[0]
    if what == "package" and rest and snapshot is not None:
        return package_documentation(snapshot, rest[0])
    return None


def _about_key(path: tuple[str, ...]) -> str | None:
    doc = key_doc(path)
    if doc is None:
        return None
    parts = [f"**Deprecated.** {doc.deprecated}", doc.text] if doc.deprecated else [doc.text]
    if doc.example:
        parts.append(f"```toml\n{doc.example.rstrip()}\n```")
    if doc.link and doc.since:
        parts.append(f"[{doc.since}]({doc.link})")
    return "\n\n".join(parts)
