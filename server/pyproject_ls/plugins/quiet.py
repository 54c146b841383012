"""Keeping what plugins print out of what we print.

In Python: `sys.stdout` and `sys.stderr` are replaced, once, by stand-ins that drop what the threads
of plugins write and pass on everything else. Below Python (child processes, native code): where
the process is ours, the descriptors lead nowhere while a plugin runs. Nobody else writes to them
then: the command line waits, and the server has an output of its own (`lsp.channel`).
"""

from __future__ import annotations

import os
import sys
from _thread import get_ident
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pyproject_ls.plugins import role

_threads: set[int] = set()
"""Those that run plugins now."""

_NAMES = ("stdout", "stderr")


class _StandIn:
    """A stream that is another one for every thread but those of plugins."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream
        # open for as long as the process runs: a plugin's thread may never end
        self._nowhere = open(os.devnull, "w", encoding="utf-8", errors="replace")  # noqa: SIM115

    @property
    def _meant(self) -> Any:
        return self._nowhere if get_ident() in _threads else self._stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._meant, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._meant)

    def __enter__(self) -> Any:
        return self._meant.__enter__()

    def __exit__(self, *error: object) -> Any:
        return self._meant.__exit__(*error)


@contextmanager
def silenced() -> Iterator[None]:
    """Drop what this thread prints. It may go on for ever, and is then silent for ever."""
    for name in _NAMES:
        stream = getattr(sys, name)
        if stream is not None and type(stream) is not _StandIn:
            setattr(sys, name, _StandIn(stream))
    _threads.add(get_ident())
    try:
        yield
    finally:
        _threads.discard(get_ident())


@contextmanager
def descriptors() -> Iterator[None]:
    """Lead the descriptors of standard output and error nowhere."""
    if not (role.is_command or role.is_server):
        yield
        return
    kept: list[tuple[int, int]] = []
    with suppress(OSError, ValueError):  # closed ones
        for name, number in zip(_NAMES, (1, 2), strict=True):
            stream = getattr(sys, name)
            if stream is not None:
                stream.flush()
            kept.append((number, os.dup(number)))
        nowhere = os.open(os.devnull, os.O_WRONLY)
        for number, _ in kept:
            os.dup2(nowhere, number)
        os.close(nowhere)
    try:
        yield
    finally:
        for number, copy in kept:
            os.dup2(copy, number)
            os.close(copy)
