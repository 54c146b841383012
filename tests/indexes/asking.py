"""A project and the service that answers questions about its packages, as the server asks them."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from pyproject_ls.config import IndexSettings
from pyproject_ls.facts import Answer, Question
from pyproject_ls.facts.packages import (
    Details,
    DetailsOf,
    IndexState,
    NamesLike,
    Package,
    ReleasesOf,
    StateOf,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.index.service import Service

PATIENCE = 30.0
"""Seconds to wait for an answer; far more than it takes."""


def poetry_project(url: str, *dependencies: str) -> str:
    """A pyproject.toml of Poetry with one source, ``corp`` at `url`, and no other index."""
    listed = "".join(f'    "{each}",\n' for each in dependencies)
    return (
        '[project]\nname = "demo"\nversion = "1.0"\nrequires-python = ">=3.10"\n'
        f"dependencies = [\n{listed}]\n\n[tool.poetry]\npackage-mode = false\n\n"
        f'[[tool.poetry.source]]\nname = "corp"\nurl = "{url}"\npriority = "primary"\n'
    )


class Asking:
    """Asks about the packages of one project, with a cache of its own; a context manager.

    `text` is its pyproject.toml, `folder` where it lies. Environment variables and files of tools
    count as they are when the first question is asked.
    """

    def __init__(
        self, text: str, folder: Path, *, cache: Path | None = None, url: str = ""
    ) -> None:
        self._manifest = Snapshot(text).manifest
        self._folder = folder
        self._names_arrived = threading.Event()
        self._service = Service(
            IndexSettings(url=url, ranking=""),
            cache or folder / "cache",
            on_names=self._names_arrived.set,
        )

    def __enter__(self) -> Asking:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._service.close()

    def releases(self, name: str) -> Answer:
        """The releases of the package `name`."""
        return self._answer(ReleasesOf(name, self._manifest.lookups.default))

    def package(self, name: str) -> Package:
        """The package `name`, which has to be there."""
        found = self.releases(name)
        assert isinstance(found, Package), found
        return found

    def details(self, name: str, version: str = "") -> Details:
        """The metadata of the package `name`, which has to be there."""
        found = self._answer(DetailsOf(name, self._manifest.lookups.default, version))
        assert isinstance(found, Details), found
        return found

    def problem(self) -> str:
        """Why the one index that the project declares cannot be reached; "" if it can."""
        (ref,) = self._manifest.lookups.declared
        found = self._answer(StateOf(ref))
        assert isinstance(found, IndexState), found
        return found.problem

    def names(self, typed: str) -> tuple[Sequence[str], bool]:
        """The names like `typed` once the list of names has been fetched; whether it is whole."""
        question = NamesLike(typed, self._manifest.lookups.default)
        self._names_arrived.clear()
        self._service.now([question], self._folder, ())
        assert self._names_arrived.wait(PATIENCE), "no list of names arrives"
        found = self._service.now([question], self._folder, ())[question]
        return [each.name for each in found.found], found.complete  # type: ignore[union-attr]

    def _answer(self, question: Question) -> Answer:
        return self._service.answers([question], self._folder, PATIENCE)[question]
