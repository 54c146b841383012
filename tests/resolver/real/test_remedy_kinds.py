"""The kinds of conflict that the small solver knows, in the real tools: every fix resolves."""

from __future__ import annotations

import asyncio

import pytest

from pyproject_ls.facts.resolution import Conflict, Resolution
from pyproject_ls.resolver.backend import Backend
from pyproject_ls.resolver.outcome import Locked, Request
from pyproject_ls.resolver.resolving import resolution
from tests.resolver.package_index import PackageIndex
from tests.resolver.package_pages import Package, Release
from tests.resolver.real.projects import INDEX as UV_INDEX
from tests.resolver.real.projects import SOURCE
from tests.resolver.real.workers import worker
from tests.resolver.real.world import World
from tests.resolver.test_remedies import INDEX, KINDS, fixed

PACKAGES = tuple(
    Package(name, tuple(Release(version, needs) for version, needs in releases.items()))
    for name, releases in INDEX.items()
)


def text_of(label: str, more: str) -> str:
    """The text of a kind for a real tool, with `more` behind it. Its packages have no extras."""
    text = KINDS[label].text.replace("core[fast]", "core")
    return text.replace("[project]\n", '[project]\nrequires-python = ">=3.8"\n') + more


def without_package(text: str) -> str:
    """`text` for a Poetry that is not to look for a package."""
    header, line = "[tool.poetry]\n", "package-mode = false\n"
    return text.replace(header, header + line) if header in text else f"{text}\n{header}{line}"


async def remedied(backend: Backend, world: World, text: str, label: str) -> None:
    """The conflict of `text` has a fix, and each one resolves."""
    request = Request(world.project, text, None)
    found: Resolution = await resolution(backend, request, lambda step: None)
    assert isinstance(found, Conflict), f"{label}: {found}"
    wanted = KINDS[label].remedies
    assert {each.name: each.kind for each in found.remedies} == {
        name: kind for name, (kind, _) in wanted.items() if name in found.direct
    }
    texts = fixed(text, found)
    assert bool(texts) == bool(wanted), f"{label}: {found}"
    for title, after in texts.items():
        outcome = await backend.resolve(request._replace(text=after), lambda step: None)
        assert isinstance(outcome, Locked), f"{label}: {title}\n{after}\n{outcome}"


@pytest.mark.parametrize("name", ["poetry-2.0", "poetry-newest"])
def test_in_poetry(name: str, world: World) -> None:
    async def run() -> None:
        async with worker(name, world.environ) as backend:
            for label, kind in KINDS.items():
                if name == "poetry-newest" or "dependency-groups" not in kind.text:
                    text = without_package(text_of(label, "")) + SOURCE
                    await remedied(backend, world, world.text(text), label)

    with PackageIndex(PACKAGES) as world.index:
        asyncio.run(run())


def test_in_uv(world: World) -> None:
    async def run() -> None:
        for label, kind in KINDS.items():
            if "[project]" in kind.text:
                text = world.text(text_of(label, UV_INDEX))
                await remedied(world.backend("uv"), world, text, label)

    with PackageIndex(PACKAGES) as world.index:
        asyncio.run(run())
