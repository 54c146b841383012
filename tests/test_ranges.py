"""What `ranges` calls disjoint poetry-core and packaging find disjoint too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from poetry.core.constraints.version import parse_constraint

from pyproject_ls.project.ranges import are_disjoint, same_constraint

RELEASE = st.lists(st.sampled_from(["0", "0", "1", "2", "3", "10"]), min_size=1, max_size=3).map(
    ".".join
)
VERSION = st.builds("{}{}".format, RELEASE, st.sampled_from(["", "", "", "rc1", ".post1", ".dev1"]))
STANDARD = st.builds(
    "{}{}".format, st.sampled_from([">=", "<=", "<", ">", "==", "!="]), VERSION
) | st.builds("~={}.{}".format, st.sampled_from("0123"), RELEASE)
POETRY = STANDARD | st.builds("{}{}".format, st.sampled_from(["^", "~", ""]), VERSION)


def joined(clauses: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(clauses, min_size=1, max_size=3).map(",".join)


@settings(max_examples=500)
@given(
    joined(POETRY) | st.builds("{} || {}".format, joined(POETRY), joined(POETRY)), joined(POETRY)
)
def test_disjoint_for_poetry(one: str, other: str) -> None:
    if are_disjoint(one, other):
        assert parse_constraint(one).intersect(parse_constraint(other)).is_empty()


@settings(max_examples=500)
@given(joined(STANDARD), joined(STANDARD))
def test_disjoint_for_packaging(one: str, other: str) -> None:
    if are_disjoint(one, other):
        try:
            both = SpecifierSet(f"{one},{other}")
        except InvalidSpecifier:
            return
        candidates = [
            "0",
            "0.0.1",
            "0.1",
            "1",
            "1.0.1",
            "1.1",
            "1rc1",
            "2",
            "2.1",
            "3",
            "10.1",
            "12",
        ]
        assert not list(both.filter(candidates, prereleases=True))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (">=2", "<2", True),
        ("^1.2", ">=2.0", True),
        ("^0.2.3", ">=0.3", True),
        ("~1.2", "==1.3.0", True),
        ("~=1.10", ">=2", True),
        ("==1.*", "2.0", True),
        ("<1 || >=3", ">=1,<3", True),
        (">=1", "<2", False),
        ("==1.0", "1", False),
        ("==2.0rc1", "<2", False),
        ("", ">=1", False),
        (">=3,<2", ">=5", False),
        ("nonsense", ">=1", False),
    ],
)
def test_examples(one: str, other: str, expected: bool) -> None:
    assert are_disjoint(one, other) is expected
    assert are_disjoint(other, one) is expected


def test_same_constraint() -> None:
    assert same_constraint(">= 1.0, <2", "<2,>=1.0")
    assert same_constraint("*", "")
    assert not same_constraint(">=1", ">=1.0.1")
