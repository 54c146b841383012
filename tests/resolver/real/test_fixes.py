"""Conflicts in the real Poetry: shown at the right places, with fixes that resolve."""

from __future__ import annotations

import asyncio

from pyproject_ls.config import Settings
from pyproject_ls.facts import Facts
from pyproject_ls.facts.resolution import Conflict, ResolutionOf
from pyproject_ls.host import Snapshot
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.resolver.outcome import Locked, Request
from pyproject_ls.resolver.poetry import PoetryWorker
from pyproject_ls.resolver.resolving import resolution
from pyproject_ls.text import apply_edits
from pyproject_ls.toml import parse
from tests.resolver.package_index import PackageIndex
from tests.resolver.real.test_worker_conflicts import CASES, MORE
from tests.resolver.real.workers import worker
from tests.resolver.real.world import World


def test_every_fix_resolves(world: World) -> None:
    async def run() -> dict[str, int]:
        async with worker("poetry-newest", world.environ) as backend:
            return {
                label: await fixes_that_resolve(label, world, world.text(case.text), backend)
                for label, case in CASES.items()
            }

    with PackageIndex(MORE) as index:
        world.index = index
        offered = asyncio.run(run())
    assert all(offered.values()), offered


async def fixes_that_resolve(label: str, world: World, text: str, backend: PoetryWorker) -> int:
    """How many fixes are offered for the conflict of `text`, each of which is tried."""
    request = Request(world.project, text, None, budget=30.0)
    found = await resolution(backend, request, lambda step: None)
    assert isinstance(found, Conflict), label
    digest = digest_of(Manifest(parse(text)))
    assert digest is not None
    facts = Facts({ResolutionOf(digest): found})
    findings = [
        each
        for each in Snapshot(text, facts, Settings(resolve="save")).findings
        if each.code.startswith("resolution-")
    ]
    names = {text[each.span.start : each.span.end] for each in findings}
    assert len(names) >= len(found.direct), f"{label}: {names}"
    fixes = [each.fix for each in findings if each.fix is not None]
    for fix in fixes:
        after = apply_edits(text, fix.edits)
        assert not parse(after).problems
        outcome = await backend.resolve(request._replace(text=after), lambda step: None)
        assert isinstance(outcome, Locked), f"{label}: {fix.title}: {outcome}\n{after}"
    return len(fixes)
