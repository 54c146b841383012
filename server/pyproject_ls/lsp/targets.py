"""What a command is about: a project, by the URI of its ``pyproject.toml``, open or not."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pyproject_ls.files import FileError, decode, read_bytes
from pyproject_ls.host import Snapshot
from pyproject_ls.lsp.asking import refused
from pyproject_ls.lsp.convert import View
from pyproject_ls.lsp.documents import Document
from pyproject_ls.lsp.uris import file_path, is_project
from pyproject_ls.project.tool import Tool, ToolChoice, tool_of
from pyproject_ls.toml import Document as TomlDocument

if TYPE_CHECKING:
    from pyproject_ls.lsp.session import Session

T = TypeVar("T")


class Target:
    """A project. What is open in the editor counts, saved or not; else the file does.

    Raises JsonRpcException where `uri` is not that of a ``pyproject.toml`` in a folder.
    """

    def __init__(self, session: Session, uri: Any) -> None:
        path = file_path(uri) if isinstance(uri, str) and is_project(uri) else None
        if path is None:
            raise refused("`uri` has to be the URI of a pyproject.toml on this machine.")
        self._session = session
        self.uri: str = uri
        self.path = path
        self.tool: Tool | None = None
        """The tool that a person has chosen for this once."""
        self.document()

    @property
    def folder(self) -> Path:
        """The project's folder."""
        return self.path.parent

    def document(self) -> Document:
        """The open document, or one made of the file. Raises JsonRpcException if there is none."""
        found = self._session.documents.get(self.uri)
        if found is not None:
            return found
        try:
            text = decode(read_bytes(str(self.path))).text
        except FileError as error:
            raise refused(f"{self.path.name} cannot be read: {error}.") from error
        settings = self._session.settings_for(self.uri)
        packages = self._session.packages
        return Document(self.uri, 0, text, settings, count(1), lambda *late: None, packages)

    def is_unsaved(self) -> bool:
        """Whether the editor has another text than the file."""
        document = self._session.documents.get(self.uri)
        if document is None:
            return False
        try:
            return decode(read_bytes(str(self.path))).text != document.text
        except FileError:
            return True

    @property
    def version(self) -> int | None:
        """The version of the open document; None where the file counts."""
        found = self._session.documents.get(self.uri)
        return found.version if found is not None else None

    def view(self, snapshot: Snapshot) -> View:
        """`snapshot`, made of the present text, as the client sees it."""
        return View(snapshot, self.uri, self.version, self.folder, self._session.client)

    def ask(self, question: Callable[[Snapshot], T]) -> T:
        """The answer to `question` about the present text, with all it wants to know of files."""
        return self.document().ask(question)

    def sound_snapshot(self) -> Snapshot:
        """The present text. Raises JsonRpcException where it is not valid TOML."""
        snapshot = self.ask(lambda snapshot: snapshot)
        if not is_sound(snapshot.document):
            raise refused("The file is not valid TOML at the moment; mend that first.")
        return snapshot

    def choice(self) -> ToolChoice:
        """Which tool the project uses. Raises JsonRpcException where that cannot be told."""
        if self.tool is not None:
            return ToolChoice(self.tool, "it was chosen")
        found = self.ask(
            lambda snapshot: tool_of(snapshot.manifest, snapshot.facts, snapshot.settings.tool)
        )
        if found is None or found.name is None:
            reason = found.reason if found is not None else "its files cannot be looked at"
            raise refused(
                f"No tool to lock this project with is known: {reason}. The setting"
                " `pyproject-ls.tool` says which one to use."
            )
        return found


def is_sound(document: TomlDocument) -> bool:
    """Whether tools can read the text: what only TOML 1.1 has is not their worry here."""
    return all(problem.kind == "toml-1.1" for problem in document.problems)
