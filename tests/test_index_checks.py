"""What the rules about packages do with answers that no page can give: failures, stale data."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pyproject_ls.checks.index_packages import is_one_edit, near
from pyproject_ls.config import Settings
from pyproject_ls.facts import Answer, Facts, Question
from pyproject_ls.facts.files import PathAt, PathKind
from pyproject_ls.facts.packages import (
    Advisories,
    AdvisoriesFor,
    Advisory,
    Missing,
    NameFound,
    Names,
    NamesLike,
    Package,
    Release,
    ReleasesOf,
    Unreachable,
)
from pyproject_ls.host import Snapshot
from pyproject_ls.text import apply_edits

TEXT = '[project]\nname = "demo"\ndependencies = ["reqests>=2"]\n'
Answers = Callable[[Question], "Answer | None"]


def messages(answers: Answers, code: str, text: str = TEXT) -> list[str]:
    """What the rule `code` says once all that `answers` knows is known."""
    settings, facts = Settings(online=True, select=frozenset({code})), Facts()
    for _ in range(4):
        snapshot = Snapshot(text, facts, settings)
        found = [each.message for each in snapshot.findings]
        given = {question: answers(question) for question in facts.wanted}
        new = {question: answer for question, answer in given.items() if answer is not None}
        if not new:
            return found
        facts = facts.with_answers(new)
    raise AssertionError("it asks for ever")


def _package(*versions: str, stale: str = "", found_on: str = "") -> Package:
    releases = tuple(Release(version) for version in versions)
    return Package("reqests", releases, stale_since=stale, found_on=found_on)


def test_nothing_is_unknown_while_an_index_cannot_be_reached() -> None:
    assert messages(lambda question: Unreachable("no such host"), "unknown-package") == []


def test_an_unknown_package_waits_for_the_names_like_it() -> None:
    def missing(question: Question) -> Answer | None:
        return Missing(("PyPI",)) if isinstance(question, ReleasesOf) else None

    def with_names(question: Question) -> Answer | None:
        return Names((), True) if isinstance(question, NamesLike) else missing(question)

    assert messages(missing, "unknown-package") == []
    assert len(messages(with_names, "unknown-package")) == 1


def test_all_indexes_are_named() -> None:
    def answer(question: Question) -> Answer | None:
        if isinstance(question, NamesLike):
            return Names((NameFound("requests", 2), NameFound("reqest")), False)
        return Missing(("corp", "\x1b[31mred", "third", "fourth"))

    (message,) = messages(answer, "unknown-package")
    assert message == (
        "`project.dependencies`: `corp`, `[31mred`, `third` and others have no package `reqests`;"
        " did you mean `requests`?"
    )


def test_old_knowledge_is_called_so() -> None:
    (message,) = messages(
        lambda question: _package("1.0", stale="2025-01-02 10:00"), "no-matching-version"
    )
    assert "(as of 2025-01-02 10:00; the index cannot be asked now)" in message


def test_names_of_private_packages_are_not_sent_to_the_advisory_database() -> None:
    asked = []

    def answer(question: Question, found_on: str) -> Answer | None:
        if isinstance(question, PathAt):
            return PathKind.MISSING
        if isinstance(question, AdvisoriesFor):
            asked.append(question)
            return Advisories((Advisory("CVE-1"), Advisory("CVE-2", "bad\nthing", ("3.0",))))
        return _package("3.0", "2.0", found_on=found_on)

    text = TEXT.replace(">=2", "==2.0")
    assert messages(lambda each: answer(each, "corp"), "vulnerable-version", text) == []
    assert not asked
    (message,) = messages(lambda each: answer(each, ""), "vulnerable-version", text)
    assert "(CVE-1, and 1 more); no release for the project's Pythons mends it" in message
    assert asked == [AdvisoriesFor("reqests", "2.0")]


def test_an_index_without_releases_says_nothing() -> None:
    for code in ("no-matching-version", "only-yanked", "newer-version"):
        assert messages(lambda question: _package(), code) == []


def test_nothing_is_asked_offline() -> None:
    snapshot = Snapshot(TEXT, Facts(), Settings())
    assert snapshot.findings is not None
    assert not any(isinstance(each, ReleasesOf) for each in snapshot.facts.asked)


@pytest.mark.parametrize(
    ("one", "other", "is_one"),
    [
        ("requests", "reqests", True),
        ("requests", "requestss", True),
        ("requests", "reqeusts", True),
        ("requests", "rewuests", True),
        ("requests", "requests", False),
        ("requests", "reqesst", False),
        ("requests", "erquetss", False),
        ("a", "", True),
        ("ab", "ba", True),
        ("abc", "cba", False),
        ("", "", False),
    ],
)
def test_one_edit(one: str, other: str, is_one: bool) -> None:
    assert is_one_edit(one, other) is is_one
    assert is_one_edit(other, one) is is_one


def test_the_most_popular_name_is_meant() -> None:
    found = (NameFound("flsk", None), NameFound("Flaskk", 900), NameFound("flasks", 40))
    assert near("flask", found) == found[2]
    assert near("django", found) is None


@pytest.mark.parametrize(
    ("table", "newer"),
    [
        ('[project]\ndependencies = ["reqests>=1,<2"]\n', '["reqests>=3,<4"]'),
        ('[tool.poetry.dependencies]\nreqests = "^1.2"\n', 'reqests = "^3.0"'),
        ('[tool.poetry.dependencies]\nreqests = {version = "^1.2"}\n', '{version = "^3.0"}'),
    ],
)
def test_a_newer_version_of_what_has_moved(table: str, newer: str) -> None:
    """What was said of it once is not computed anew; its places have to be those of now."""
    facts = Facts()
    for start in ("", "# one\n", "# one\n# two\n", ""):
        text = start + table
        for _ in range(4):
            snapshot = Snapshot(text, facts, Settings(online=True))
            found = [each for each in snapshot.findings if each.code == "newer-version"]
            wanted = [each for each in facts.wanted if isinstance(each, ReleasesOf)]
            facts = facts.with_answers({each: _package("3.0", "1.2") for each in wanted})
        (finding,) = found
        assert text[slice(*finding.span)].strip('"') in {">=1,<2", "^1.2"}
        assert finding.fix is not None
        assert newer in apply_edits(text, finding.fix.edits)
