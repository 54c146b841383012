"""A process that fetches names: ``python -m pyproject_ls.index.names_worker``.

The list of all names of the public index is a document of 38 MB that takes seconds and 200 MB to
digest; a server that answers keystrokes has neither. So a process of its own does it, at low
priority. It reads one request, a line of JSON, from standard input, writes one answer, a line of
JSON, and ends. It also ends, at once, when its standard input is closed: whoever asked is gone.

Credentials come through standard input, where no list of processes shows them.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pyproject_ls.index import names_file, popular

if TYPE_CHECKING:
    from pyproject_ls.index.transport import Reply

MAX_BYTES = 200 * 2**20
MAX_RANKING_BYTES = 16 * 2**20
SECONDS = 110.0
"""For the whole fetch; whoever asked gives up a little later."""

_HAS_NONE = "has no list of its projects"


def main() -> None:
    """Answer the request that standard input has."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)  # POSIX only
    request = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    sys.stdout.write(f"{json.dumps(_answer(request))}\n")
    sys.stdout.flush()
    os._exit(0)  # the thread is still reading


def _end_with_parent() -> None:
    with contextlib.suppress(OSError):
        while os.read(0, 4096):
            pass
    os._exit(1)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    """``{"is_new": bool}``, or ``{"error": a reason that goes on where "the server" begins}``."""
    from pyproject_ls.index.transport import FetchError

    try:
        if request["kind"] == "ranking":
            return {"is_new": _ranking(request)}
        return {"is_new": _names(request)}
    except FetchError as error:
        return {"error": error.reason}
    except ValueError as error:
        return {"error": str(error)}
    except OSError as error:
        return {"error": f"cannot be remembered on this disk: {error.strerror}"}
    except MemoryError:
        return {"error": "sends more than this machine has room for"}


def _names(request: dict[str, Any]) -> bool:
    """Fetch the list of an index; whether there is a newer one now."""
    from pyproject_ls.index.names_parse import parse_root

    folder, key = Path(request["folder"]), names_file.key_of(request["url"])
    old = names_file.newest_sound(folder, key)
    notes = _notes(old) if old is not None else {}
    reply = _fetch(request, MAX_BYTES, **notes)
    if reply.status == 304 and old is not None:
        os.utime(old)
        return False
    if reply.status != 200:
        raise ValueError(_HAS_NONE)
    headers = reply.headers
    names = parse_root(reply.body, headers.get("content-type", ""))
    del reply  # the document; reading its names needs the room
    path, _ = names_file.write(folder, key, names)
    news = {"etag": headers.get("etag", ""), "modified": headers.get("last-modified", "")}
    names_file.write_whole(names_file.notes_of(path), [json.dumps(news).encode()])
    names_file.remove_older(folder, key)
    return True


def _notes(path: Path) -> dict[str, str]:
    """What makes the request for a list that is here already a question for news."""
    try:
        kept = json.loads(names_file.notes_of(path).read_bytes())
        return {"etag": str(kept["etag"]), "modified": str(kept["modified"])}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _ranking(request: dict[str, Any]) -> bool:
    reply = _fetch(request, MAX_RANKING_BYTES)
    if reply.status != 200:
        raise ValueError("has no ranking of names")
    popular.write(Path(request["folder"]), popular.parse(reply.body))
    return True


def _fetch(request: dict[str, Any], max_bytes: int, etag: str = "", modified: str = "") -> Reply:
    from pyproject_ls.index.simple import ACCEPT
    from pyproject_ls.index.transport import Fetch, Limits, Transport

    async def fetch() -> Reply:
        transport = Transport(Limits(total=SECONDS))
        try:
            return await transport.fetch(
                Fetch(
                    request["url"],
                    ACCEPT if request["kind"] == "names" else "application/json",
                    auth=tuple(request["auth"]) if request["auth"] else None,
                    etag=etag,
                    modified=modified,
                    max_decoded=max_bytes,
                    max_wire=max_bytes,
                    verify=request["verify"],
                )
            )
        finally:
            await transport.close()

    return asyncio.run(fetch())


if __name__ == "__main__":
    main()
