"""poetry.lock: whether it is there, can be read, and belongs to this text.

Follows ``poetry check`` and `Locker.is_fresh` of Poetry 2.5, without running Poetry.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyproject_ls.checks.context import Context
from pyproject_ls.checks.finding import Finding, Rule, Severity
from pyproject_ls.checks.registry import check
from pyproject_ls.facts import PathKind
from pyproject_ls.facts.resolution import Conflict
from pyproject_ls.project.lockfile import LockState, lock_state
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.text import Span
from pyproject_ls.toml import Document
from pyproject_ls.toml.convert import to_python

ERROR = Severity.ERROR
LOCK = "poetry.lock"

LOCK_MISSING = Rule(
    "lock-missing", ERROR, "poetry.lock is asked for and not there", poetry=ERROR, standard=False
)
LOCK_OUTDATED = Rule(
    "lock-outdated", ERROR, "poetry.lock was made for other contents", poetry=ERROR, standard=False
)
LOCK_UNREADABLE = Rule(
    "lock-unreadable", ERROR, "poetry.lock cannot be read", poetry=ERROR, standard=False
)


@check(LOCK_MISSING, LOCK_OUTDATED, LOCK_UNREADABLE)
def lock(context: Context) -> Iterator[Finding]:
    """The state of poetry.lock; nothing while the text is not valid TOML."""
    document = context.document
    if document.problems or not (context.as_poetry or context.manifest.uses_poetry):
        return
    kind = context.facts.path_kind(LOCK)
    place = Span(0, document.text.find("\n") if "\n" in document.text else len(document.text))
    if kind is PathKind.MISSING:
        if context.settings.lock:
            message = "`poetry.lock` does not exist; run `poetry lock` to make it."
            yield LOCK_MISSING.at(place, (), message)
        return
    source = context.facts.text_of(LOCK) if kind is not None else None
    if source is None:
        return
    if source.text is None:
        yield LOCK_UNREADABLE.at(
            place,
            (),
            f"`poetry.lock` cannot be read: {source.error}; restore it, or delete it and run"
            " `poetry lock`.",
        )
        return
    state = lock_state(_content(document), source.text)
    if state is LockState.UNREADABLE:
        yield LOCK_UNREADABLE.at(
            place,
            (),
            "`poetry.lock` is not valid TOML, perhaps because of a merge conflict; restore it, or"
            " delete it and run `poetry lock`.",
        )
    elif state is LockState.OUTDATED and not _cannot_be_locked(context):
        yield LOCK_OUTDATED.at(
            place,
            (),
            "`poetry.lock` was not made for the dependencies in this file; run `poetry lock` to"
            " update it.",
        )


def _cannot_be_locked(context: Context) -> bool:
    """Whether the resolver has found a conflict: that is the cause, and is told at its place."""
    if context.as_poetry or context.settings.resolve == "off":
        return False
    digest = digest_of(context.manifest)
    answer = context.facts.resolution(digest) if digest is not None else None
    return isinstance(answer, Conflict)


def _content(document: Document) -> dict[str, Any]:
    content: dict[str, Any] = to_python(document.root)
    return content
