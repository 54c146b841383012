"""What a resolver says beside what indexes say, and what no page can give: one finding a cause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pytest

from pyproject_ls.config import Resolve, Settings
from pyproject_ls.facts import Answer, Facts, Question
from pyproject_ls.facts.packages import Missing, Names, NamesLike, Package, Release, ReleasesOf
from pyproject_ls.facts.resolution import (
    BuildOf,
    BuildProblem,
    Conflict,
    Reason,
    ReasonKind,
    Remedy,
    RemedyKind,
    Resolution,
    ResolutionOf,
    Unresolved,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.project.manifest import Manifest
from pyproject_ls.project.resolvable import digest_of
from pyproject_ls.text import apply_edits
from pyproject_ls.toml import parse

TEXT = """\
[project]
name = "demo"
version = "1.0"
requires-python = ">=3.9"
dependencies = ["app>=2", "core>=9"]
"""

CODES = frozenset(
    {
        *("resolution-conflict", "resolution-python", "resolution-unknown-package"),
        *("resolution-failed", "unknown-package", "no-matching-version", "needs-other-python"),
        *("only-yanked", "only-prereleases"),
    }
)

NO_CORE = Reason(ReasonKind.NO_VERSION, "core", ">=9")
ASKS = Reason(ReasonKind.NEEDS, "", "", "core", ">=9")
NEEDS = Reason(ReasonKind.NEEDS, "app", ">=2", "core", "<9")

Packages = Mapping[str, "Package | Missing"]


def codes(
    said: Resolution, packages: Packages | None = None, text: str = TEXT, resolve: Resolve = "save"
) -> list[tuple[str, str]]:
    """The rules that have findings and the text under them, once all is known."""
    digest = digest_of(Manifest(parse(text)))
    assert digest is not None
    online = packages is not None
    settings = Settings(online=online, select=CODES, resolve=resolve)
    facts = Facts({ResolutionOf(digest): said})
    for _ in range(4):
        snapshot = Snapshot(text, facts, settings)
        found = [(each.code, text[each.span.start : each.span.end]) for each in snapshot.findings]
        new = _known(facts.wanted, packages or {})
        if not new:
            return found
        facts = facts.with_answers(new)
    raise AssertionError("it asks for ever")


def _known(wanted: Iterable[Question], packages: Packages) -> dict[Question, Answer]:
    found: dict[Question, Answer] = {}
    for each in wanted:
        if isinstance(each, ReleasesOf):
            found[each] = packages.get(each.name, FINE)
        elif isinstance(each, NamesLike):
            found[each] = Names((), True)
    return found


FINE = Package("any", (Release("9.5"), Release("2.5")))


def package(*releases: Release, is_partial: bool = False) -> Package:
    return Package("core", releases, is_partial=is_partial)


OLD = package(Release("3.1"), Release("2.0"))
YANKED = package(Release("9.5", yanked="broken"), Release("2.0"))
EARLY = package(Release("9.5rc1", is_prerelease=True), Release("2.0"))
MODERN = package(Release("9.5", requires_python=">=3.13"), Release("2.0"))

PYTHON_CONFLICT = Conflict(
    ("core",), (Reason(ReasonKind.PYTHON, "core", ">=9", ">=3.9", ">=3.13"),)
)


@pytest.mark.parametrize(
    ("said", "core", "code"),
    [
        (Conflict(("core",), (ASKS, NO_CORE)), OLD, "no-matching-version"),
        (Conflict(("core",), (ASKS, NO_CORE)), YANKED, "only-yanked"),
        (Conflict(("core",), (ASKS, NO_CORE)), EARLY, "only-prereleases"),
        (
            PYTHON_CONFLICT,
            MODERN,
            "needs-other-python",
        ),
        (
            Conflict(("core",), (Reason(ReasonKind.UNKNOWN, "core"),)),
            Missing(("PyPI",)),
            "unknown-package",
        ),
    ],
)
def test_what_an_index_rule_says_is_not_said_again(
    said: Conflict, core: Package | Missing, code: str
) -> None:
    text = TEXT.replace(">=3.9", ">=3.9,<3.11")
    alone = codes(said, text=text)
    assert len(alone) == 1
    assert alone[0][0].startswith("resolution-")
    assert [each[0] for each in codes(said, {"core": core}, text)] == [code]


@pytest.mark.parametrize(
    ("said", "core", "code"),
    [
        (
            Conflict(("core",), (ASKS, NO_CORE)),
            package(Release("3.1"), is_partial=True),
            "resolution-conflict",
        ),
        (Conflict(("app", "core"), (NEEDS, ASKS)), FINE, "resolution-conflict"),
        # it runs on some of the project's Pythons: only who locks for all of them minds
        (PYTHON_CONFLICT, MODERN, "resolution-python"),
    ],
)
def test_what_no_index_rule_says_is_said(said: Conflict, core: Package, code: str) -> None:
    found = codes(said, {"core": core})
    assert [each[0] for each in found] == [code] * len(said.direct)


@pytest.mark.parametrize("core", [YANKED, EARLY])
def test_another_cause_is_said_beside_what_an_index_rule_says(core: Package) -> None:
    found = codes(Conflict(("app", "core"), (NEEDS, ASKS)), {"core": core})
    assert [each[0] for each in found if each[1] == ">=9"].count("resolution-conflict") == 1


def test_nothing_is_asked_where_it_is_not_allowed() -> None:
    facts = Facts()
    assert not [
        each for each in Snapshot(TEXT, facts, Settings()).findings if "resolution" in each.code
    ]
    assert not [each for each in facts.asked if isinstance(each, ResolutionOf)]
    asked = Facts()
    assert Snapshot(TEXT, asked, Settings(resolve="type")).findings is not None
    assert [each for each in asked.wanted if isinstance(each, ResolutionOf)]


def test_a_text_that_is_no_toml_asks_nothing() -> None:
    facts = Facts()
    assert Snapshot(TEXT + "=", facts, Settings(resolve="save")).findings
    assert not [each for each in facts.asked if isinstance(each, ResolutionOf)]


EVIL = "co`re\x1b[31m\u202e\n" + "x" * 5000


@pytest.mark.parametrize(
    "said",
    [
        Conflict(("core",), (Reason(kind, EVIL, EVIL, EVIL, EVIL),) * 5, (Remedy(move, "core"),))
        for kind in ReasonKind
        for move in RemedyKind
    ]
    + [
        Conflict(("core", EVIL), (), (Remedy(RemedyKind.RAISE, EVIL, EVIL),)),
        Conflict(("core",), (ASKS,), (Remedy(RemedyKind.RAISE, "core", EVIL),)),
        Conflict((), (ASKS, NEEDS)),
        Conflict((EVIL,), ()),
        Unresolved(EVIL),
    ],
)
def test_whatever_a_resolver_says_makes_no_trouble(said: Resolution) -> None:
    digest = digest_of(Manifest(parse(TEXT)))
    assert digest is not None
    build = BuildProblem("core", EVIL)
    facts = Facts({ResolutionOf(digest): said, BuildOf(): build})
    found = Snapshot(TEXT, facts, Settings(resolve="save")).findings
    ours = [each for each in found if each.code.startswith(("resolution-", "build-"))]
    assert {"build-failed"} < {each.code for each in ours}
    for each in ours:
        assert each.message.isprintable()
        assert "\u202e" not in each.message
        assert len(each.message) < 3000
        if each.fix is not None:
            assert each.fix.title.isprintable()
            assert len(each.fix.title) < 200
            assert not parse(apply_edits(TEXT, each.fix.edits)).problems


@pytest.mark.parametrize(
    ("first_line", "text"), [("", "\n" + TEXT), ("[project]", TEXT), ("[project]", TEXT + "\r\n")]
)
def test_what_is_about_the_whole_file_stands_in_its_first_line(first_line: str, text: str) -> None:
    assert codes(Unresolved("The index is down."), text=text) == [("resolution-failed", first_line)]
    assert codes(Unresolved("There is no Poetry.", True), text=text) == []
    assert codes(Conflict((), (NEEDS,)), text=text) == [("resolution-conflict", first_line)]


def test_the_first_line_ends_before_its_line_break() -> None:
    text = TEXT.replace("\n", "\r\n")
    assert codes(Unresolved("The index is down."), text=text) == [
        ("resolution-failed", "[project]")
    ]
