"""A small language client for tests: it starts the real server and talks to it over its pipes.

Everything is synchronous and has a time limit; nothing sleeps. A reader thread puts what arrives
into a queue, and whoever waits for something works that queue off in its order.
"""

from __future__ import annotations

import copy
import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from pyproject_ls.text import Edit, LineIndex, Span, apply_edits

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
COMMAND = (
    sys.executable,
    "-c",
    "from pyproject_ls.lsp.server import serve_stdio; raise SystemExit(serve_stdio())",
)
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT / "server"),
    "PIP_CONFIG_FILE": os.devnull,
    "PYPROJECT_LS_OFFLINE": "1",
    "PYPROJECT_LS_CACHE_DIR": str(ROOT / ".cache" / "tests"),
}
"""No test asks a real index."""
TIMEOUT = 30.0
"""Seconds to wait for anything; far more than it takes, for machines that are busy."""

SECTION = "pyproject-ls"

PULL: Json = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "configuration": True,
        "didChangeConfiguration": {"dynamicRegistration": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "diagnostics": {"refreshSupport": True},
        "inlayHint": {"refreshSupport": True},
        "workspaceEdit": {
            "documentChanges": True,
            "resourceOperations": ["create", "rename", "delete"],
            "changeAnnotationSupport": {"groupsOnLabel": True},
        },
        "workspaceFolders": True,
    },
    "textDocument": {
        "diagnostic": {},
        "publishDiagnostics": {
            "relatedInformation": True,
            "codeDescriptionSupport": True,
            "dataSupport": True,
            "tagSupport": {"valueSet": [1, 2]},
            "versionSupport": True,
        },
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source"]}},
            "isPreferredSupport": True,
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
        },
        "completion": {
            "contextSupport": True,
            "completionItem": {
                "snippetSupport": True,
                "commitCharactersSupport": True,
                "documentationFormat": ["markdown", "plaintext"],
                "deprecatedSupport": True,
                "tagSupport": {"valueSet": [1]},
                "labelDetailsSupport": True,
                "resolveSupport": {"properties": ["documentation", "detail"]},
            },
            "completionItemKind": {"valueSet": list(range(1, 26))},
            "completionList": {"itemDefaults": ["commitCharacters", "editRange", "data"]},
        },
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "definition": {"linkSupport": True},
        "documentSymbol": {
            "hierarchicalDocumentSymbolSupport": True,
            "symbolKind": {"valueSet": list(range(1, 27))},
        },
        "rename": {"prepareSupport": True},
    },
}
"""What a client like VS Code can do."""


def push(**changes: Any) -> Json:
    """What a client can do that waits for diagnostics and can do nothing else."""
    return {"textDocument": {"publishDiagnostics": {"versionSupport": True}}, **changes}


def without(capabilities: Json, *path: str) -> Json:
    """`capabilities` without the one at `path`."""
    result = copy.deepcopy(capabilities)
    below = result
    for name in path[:-1]:
        below = below[name]
    del below[path[-1]]
    return result


CURSOR = "▮"


class Mark(NamedTuple):
    """A text with a cursor in it, which is at `position` in UTF-16."""

    text: str
    position: Json

    @classmethod
    def of(cls, marked: str) -> Mark:
        """The text `marked` without the one `CURSOR` in it."""
        before, after = marked.split(CURSOR)
        line = before.rpartition("\n")[2]
        column = len(line.encode("utf-16-le")) // 2
        return cls(before + after, {"line": before.count("\n"), "character": column})

    @property
    def range(self) -> Json:
        """An empty range at the cursor."""
        return {"start": self.position, "end": self.position}


def applied(text: str, edits: list[Json]) -> str:
    """The text after edits as the protocol has them, in UTF-16."""
    lines = LineIndex(text)

    def offset(position: Json) -> int:
        return lines.offset(position["line"], position["character"], "utf-16")

    spans = [Span(offset(each["range"]["start"]), offset(each["range"]["end"])) for each in edits]
    return apply_edits(text, map(Edit, spans, (each["newText"] for each in edits)))


class ServerError(Exception):
    """The server answered with an error; or an error for it, where `_answer` raises this."""

    def __init__(self, error: Json) -> None:
        super().__init__(f"{error['code']}: {error['message']}")
        self.code: int = error["code"]
        self.error = error


class Client:
    """A server process and what it has said. Use it in a ``with`` statement."""

    def __init__(
        self,
        capabilities: Json | None = None,
        *,
        folders: tuple[Path, ...] = (),
        options: Any = None,
        settings: Any = None,
        initialize: bool = True,
        command: tuple[str, ...] = COMMAND,
        environment: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> None:
        """Start a server; `settings` is what the client answers when it is asked for them.

        Either one object for all, or a function of the scope's URI (None for the workspace).
        `environment` has more environment variables.
        """
        self.settings = settings
        self.notifications: list[Json] = []
        self.requests: list[Json] = []
        self.answers: dict[Any, Json] = {}
        self.versions: dict[str, int] = {}
        self.texts: dict[str, str] = {}
        self.result: Json = {}
        self._last_id = 0
        self._queue: queue.SimpleQueue[Json | None] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**ENVIRONMENT, **(environment or {})},
        )
        self._stderr: list[bytes] = []
        self._threads = [
            threading.Thread(target=self._read, daemon=True),
            threading.Thread(target=self._read_errors, daemon=True),
        ]
        for thread in self._threads:
            thread.start()
        if initialize:
            self.initialize(capabilities or PULL, folders, options, **parameters)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for thread in self._threads:
            thread.join(TIMEOUT)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                try:
                    stream.close()
                except OSError:
                    continue
        if error is None:
            assert self.errors == "", "the server wrote to its standard error"

    @property
    def errors(self) -> str:
        """What the server wrote to its standard error."""
        return b"".join(self._stderr).decode(errors="replace")

    # Messages

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = -1
            while line := stream.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if length < 0:
                break
            self._queue.put(json.loads(stream.read(length)))
        self._queue.put(None)

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._stderr.append(line)

    def send_bytes(self, data: bytes) -> None:
        """Send bytes as they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def send(self, message: Any) -> None:
        """Send one message, whatever it is."""
        body = json.dumps(message, separators=(",", ":")).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def wait_until(self, done: Callable[[], bool], timeout: float = TIMEOUT) -> None:
        """Take messages until `done`. Raises TimeoutError, EOFError where the server has ended."""
        end = time.monotonic() + timeout
        while not done():
            try:
                message = self._queue.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise TimeoutError(
                    f"nothing after {timeout:.0f} s; {self.notifications[-5:]}"
                ) from None
            if message is None:
                raise EOFError(f"the server has ended: {self.errors}")
            self._take(message)

    def _take(self, message: Json) -> None:
        if "method" not in message:
            self.answers[message["id"]] = message
        elif "id" in message:
            self.requests.append(message)
            answer = {"jsonrpc": "2.0", "id": message["id"]}
            try:
                self.send({**answer, "result": self._answer(message)})
            except ServerError as refusal:
                self.send({**answer, "error": refusal.error})
        else:
            self.notifications.append(message)

    def _answer(self, message: Json) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        answer = self.settings if callable(self.settings) else lambda _: self.settings
        return [answer(item.get("scopeUri")) for item in message["params"]["items"]]

    def start_request(self, method: str, params: Any = None) -> int:
        """Send a request: its id."""
        self._last_id += 1
        message = {"jsonrpc": "2.0", "id": self._last_id, "method": method}
        self.send(message if params is None else {**message, "params": params})
        return self._last_id

    def answer_to(self, id_: Any, timeout: float = TIMEOUT) -> Any:
        """The result of a request. Raises ServerError."""
        self.wait_until(lambda: id_ in self.answers, timeout)
        answer = self.answers.pop(id_)
        if "error" in answer:
            raise ServerError(answer["error"])
        return answer["result"]

    def request(self, method: str, params: Any = None, timeout: float = TIMEOUT) -> Any:
        """Send a request and wait for its result. Raises ServerError."""
        return self.answer_to(self.start_request(method, params), timeout)

    def notify(self, method: str, params: Any = None) -> None:
        """Send a notification."""
        message = {"jsonrpc": "2.0", "method": method}
        self.send(message if params is None else {**message, "params": params})

    def sync(self) -> None:
        """Wait until the server has handled all that was sent."""
        try:
            self.request("pyproject-ls/no-such-method")
        except ServerError as error:
            assert error.code == -32601  # noqa: PT017  (any other error is a failure)

    def seen(self, method: str) -> list[Json]:
        """The parameters of all notifications of this kind that have been taken."""
        return [each["params"] for each in self.notifications if each["method"] == method]

    def wait_for(self, method: str, count: int = 1, timeout: float = TIMEOUT) -> Json:
        """The parameters of the notification number `count` (from 1) of this kind."""
        self.wait_until(lambda: len(self.seen(method)) >= count, timeout)
        params: Json = self.seen(method)[count - 1]
        return params

    def wait_for_request(self, method: str, count: int = 1, timeout: float = TIMEOUT) -> Any:
        """The parameters of the server's request number `count` of this kind."""

        def seen() -> list[Any]:
            return [each.get("params") for each in self.requests if each["method"] == method]

        self.wait_until(lambda: len(seen()) >= count, timeout)
        return seen()[count - 1]

    @property
    def log(self) -> list[str]:
        """The lines that the server put into the client's log."""
        return [each["message"] for each in self.seen("window/logMessage")]

    @property
    def popups(self) -> list[str]:
        """What the server has shown to the user."""
        return [each["message"] for each in self.seen("window/showMessage")]

    # The protocol

    def initialize(
        self, capabilities: Json, folders: tuple[Path, ...], options: Any, **parameters: Any
    ) -> None:
        """Shake hands."""
        params = {
            "processId": os.getpid(),
            "rootUri": folders[0].as_uri() if folders else None,
            "workspaceFolders": [{"uri": each.as_uri(), "name": each.name} for each in folders],
            "capabilities": capabilities,
            **parameters,
        }
        if options is not None:
            params["initializationOptions"] = options
        self.result = self.request("initialize", params)
        self.notify("initialized", {})

    @property
    def capabilities(self) -> Json:
        """What the server said it can do."""
        result: Json = self.result["capabilities"]
        return result

    def open(self, uri: str | Path, text: str) -> str:
        """Open a document: its URI."""
        uri = uri.as_uri() if isinstance(uri, Path) else uri
        self.versions[uri], self.texts[uri] = 1, text
        document = {"uri": uri, "languageId": "toml", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})
        return uri

    def change(self, uri: str, *changes: Json) -> None:
        """Send edits (as the protocol has them) under the next version."""
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        params = {"textDocument": document, "contentChanges": list(changes)}
        self.notify("textDocument/didChange", params)

    def replace(self, uri: str, text: str) -> None:
        """Replace the whole text."""
        self.texts[uri] = text
        self.change(uri, {"text": text})

    def close(self, uri: str) -> None:
        """Close a document."""
        self.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def pull(self, uri: str, previous: str | None = None, timeout: float = TIMEOUT) -> Json:
        """The report on a document."""
        params: Json = {"textDocument": {"uri": uri}}
        if previous is not None:
            params["previousResultId"] = previous
        report: Json = self.request("textDocument/diagnostic", params, timeout)
        return report

    def codes(self, uri: str, timeout: float = TIMEOUT) -> list[str]:
        """The codes of the diagnostics of a document, in their order."""
        return [each["code"] for each in self.pull(uri, timeout=timeout)["items"]]

    def published(
        self, uri: str, version: int | None = None, timeout: float = TIMEOUT
    ) -> list[Json]:
        """The diagnostics that were sent last, at `version` (the present one by default)."""
        version = self.versions[uri] if version is None else version

        def found() -> list[Json]:
            return [
                each
                for each in self.seen("textDocument/publishDiagnostics")
                if each["uri"] == uri and each.get("version") == version
            ]

        self.wait_until(lambda: bool(found()), timeout)
        result: list[Json] = found()[-1]["diagnostics"]
        return result

    def ask(self, method: str, uri: str, mark: Mark | None = None, **more: Any) -> Any:
        """The result of a request ``textDocument/<method>``, at a mark where one is given."""
        params: Json = {"textDocument": {"uri": uri}, **more}
        if mark is not None:
            params["position"] = mark.position
        return self.request(f"textDocument/{method}", params)

    def actions(
        self,
        uri: str,
        range_: Json | None = None,
        context: Json | None = None,
        *,
        ignores: bool = False,
    ) -> list[Json]:
        """The code actions at a range (the whole text by default).

        Without the comments that ignore a finding, unless it is `ignores` that is asked for.
        """
        everywhere = {
            "start": {"line": 0, "character": 0},
            "end": {"line": 10**6, "character": 0},
        }
        result: list[Json] = self.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": uri},
                "range": range_ or everywhere,
                "context": {"diagnostics": [], **(context or {})},
            },
        )
        if result is None:
            return result
        return [each for each in result if each["title"].startswith("Ignore `") == ignores]

    def shutdown(self) -> int:
        """End the server as editors do: its exit status."""
        assert self.request("shutdown") is None
        self.notify("exit")
        return self.process.wait(TIMEOUT)


def at(line: int, character: int, end_line: int | None = None, end: int | None = None) -> Json:
    """A range; empty if no end is given."""
    return {
        "start": {"line": line, "character": character},
        "end": {
            "line": line if end_line is None else end_line,
            "character": character if end is None else end,
        },
    }
