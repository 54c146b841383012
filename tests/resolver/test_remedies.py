"""Every fix that is offered for a conflict resolves when it is made."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyproject_ls.config import Settings
from pyproject_ls.facts import Facts
from pyproject_ls.facts.resolution import Conflict, RemedyKind, ResolutionOf
from pyproject_ls.host import Snapshot
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.resolver.remedies import find_remedies
from pyproject_ls.text import apply_edits
from pyproject_ls.toml import parse
from tests.resolver.tiny_solver import Index, solve

INDEX: Index = {
    "app": {"1.0": ("core<2",), "2.0": ("core>=2,<3",), "3.0": ("core>=3",)},
    "tool": {"1.0": ("core<2",), "1.5": ("core>=2",)},
    "core": {"1.0": (), "1.9": (), "2.0": (), "2.4": (), "3.0": (), "3.1": ()},
    "stuck": {"1.0": ("core<1",), "1.1": ("core<1",)},
    "deep": {"1.0": ("app<3",), "2.0": ("app>=3",)},
}

PROJECT = '[project]\nname = "demo"\nversion = "1"\ndependencies = [\n{}]\n'
POETRY = "[tool.poetry.dependencies]\n{}\n[tool.poetry.group.dev.dependencies]\n{}"


class Kind(NamedTuple):
    """A kind of conflict: the file, who is at fault, and which remedies there are."""

    text: str
    direct: tuple[str, ...]
    remedies: dict[str, RemedyKind]


def standard(*requirements: str) -> str:
    return PROJECT.format("".join(f'    "{each}",  # kept\n' for each in requirements))


RAISE, LOWER, LOOSEN, DROP = (
    RemedyKind.RAISE,
    RemedyKind.LOWER,
    RemedyKind.LOOSEN,
    RemedyKind.DROP,
)

KINDS = {
    "a pin against what another one asks for": Kind(
        standard("app==1.0", "core>=2,<3"), ("app", "core"), {"app": RAISE, "core": LOWER}
    ),
    "a lower bound that is too high": Kind(
        standard("app>=2,<3", "core>=3"), ("app", "core"), {"app": LOOSEN, "core": LOWER}
    ),
    "an upper bound that is too low": Kind(
        standard("app>=3", "core<2"), ("app", "core"), {"app": LOWER, "core": LOOSEN}
    ),
    "two that need the same in other versions": Kind(
        standard("app==1.0", "tool>=1.5"), ("app", "tool"), {"app": RAISE, "tool": LOWER}
    ),
    "across several steps": Kind(
        standard("deep==1.0", "core>=3"), ("core", "deep"), {"core": LOWER, "deep": RAISE}
    ),
    "in a group of Poetry's": Kind(
        POETRY.format('app = "^1.0"\n', 'core = "^2.0"\n'),
        ("app", "core"),
        {"app": RAISE, "core": LOWER},
    ),
    "in a table with more keys": Kind(
        POETRY.format('app = { version = "1.0", optional = true }\n', 'core = "2.*"\n'),
        ("app", "core"),
        {"app": RAISE, "core": LOWER},
    ),
    "nothing but dropping helps": Kind(
        standard("stuck>=1", "core>=2"), ("core", "stuck"), {"stuck": DROP}
    ),
    "a release that there is not": Kind(standard("core>=9", "app>=3"), ("core",), {"core": LOWER}),
}


def remedied(text: str, direct: Sequence[str], index: Index = INDEX) -> Conflict:
    async def attempt(tried: str) -> dict[str, str] | None:
        return solve(tried, index)

    conflict = Conflict(tuple(direct))
    found = asyncio.run(find_remedies(text, conflict, attempt))
    return conflict._replace(remedies=found)


def fixed(text: str, conflict: Conflict) -> list[str]:
    """The texts after each fix that is offered."""
    digest = digest_of(Manifest(parse(text)))
    assert digest is not None
    facts = Facts({ResolutionOf(digest): conflict})
    snapshot = Snapshot(text, facts, Settings(resolve="save"))
    fixes = [each.fix for each in snapshot.findings if each.code == "resolution-conflict"]
    return [apply_edits(text, fix.edits) for fix in fixes if fix is not None]


@pytest.mark.parametrize("name", KINDS)
def test_the_remedies_of_a_kind(name: str) -> None:
    kind = KINDS[name]
    assert solve(kind.text, INDEX) is None, "there is no conflict"
    conflict = remedied(kind.text, kind.direct)
    assert {each.name: each.kind for each in conflict.remedies} == kind.remedies
    texts = fixed(kind.text, conflict)
    assert len(texts) == len(kind.remedies)
    for text in texts:
        assert not parse(text).problems
        assert solve(text, INDEX) is not None, text


CONSTRAINTS = st.sampled_from(
    ["", "==1.0", "==2.0", ">=1", ">=2", ">=2,<3", "<2", "<3", "~=1.0", "~=2.0", ">=3", "!=2.0"]
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(INDEX)), CONSTRAINTS, min_size=1, max_size=4))
def test_every_fix_resolves(asked: dict[str, str]) -> None:
    text = standard(*(f"{name}{constraint}" for name, constraint in asked.items()))
    if solve(text, INDEX) is not None:
        return
    conflict = remedied(text, sorted(asked))
    for after in fixed(text, conflict):
        assert not parse(after).problems
        assert solve(after, INDEX) is not None, f"{text}\n{after}"


def test_the_search_ends_when_its_time_is_up() -> None:
    async def attempt(text: str) -> dict[str, str] | None:
        raise AssertionError("nothing is tried any more")

    conflict = Conflict(("app", "core"))
    kind = next(iter(KINDS.values()))
    assert asyncio.run(find_remedies(kind.text, conflict, attempt, seconds=-1)) == ()
