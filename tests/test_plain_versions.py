"""Of plain versions we say what `packaging` and poetry-core say."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version
from poetry.core.constraints.version import Version as PoetryVersion
from poetry.core.constraints.version import parse_constraint

from pyproject_ls.project.plain_versions import plain_judge, plain_order

releases = st.lists(st.sampled_from(["0", "1", "2", "3", "10", "01"]), min_size=1, max_size=4).map(
    ".".join
)
suffixes = st.sampled_from(["", "", "", "a1", "b2", "rc1", ".post1", ".dev1", "a1.dev2", "+cu1"])
versions = st.tuples(releases, suffixes).map("".join)
operators = st.sampled_from([">=", "<=", ">", "<", "==", "~=", "!=", "^", "~", "", "="])
clauses = st.tuples(
    operators, st.sampled_from(["", "", " "]), releases, st.sampled_from(["", "", "", ".*", "a1"])
).map("".join)
constraints = st.lists(clauses, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([",", ", ", " ", " || "]).map(lambda comma: comma.join(parts))
)


def standard_judge(constraint: str) -> Callable[[str], bool]:
    """What `packaging` says of versions."""
    specifiers = SpecifierSet(constraint)
    return lambda version: specifiers.contains(Version(version), prereleases=True)


def poetry_judge(constraint: str) -> Callable[[str], bool]:
    """What poetry-core says of versions."""
    parsed = parse_constraint(constraint)
    return lambda version: parsed.allows(PoetryVersion.parse(version))


@pytest.mark.parametrize("is_poetry", [False, True])
@settings(derandomize=True, max_examples=1000, deadline=None)
@given(constraints, st.lists(versions, min_size=1, max_size=8))
def test_judges(is_poetry: bool, constraint: str, asked: list[str]) -> None:
    test = plain_judge(constraint, is_poetry)
    if test is not None:
        judge = poetry_judge(constraint) if is_poetry else standard_judge(constraint)
        for version in asked:
            assert test(version) in {judge(version), None}, version


@settings(derandomize=True, max_examples=1000, deadline=None)
@given(versions, versions)
def test_order(one: str, other: str) -> None:
    assert plain_order(one, other) in {Version(one) > Version(other), None}


def test_the_common_ones_are_judged() -> None:
    """Without this the judges are imported for nearly every project."""
    for constraint, is_poetry in ((">=3.4,<20", False), ("~=2.5", False), ("^4.2", True)):
        test = plain_judge(constraint, is_poetry)
        assert test is not None
        assert test("4.10.1") is not None
        assert test("5.1rc1") is not None
    assert plain_order("2.0", "1.9rc1") is True


def test_what_is_no_version_is_left_to_the_judges() -> None:
    test = plain_judge(">=1", is_poetry=False)
    assert test is not None
    for version in ("2.0.dev1a1", "2!3", "٢", "latest", ""):
        assert test(version) is None, version
    assert plain_judge(">=٢", is_poetry=False) is None
