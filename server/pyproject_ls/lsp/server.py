"""Starting the server, on standard input and output or on a TCP port."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproject_ls.lsp.channel import Channel


def serve_stdio() -> int:
    """Serve the client at the other end of standard input and output: the exit status."""
    from pyproject_ls.lsp.channel import StdioChannel

    return _serve(StdioChannel())


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
    return _serve(SocketChannel(connection))


def _serve(channel: Channel) -> int:
    # The imports make very many objects that stay: collecting in between takes a tenth of a second,
    # and looking through them later makes every long collection longer.
    gc.disable()
    import asyncio

    from pyproject_ls.lsp import session  # noqa: F401  (before the garbage collector comes back)

    gc.freeze()
    gc.enable()
    try:
        return asyncio.run(_run(channel))
    except KeyboardInterrupt:
        return 130


async def _run(channel: Channel) -> int:
    import asyncio

    from pyproject_ls.lsp.channel import start_reading
    from pyproject_ls.lsp.session import Session

    loop = asyncio.get_running_loop()
    session = Session(channel)
    loop.set_exception_handler(
        lambda _, context: session.report(
            str(context.get("message")), context.get("exception") or RuntimeError()
        )
    )
    start_reading(
        channel,
        lambda body: loop.call_soon_threadsafe(session.protocol.receive, body),
        lambda: loop.call_soon_threadsafe(session.stop, 1),
    )
    status = await session.finished
    channel.close()
    return status
