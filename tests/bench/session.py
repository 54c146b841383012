"""One session of one server with one file: what is measured, in milliseconds and megabytes."""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .client import Client, ServerError
from .files import BenchFile

EDIT = "edit"
"""From a typed letter to its diagnostics."""
COMPLETION = "completion"
HOVER = "hover"
OPEN = "open"
"""From opening the file to its diagnostics."""
START = "start"
"""From the start of the process to its reply to `initialize`."""
MEMORY = "memory"
"""Peak resident memory."""
MEASURES = (EDIT, COMPLETION, HOVER, OPEN, START, MEMORY)

REQUESTS = {
    COMPLETION: ("completionProvider", "textDocument/completion"),
    HOVER: ("hoverProvider", "textDocument/hover"),
}


@dataclass(frozen=True)
class Server:
    """How a server is started and waited for."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    settle: float = 0.0
    """Seconds between the handshake and opening the file (taplo loads its schema then)."""
    quiet: float = 0.0
    """A server that pushes diagnostics has finished when it has been silent for so long."""
    open_quiet: float = 0.0
    """The same after opening the file, when the schema may come late."""
    edits: int = 50
    requests: int = 20


@dataclass
class Samples:
    """Measured values of one server on one file, by measure, over all its sessions."""

    values: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in MEASURES})
    notes: set[str] = field(default_factory=set)


def run_session(server: Server, file: BenchFile, samples: Samples) -> None:
    """Start `server`, drive it through `file`, and add what was measured to `samples`."""
    client = Client(
        server.command,
        file.path.parent,
        settings=server.settings,
        environment=server.environment,
    )
    values = samples.values
    try:
        client.initialize()
        values[START].append(client.started_in * 1e3)
        client.settle(server.settle)
        values[OPEN].append(client.open(file.path, quiet=server.open_quiet).seconds * 1e3)
        values[EDIT] += _type_and_delete(client, server, file)
        _check_honest(client, server, file, samples)
        for measure, (capability, method) in REQUESTS.items():
            place = file.places[measure]
            if client.capabilities.get(capability):
                timed = _time_requests(client, method, place, server.requests, samples)
                values[measure] += timed
        memory = client.peak_memory()
        if memory is not None:
            values[MEMORY].append(memory / 2**20)
    finally:
        client.stop()


def _type_and_delete(client: Client, server: Server, file: BenchFile) -> list[float]:
    """Type letters one after the other, then delete them from the front.

    No text occurs twice, so a server that remembers verdicts by text gains nothing unfair.
    """
    line, column = file.places[EDIT]
    letters = string.ascii_lowercase[: server.edits // 2]
    typed = [
        client.edit(line, column + index, insert=letter, quiet=server.quiet)
        for index, letter in enumerate(letters)
    ]
    deleted = [client.edit(line, column, delete=1, quiet=server.quiet) for _ in letters]
    return [diagnosed.seconds * 1e3 for diagnosed in typed + deleted]


def _check_honest(client: Client, server: Server, file: BenchFile, samples: Samples) -> None:
    """Plant a stray quote and take it back: a server that misses it answered with stale news."""
    line, column = file.places[EDIT]
    broken = client.edit(line, column, insert='"', quiet=server.quiet)
    client.edit(line, column, delete=1, quiet=server.quiet)
    if not broken.items:
        samples.notes.add(f"{server.name} missed a planted syntax error in {file.name} lines")


def _time_requests(
    client: Client, method: str, place: tuple[int, int], count: int, samples: Samples
) -> list[float]:
    """Milliseconds of `count` equal requests, without the first; empty when it is refused."""
    times: list[float] = []
    try:
        for _ in range(count + 1):
            seconds, _result = client.at(method, *place)
            times.append(seconds * 1e3)
    except ServerError as error:
        samples.notes.add(str(error))
        return []
    return times[1:]
