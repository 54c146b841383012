"""Constraints that allow one version more."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyproject_ls.project.loosening import allowing
from pyproject_ls.project.raising import with_pieces
from pyproject_ls.project.selection import judge

CASES = [
    # PEP 440
    (">=2", "1.24.3", False, "lower", ">=1.24"),
    (">=2.0", "1.24.3", False, "lower", ">=1.24"),
    ("<3", "3.1.2", False, "loosen", "<4"),
    (">=2,<3", "3.1.2", False, "loosen", ">=2,<4"),
    ("<3,>=2", "3.1.2", False, "loosen", "<4,>=2"),
    ("<=2.5, >=2", "3.1", False, "loosen", "<=3.1, >=2"),
    (">=2,<3", "1.24.3", False, "lower", ">=1.24,<2"),
    ("<4,>=3", "1.9", False, "lower", "<2,>=1.9"),
    ("==2.0", "1.24.3", False, "lower", "==1.24.3"),
    ("==2.0", "2.0.1", False, "raise", "==2.0.1"),
    ("==2.*", "3.1", False, "raise", "==3.*"),
    ("~=1.4", "2.1.3", False, "raise", "~=2.1"),
    (">=1!2,<1!3", "3.0", False, None, ""),
    ("!=2.0", "2.0", False, None, ""),
    ("===2.0", "3.0", False, None, ""),
    (">2,", "1.0", False, "lower", ">=1.0,"),
    ("nonsense", "1.0", False, None, ""),
    # Poetry
    ("^2.0", "1.24.3", True, "lower", "^1.24"),
    ("^1.4", "2.1.3", True, "raise", "^2.1"),
    ("1.4", "2.1.3", True, "raise", "2.1.3"),
    ("~1.4", "2.1.3", True, "raise", "~2.1"),
    ("1.*", "2.1.3", True, "raise", "2.*"),
    (">=1.0 <2.0", "2.1", True, "loosen", ">=1.0 <3.0"),
    ("^1.0 || ^2.0", "3.1", True, "loosen", "^1.0 || ^2.0 || ^3.1"),
    ("^2.0|^3.0", "1.9", True, "loosen", "^1.9|^2.0|^3.0"),
    ("^1.0 || ^3.0", "2.4", True, "loosen", "^1.0 || ^3.0 || ^2.4"),
]


@pytest.mark.parametrize(("constraint", "version", "is_poetry", "move", "after"), CASES)
def test_what_is_written(
    constraint: str, version: str, is_poetry: bool, move: str | None, after: str
) -> None:
    found = allowing(constraint, version, is_poetry)
    if move is None:
        assert found is None
    else:
        assert found is not None
        assert (found[0], with_pieces(constraint, found[1])) == (move, after)


@pytest.mark.parametrize(("constraint", "is_poetry"), [("", False), ("*", True), (">=1", False)])
def test_what_allows_it_already_stays(constraint: str, is_poetry: bool) -> None:
    assert allowing(constraint, "1.5", is_poetry) == ("loosen", ())


VERSIONS = [f"{a}.{b}{c}" for a in range(4) for b in (0, 3, 11) for c in ("", ".2")]
NUMBERS = st.sampled_from(["0.3", "1", "1.0", "1.3", "2", "2.0.0", "2.3", "3"])
LOWER = st.builds("{}{}".format, st.sampled_from([">=", ">", "==", "~=", "==="]), NUMBERS)
UPPER = st.builds("{}{}".format, st.sampled_from(["<", "<=", "!="]), NUMBERS)
POETRY = st.builds("{}{}".format, st.sampled_from(["^", "~", ">=", "<", "=", ""]), NUMBERS)
STANDARD = st.lists(LOWER | UPPER, min_size=1, max_size=3).map(",".join)
ALTERNATIVES = st.lists(POETRY, min_size=1, max_size=3).map(" || ".join)


@settings(max_examples=400, deadline=None)
@given(
    st.tuples(STANDARD, st.just(False)) | st.tuples(ALTERNATIVES, st.just(True)),
    st.sampled_from(VERSIONS),
)
def test_it_does_what_its_name_says(written: tuple[str, bool], version: str) -> None:
    constraint, is_poetry = written
    found = allowing(constraint, version, is_poetry)
    if found is None:
        return
    before = judge(constraint, is_poetry)
    after = judge(with_pieces(constraint, found[1]), is_poetry)
    if before is None:
        assert found == ("loosen", ())
        return
    assert after is not None
    assert after(version)
    allowed = [each for each in VERSIONS if before(each)]
    if found[0] == "loosen":
        assert all(after(each) for each in allowed)
    elif found[0] == "lower":
        place = VERSIONS.index(version)
        assert all(VERSIONS.index(each) > place for each in allowed)
