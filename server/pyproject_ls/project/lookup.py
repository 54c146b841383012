"""Where a package is looked up: the indexes that a file names, in the order of its tool.

Pure: what the environment adds (credentials, mirrors, pip's configuration, settings) is for
`pyproject_ls.index.sources`.
"""

from __future__ import annotations

from typing import Literal

from pyproject_ls.named import NamedTuple

IndexTool = Literal["poetry", "uv", "pdm", "pip"]


class IndexRef(NamedTuple):
    """An index as a file names it.

    `url` is the address of its Simple API as written, "" for the default public index. `name` is
    how the tool calls it, and what it keeps credentials under; "" where it has none. `tool` says
    whose credentials and certificates are meant. `verify` is False where the file asks for no
    check of certificates.
    """

    name: str
    url: str
    tool: IndexTool
    verify: bool = True


Tier = tuple[IndexRef, ...]
"""Indexes whose releases are taken together."""


class Lookup(NamedTuple):
    """In which order indexes are asked for one package: the next tier only if a tier has nothing.

    No tiers at all: the file says nothing of indexes and names no tool, so pip's configuration
    decides. `is_bound` says that the dependency itself names its index.
    """

    tiers: tuple[Tier, ...] = ()
    is_bound: bool = False
