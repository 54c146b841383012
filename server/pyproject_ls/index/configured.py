"""An index that a tool's configuration names, outside the project's file."""

from __future__ import annotations

from pyproject_ls.index.addresses import Address
from pyproject_ls.named import NamedTuple


class Configured(NamedTuple):
    """An index as a configuration has it; `name` is "" where it has none."""

    address: Address
    name: str = ""
