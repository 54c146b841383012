"""The requirements, constraints and markers that every project is full of, known to be valid.

The judges (`verdicts`) are slow to import and to ask. What matches here both of them accept; what
does not is for them to say. A test holds the two together.
"""

from __future__ import annotations

from functools import lru_cache

from pyproject_ls.lazy import lazy_pattern
from pyproject_ls.project.ranges import stretches

_RELEASE = r"\d{1,18}(?:\.\d{1,18})*"
_SUFFIX = r"(?:(?:a|b|rc)\d+)?(?:\.post\d+)?"
_CLAUSE = (
    rf"(?:(?:==|!=|<=|>=|<|>)\s*{_RELEASE}{_SUFFIX}|~=\s*\d+(?:\.\d+)+{_SUFFIX}"
    rf"|[=!]=\s*{_RELEASE}\.\*)"
)
_TEST = (
    rf"(?:python_(?:full_)?version\s*(?:==|!=|<=|>=|<|>)\s*(['\"]){_RELEASE}\1"
    r"|(?:sys_platform|platform_system|os_name|platform_machine|implementation_name"
    r"|platform_python_implementation)\s*[=!]=\s*(['\"])[\w.-]+\2)"
)
_SINGLE_TEST = lazy_pattern(rf"\s*{_TEST}\s*")
_SIMPLE_REQUIREMENT = lazy_pattern(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)"
    r"(?:\[[A-Za-z0-9_-]+(?:,\s*[A-Za-z0-9_-]+)*\])?"
    rf"\s*(?P<open>\()?(?P<clauses>{_CLAUSE}(?:\s*,\s*{_CLAUSE})*)?(?(open)\))\s*(?:;(?P<marker>[^()]*))?"
)
_BOOLEAN_OPERATOR = lazy_pattern(r"\s(?:and|or)\s")
_SIMPLE_CONSTRAINT = lazy_pattern(
    rf"\*|(?:[\^~]|(?:==|!=|<=|>=|<|>|=|~=) ?)?{_RELEASE}(?:\.\*|{_SUFFIX})"
    rf"(?:, ?(?:<=|>=|<|>|!=|==) ?{_RELEASE}{_SUFFIX})*"
)
_PLAIN_RANGE = lazy_pattern(rf"[\^~]{_RELEASE}(?:, ?(?:<=|>=|<|>) ?{_RELEASE})+")
_BAD_WILDCARD = lazy_pattern(r"(?:[\^~<>]=?|~=)[^,]*\*|(?:\d+\.){3,}\*")
_BOUND = lazy_pattern(rf"(<=|>=|<|>|==|!=|~=)\s*({_RELEASE})(\.\*)?")
ARCHIVES = (".zip", ".whl", ".tar.gz", ".tgz", ".tar", ".tar.bz2", ".tbz", ".tar.xz", ".txz")


def is_simple(requirement: str) -> bool:
    """Whether `requirement` is of the common form that both judges accept."""
    match = _SIMPLE_REQUIREMENT.fullmatch(requirement)
    if match is None:
        return False
    name, marker, clauses = match.group("name", "marker", "clauses")
    if marker is not None and not is_simple_marker(marker):
        return False
    return (clauses is None or _is_satisfiable(clauses)) and not name.endswith(ARCHIVES)


@lru_cache(maxsize=4096)
def is_simple_marker(marker: str) -> bool:
    """Whether `marker` is of the common form that both judges accept."""
    return all(_SINGLE_TEST.fullmatch(test) for test in _BOOLEAN_OPERATOR.split(marker))


def _is_satisfiable(clauses: str) -> bool:
    """Whether plain bounds certainly leave room between them; False means: ask a judge."""
    if "," not in clauses:
        return True
    low: tuple[int, ...] = ()
    high: tuple[int, ...] | None = None
    for operator, release, wildcard in _BOUND.findall(clauses):
        if wildcard or operator in {"==", "~="}:
            return False
        if operator == "!=":
            continue
        parts = tuple(int(part) for part in release.split("."))
        if operator in {">", ">="}:
            low = max(low, parts)
        else:
            high = parts if high is None else min(high, parts)
    return high is None or low < high[: len(low)] or low[: len(high)] < high


def is_simple_constraint(constraint: str) -> bool:
    """Whether `constraint` is of the common form that poetry-core certainly reads."""
    return (
        _SIMPLE_CONSTRAINT.fullmatch(constraint) is not None
        and not ("*" in constraint and _BAD_WILDCARD.search(constraint))
        and ("," not in constraint or _leaves_room(constraint))
    )


def _leaves_room(constraint: str) -> bool:
    """Whether several clauses certainly allow a version; False means: ask a judge."""
    if constraint[0] in "<>!":
        return _is_satisfiable(constraint)
    return _PLAIN_RANGE.fullmatch(constraint) is not None and bool(stretches(constraint))
