"""What is asked of `declaring`, and a text that is edited step by step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyproject_ls.features.rewrites.layout import with_line_ends
from pyproject_ls.host import Snapshot
from pyproject_ls.named import NamedTuple
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.text import Edit, LineIndex, apply_edits, edits_between
from pyproject_ls.toml import Document, parse


class CannotDeclare(Exception):
    """The edit cannot be made; the text says why and what to do, for a person."""


class Addition(NamedTuple):
    """A dependency to declare.

    `constraint` is PEP 440's or Poetry's, "" for none. It goes to the main dependencies, unless
    `group` or `extra` names one. `source` is the name of a declared package source.
    """

    name: str
    constraint: str = ""
    extras: tuple[str, ...] = ()
    group: str = ""
    extra: str = ""
    source: str = ""


class Draft:
    """A text on the way to another one; every step sees what the last one left."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Raises CannotDeclare where the text is not valid TOML, or too large."""
        if snapshot.document.text != snapshot.text:
            raise CannotDeclare("The file is too large to be looked into; edit it by hand.")
        self._original = snapshot.text
        self._steps: list[Sequence[Edit]] = []
        self._manifest: Manifest | None = snapshot.manifest
        self._parsed = snapshot.document
        self.text = snapshot.text
        for problem in snapshot.document.problems:
            if problem.kind != "toml-1.1":
                line = LineIndex(self.text).position(problem.span.start)[0] + 1
                raise CannotDeclare(f"The file is not valid TOML; mend line {line} first.")

    @property
    def manifest(self) -> Manifest:
        """What the text declares now; read when it is asked for."""
        if self._manifest is None:
            self._parsed = parse(self.text, self._parsed)
            self._manifest = Manifest(self._parsed)
        return self._manifest

    @property
    def document(self) -> Document:
        """The tree of the text now."""
        return self.manifest.document

    def apply(self, edits: Iterable[Edit]) -> None:
        """Take one step; `edits` may have line feeds for whatever the file has."""
        step = with_line_ends(self.text, tuple(edits))
        if step:
            self._steps.append(step)
            self.text = apply_edits(self.text, step)
            self._manifest = None

    def edits(self) -> Sequence[Edit]:
        """The edits of the original text that make it into this one."""
        if len(self._steps) == 1:
            return self._steps[0]
        return edits_between(self._original, self.text)
