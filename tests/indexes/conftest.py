"""Servers for all tests of this folder, and a home of its own for each test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.index_server import IndexServer
from tests.indexes import servers
from tests.indexes.install import programs

SETTINGS = ("PIP_", "POETRY_", "UV_", "PDM_", "PYPROJECT_LS_", "XDG_", "NETRC")
"""How variables begin that say something of indexes."""


@pytest.fixture(scope="session")
def fixture_index() -> Iterator[IndexServer]:
    """The index of ``fixtures/index``: what the real servers fall back to, or mirror."""
    with IndexServer() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def _installed() -> None:
    """The servers are there, installed with pip as this machine has it configured."""
    programs()


@pytest.fixture(scope="session")
def pypiserver(
    tmp_path_factory: pytest.TempPathFactory, fixture_index: IndexServer
) -> Iterator[str]:
    """pypiserver, with a password: the address of its Simple API."""
    with servers.pypiserver(tmp_path_factory.mktemp("pypiserver")) as url:
        yield url


@pytest.fixture(scope="session")
def devpi(tmp_path_factory: pytest.TempPathFactory, fixture_index: IndexServer) -> Iterator[str]:
    """devpi, which asks for no password: its address."""
    with servers.devpi(tmp_path_factory.mktemp("devpi"), fixture_index.url("/simple/")) as url:
        yield url


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder, and no configuration of any tool."""
    folder = tmp_path / "home"
    folder.mkdir()
    for name in os.environ:
        if name.startswith(SETTINGS):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    return folder
