"""An index for all tests of this folder, and for each test an empty world of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.resolver.package_index import PackageIndex
from tests.resolver.real.world import World
from tests.resolver.tools import REQUIREMENTS, tool


@pytest.fixture(scope="session")
def index() -> Iterator[PackageIndex]:
    """The packages that the tools resolve."""
    with PackageIndex() as index:
        yield index


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    """The tools are there before anything is awaited."""
    for name in REQUIREMENTS:
        tool(name)


@pytest.fixture
def world(tmp_path: Path, index: PackageIndex, monkeypatch: pytest.MonkeyPatch) -> World:
    """Projects and tools in a temporary folder, which is that of the system, too."""
    world = World(tmp_path, index)
    monkeypatch.setattr(tempfile, "tempdir", str(world.temporary))
    return world
