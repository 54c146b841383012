"""Fetching files of configuration from addresses that are pinned by a hash, and keeping them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from pyproject_ls.config_files import MAX_BYTES, cache_path, decoded
from pyproject_ls.disk import answer
from pyproject_ls.facts import Answer, ConfigFile, ConfigOf, Question


def answers(root: Path, questions: Iterable[Question]) -> dict[Question, Answer]:
    """As `disk.answer`, with what has to be fetched. This takes its time."""
    wanted = set(questions)
    found = answer(root, wanted)
    for each in wanted - found.keys():
        if isinstance(each, ConfigOf):
            found[each] = fetched(each.reference, each.sha256)
    return found


def fetched(url: str, digest: str) -> ConfigFile:
    """The file at `url`, if its hash is `digest`; it is kept in the cache. Never raises."""
    from hashlib import sha256

    data = download(url)
    if isinstance(data, str):
        return ConfigFile(None, data)
    found = sha256(data).hexdigest()
    if found != digest:
        return ConfigFile(
            None,
            f"its content has changed: the hash is sha256={found} now. Look at what has changed"
            " before you pin that",
        )
    _keep(cache_path(digest), data)
    return decoded(data)


def download(url: str) -> bytes | str:
    """What a server answers for `url`, or why there is nothing."""
    import asyncio

    from pyproject_ls.index.failures import FetchError

    host = urlsplit(url).hostname or "the server"
    try:
        return asyncio.run(_download(url))
    except FetchError as error:
        return f"{host} {error.reason}"


async def _download(url: str) -> bytes:
    from pyproject_ls.index.exchange import Fetch
    from pyproject_ls.index.failures import FetchError
    from pyproject_ls.index.transport import Transport

    transport = Transport()
    try:
        reply = await transport.fetch(Fetch(url, max_decoded=MAX_BYTES, max_wire=MAX_BYTES))
    finally:
        await transport.close()
    if reply.status != 200:
        raise FetchError("content", f"does not have it ({reply.status})", reply.status)
    return reply.body


def _keep(path: Path, data: bytes) -> None:
    """Write a file of the cache, whole or not at all; a cache that cannot be written is none."""
    import tempfile

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, name = tempfile.mkstemp(prefix=".", dir=path.parent)
        with open(number, "wb") as file:
            file.write(data)
        os.replace(name, path)
    except OSError:
        return
