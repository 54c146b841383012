"""A small LSP client that measures: JSON-RPC over stdio, one thread, standard library only.

One thread on purpose: a reader thread would add its own wake-up to every reply, a tenth of a
millisecond that would flatter the slower server. Waiting is done with ``select``, so POSIX only.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .capabilities import CAPABILITIES

Message = dict[str, Any]
"""One JSON-RPC message, decoded."""

SHUTDOWN_SECONDS = 5.0
READ_SIZE = 1 << 18
INCREMENTAL = 2
"""The TextDocumentSyncKind of servers that take ranges."""


class ServerError(Exception):
    """The server died, did not answer in time, or answered with an error."""


@dataclass(frozen=True)
class Diagnosed:
    """The diagnostics after a change: seconds from the change to their arrival, and themselves."""

    seconds: float
    items: list[Message]


class Client:
    """One running server and one open document. Times are seconds of ``time.perf_counter``."""

    def __init__(
        self,
        command: Sequence[str],
        root: Path,
        *,
        settings: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        timeout: float = 60.0,
    ) -> None:
        """Start `command` in `root`; `settings` answers ``workspace/configuration`` by section.

        What the server logs goes to a file beside `root`.
        """
        self.root = root
        self.timeout = timeout
        self.capabilities: Message = {}
        self.started_in = 0.0
        self._settings = dict(settings or {})
        self._last_id = 0
        self._received = bytearray()
        self._published: list[tuple[float, Message]] = []
        self._uri = ""
        self._version = 0
        self._lines: list[str] = []
        self._log = root.with_name(f"{root.name}.log")
        self._spawned = time.perf_counter()
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                cwd=root,
                # what was compiled once is kept, as it is for everybody
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "", **(environment or {})},
            )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin = self._process.stdin
        self._stdout = self._process.stdout.fileno()

    # Transport

    def _send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}, separators=(",", ":")).encode()
        try:
            self._stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            self._stdin.flush()
        except BrokenPipeError as error:
            raise self._ended() from error

    def _receive(self, deadline: float) -> tuple[float, Message] | None:
        """The next message and when it was complete, or None when `deadline` passes first."""
        while True:
            head, separator, _ = self._received.partition(b"\r\n\r\n")
            if separator:
                start = len(head) + len(separator)
                end = start + _content_length(bytes(head))
                if len(self._received) >= end:
                    arrived = time.perf_counter()
                    message: Message = json.loads(self._received[start:end])
                    del self._received[:end]
                    return arrived, message
            left = deadline - time.perf_counter()
            if left <= 0 or not select.select([self._stdout], [], [], left)[0]:
                return None
            data = os.read(self._stdout, READ_SIZE)
            if not data:
                raise self._ended()
            self._received += data

    def _ended(self) -> ServerError:
        """The server is gone: say what it said last."""
        self._process.wait(SHUTDOWN_SECONDS)
        words = self._log.read_text(encoding="utf-8", errors="replace").strip()[-300:]
        return ServerError(f"the server has ended: {words}")

    def _take(self, deadline: float) -> tuple[float, Message] | None:
        """Receive one message; answer it when it is a request, keep it when it publishes."""
        received = self._receive(deadline)
        if received is None:
            return None
        arrived, message = received
        if "method" in message:
            params = message.get("params") or {}
            if "id" in message:
                self._send({"id": message["id"], "result": self._answer(message["method"], params)})
            elif message["method"] == "textDocument/publishDiagnostics":
                self._published.append((arrived, params))
        return received

    def _answer(self, method: str, params: Message) -> Any:
        """What an editor answers to a request of the server; most of them want null."""
        if method == "workspace/configuration":
            return [self._settings.get(item.get("section") or "") for item in params["items"]]
        if method == "workspace/workspaceFolders":
            return [{"uri": self.root.as_uri(), "name": self.root.name}]
        if method == "workspace/applyEdit":
            return {"applied": True}
        return None

    def request(self, method: str, params: Message | None) -> tuple[float, Any]:
        """Send a request: the seconds to its reply, and the result."""
        self._last_id += 1
        sent = time.perf_counter()
        message: Message = {"id": self._last_id, "method": method}
        if params is not None:
            message["params"] = params
        self._send(message)
        deadline = sent + self.timeout
        while True:
            received = self._take(deadline)
            if received is None:
                raise ServerError(f"no reply to {method} within {self.timeout:.0f} s")
            arrived, reply = received
            if reply.get("id") == self._last_id and "method" not in reply:
                if "error" in reply:
                    raise ServerError(f"{method}: {reply['error'].get('message')}")
                return arrived - sent, reply.get("result")

    def notify(self, method: str, params: Message | None) -> None:
        """Send a notification."""
        self._send({"method": method} | ({} if params is None else {"params": params}))

    def settle(self, seconds: float) -> None:
        """Serve the server's own requests for so long, as an idle editor does."""
        deadline = time.perf_counter() + seconds
        while self._take(deadline) is not None:
            pass

    # Protocol

    def initialize(self) -> None:
        """Shake hands; afterwards `capabilities` and `started_in` are known."""
        folder = {"uri": self.root.as_uri(), "name": self.root.name}
        _, result = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "clientInfo": {"name": "pyproject-ls bench", "version": "1"},
                "rootUri": folder["uri"],
                "rootPath": str(self.root),
                "workspaceFolders": [folder],
                "capabilities": CAPABILITIES,
            },
        )
        self.started_in = time.perf_counter() - self._spawned
        self.capabilities = result["capabilities"]
        self.notify("initialized", {})

    def open(self, path: Path, *, quiet: float) -> Diagnosed:
        """Open the document and wait for its first diagnostics."""
        text = path.read_text(encoding="utf-8")
        self._uri, self._version, self._lines = path.as_uri(), 1, text.split("\n")
        document = {"uri": self._uri, "languageId": "toml", "version": 1, "text": text}
        return self._change("textDocument/didOpen", {"textDocument": document}, quiet)

    def edit(
        self, line: int, column: int, *, insert: str = "", delete: int = 0, quiet: float
    ) -> Diagnosed:
        """Replace `delete` characters at `line`:`column` and wait for diagnostics (ASCII only)."""
        old = self._lines[line]
        self._lines[line] = old[:column] + insert + old[column + delete :]
        self._version += 1
        change: Message
        if self._sync_kind() == INCREMENTAL:
            start = {"line": line, "character": column}
            end = {"line": line, "character": column + delete}
            change = {"range": {"start": start, "end": end}, "text": insert}
        else:
            change = {"text": "\n".join(self._lines)}
        document = {"uri": self._uri, "version": self._version}
        params = {"textDocument": document, "contentChanges": [change]}
        return self._change("textDocument/didChange", params, quiet)

    def at(self, method: str, line: int, column: int) -> tuple[float, Any]:
        """A request about one place of the document (completion, hover)."""
        position = {"line": line, "character": column}
        return self.request(method, {"textDocument": {"uri": self._uri}, "position": position})

    def _sync_kind(self) -> int:
        sync = self.capabilities.get("textDocumentSync", 1)
        return int(sync.get("change", 1) if isinstance(sync, dict) else sync)

    def _change(self, method: str, params: Message, quiet: float) -> Diagnosed:
        """Tell of a change, then pull diagnostics, or wait for the pushed ones to calm down.

        Of several pushes the first one counts, in the server's favour: nothing is seen before.
        """
        self._published.clear()
        sent = time.perf_counter()
        self.notify(method, params)
        if self.capabilities.get("diagnosticProvider"):
            uri = {"textDocument": {"uri": self._uri}}
            _, report = self.request("textDocument/diagnostic", uri)
            return Diagnosed(time.perf_counter() - sent, (report or {}).get("items", []))
        deadline = sent + self.timeout
        while not self._pushed():
            if self._take(deadline) is None:
                raise ServerError(f"no diagnostics within {self.timeout:.0f} s")
        while self._take(self._published[-1][0] + quiet) is not None:
            pass
        pushed = self._pushed()
        return Diagnosed(pushed[0][0] - sent, pushed[-1][1]["diagnostics"])

    def _pushed(self) -> list[tuple[float, Message]]:
        """Pushes for the open document, at its present version where the server tells it."""
        return [
            (arrived, params)
            for arrived, params in self._published
            if params["uri"] == self._uri and params.get("version") in (None, self._version)
        ]

    # The process

    def peak_memory(self) -> int | None:
        """Peak resident bytes of the server and its children; None where /proc does not tell."""
        total, waiting = 0, [self._process.pid]
        while waiting:
            process = Path("/proc", str(waiting.pop()))
            try:
                for line in (process / "status").read_text().splitlines():
                    if line.startswith("VmHWM:"):
                        total += int(line.split()[1]) * 1024
                for task in (process / "task").iterdir():
                    waiting += map(int, (task / "children").read_text().split())
            except OSError:
                continue
        return total or None

    def stop(self) -> None:
        """End the server politely, or by force when it does not follow."""
        self.timeout = SHUTDOWN_SECONDS
        try:
            self.request("shutdown", None)
            self.notify("exit", None)
            self._process.wait(SHUTDOWN_SECONDS)
        except (ServerError, subprocess.TimeoutExpired, OSError):
            self._process.kill()
            self._process.wait()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-length":
            return int(value)
    raise ServerError("a message without Content-Length")
