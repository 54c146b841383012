"""A session in this process, fed by hand: what it keeps of requests that are answered."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from pyproject_ls.lsp.session import Session

TEXT = '[project]\nname = "demo"\nversion = "1.0"\n'
QUESTIONS = ("diagnostic", "completion", "hover", "codeAction", "codeLens", "inlayHint")


class Written:
    """A channel that keeps the answers."""

    def __init__(self) -> None:
        self.answers: list[Any] = []

    def read(self) -> bytes:
        """Nothing: messages are handed over."""
        return b""

    def write(self, data: bytes) -> None:
        """Keep what is an answer."""
        message = json.loads(data.partition(b"\r\n\r\n")[2])
        if "result" in message or "error" in message:
            self.answers.append(message)

    def close(self) -> None:
        """Nothing is open."""


def test_nothing_is_kept_of_requests_that_are_answered(tmp_path: Path) -> None:
    uri = (tmp_path / "pyproject.toml").as_uri()
    span = {"start": {"line": 0, "character": 0}, "end": {"line": 3, "character": 0}}
    params = {
        "textDocument": {"uri": uri},
        "position": {"line": 2, "character": 0},
        "range": span,
    }
    more: dict[str, Any] = {"codeAction": {"context": {"diagnostics": []}}}

    async def main() -> None:
        channel = Written()
        session = Session(channel)
        numbers = iter(range(1000))

        def send(method: str, given: object, **more: object) -> None:
            message = {"jsonrpc": "2.0", "method": method, "params": given, **more}
            session.protocol.receive(json.dumps(message).encode())

        options = {"capabilities": {}, "initializationOptions": {"resolve": "off", "offline": True}}
        send("initialize", options, id=next(numbers))
        send("initialized", {})
        document = {"uri": uri, "languageId": "toml", "version": 1, "text": TEXT}
        send("textDocument/didOpen", {"textDocument": document})
        for _ in range(3):
            for each in QUESTIONS:
                given = {**params, **more.get(each, {})}
                send(f"textDocument/{each}", given, id=next(numbers))
        asked = 1 + 3 * len(QUESTIONS)
        for _ in range(3000):
            if len(channel.answers) == asked:
                break
            await asyncio.sleep(0.01)
        assert len(channel.answers) == asked
        assert not [each for each in channel.answers if "error" in each]
        assert session.protocol._request_futures == {}
        session.stop(0)
        await session.finished

    asyncio.run(main())
