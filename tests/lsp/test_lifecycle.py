"""From the handshake to the end of the process, and what a broken client gets to hear."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from pyproject_ls.features.semantic_tokens import MODIFIERS, TYPES

from .client import COMMAND, ENVIRONMENT, PULL, ROOT, TIMEOUT, Client, ServerError, push

TEXT = '[project]\nname = "demo"\nversion = "1"\nkeywords = ["a", "a"]\n'

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND = -32700, -32600, -32601
INVALID_PARAMS, NOT_INITIALIZED, CANCELLED = -32602, -32002, -32800


def test_the_handshake() -> None:
    with Client() as client:
        assert client.result["serverInfo"]["name"] == "pyproject-ls"
        assert client.capabilities == {
            "positionEncoding": "utf-16",
            "textDocumentSync": {"openClose": True, "change": 2, "save": {"includeText": False}},
            "diagnosticProvider": {
                "identifier": "pyproject-ls",
                "interFileDependencies": False,
                "workspaceDiagnostics": False,
            },
            "completionProvider": {
                "triggerCharacters": list("\"'.[{(=,:/ <>~^!|-"),
                "resolveProvider": True,
            },
            "hoverProvider": True,
            "definitionProvider": True,
            "referencesProvider": True,
            "documentHighlightProvider": True,
            "documentLinkProvider": {"resolveProvider": False},
            "documentSymbolProvider": True,
            "workspaceSymbolProvider": {"resolveProvider": False},
            "foldingRangeProvider": True,
            "selectionRangeProvider": True,
            "renameProvider": {"prepareProvider": True},
            "documentFormattingProvider": True,
            "inlayHintProvider": {"resolveProvider": False},
            "codeLensProvider": {"resolveProvider": False},
            "executeCommandProvider": {
                "commands": [
                    f"pyproject-ls.{name}"
                    for name in (
                        *("applyUpdates", "addSource", "bindSource"),
                        *("lock", "previewLock", "update"),
                        *("addDependency", "removeDependency", "bumpVersion"),
                        *("install", "export", "dependencyTree", "why"),
                    )
                ],
            },
            "semanticTokensProvider": {
                "legend": {"tokenTypes": list(TYPES), "tokenModifiers": list(MODIFIERS)},
                "full": True,
                "range": True,
            },
            "codeActionProvider": {
                "codeActionKinds": [
                    *("quickfix", "source.fixAll", "source.fixAll.pyproject-ls"),
                    *("refactor.rewrite", "refactor.move", "refactor.pyproject-ls"),
                    "source.pyproject-ls",
                ],
                "resolveProvider": True,
            },
            "workspace": {
                "workspaceFolders": {"supported": True, "changeNotifications": True},
                "fileOperations": {},
            },
        }
        assert client.shutdown() == 0


def test_a_client_that_can_do_nothing() -> None:
    with Client({"textDocument": {}}) as client:
        assert "diagnosticProvider" not in client.capabilities
        assert "codeActionProvider" not in client.capabilities
        assert client.shutdown() == 0
        assert client.requests == []


# The end


def test_exit_without_shutdown() -> None:
    with Client() as client:
        client.notify("exit")
        assert client.process.wait(TIMEOUT) == 1


def test_exit_before_the_handshake() -> None:
    with Client(initialize=False) as client:
        client.notify("exit")
        assert client.process.wait(TIMEOUT) == 1


def test_the_client_closes_its_end() -> None:
    with Client() as client:
        assert client.process.stdin is not None
        client.process.stdin.close()
        assert client.process.wait(TIMEOUT) == 1


def test_nothing_but_exit_is_heard_after_shutdown() -> None:
    with Client() as client:
        client.request("shutdown")
        with pytest.raises(ServerError) as caught:
            client.request("textDocument/diagnostic", {"textDocument": {"uri": "file:///x"}})
        assert caught.value.code == INVALID_REQUEST
        client.notify("exit")
        assert client.process.wait(TIMEOUT) == 0


def test_the_parent_dies() -> None:
    """The process that the client named is gone, while standard input stays open."""
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    with Client(processId=other.pid) as client:
        other.communicate(b"\n", TIMEOUT)
        assert client.process.wait(TIMEOUT) == 1


def test_the_own_parent_dies(tmp_path: Path) -> None:
    """The server's real parent is killed, and nobody closes its standard input."""
    program = """
import subprocess, sys
server = subprocess.Popen(sys.argv[1:], stdin=0, stdout=2)
print(server.pid, flush=True)
server.wait()
"""
    reading, writing = os.pipe()
    out = tmp_path / "out"
    with out.open("wb") as stream:
        parent = subprocess.Popen(
            [sys.executable, "-c", program, *COMMAND],
            stdin=reading,
            stdout=subprocess.PIPE,
            stderr=stream,
            env=ENVIRONMENT,
        )
    assert parent.stdout is not None
    server = int(parent.stdout.readline())
    os.write(writing, message("initialize", {"processId": parent.pid, "capabilities": {}}, 1))
    wait_until(lambda: b'"capabilities"' in out.read_bytes())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    wait_until(lambda: not is_running(server))
    os.close(reading)
    os.close(writing)


def message(method: str, params: Any = None, id_: int | None = None) -> bytes:
    """A message as it is sent."""
    value = {"jsonrpc": "2.0", "method": method}
    value |= ({} if id_ is None else {"id": id_}) | ({} if params is None else {"params": params})
    body = json.dumps(value).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def wait_until(done: Any) -> None:
    """Wait for something outside the client's queue."""
    end = time.monotonic() + TIMEOUT
    while not done():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def is_running(process: int) -> bool:
    """Whether a process, not our child, is there and no zombie."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"


# Wrong messages


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ([], INVALID_REQUEST),
        ("initialize", INVALID_REQUEST),
        (None, INVALID_REQUEST),
        ({}, INVALID_REQUEST),
        ({"jsonrpc": "2.0"}, INVALID_REQUEST),
        ({"jsonrpc": "2.0", "id": 7}, INVALID_REQUEST),
        ({"jsonrpc": "1.0", "id": 7, "method": "shutdown"}, INVALID_REQUEST),
        ({"id": 7, "method": "shutdown"}, INVALID_REQUEST),
        ({"jsonrpc": "2.0", "id": 7, "method": 3}, INVALID_REQUEST),
        ({"jsonrpc": "2.0", "id": None, "method": "shutdown"}, INVALID_REQUEST),
        ({"jsonrpc": "2.0", "id": [7], "method": "shutdown"}, INVALID_REQUEST),
        ({"jsonrpc": "2.0", "id": 7, "method": "initialize", "params": {}}, INVALID_REQUEST),
        ({"jsonrpc": "2.0", "id": 7, "method": "no/such"}, METHOD_NOT_FOUND),
        ({"jsonrpc": "2.0", "id": 7, "method": "$/such"}, METHOD_NOT_FOUND),
        ({"jsonrpc": "2.0", "id": 7, "method": "textDocument/diagnostic"}, INVALID_PARAMS),
        (
            {"jsonrpc": "2.0", "id": 7, "method": "textDocument/diagnostic", "params": [1]},
            INVALID_PARAMS,
        ),
        (
            {
                "jsonrpc": "2.0",
                "id": "seven",
                "method": "textDocument/codeAction",
                "params": {"textDocument": {"uri": "x"}, "range": "all", "context": {}},
            },
            INVALID_PARAMS,
        ),
        ({"jsonrpc": "2.0", "id": 7, "method": "pyproject-ls/viewText"}, INVALID_PARAMS),
        (
            {
                "jsonrpc": "2.0",
                "id": 7,
                "method": "workspace/executeCommand",
                "params": {"command": "x"},
            },
            INVALID_PARAMS,
        ),
    ],
)
def test_a_wrong_request_gets_an_error(message: Any, code: int) -> None:
    with Client() as client:
        client.send(message)
        id_ = message.get("id") if isinstance(message, dict) else None
        id_ = id_ if isinstance(id_, (int, str)) else None
        with pytest.raises(ServerError) as caught:
            client.answer_to(id_)
        assert caught.value.code == code
        assert set(caught.value.error) == {"code", "message"}
        check_that_it_works(client)


@pytest.mark.parametrize(
    "data",
    [
        b"Content-Length: 9\r\n\r\n{not json",
        b"Content-Length: 3\r\n\r\n\xff\xfe\xfd",
        b"Content-Length: 200000\r\n\r\n" + b"[" * 200_000,
        b"Content-Length: many\r\n\r\n",
        b"Content-Type: text/plain\r\n\r\n",
        b"\r\n\r\n",
        b"x" * 20_000,
    ],
)
def test_bytes_that_are_no_message(data: bytes) -> None:
    with Client() as client:
        client.send_bytes(data)
        with pytest.raises(ServerError) as caught:
            client.answer_to(None)
        assert caught.value.code == PARSE_ERROR
        check_that_it_works(client)


def test_headers_in_any_case_and_order_and_in_pieces() -> None:
    with Client() as client:
        body = json.dumps({"jsonrpc": "2.0", "id": "x", "method": "no/such"}).encode()
        head = b"content-type: application/vscode-jsonrpc; charset=utf-8\r\n"
        head += b"CONTENT-LENGTH:%d\r\n\r\n" % len(body)
        for byte in head + body:
            client.send_bytes(bytes([byte]))
        with pytest.raises(ServerError) as caught:
            client.answer_to("x")
        assert caught.value.code == METHOD_NOT_FOUND


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("textDocument/didOpen", {}),
        ("textDocument/didOpen", {"textDocument": {"uri": 1}}),
        ("textDocument/didChange", {"textDocument": {"uri": "file:///none", "version": "?"}}),
        ("textDocument/didClose", None),
        ("workspace/didChangeConfiguration", "?"),
        ("workspace/didChangeWatchedFiles", {"changes": [{"uri": "x"}]}),
        ("$/cancelRequest", {"id": {}}),
        ("$/cancelRequest", {"id": 999}),
        ("$/cancelRequest", None),
        ("$/setTrace", {"value": "loud"}),
        ("$/progress", {}),
        ("no/such", {}),
    ],
)
def test_a_wrong_notification_is_ignored(method: str, params: Any) -> None:
    with Client() as client:
        client.notify(method, params)
        check_that_it_works(client)
        assert client.popups == []
        assert not any("Traceback" in line for line in client.log)


def test_documents_that_were_never_opened() -> None:
    with Client() as client:
        uri = "file:///never/pyproject.toml"
        client.versions[uri] = 1
        client.replace(uri, "x = ")
        client.close(uri)
        assert client.pull(uri) == {"kind": "full", "items": []}
        assert client.actions(uri) is None
        check_that_it_works(client)


def test_requests_before_the_handshake() -> None:
    with Client(initialize=False) as client:
        with pytest.raises(ServerError) as caught:
            client.request("shutdown")
        assert caught.value.code == NOT_INITIALIZED
        client.open("file:///x/pyproject.toml", TEXT)
        client.initialize(PULL, (), None)
        assert client.codes("file:///x/pyproject.toml") == []
        check_that_it_works(client)


def test_parameters_that_are_null_or_left_out() -> None:
    """Clients differ in how they send nothing."""
    with Client() as client:
        client.send({"jsonrpc": "2.0", "method": "initialized", "params": None})
        client.send({"jsonrpc": "2.0", "id": "end", "method": "shutdown", "params": None})
        assert client.answer_to("end") is None
        client.send({"jsonrpc": "2.0", "method": "exit", "params": None})
        assert client.process.wait(TIMEOUT) == 0


def test_answers_that_nobody_asked_for() -> None:
    with Client() as client:
        client.send({"jsonrpc": "2.0", "id": 77, "result": []})
        client.send({"jsonrpc": "2.0", "id": "x", "error": {"code": 1, "message": "no"}})
        check_that_it_works(client)


# Logging


def test_an_error_of_ours_is_one_line_in_the_log(tmp_path: Path) -> None:
    """A check that fails takes nothing away but its findings; the user sees no traceback."""
    program = f"""
import sys; sys.path.insert(0, {str(ROOT / "server")!r})
import pyproject_ls.host
def fail(context): raise ValueError("the first line\\nthe second")
pyproject_ls.host.run = fail
{COMMAND[2]}
"""
    with Client(command=(sys.executable, "-c", program)) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        assert client.codes(uri) == []
        (line,) = client.log
        assert line.startswith("a check failed: ValueError: the first line the second (in ")
        assert client.popups == []
        assert client.shutdown() == 0
    with Client(command=(sys.executable, "-c", program), options={"logLevel": "trace"}) as client:
        client.codes(client.open(tmp_path / "pyproject.toml", TEXT))
        assert any("Traceback" in line for line in client.log)


def test_a_handler_that_fails_gives_a_plain_error(tmp_path: Path) -> None:
    program = f"""
import sys; sys.path.insert(0, {str(ROOT / "server")!r})
import pyproject_ls.lsp.diagnostics as module
def fail(*arguments): raise ValueError("no")
module.Diagnostics.report = fail
{COMMAND[2]}
"""
    with Client(command=(sys.executable, "-c", program)) as client:
        uri = client.open(tmp_path / "pyproject.toml", TEXT)
        with pytest.raises(ServerError) as caught:
            client.pull(uri)
        assert caught.value.error == {
            "code": -32603,
            "message": "textDocument/diagnostic failed; the log says where",
        }
        (line,) = client.log
        assert line.startswith("textDocument/diagnostic failed: ValueError: no (in ")
        assert client.popups == []
        check_that_it_works(client, pull=False)


@pytest.mark.parametrize(
    ("level", "lines"),
    [("off", 0), ("error", 0), ("warning", 1), ("info", 1), ("debug", 2)],
)
def test_the_log_level_of_the_client(level: str, lines: int) -> None:
    with Client(push(), options={"logLevel": level}) as client:
        client.notify("textDocument/didOpen", {})
        client.sync()
        assert len(client.log) == lines


def test_tracing() -> None:
    with Client(trace="off") as client:
        client.sync()
        client.actions("file:///x")
        client.notify("$/setTrace", {"value": "messages"})
        client.actions("file:///x")
        client.sync()
        (trace,) = client.seen("$/logTrace")
        assert trace["message"].startswith("textDocument/codeAction: ")
        client.notify("$/setTrace", {"value": "off"})
        client.actions("file:///x")
        client.sync()
        assert len(client.seen("$/logTrace")) == 1


# Other ways to connect


def test_tcp() -> None:
    program = (
        "from pyproject_ls.lsp.server import serve_tcp as s; raise SystemExit(s('127.0.0.1', 0))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stderr=subprocess.PIPE, env=ENVIRONMENT
    ) as process:
        assert process.stderr is not None
        port = int(process.stderr.readline().rsplit(b":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), TIMEOUT) as connection:
            connection.sendall(message("initialize", {"processId": None, "capabilities": {}}, 1))
            connection.sendall(message("shutdown", None, 2) + message("exit"))
            received = b""
            while data := connection.recv(65536):
                received += data
        assert b'"serverInfo"' in received
        assert b'"id":2,"result":null' in received
        assert process.wait(TIMEOUT) == 0


def test_tcp_port_in_use() -> None:
    from pyproject_ls.lsp.server import serve_tcp

    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert serve_tcp("127.0.0.1", taken.getsockname()[1]) == 2


def test_what_is_printed_does_not_reach_the_client() -> None:
    program = f"import sys; sys.path.insert(0, {str(ROOT / 'server')!r})\n"
    program += "import pyproject_ls.lsp.handlers as h\n"
    program += "h.view_text = lambda ls, params: print('hello')\n"
    with Client(command=(sys.executable, "-c", program + COMMAND[2])) as client:
        client.request("pyproject-ls/viewText", {})
        assert client.shutdown() == 0
        client._threads[1].join(TIMEOUT)
        assert client.errors == "hello\n"
        client._stderr.clear()


def check_that_it_works(client: Client, pull: bool = True) -> None:
    """The server is there and does its work, and ends in good order."""
    if pull:
        uri = client.open("untitled:check/pyproject.toml", TEXT)
        assert "duplicate-keyword" in client.codes(uri)
    else:
        client.sync()
    assert client.shutdown() == 0
