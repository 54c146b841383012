"""Which of many facts are told, and in which order; without any Poetry."""

from __future__ import annotations

from typing import Any

from poetry.core.constraints.version import parse_constraint as c

from pyproject_ls.resolver.worker.facts import (
    MOST,
    NEEDS,
    NO_VERSION,
    PYTHON,
    UNKNOWN,
    Fact,
    reasons,
)


def told(facts: list[Fact], *direct: str) -> list[tuple[Any, ...]]:
    return [
        (r["kind"], r["package"], r["versions"], r["other"], r["constraint"], r["count"])
        for r in reasons(facts, direct)
    ]


def test_what_the_file_asks_for_comes_first_and_what_is_missing_last() -> None:
    facts = [
        Fact(UNKNOWN, "c"),
        Fact(NEEDS, "b", c("1"), "c", c(">=1")),
        Fact(NEEDS, "a", c("1"), "b", c("*")),
        Fact(NEEDS, "", None, "a", c("^1.0")),
    ]
    assert told(facts, "a") == [
        (NEEDS, "", "", "a", ">=1.0,<2.0", 1),
        (NEEDS, "a", "1", "b", "", 1),
        (NEEDS, "b", "1", "c", ">=1", 1),
        (UNKNOWN, "c", "", "", "", 1),
    ]


def test_releases_with_the_same_need_are_one() -> None:
    facts = [
        Fact(NEEDS, "", None, "a", c("*")),
        *(Fact(NEEDS, "a", c(f"1.{n}"), "b", c("<2")) for n in (3, 10, 2)),
    ]
    assert told(facts, "a")[1:] == [(NEEDS, "a", ">=1.2,<=1.10", "b", "<2", 3)]


def test_gaps_between_releases_that_were_tried_say_nothing() -> None:
    facts = [
        Fact(NEEDS, "", None, "a", c(">=1")),
        Fact(NEEDS, "a", c("1.0"), "b", c("<2")),
        Fact(NO_VERSION, "a", c(">1.0")),
        Fact(NO_VERSION, "b", c("<2")),
    ]
    assert [each[:2] for each in told(facts, "a")] == [
        (NEEDS, ""),
        (NEEDS, "a"),
        (NO_VERSION, "b"),
    ]


def test_the_pythons_of_several_releases_are_one_fact() -> None:
    facts = [
        Fact(NEEDS, "", None, "a", c("*")),
        Fact(PYTHON, "a", c("1.0"), ">=3.8", c(">=3.10")),
        Fact(PYTHON, "a", c("2.0"), ">=3.8", c(">=3.12")),
    ]
    assert told(facts, "a")[1] == (PYTHON, "a", ">=1.0,<=2.0", ">=3.8", ">=3.10", 2)


def test_at_most_five_and_among_them_both_sides_of_the_clash() -> None:
    facts = [Fact(NEEDS, "", None, name, c("*")) for name in ("a", "z")]
    facts += [
        Fact(NEEDS, f"p{n}", c(f"1.{v}"), f"p{n + 1}", c(f">={n}.{v}"))
        for n in range(40)
        for v in range(5)
    ]
    facts += [
        Fact(NEEDS, "a", c("1"), "p0", c("*")),
        Fact(NEEDS, "p40", c("1"), "end", c("<2")),
        Fact(NEEDS, "z", c("1"), "end", c(">=2")),
    ]
    found = told(facts, "a", "z")
    assert len(found) == MOST
    assert [(each[1], each[3]) for each in found[:2]] == [("", "a"), ("", "z")]
    assert {("p40", "end"), ("z", "end")} <= {(each[1], each[3]) for each in found}


def test_long_constraints_are_shortened() -> None:
    versions = " || ".join(f"1.{n}" for n in range(0, 100, 2))
    facts = [
        Fact(NEEDS, "", None, "a", c("*")),
        Fact(NEEDS, "a", c("1"), "b", c(versions)),
    ]
    assert told(facts, "a")[1][4] == ">=1.0,<=1.98"


def test_many_facts_take_no_time_to_speak_of() -> None:
    facts = [
        Fact(NEEDS, f"p{n % 50}", c(f"{n}.0"), f"p{(n * 7) % 50}", c(f"<{n}"))
        for n in range(20_000)
    ]
    assert len(told(facts, "p0")) <= MOST
