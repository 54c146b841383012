"""What we take for valid without asking, the judges accept."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement
from poetry.core.constraints.version import parse_constraint
from poetry.core.packages.dependency import Dependency
from poetry.core.version.markers import parse_marker

from pyproject_ls.project.common_forms import is_simple, is_simple_constraint, is_simple_marker

operators = st.sampled_from(["==", "!=", "<=", ">=", "<", ">", "~=", "^", "~", "=", "===", ""])
numbers = st.sampled_from(["0", "1", "2", "10", "01", "1.2", "1.10.3", "2.0", "1.2.3.4", "3.1a1"])
endings = st.sampled_from(["", "", "", "", ".*", "rc1", ".post2", ".dev1", "+x", "x", "."])
blanks = st.sampled_from(["", "", "", " "])
clauses = st.tuples(operators, blanks, numbers, endings).map("".join)
constraints = st.lists(clauses, min_size=1, max_size=3).flatmap(
    lambda parts: st.sampled_from([",", ", ", " ", " || "]).map(lambda comma: comma.join(parts))
)
variables = st.sampled_from(["python_version", "sys_platform", "os_name", "extra", "python"])
values = st.sampled_from(["'3.8'", '"3.10"', "'linux'", "3.8", "'win 32'", "'3.*'"])
tests = st.tuples(variables, blanks, operators, blanks, values).map("".join)
markers = st.lists(tests, min_size=1, max_size=3).map(" and ".join)
names = st.sampled_from(["a", "a-b", "zope.interface", "a_", "-a", "x.zip", "A1[b]", "a[b, c]", ""])
requirements = st.one_of(
    st.tuples(names, blanks, constraints).map("".join),
    st.tuples(names, blanks, constraints, blanks, st.just(";"), blanks, markers).map("".join),
    st.tuples(names, blanks, constraints.map("({})".format)).map("".join),
)


@settings(derandomize=True, max_examples=3000, deadline=None)
@given(requirements)
def test_requirements(requirement: str) -> None:
    if is_simple(requirement):
        Requirement(requirement)
        Dependency.create_from_pep_508(requirement)


@settings(derandomize=True, max_examples=3000, deadline=None)
@given(constraints)
def test_constraints(constraint: str) -> None:
    if is_simple_constraint(constraint):
        assert not parse_constraint(constraint).is_empty()


@settings(derandomize=True, max_examples=1000, deadline=None)
@given(markers)
def test_markers(marker: str) -> None:
    if is_simple_marker(marker):
        parse_marker(marker)


def test_the_common_forms_are_recognised() -> None:
    """Without these the judges are imported for nearly every project."""
    assert is_simple("requests>=2.31,<3")
    assert is_simple("uvicorn[standard] (>=0.30,<1.0) ; python_version < '3.13'")
    assert is_simple_constraint("^1.2")
    assert is_simple_constraint(">=3.10,<4.0")
