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
from pyproject_ls.facts.resolution import (
    Conflict,
    Reason,
    ReasonKind,
    RemedyKind,
    ResolutionOf,
)
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

WHY = (Reason(ReasonKind.NEEDS, "app", "", "core", ">=1"),)
"""What has an explanation; these tests need none in particular."""

PROJECT = '[project]\nname = "demo"\nversion = "1"\ndependencies = [\n{}]\n'
POETRY = "[tool.poetry.dependencies]\n{}\n[tool.poetry.group.dev.dependencies]\n{}"
ONE_LINE = "[project]\nname = 'demo'\nversion = '1'\ndependencies = [{}]\n"


class Kind(NamedTuple):
    """A kind of conflict: the file, who is at fault, the remedies, and what each of them writes."""

    text: str
    direct: tuple[str, ...]
    remedies: dict[str, tuple[RemedyKind, str]]


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
        standard("app==1.0", "core>=2,<3"),
        ("app", "core"),
        {"app": (RAISE, '"app==2.0",  # kept'), "core": (LOWER, '"core>=1.9,<2",  # kept')},
    ),
    "a lower bound that is too high": Kind(
        standard("app>=2,<3", "core>=3"),
        ("app", "core"),
        {"app": (LOOSEN, '"app>=2,<4"'), "core": (LOWER, '"core>=2.4"')},
    ),
    "an upper bound that is too low": Kind(
        standard("app>=3", "core<2"),
        ("app", "core"),
        {"app": (LOWER, '"app>=1.0"'), "core": (LOOSEN, '"core<4"')},
    ),
    "two that need the same in other versions": Kind(
        standard("app==1.0", "tool>=1.5"),
        ("app", "tool"),
        {"app": (RAISE, '"app==3.0"'), "tool": (LOWER, '"tool>=1.0"')},
    ),
    "across several steps": Kind(
        standard("deep==1.0", "core>=3"),
        ("core", "deep"),
        {"core": (LOWER, '"core>=2.4"'), "deep": (RAISE, '"deep==2.0"')},
    ),
    "as Poetry writes requirements": Kind(
        standard("app (>=3.0,<4.0)", "core[fast] (<2) ; python_version > '3.8'"),
        ("app", "core"),
        {
            "app": (LOWER, '"app (>=1.0,<2.0)"'),
            "core": (LOOSEN, "\"core[fast] (<4) ; python_version > '3.8'\""),
        },
    ),
    "in a group of Poetry's": Kind(
        POETRY.format('app = "^1.0"\n', 'core = "^2.0"\n'),
        ("app", "core"),
        {"app": (RAISE, 'app = "^2.0"'), "core": (LOWER, 'core = "^1.9"')},
    ),
    "in a table with more keys": Kind(
        POETRY.format('app = { version = "1.0", optional = true }\n', 'core = "2.*"\n'),
        ("app", "core"),
        {
            "app": (RAISE, 'app = { version = "2.0", optional = true }'),
            "core": (LOWER, 'core = "1.*"'),
        },
    ),
    "in a section of its own, and between alternatives": Kind(
        "[tool.poetry.dependencies]\ncore = '^1.0 || ^2.0'\n"
        "[tool.poetry.dependencies.app]\nversion = '3.0'\n",
        ("app", "core"),
        {"app": (LOWER, "version = '2.0'"), "core": (LOOSEN, "core = '^1.0 || ^2.0 || ^3.1'")},
    ),
    "declared twice": Kind(
        ONE_LINE.format('"core<2"') + '[dependency-groups]\ndev = ["core >= 1.5", "app == 3.0"]\n',
        ("core", "app"),
        {"core": (LOOSEN, '["core<4"]'), "app": (LOWER, '["core >= 1.5", "app == 1.0"]')},
    ),
    "nothing but dropping helps": Kind(
        standard("stuck>=1", "core>=2"), ("core", "stuck"), {"stuck": (DROP, "[\n    # kept\n")}
    ),
    "two neighbours to be dropped": Kind(
        ONE_LINE.format(
            '"core>=2", "stuck==1.0; python_version<\'3.9\'", "stuck>=1; python_version>=\'3.9\'"'
        ),
        ("core", "stuck"),
        {"stuck": (DROP, '= ["core>=2"]')},
    ),
    "two constraints of Poetry's to be dropped": Kind(
        POETRY.format(
            'core = "^2.0"\nstuck = [\n  { version = "1.0", python = "<3.9" },\n'
            '  { version = "<2", python = ">=3.9" },\n]\n',
            "",
        ),
        ("core", "stuck"),
        {"stuck": (DROP, 'core = "^2.0"\n\n[')},
    ),
    "a section of its own to be dropped": Kind(
        "[tool.poetry.dependencies]\ncore = '^2.0'\n\n"
        "[tool.poetry.dependencies.stuck]\nversion = '1.0'\noptional = true\n\n[tool.other]\n",
        ("core", "stuck"),
        {"stuck": (DROP, "core = '^2.0'\n\n[tool.other]\n")},
    ),
    "dotted keys to be dropped": Kind(
        "[tool.poetry]\ndependencies.core = '^2.0'\ndependencies.stuck.version = '1.0'\n"
        "dependencies.stuck.optional = true\nname = 'demo'\n",
        ("core", "stuck"),
        {"stuck": (DROP, "dependencies.core = '^2.0'\nname = 'demo'\n")},
    ),
    "a section between others, and a statement elsewhere": Kind(
        "[tool.poetry.dependencies.stuck]\nversion = '1.0'\n[tool.poetry.dependencies]\n"
        "core = '^2.0'\n[tool.poetry.group.dev.dependencies]\nstuck = '^1.0'\n[tool.other]\n",
        ("core", "stuck"),
        {"stuck": (DROP, "dev.dependencies]\n[tool.other]\n")},
    ),
    "several constraints as sections to be dropped": Kind(
        "[tool.poetry.dependencies]\ncore = '^2.0'\n"
        "[[tool.poetry.dependencies.stuck]]\nversion = '1.0'\npython = '<3.9'\n"
        "[[tool.poetry.dependencies.stuck]]\nversion = '<2'\npython = '>=3.9'\n"
        "[tool.other]\n",
        ("core", "stuck"),
        {"stuck": (DROP, "core = '^2.0'\n[tool.other]\n")},
    ),
    "a section with a comment inside stays": Kind(
        "[tool.poetry.dependencies]\ncore = '^2.0'\n"
        "[tool.poetry.dependencies.stuck]\n# why\nversion = '1.0'\n",
        ("core", "stuck"),
        {},
    ),
    "a release that there is not": Kind(
        standard("core>=9", "app>=3"), ("core",), {"core": (LOWER, '"core>=3.1"')}
    ),
}


def remedied(text: str, direct: Sequence[str], reasons: Sequence[Reason] = WHY) -> Conflict:
    async def attempt(tried: str) -> dict[str, str] | None:
        return solve(tried, INDEX)

    conflict = Conflict(tuple(direct), tuple(reasons))
    found = asyncio.run(find_remedies(text, conflict, attempt))
    return conflict._replace(remedies=found)


def fixed(text: str, conflict: Conflict) -> dict[str, str]:
    """The texts after each fix that is offered, by its title."""
    digest = digest_of(Manifest(parse(text)))
    assert digest is not None
    facts = Facts({ResolutionOf(digest): conflict})
    snapshot = Snapshot(text, facts, Settings(resolve="save"))
    fixes = [each.fix for each in snapshot.findings if each.code == "resolution-conflict"]
    return {fix.title: apply_edits(text, fix.edits) for fix in fixes if fix is not None}


@pytest.mark.parametrize("name", KINDS)
def test_the_remedies_of_a_kind(name: str) -> None:
    kind = KINDS[name]
    assert solve(kind.text, INDEX) is None, "there is no conflict"
    conflict = remedied(kind.text, kind.direct)
    assert {each.name: each.kind for each in conflict.remedies} == {
        name: wanted for name, (wanted, _) in kind.remedies.items()
    }
    texts = fixed(kind.text, conflict)
    assert len(texts) == len(kind.remedies)
    for title, text in texts.items():
        written = next(after for name, (_, after) in kind.remedies.items() if f"`{name}`" in title)
        assert written in text
        assert written not in kind.text
        assert solve(text, INDEX) is not None, text


@pytest.mark.parametrize("name", KINDS)
def test_who_was_found_by_leaving_out_is_left_out_first(name: str) -> None:
    kind = KINDS[name]
    tried: list[str] = []

    async def attempt(text: str) -> dict[str, str] | None:
        tried.append(text)
        return solve(text, INDEX)

    conflict = Conflict(kind.direct)
    full = asyncio.run(find_remedies(kind.text, conflict, attempt))
    count = len(kind.direct)
    first, rest = tried[:count], tried[count:]
    short = asyncio.run(find_remedies(kind.text, conflict, attempt, trials=count))
    assert all(each.kind is DROP for each in short)
    assert tried[len(first) + len(rest) :] == first
    if len(full) == len(kind.remedies) == count:  # with more time a change takes its place
        assert {each.name: each.kind for each in full} == {
            name: wanted for name, (wanted, _) in kind.remedies.items()
        }


CONSTRAINTS = st.sampled_from(
    ["", "==1.0", "==2.0", ">=1", ">=2", ">=2,<3", "<2", "<3", "~=1.0", "~=2.0", ">=3", "!=2.0"]
)
POETRYS = st.sampled_from(["*", "1.0", "^1.0", "^2", "~2.0", "2.*", "<2", "^1.0 || ^3.0", ">=2,<3"])
NAMES = st.sampled_from(sorted(INDEX))
FORMS = st.sampled_from(["{}{}", "{} {}", "{}[x] ({}) ; python_version > '3'"])


@st.composite
def files(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A file with dependencies in several tables, written in several ways, and their names."""
    lists: list[str] = []
    names: set[str] = set()
    for _ in range(2):
        items = []
        for name in draw(st.lists(NAMES, max_size=3)):
            constraint = draw(CONSTRAINTS)
            form = draw(FORMS) if constraint else "{}{}"
            items.append('"' + form.format(name, constraint) + '"')
            names.add(name)
        lists.append(draw(st.sampled_from([", ", ",\n    ", ",  # why\n    "])).join(items))
    entries = draw(st.dictionaries(NAMES, POETRYS, max_size=2))
    names.update(entries)
    poetry = "".join(f'{name} = "{constraint}"\n' for name, constraint in entries.items())
    main, group = (f"[\n    {each}\n]" if "\n" in each else f"[{each}]" for each in lists)
    return (
        f"[project]\nname = 'demo'\ndependencies = {main}\n\n[dependency-groups]\n"
        f"dev = {group}\n\n[tool.poetry.group.test.dependencies]\n{poetry}",
        sorted(names),
    )


@settings(max_examples=200, deadline=None)
@given(files())
def test_every_fix_resolves(file: tuple[str, list[str]]) -> None:
    text, names = file
    assert not parse(text).problems
    if solve(text, INDEX) is not None:
        return
    for reasons in (WHY, ()):
        for after in fixed(text, remedied(text, names, reasons)).values():
            assert solve(after, INDEX) is not None, f"{text}\n{after}"


def test_the_search_ends_when_its_time_is_up() -> None:
    async def attempt(text: str) -> dict[str, str] | None:
        raise AssertionError("nothing is tried any more")

    conflict = Conflict(("app", "core"))
    kind = next(iter(KINDS.values()))
    assert asyncio.run(find_remedies(kind.text, conflict, attempt, seconds=-1)) == ()
    assert asyncio.run(find_remedies(kind.text, conflict, attempt, trials=0)) == ()


def test_who_is_not_declared_here_is_not_tried() -> None:
    async def attempt(text: str) -> dict[str, str] | None:
        raise AssertionError("there is nothing to try")

    conflict = Conflict(("from-a-setup-py", "python", "hatchling"))
    text = '[build-system]\nrequires = ["hatchling"]\n[project]\nrequires-python = ">=3.9"\n'
    assert asyncio.run(find_remedies(text, conflict, attempt)) == ()
