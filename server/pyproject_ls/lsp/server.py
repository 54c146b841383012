"""Starting the server, on standard input and output or on a TCP port."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproject_ls.lsp.channel import Channel
    from pyproject_ls.lsp.session import Session

SWITCH_INTERVAL = 0.001
"""Seconds after which a thread that computes lets another one go on (Python: 0.005): the analysis
of a huge file in the background must not be felt elsewhere."""

_M_ARENA_MAX = -8
"""An option of mallopt(3)."""

COLLECT_EVERY = 30.0
"""Seconds after which garbage is looked for again, in the next pause."""

QUIET = 0.5
"""Seconds without a message that make a pause; looking for garbage takes some 15 ms of it."""


def serve_stdio() -> int:
    """Serve the client at the other end of standard input and output: the exit status."""
    from pyproject_ls.lsp.channel import StdioChannel

    return serve(StdioChannel())


def serve_tcp(host: str, port: int) -> int:
    """Wait for one client on a TCP port and serve it: the exit status, 2 if that cannot be.

    Where the server listens is written to the standard error; port 0 takes any that is free.
    """
    import socket

    from pyproject_ls.lsp.channel import SocketChannel

    try:
        with socket.create_server((host, port)) as listener:
            host, port = listener.getsockname()[:2]
            print(f"pyproject-ls listens on {host}:{port}", file=sys.stderr, flush=True)
            connection, _ = listener.accept()
    except OSError as error:
        print(f"pyproject-ls cannot listen on {host}:{port}: {error.strerror}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    return serve(SocketChannel(connection))


def serve(channel: Channel) -> int:
    """Serve the client at the other end of `channel`: the exit status. Once in a process."""
    # Garbage with cycles hardly ever arises here, while trees of TOML and the classes of the
    # protocol are very many objects that stay. Looking through them takes a tenth of a second at
    # the start, a tenth of every keystroke in a long file, and a second, in which nothing else
    # happens, for a huge one. So it is done when nobody waits: `_collect_in_pauses`.
    gc.disable()
    sys.setswitchinterval(SWITCH_INTERVAL)
    _share_memory()
    import asyncio

    from pyproject_ls.lsp.lean_protocol import import_lsprotocol

    import_lsprotocol()
    from pyproject_ls.lsp import session  # noqa: F401  (so that it is frozen, too)
    from pyproject_ls.plugins import role

    role.is_server = True
    gc.freeze()
    try:
        status = asyncio.run(_run(channel))
    except KeyboardInterrupt:
        status = 130
    return _end(status)


def _share_memory() -> None:
    """Have all threads take memory from one place, where the C library has a place for each.

    Else what a thread has needed once, for a page of some megabytes, stays with it for good.
    """
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(AttributeError, OSError):  # it is not glibc
            ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 1)


def _end(status: int) -> int:
    """End the process at once where a thread is left that Python would wait for.

    That is one that looks up the address of an index: nobody can interrupt it, and a network that
    is gone keeps it for half a minute.
    """
    if any(not thread.daemon for thread in threading.enumerate()[1:]):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return status


async def _run(channel: Channel) -> int:
    import asyncio

    from pyproject_ls.index.priority import somebody_waits
    from pyproject_ls.lsp.channel import start_reading
    from pyproject_ls.lsp.session import Session

    loop = asyncio.get_running_loop()
    session = Session(channel)
    loop.set_exception_handler(
        lambda _, context: session.report(
            str(context.get("message")), context.get("exception") or RuntimeError()
        )
    )

    def receive(body: bytes | None) -> None:
        somebody_waits()
        loop.call_soon_threadsafe(session.protocol.receive, body)

    start_reading(
        channel,
        receive,
        lambda: loop.call_soon_threadsafe(session.stop, 1),
    )
    session.start(_collect_in_pauses(session))
    status = await session.finished
    channel.close()
    return status


async def _collect_in_pauses(session: Session) -> None:
    import asyncio

    protocol, collected = session.protocol, 0
    while True:
        await asyncio.sleep(COLLECT_EVERY)
        received = -1
        while received != protocol.received:
            received = protocol.received
            await asyncio.sleep(QUIET)
        if received != collected:
            collected = received
            gc.collect()
