"""A language client that does what editors do for commands: applies edits, shows documents."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.lsp.client import PULL, Client, Json, applied

TIMEOUT = 120.0

CAPABILITIES: Json = {
    **PULL,
    "workspace": {
        **PULL["workspace"],
        "applyEdit": True,
        "codeLens": {"refreshSupport": True},
    },
    "window": {"workDoneProgress": True, "showDocument": {"support": True}},
}
"""What a client can do that has all a resolver needs."""


class Editor(Client):
    """Edits are made under the next version, and told to the server, before they are answered."""

    def __init__(self, *folders: Path, environ: dict[str, str], **more: Any) -> None:
        self.shown: list[Path] = []
        self.refuses_edits = False
        environment = {**environ, "PYPROJECT_LS_OFFLINE": ""}
        more.setdefault("settings", {})
        settings = {"index": {"ranking": ""}, **more.pop("settings")}
        super().__init__(
            more.pop("capabilities", CAPABILITIES),
            folders=folders,
            environment=environment,
            settings=settings,
            **more,
        )

    def __enter__(self) -> Editor:
        return self

    def _answer(self, message: Json) -> Any:
        method: str = message["method"]
        params: Json = message.get("params") or {}
        if method == "workspace/applyEdit":
            return {"applied": self._apply(params["edit"])}
        if method == "window/showDocument":
            self.shown.append(Path(unquote(urlsplit(params["uri"]).path)))
            return {"success": True}
        return super()._answer(message)

    def _apply(self, edit: Json) -> bool:
        if self.refuses_edits:
            return False
        for change in edit["documentChanges"]:
            document = change["textDocument"]
            if document["version"] != self.versions[document["uri"]]:
                return False
        for change in edit["documentChanges"]:
            uri = change["textDocument"]["uri"]
            self.replace(uri, applied(self.texts[uri], change["edits"]))
        return True

    def show(self, folder: Path) -> str:
        """Open the ``pyproject.toml`` of `folder`: its URI."""
        path = folder / "pyproject.toml"
        return self.open(path, path.read_bytes().decode())

    def save(self, uri: str) -> None:
        """Write an open document."""
        path = Path(unquote(urlsplit(uri).path))
        path.write_bytes(self.texts[uri].encode())
        self.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    def start(self, command: str, uri: str, **options: Any) -> int:
        """Give a command; how many jobs had ended before."""
        before = len(self.seen(FINISHED))
        params = {"command": f"pyproject-ls.{command}", "arguments": [{"uri": uri, **options}]}
        assert self.request("workspace/executeCommand", params) is None
        return before

    def run(self, command: str, uri: str, **options: Any) -> Json:
        """Give a command and wait for its outcome."""
        before = self.start(command, uri, **options)
        return self.wait_for(FINISHED, before + 1, TIMEOUT)

    def until(self, done: Callable[[], bool], what: str = "it") -> None:
        """Ask the server until `done`."""
        import time

        end = time.monotonic() + TIMEOUT
        while not done():
            assert time.monotonic() < end, f"{what} has not happened; {self.log[-5:]}"
            self.sync()
            time.sleep(0.05)

    def lenses(self, uri: str) -> list[str]:
        """The titles of the lenses at the top of a document."""
        found = self.ask("codeLens", uri) or []
        return [each["command"]["title"] for each in found if each["range"]["start"]["line"] == 0]


FINISHED = "pyproject-ls/jobFinished"
