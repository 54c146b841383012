"""Everything that an editor does with a server in an hour, done at once by one client."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .client import Client, Json, Mark, ServerError, applied, at

TEXT = """\
[project]
name = "demo"
version = "1.2.3"
readme = "docs/README.md"
keywords = ["é😀", "a", "a"]
dependencies = ["requests>=2.31"]

[dependency-groups]
test = ["pytest>=8", "pytest>=8"]
dev = [{ include-group = "test" }]

[project.urls]
Homepage = "https://demo.example"

[tool.poetry]
authors = ["A B <a@example.com>"]
dev-dependencies = {}

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
"""

LOCK = '[[package]]\nname = "requests"\nversion = "2.32.3"\n'
SOURCE = {"name": "corp", "url": "https://corp.example/simple"}
METHOD_NOT_FOUND = -32601

NEEDED = {
    "workspace/configuration": ("workspace", "configuration"),
    "workspace/applyEdit": ("workspace", "applyEdit"),
    "workspace/diagnostic/refresh": ("workspace", "diagnostics", "refreshSupport"),
    "workspace/inlayHint/refresh": ("workspace", "inlayHint", "refreshSupport"),
    "workspace/codeLens/refresh": ("workspace", "codeLens", "refreshSupport"),
    "window/workDoneProgress/create": ("window", "workDoneProgress"),
    "window/showDocument": ("window", "showDocument", "support"),
    "client/registerCapability": ("workspace",),
}
"""What a client has to announce before it can be asked for something."""


def announced(capabilities: Any, path: tuple[str, ...]) -> Any:
    """What `capabilities` say at `path`, whatever they are; None for nothing."""
    for name in path:
        capabilities = capabilities.get(name) if isinstance(capabilities, dict) else None
    return capabilities


class Tourist(Client):
    """A client that refuses what it has not announced, and edits as it is asked to."""

    def __init__(self, abilities: Any, folder: Path, **more: Any) -> None:
        self.abilities = abilities
        super().__init__(initialize=False, **more)
        self.initialize(abilities, (folder,), None)

    def __enter__(self) -> Tourist:
        return self

    def _answer(self, message: Json) -> Any:
        method = message["method"]
        if not announced(self.abilities, NEEDED.get(method, ())):
            raise ServerError({"code": METHOD_NOT_FOUND, "message": f"{method} is unknown"})
        if method == "workspace/applyEdit":
            self.make(message["params"]["edit"])
            return {"applied": True}
        if method == "window/showDocument":
            return {"success": True}
        return super()._answer(message)

    def make(self, edit: Json) -> None:
        """Make an edit of open documents."""
        changes = edit.get("changes") or {
            each["textDocument"]["uri"]: each["edits"] for each in edit["documentChanges"]
        }
        for uri, edits in changes.items():
            self.replace(uri, applied(self.texts[uri], edits))

    def tour(self, path: Path) -> Json:
        """All that the server answers, by what was asked; what it asked and told is kept apart."""
        uri = self.open(path, TEXT)
        found: Json = {"diagnostics": self._diagnostics(uri)}
        for method, place in QUESTIONS:
            mark = Mark.of(TEXT.replace(place.replace("▮", ""), place, 1)) if place else None
            name = f"{method} {place}" if place else method
            found[name] = self.ask(method, uri, mark, **_MORE.get(method, {}))
        found["actions"] = list(self._actions(uri))
        found["completions"] = [self._completed(path.parent / "other", each) for each in WRITTEN]
        found["item"] = self.request("completionItem/resolve", found["completions"][0]["items"][0])
        found["edited"] = self._command("addSource", uri, SOURCE)
        found["bumped"] = self._job("bumpVersion", uri, part="minor")
        found["shown"] = self._job("dependencyTree", uri)
        path.with_name("poetry.lock").write_text(LOCK, "utf-8")
        self.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        self.sync()
        return found

    def _diagnostics(self, uri: str) -> list[Json]:
        if "diagnosticProvider" in self.capabilities:
            pulled: list[Json] = self.pull(uri)["items"]
            return pulled
        pushed: list[Json] = self.wait_for("textDocument/publishDiagnostics")["diagnostics"]
        return pushed

    def _completed(self, folder: Path, marked: str) -> Json:
        mark = Mark.of(marked)
        uri = self.open(folder / "pyproject.toml", mark.text)
        found: Json = self.ask("completion", uri, mark)
        self.close(uri)
        return {"text": mark.text, **found}

    def _actions(self, uri: str) -> Iterator[Json]:
        """What is offered in each line, to a person and to an editor, with promises kept."""
        for line in range(TEXT.count("\n")):
            place = at(line, 0, line, 30)
            for kind in 1, 2:
                for each in self.actions(uri, place, {"triggerKind": kind}):
                    yield each
                    if "data" in each:
                        yield {**self.request("codeAction/resolve", each), "data": None}

    def _command(self, name: str, *arguments: Any) -> str:
        params = {"command": f"pyproject-ls.{name}", "arguments": list(arguments)}
        try:
            self.request("workspace/executeCommand", params)
        except ServerError as error:
            return str(error)
        return ""

    def _job(self, name: str, uri: str, **options: Any) -> Json:
        assert self._command(name, {"uri": uri, **options}) == ""
        command = f"pyproject-ls.{name}"

        def finished() -> list[Json]:
            return [
                each for each in self.seen("pyproject-ls/jobFinished") if each["command"] == command
            ]

        self.wait_until(lambda: bool(finished()))
        return finished()[0]


WRITTEN = (
    "[project]\nna▮\n",
    '[tool.poetry]\n▮\n\n[build-system]\nrequires = ["poetry-core"]\n',
    '[project]\nclassifiers = ["Top▮"]\n',
    '[project]\nlicense = "MI▮"\n',
    "[proj▮]\n",
)
QUESTIONS = (
    ("hover", "[pro▮ject]"),
    ("hover", '"poet▮ry-core>=2.0"'),
    ("definition", 'include-group = "te▮st"'),
    ("references", 'include-group = "te▮st"'),
    ("documentHighlight", 'include-group = "te▮st"'),
    ("rename", 'include-group = "te▮st"'),
    ("documentLink", ""),
    ("documentSymbol", ""),
    ("foldingRange", ""),
    ("codeLens", ""),
    ("inlayHint", ""),
    ("semanticTokens/full", ""),
)
_EVERYWHERE: Json = {
    "start": {"line": 0, "character": 0},
    "end": {"line": 10**6, "character": 0},
}
_MORE: dict[str, Json] = {
    "references": {"context": {"includeDeclaration": True}},
    "rename": {"newName": "tests"},
    "inlayHint": {"range": _EVERYWHERE},
}


def text_of(found: Any) -> str:
    """Answers as they come over the wire, to look for words in them."""
    return json.dumps(found, ensure_ascii=False)
