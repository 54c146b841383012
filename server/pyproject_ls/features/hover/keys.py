"""Hover of keys: the text of the schema, and what a name chosen by the author stands for."""

from __future__ import annotations

from pyproject_ls.features.markdown import block, code, join, link
from pyproject_ls.project.paths import TomlPath, dotted
from pyproject_ls.project.schema.docs import KeyDoc, key_doc

_LABELS = {
    "Homepage": {"homepage"},
    "Source": {"source", "repository", "sourcecode", "github"},
    "Download": {"download"},
    "Changelog": {"changelog", "changes", "whatsnew", "history"},
    "Release notes": {"releasenotes"},
    "Documentation": {"documentation", "docs"},
    "Issue tracker": {"issues", "bugs", "issue", "tracker", "issuetracker", "bugtracker"},
    "Funding": {"funding", "sponsor", "donate", "donation"},
}
"""Well-known labels (https://packaging.python.org/en/latest/specifications/well-known-project-urls/)
with all the spellings that mean the same."""


def key_text(path: TomlPath, note: str = "") -> str | None:
    """The text about the key at `path`, with a `note` (Markdown) on what stands there."""
    doc = key_doc(path)
    return rendered(path, doc, note) if doc is not None else None


def rendered(path: TomlPath, doc: KeyDoc, note: str = "") -> str:
    """`doc` as Markdown."""
    name = dotted(tuple(step for step in path if isinstance(step, str)))
    first, semicolon, more = doc.since.partition(";")
    since = link(first, doc.link) + semicolon + more if doc.link else doc.since
    return join(
        [
            f"{code(name, 120)} · {doc.type}",
            doc.text,
            note,
            f"**Deprecated.** {doc.deprecated}" if doc.deprecated else "",
            block(doc.example, "toml") if doc.example else "",
            f"Since {since}" if since else "",
        ]
    )


def label_note(label: str) -> str:
    """What a label under ``project.urls`` is known as."""
    folded = "".join(char for char in label.lower() if char.isalnum())
    known = next((name for name, spellings in _LABELS.items() if folded in spellings), None)
    return f"Indexes know this label as *{known}*." if known else ""
