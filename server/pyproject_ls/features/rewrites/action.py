"""What a rewrite is, and what it is asked about."""

from __future__ import annotations

from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.dependencies import Dependency
from pyproject_ls.project.locate import Place
from pyproject_ls.text import Edit, Span

REWRITE = "refactor.rewrite"
MOVE = "refactor.move"


class NewFile(NamedTuple):
    """A file to make, where there is none: its path relative to the project, its content."""

    path: str
    text: str


class Action(NamedTuple):
    """A change that a person may ask for; nothing was wrong before.

    `kind` is a kind of code action as LSP has them. `edits` are made in the file itself.
    """

    title: str
    kind: str
    edits: tuple[Edit, ...] = ()
    creates: tuple[NewFile, ...] = ()


class Request(NamedTuple):
    """What is asked: the file, the selection, what stands at its end, the dependency there."""

    snapshot: Snapshot
    span: Span
    place: Place
    dependency: Dependency | None

    @property
    def text(self) -> str:
        """The text of the file."""
        return self.snapshot.text
