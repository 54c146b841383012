"""Conflicts: the dependencies of the file that are at fault, and few facts that tell why."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import NamedTuple

import pytest

from pyproject_ls.facts.resolution import Conflict, Reason, ReasonKind
from pyproject_ls.resolver.outcome import Failure, Locked, Request, Trouble
from pyproject_ls.resolver.poetry import Attempt
from tests.resolver.package_index import PackageIndex
from tests.resolver.package_pages import Package, Release
from tests.resolver.real.projects import poetry
from tests.resolver.real.workers import POETRYS, resolve, worker
from tests.resolver.real.world import World

NEEDS, NO_VERSION = ReasonKind.NEEDS, ReasonKind.NO_VERSION
PYTHON, UNKNOWN = ReasonKind.PYTHON, ReasonKind.UNKNOWN


class Case(NamedTuple):
    """A file that cannot be resolved, and what is to be said about it."""

    text: str
    direct: tuple[str, ...]
    reasons: tuple[Reason, ...]


def asks(name: str, constraint: str = "") -> Reason:
    """What the file asks for."""
    return Reason(NEEDS, "", "", name, constraint)


CASES: Mapping[str, Case] = {
    "two on a third": Case(
        poetry('"wick", "wants-one", "wants-two"'),
        ("wants-one", "wants-two"),
        (
            asks("wants-one"),
            asks("wants-two"),
            Reason(NEEDS, "wants-one", "1.0", "shared", "<2"),
            Reason(NEEDS, "wants-two", "1.0", "shared", ">=2"),
        ),
    ),
    "direct against transitive": Case(
        poetry('"wick", "oldgrid", "gridnum>=2"').replace(">=3.9", ">=3.10"),
        ("oldgrid", "gridnum"),
        (
            asks("oldgrid"),
            asks("gridnum", ">=2"),
            Reason(NEEDS, "oldgrid", "0.9.0", "gridnum", "<2"),
        ),
    ),
    "across groups": Case(
        poetry(
            '"oldgrid"', '[tool.poetry.group.dev.dependencies]\ngridnum = ">=2"\noath = "*"\n'
        ).replace(">=3.9", ">=3.10"),
        ("oldgrid", "gridnum"),
        (
            asks("oldgrid"),
            asks("gridnum", ">=2"),
            Reason(NEEDS, "oldgrid", "0.9.0", "gridnum", "<2"),
        ),
    ),
    "the same name in two groups": Case(
        poetry('"oath>=2"', '[tool.poetry.group.dev.dependencies]\noath = "<2"\nwick = "*"\n'),
        ("oath",),
        (asks("oath", ">=2"), asks("oath", "<2")),
    ),
    "across an extra": Case(
        poetry(
            '"gridnum>=2", "wick"', '[project.optional-dependencies]\nold = ["oldgrid>=0.9"]\n'
        ).replace(">=3.9", ">=3.10"),
        ("gridnum", "oldgrid"),
        (
            asks("gridnum", ">=2"),
            asks("oldgrid", ">=0.9"),
            Reason(NEEDS, "oldgrid", "0.9.0", "gridnum", "<2"),
        ),
    ),
    "a Python that is too old": Case(
        poetry('"wick", "drops-python>=3"'),
        ("drops-python",),
        (
            asks("drops-python", ">=3"),
            Reason(PYTHON, "drops-python", ">=3.0.0,<=4.0.0", ">=3.9", ">=3.12", 2),
        ),
    ),
    "an unknown package": Case(
        poetry('"wick", "nowhere-to-be-found"'),
        ("nowhere-to-be-found",),
        (asks("nowhere-to-be-found"), Reason(UNKNOWN, "nowhere-to-be-found")),
    ),
    "an unknown package that another needs": Case(
        poetry('"wick", "misses-one"'),
        ("misses-one",),
        (
            asks("misses-one"),
            Reason(NEEDS, "misses-one", "1.0.0", "nowhere-to-be-found", ">=1"),
            Reason(UNKNOWN, "nowhere-to-be-found"),
        ),
    ),
    "no such version": Case(
        poetry('"lantern>=99", "wick"'),
        ("lantern",),
        (asks("lantern", ">=99"), Reason(NO_VERSION, "lantern", ">=99")),
    ),
    "all releases are yanked": Case(
        poetry('"wick", "taken-back"'),
        ("taken-back",),
        (asks("taken-back"), Reason(NO_VERSION, "taken-back")),
    ),
    "through a chain of many versions": Case(
        poetry('"wick", "oath", "many>=1", "shared>=2"'),
        ("many", "shared"),
        (
            asks("many", ">=1"),
            asks("shared", ">=2"),
            Reason(NEEDS, "many", ">=1.0,<=1.29", "middle", "", 30),
            Reason(NEEDS, "middle", "1.0", "shared", "<2"),
        ),
    ),
}

MORE = (
    Package("shared", (Release("1.0"), Release("1.5"), Release("2.0"))),
    Package("wants-one", (Release("1.0", ("shared<2",)),)),
    Package("wants-two", (Release("1.0", ("shared>=2",)),)),
    Package("middle", (Release("1.0", ("shared<2",)),)),
    Package("many", tuple(Release(f"1.{n}", ("middle",)) for n in range(30))),
)


@pytest.mark.parametrize("name", POETRYS)
def test_who_is_at_fault_and_why(name: str, world: World) -> None:
    async def explain_all() -> dict[str, tuple[object, ...]]:
        found: dict[str, tuple[object, ...]] = {}
        async with worker(name, world.environ) as backend:
            for label, case in CASES.items():
                outcome = await resolve(backend, world, case.text)
                if outcome != Conflict(case.direct, case.reasons):
                    found[label] = (outcome, Conflict(case.direct, case.reasons))
        return found

    with PackageIndex(MORE) as index:
        world.index = index
        assert asyncio.run(explain_all()) == {}


def hard(names: int = 8, versions: int = 60) -> tuple[Package, ...]:
    """Packages without a solution that take a solver long: each release needs another neighbour."""
    found = []
    for n in range(names):
        releases = [
            Release(
                f"1.{v}",
                tuple(f"p{m}=={1}.{(v * (m + 3) + n) % versions}" for m in range(names) if m != n),
            )
            for v in range(versions)
        ]
        found.append(Package(f"p{n}", tuple(releases)))
    return tuple(found)


@pytest.mark.parametrize("name", ["poetry-2.0", "poetry-newest"])
def test_out_of_budget_the_culprits_are_found_by_leaving_out(name: str, world: World) -> None:
    """Nobody can explain it, but without one of the two the rest resolves."""

    async def run() -> object:
        async with worker(name, world.environ) as backend:
            text = poetry('"wick", "oldgrid", "gridnum>=2"').replace(">=3.9", ">=3.10")
            # warm, so that the attempts are not about the network
            await resolve(backend, world, poetry('"wick", "oldgrid"'))
            await resolve(backend, world, poetry('"wick", "gridnum>=2"').replace("3.9", "3.10"))
            return await resolve(backend, world, text, budget=0.0)

    assert asyncio.run(run()) == Conflict(("oldgrid", "gridnum"))


@pytest.mark.parametrize("name", ["poetry-2.0", "poetry-newest"])
def test_a_resolution_that_never_ends(name: str, world: World) -> None:
    """No solution, and no end in sight: still an answer in time, and the worker goes on."""

    async def run() -> tuple[object, object]:
        async with worker(name, world.environ) as backend:
            text = poetry(", ".join(f'"p{n}"' for n in range(8)))
            given = await resolve(backend, world, text, budget=3.0)
            pid = backend.pid
            after = await resolve(backend, world, poetry('"wick"'))
            assert backend.pid == pid, "the same worker answers"
            return given, after

    with PackageIndex(hard()) as index:
        world.index = index
        given, after = asyncio.run(run())
    assert isinstance(given, Conflict) or (
        isinstance(given, Failure) and given.trouble is Trouble.BUDGET
    ), given
    assert isinstance(after, Locked)


def test_remedies_are_tried(world: World) -> None:
    texts = [
        poetry('"oldgrid", "gridnum>=2"').replace(">=3.9", ">=3.10"),
        poetry('"oldgrid", "gridnum"').replace(">=3.9", ">=3.10"),
        "this is no TOML",
        poetry('"wick"'),
    ]

    async def run() -> object:
        async with worker("poetry-newest", world.environ) as backend:
            request = Request(world.project, "", None)
            return await backend.attempt(request, [world.text(each) for each in texts], 20.0)

    given = asyncio.run(run())
    assert isinstance(given, tuple)
    assert [each.resolves for each in given] == [False, True, False, True]
    assert ("gridnum", "1.26.4") in given[1].packages
    assert given[0] == Attempt(False)
